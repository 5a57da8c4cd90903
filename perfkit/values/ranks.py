"""Places in a ranking: `全省前10名` is answered by `第6名`, and a lower place is the better one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.values.numbers import NUMERALS, chinese_number

if TYPE_CHECKING:
    from decimal import Decimal

_PLACE = rf"(?P<place>[0-9]{{1,4}}|[{NUMERALS}]{{1,4}})"
_ASKED = re.compile(rf"(?:前|第){_PLACE}(?:名|位|强|(?=$|以内|之内|及以上|以上))(?:以内|之内|及以上|以上)?")
_GIVEN = re.compile(rf"(?:第|位列前?|排名前?|前){_PLACE}(?:名|位|强|(?=$|[,;。、(]))")


def within_places(target: str, actual: str) -> bool | None:
    """Tell whether an actual's place is within its target's; None where the two are no places."""
    asked, given = _ASKED.search(target), _GIVEN.search(actual)
    places = (_place(asked["place"]), _place(given["place"])) if asked and given else (None, None)
    return None if places[0] is None or places[1] is None else places[1] <= places[0]


def _place(text: str) -> Decimal | int | None:
    return int(text) if text[0] in "0123456789" else chinese_number(text)
