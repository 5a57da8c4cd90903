"""Proportions: `师生比 1:18` is answered by `1:16.5`, `撬动社会资本 1:3` by `1:3.5`.

What is set is the number for one. Leverage is good when high. Elsewhere a printed `≤` or `≥` bounds it, and
where that is not kept, or no sign is printed, only a person can say on which side the good lies.
"""

from __future__ import annotations

import re
from decimal import Decimal

from perfkit.values.compare import JUDGEMENT, Outcome
from perfkit.values.terms import MEASURED, MET, MISSED

_PROPORTION = re.compile(
    r"(?P<sign>[≤≥=<>]?)(?P<one>[0-9]{1,6}(?:\.[0-9]{1,6})?):(?P<other>[0-9]{1,9}(?:\.[0-9]{1,6})?)"
)
_LEVERAGE = re.compile("撬动|带动|拉动|放大|杠杆|投入产出")
_MET, _MISSED = Outcome(MET, MEASURED), Outcome(MISSED, MEASURED)


def compare_proportions(target: str, actual: str, name: str) -> Outcome | None:
    """Compare two cells that are a proportion and nothing else; None where they are not."""
    wanted, given = _PROPORTION.fullmatch(target), _PROPORTION.fullmatch(actual)
    if wanted is None or given is None:
        return None
    asked, got, sign = _other(wanted), _other(given), wanted["sign"] or "="
    if _LEVERAGE.search(name):
        return _MET if got >= asked else _MISSED
    kept = asked == got or (sign in "≤<" and got < asked) or (sign in "≥>" and got > asked)
    return _MET if kept else JUDGEMENT


def _other(proportion: re.Match[str]) -> Decimal:
    """Give the second number where the first is one: `2:30` is `1:15`."""
    one = Decimal(proportion["one"])
    return Decimal(proportion["other"]) / one if one else Decimal(0)
