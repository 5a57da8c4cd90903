"""Proportions: `1:3` is answered by `1:3.5`.

Which of two is the better one a sign says (`≥1:3`), or a name that asks for leverage (撬动社会资本);
elsewhere (师生比 `1:18`) a person judges what is not the same.
"""

from __future__ import annotations

import re
from decimal import Decimal

from perfkit.values.compare import JUDGEMENT, Outcome
from perfkit.values.terms import Basis, Verdict

_MET = Outcome(Verdict.MET, Basis.MEASURED)
_MISSED = Outcome(Verdict.MISSED, Basis.MEASURED)
_PROPORTION = re.compile(
    r"(?P<sign>≥|≤|不低于|不少于|不高于|不超过|达到?)?1:(?P<share>[0-9]{1,6}(?:\.[0-9]{1,4})?)"
)
_UPWARD = frozenset({"≥", "不低于", "不少于"})
_DOWNWARD = frozenset({"≤", "不高于", "不超过"})
_LEVERAGE = re.compile("撬动|带动|拉动|放大|杠杆|投入产出")


def compare_proportions(target: str, actual: str, name: str) -> Outcome | None:
    """Compare two proportions; None for other cells."""
    asked, given = _PROPORTION.fullmatch(target), _PROPORTION.fullmatch(actual)
    if asked is None or given is None:
        return None
    wanted, reached = Decimal(asked["share"]), Decimal(given["share"])
    if asked["sign"] in _DOWNWARD:
        return _MET if reached <= wanted else _MISSED
    if reached == wanted or asked["sign"] in _UPWARD or _LEVERAGE.search(name):
        return _MET if reached >= wanted else _MISSED
    return JUDGEMENT
