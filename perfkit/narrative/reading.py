"""Reading figures back out of prose: in numerals or words, with what the words around say they are.

`扣1分` and "1 point lost" are points lost, `满分10分` and "of 10 points" a full mark, `三项` and "three
indicators" a count of rows. A figure whose words leave it open has the unit "".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMERAL = r"(?<![0-9.])-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
NEAR = 20
_CHINESE = "零一两三四五六七八九十"
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_FIGURE = re.compile(
    rf"(?P<numeral>{_NUMERAL})|(?P<chinese>[{_CHINESE}]+)(?=[项处])|\b(?P<english>{'|'.join(_ENGLISH)})\b",
    re.IGNORECASE,
)
# What a figure is, by the words before and after it; the first row that fits counts.
_UNITS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (unit, re.compile(rf"(?:{before})$" if before else ""), re.compile(after))
    for unit, before, after in (
        ("points_apart", "", r"个百分点| percentage point"),
        ("percent", "", r"%"),
        ("money_wan", "", r"万元"),
        ("money", "", r"元| yuan"),
        ("year", "", r"年度"),
        ("row", r"row ", r""),
        ("row", r"第", r"行"),
        ("lost_sum", r"共|共扣|合计", r"分"),
        ("lost_sum", r"together lost ", r""),
        ("lost_sum", "", r" in all"),
        ("lost", r"扣", r"分"),
        ("lost", r"lost another |losing ", r""),
        ("lost", "", r" points? (?:on|lost)\b"),
        ("lost_or_sum", r"lost ", r" point"),
        ("full", r"满分", r"分"),
        ("full", "", r"分全部得满"),
        ("full", r" of | all ", r" point"),
        ("points", "", r"分| points?\b"),
        ("findings", "", r"处| (?:more )?(?:finding|error|warning|note)s?\b"),
        ("rows", "", r"项| (?:of them|of these|met|missed|not (?:verifiable|scored)|left|others)\b"),
        ("rows", "", r" (?:more |further |of )?(?:[a-z0-9]+ )?(?:indicator|target)s?\b"),
        ("delay", "", r"天|个月| (?:day|month)s? late"),
        ("wan", "", r"万"),
    )
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold a figure as read: its text with the character after it, its value and its unit."""

    text: str
    value: Decimal
    unit: str


def figures_in(prose: str) -> Iterator[Reading]:
    """Read every figure of a prose that holds no quotations."""
    for found in _FIGURE.finditer(prose):
        before = prose[max(found.start() - NEAR, 0) : found.start()]
        after = prose[found.end() : found.end() + NEAR]
        unit = next((unit for unit, left, right in _UNITS if left.search(before) and right.match(after)), "")
        if found["english"] and not unit:
            unit = "count"
        yield Reading(found[0] + after[:1], _value(found), unit)


def _value(found: re.Match[str]) -> Decimal:
    """Give the value of a figure; Chinese counts above ten are written in numerals, so none is read."""
    if found["numeral"]:
        return Decimal(found["numeral"].replace(",", ""))
    if found["english"]:
        return Decimal(_ENGLISH.index(found["english"].lower()) + 1)
    return Decimal(_CHINESE.index(found["chinese"])) if len(found["chinese"]) == 1 else Decimal(-1)
