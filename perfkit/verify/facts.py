"""What is true of a project, by the label that stands before it in a sentence of another hand.

A sentence that perfkit did not write is judged by its labels alone: `预算执行率为95%` is held against the
rate, `总分98分` against the three totals. A figure without a label of ours is for a person to judge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.language import Text
from perfkit.verify.documents import CELL
from perfkit.verify.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.verify.reference import Subject

_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_YEAR = re.compile(
    r"(?:19|20)\d\d(?=年)|(?<=\b(?:in|of) )(?:19|20)\d\d\b|(?<=\b(?:for) )(?:19|20)\d\d\b", re.IGNORECASE
)
_WAN = Decimal(10_000)
# What must stand after the figure of a fact, or must not.
_FOLLOWS = {
    "rate": re.compile("%|percent"),
    "total": re.compile("(?!的?(?:%|万|元|项|个))"),
    "rows": re.compile(""),
}
_UNMET = ("missed", "partly")
_NAMES = {"project", "department", "unit"}
_TOLD = {
    "rate": Text("预算执行率", "the execution rate"),
    "total": Text("总分", "the total score"),
    "initial": Text("年初预算数", "the initial budget"),
    "adjusted": Text("全年预算数", "the adjusted budget"),
    "executed": Text("全年执行数", "the amount executed"),
    "rows": Text("指标数", "the number of indicators"),
    "project": Text("项目名称", "the project's name"),
    "department": Text("主管部门", "the department"),
    "unit": Text("实施单位", "the implementing unit"),
    "grade": Text("等级", "the grade"),
    "all_met": Text("指标是否全部达成", "whether all indicators are met"),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold what a sentence says under a label: as printed, and whether it is true."""

    what: Text
    got: str
    true: bool
    expected: str


def claims(sentence: str, subjects: Sequence[Subject]) -> Iterator[Claim]:
    """Read the labelled facts of a sentence, each held against the projects; other years are no claims."""
    if len(subjects) != 1 or of_another_year(sentence, subjects[0].form.year):
        return
    plain = "".join(sentence.replace(CELL, "：").split()).casefold()  # a cell is named by the one before it
    for key, labels in lexicon().facts.items():
        for label in labels:
            for found in label.finditer(plain):
                claim = _claim(key, plain[found.end() :], subjects[0])
                if claim is not None:
                    yield claim


def of_another_year(sentence: str, year: int | None) -> bool:
    """Tell whether a sentence speaks of another year than the form's (上年, 2021年)."""
    lower = sentence.casefold()
    told = {int(number) for number in _YEAR.findall(sentence)}
    return any(word in lower for word in lexicon().years) or bool(told - {year})


def _claim(key: str, after: str, one: Subject) -> Claim | None:
    if key in _NAMES:
        return _name(key, after, getattr(one.form, key) or "")
    if key in _WHOLE:
        return _WHOLE[key](after, one)
    found = _FIGURE.match(after)
    if found is None:
        return None
    value, rest = Decimal(found[0].replace(",", "")), after[found.end() :]
    if key in {"initial", "adjusted", "executed"}:
        return _amount(key, value, rest, found[0], one)
    if not _FOLLOWS[key].match(rest) or not (true := _values(key, one)):
        return None
    return Claim(_TOLD[key], found[0], _close(value, true), _printed(true))


def _values(key: str, one: Subject) -> list[Decimal]:
    total = one.card.total
    known: dict[str, tuple[Decimal | None, ...]] = {
        "rate": (one.card.budget.rate, one.card.budget.printed_rate),
        "total": (total.declared, total.score, total.computed),
        "rows": (Decimal(len(one.form.indicators)),),
    }
    return [value for value in known[key] if value is not None]


def _close(value: Decimal, true: Sequence[Decimal]) -> bool:
    """Tell whether a figure is one of the true ones, rounded or cut to its own digits."""
    exponent = value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return any(abs(value - each) < step for each in true)


def _printed(true: Sequence[Decimal]) -> str:
    return " / ".join(dict.fromkeys(f"{value:f}" for value in true))


def _amount(key: str, value: Decimal, rest: str, got: str, one: Subject) -> Claim | None:
    amount = getattr(one.form.budget.total, key)
    unit = re.match(r"(万元|亿元|元|yuan)", rest)
    if amount is None or unit is None:
        return None
    scale = {"万元": _WAN, "亿元": _WAN * _WAN}.get(unit[1], Decimal(1))
    own = amount * (_WAN if one.form.money_unit == "万元" else 1)
    return Claim(_TOLD[key], got + unit[1], _close(value, [own / scale]), f"{own / scale:f}{unit[1]}")


def _name(key: str, after: str, true: str) -> Claim | None:
    got = re.split(r"[，。；,;.、（(：]", after, maxsplit=1)[0].strip("“”\"'‘’《》")
    plain = "".join(true.split()).casefold()
    if not plain or not got:
        return None
    return Claim(_TOLD[key], got, got in plain or plain in got, true)


def _grade(after: str, one: Subject) -> Claim | None:
    grades = {grade.name for grade in one.card.profile.grades}
    got = after.strip("“”\"'‘’")[:1]
    if got not in grades or one.card.total.grade is None:
        return None
    return Claim(_TOLD["grade"], got, got == one.card.total.grade, one.card.total.grade)


def _all_met(_: str, one: Subject) -> Claim:
    """Hold “all indicators are met” against the rows; those that only a person can judge may be."""
    verdicts = [row.reading.verdict.value for row in one.card.indicators]
    unmet = sum(verdict in _UNMET for verdict in verdicts)
    return Claim(_TOLD["all_met"], f"{len(verdicts)}", unmet == 0, f"{len(verdicts) - unmet}")


_WHOLE = {"grade": _grade, "all_met": _all_met}
