"""Staffing proportions: `师生比 1:18` is answered by `1:16.5`.

What is set is the number of people served by one, and a printed `≤` or `≥` bounds it; where it is not kept,
or where no sign is printed, only a person can say on which side the good lies. Other proportions (撬动资本
1:3) are compared part by part.
"""

from __future__ import annotations

import re
from decimal import Decimal

from perfkit.values.compare import JUDGEMENT, Outcome
from perfkit.values.terms import MEASURED, MET

_PROPORTION = re.compile(
    r"(?P<sign>[≤≥=<>]?)(?P<one>[0-9]{1,6}(?:\.[0-9]{1,6})?)[:∶](?P<other>[0-9]{1,9}(?:\.[0-9]{1,6})?)"
)
_STAFFING = re.compile("[师生医护患床警民](?:生|师|护|患|床|医|民|警)比|人员配比|配比")
_MET = Outcome(MET, MEASURED)


def compare_proportions(target: str, actual: str, name: str) -> Outcome | None:
    """Compare two cells that are a staffing proportion and nothing else; None where they are not."""
    wanted, given = _PROPORTION.fullmatch(target), _PROPORTION.fullmatch(actual)
    if wanted is None or given is None or not _STAFFING.search(name):
        return None
    asked, got, sign = _other(wanted), _other(given), wanted["sign"] or "="
    kept = asked == got or (sign in "≤<" and got < asked) or (sign in "≥>" and got > asked)
    return _MET if kept else JUDGEMENT


def _other(proportion: re.Match[str]) -> Decimal:
    """Give the second number where the first is one: `2:30` is `1:15`."""
    one = Decimal(proportion["one"])
    return Decimal(proportion["other"]) / one if one else Decimal(0)
