"""3xx, the texts: rows filed under the wrong type, named twice, or dated outside the year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.checks.phrasing import level_text
from perfkit.checks.registry import Hit, hit, rule
from perfkit.checks.subject import (
    COST,
    OUTPUT,
    QUALITY,
    QUANTITY,
    SATISFACTION,
    SURVEYED,
    TIMELINESS,
    Row,
    Subject,
)
from perfkit.checks.words import SAME, bare_name, is_blank, near_duplicates, plain, similar, unnumbered, words
from perfkit.values import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COPIED = 90
_MONEY_UNIT = "元"
_YEAR, _MONTH = r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*", r"(?:0?[1-9]|1[0-2])"
_DAY = re.compile(
    rf"{_YEAR}(?:年\s*(?:{_MONTH}|[一二三四五六七八九十]{{1,3}})\s*月"
    rf"|[-./]\s*{_MONTH}(?:[-./]\s*\d{{1,2}}(?!\d)|(?=\s*(?:月|前|底|之前|以前|起|至|完成)))"
    r"|年(?:底|末|初|度?内|[上下]半年|[第一二三四]+季度))"
)
_BARE_YEAR = re.compile(rf"{_YEAR}(?:年度?\s*(?:前|以前|之前|完成|底前)?$|[-./]\s*{_MONTH}(?!\d))")
_SPELT = re.compile(r"二[〇零○Ｏ][一二三四五六七八九〇零○]{2}(?=年)")
_DIGITS = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")


@rule("PK311")
def duplicate_indicator(subject: Subject) -> Iterator[Hit]:
    """Find two rows with the same name, or nearly the same."""
    rows = [row for row in subject.leaves if bare_name(row.name)]
    for first, second, share in near_duplicates([bare_name(row.name) for row in rows]):
        yield hit(
            "name",
            rows[second].number,
            variant="" if share == SAME else "near",
            other=rows[first].number,
            other_name=rows[first].name,
        )


@rule("PK312")
def misfiled(subject: Subject) -> Iterator[Hit]:
    """Find rows whose name, unit or date belongs to another level-2 type."""
    for row in subject.leaves:
        belongs = _belongs(row)
        if belongs and belongs != row.level2:
            yield hit("level2", row.number, got=row.printed.level2, expected=level_text(belongs))


@rule("PK313")
def money_as_output(subject: Subject) -> Iterator[Hit]:
    """Find paying or spending among the quantities."""
    for row in subject.leaves:
        if row.level2 == QUANTITY and _pays(row):
            yield hit("name", row.number)


@rule("PK315")
def outcome_copies_goal(subject: Subject) -> Iterator[Hit]:
    """Find an outcome that is the goal again, figures included."""
    goals = subject.form.goals
    if is_blank(goals.expected) or is_blank(goals.outcome):
        return
    goal, outcome = plain(goals.expected), plain(goals.outcome)
    same_figures = re.findall(r"\d+", goal) == re.findall(r"\d+", outcome)
    share = similar(goal, outcome)
    if share >= COPIED and same_figures:
        yield hit("goals.outcome", share=round(share))


@rule("PK317")
def date_outside_year(subject: Subject) -> Iterator[Hit]:
    """Find deadlines and dates outside the form's year; a year that is only compared with does not count."""
    year = subject.form.year
    if year is None:
        return
    for row in subject.leaves:
        for name in ("target", "actual", "name"):
            years = _years(
                unnumbered(getattr(row.printed, name)), dated=row.reading.kind is Kind.DATE and name != "name"
            )
            if years and year not in years:
                yield hit(name, row.number, got=min(years, key=lambda each: abs(each - year)), year=year)
                break


def _belongs(row: Row) -> str:
    """Give the level-2 type that a row belongs to by its name, unit or date, "" where nothing tells."""
    if not row.level2:
        return ""
    if words().has("satisfaction", row.name):
        return "" if row.level1 == SATISFACTION else SURVEYED
    if row.level1 not in (OUTPUT, "") or row.level2 == SURVEYED:
        return ""
    return next((kind for kind, belongs in _SIGNS.items() if belongs(row)), "")


def _timely(row: Row) -> bool:
    return row.reading.target.kind is Kind.DATE or bool(words().has("timeliness_names", row.name))


def _qualitative(row: Row) -> bool:
    return bool(words().has("quality_names", row.name)) and not words().has("own_kind", row.name)


def _costly(row: Row) -> bool:
    named = not row.cost and words().has("cost_names", row.name) and not _pays(row)
    return bool(named) or (row.level2 in (QUALITY, TIMELINESS) and _money(row))


_SIGNS: dict[str, Callable[[Row], bool]] = {
    TIMELINESS: _timely,
    QUALITY: _qualitative,
    COST: _costly,
}


def _money(row: Row) -> bool:
    return row.reading.target.unit.startswith(_MONEY_UNIT)


def _pays(row: Row) -> bool:
    """Tell whether a row counts money paid or spent; income and investment drawn in are results."""
    if words().has("money_results", row.name):
        return False
    return _money(row) or bool(words().has("paying", row.name))


def _years(text: str, *, dated: bool) -> set[int]:
    """Give the years of the dates in a text, without those that are only compared with (较2021年)."""
    found = set()
    text = _SPELT.sub(lambda match: match.group().translate(_DIGITS), text)
    for pattern in (_DAY, _BARE_YEAR) if dated else (_DAY,):
        for match in pattern.finditer(text):
            if not words().has("compared_with", text[max(0, match.start() - 6) : match.start()]):
                found.add(int(match["year"]))
    return found
