"""4xx: measurability. Whether a target can be measured at all, and whether it asks for anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.checks.completeness import UNPROVEN, numbers
from perfkit.checks.phrasing import counted
from perfkit.checks.registry import BENEFIT, HUNDRED, TIMELINESS, Hit, Row, Subject, hit, rule
from perfkit.checks.words import bare_name, is_blank, plain, words
from perfkit.scoring.proof import Gap, has, no_such_day, states_met, unmatched
from perfkit.values import Direction, Flag, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

BLANKET_ROWS = 3
YUAN = "元"
FEWEST_MEASURED = 3
_FIGURE = re.compile(
    r"[\d０-９]|[二三四五六七八九十百千两半]|一(?=[个次项批套份支场期门本篇部座条家处类届轮])"
)


@rule("PK401")
def not_measurable(subject: Subject) -> Iterator[Hit]:
    """Find 提高, 加强, 完善 … as a target, with neither number, deliverable nor rating."""
    for row in subject.leaves:
        target = (row.printed.target or "").strip()
        if row.reading.target.kind is not Kind.WORDS or row.printed.rating or is_blank(target):
            continue
        if (
            _FIGURE.search(target)
            or words().has("deliverables", target)
            or words().has("rating_rules", target)
            or has("as_it_comes", target)
            or (plain(target) in words().grades and words().has("rated_names", row.name))
        ):
            continue
        vague = words().has("vague", target)
        if not vague and words().fits("bare_targets", plain(target)) and not _FIGURE.search(row.name):
            vague = words().has("vague_verbs", row.name)
        if vague:
            yield hit("target", row.number, word=target if vague in target else vague)


@rule("PK402")
def blanket_target(subject: Subject) -> Iterator[Hit]:
    """Find one percentage set for three benefit rows or more."""
    rows_of: dict[Decimal, list[Row]] = {}
    for row in subject.under(BENEFIT):
        target = row.reading.target
        if target.unit == "%" and target.value is not None:
            rows_of.setdefault(target.value, []).append(row)
    for percent, rows in rows_of.items():
        if len(rows) >= BLANKET_ROWS:
            yield hit("target", rows[0].number, percent=percent, count=len(rows), rows=numbers(rows))


@rule("PK403")
def unit_mismatch(subject: Subject) -> Iterator[Hit]:
    """Find targets and actuals in units that cannot be compared."""
    for row in subject.rows:
        if Flag.UNIT_MISMATCH in row.reading.flags or row.other_things:
            yield hit("actual", row.number)


@rule("PK404")
def unit_missing(subject: Subject) -> Iterator[Hit]:
    """Find numbers without a unit in target, actual and name."""
    for row in subject.leaves:
        told = words().has("counted_names", row.name, row.printed.target) and not words().fits(
            "bare_counts", bare_name(row.name)
        )
        if Flag.UNIT_MISSING in row.reading.flags and not told and row.reading.target.value != 0:
            yield hit("target", row.number)


@rule("PK405")
def kind_mismatch(subject: Subject) -> Iterator[Hit]:
    """Find figures set against words; 未开展 and 全部完成 (of 100%) are answers.

    A warning where the words state that the target was met: it was, and the figure is still asked for. A date
    that no calendar has answers nothing; as a target it is a warning.
    """
    for row in subject.rows:
        if row.scored.gap is Gap.NO_DATE:
            yield hit("actual", row.number, variant="no_date", date=no_such_day(row.printed.actual))
            continue
        if day := no_such_day(row.printed.target):
            yield hit("target", row.number, severity="warning", variant="no_date", date=day)
            continue
        if not unmatched(row.printed, row.reading) or words().prompt(row.printed.target):
            continue
        if row.scored.gap in UNPROVEN:
            continue
        stated = states_met(row.printed, row.reading)
        variant = "words" if row.reading.target.kind is Kind.WORDS else "met" if stated else ""
        yield hit("actual", row.number, severity="warning" if stated else None, variant=variant)


@rule("PK406")
def targets_too_low(subject: Subject) -> Iterator[Hit]:
    """Find forms of which half the measured rows go far over their targets."""
    line = subject.profile.thresholds.over_achievement
    measured = [row for row in subject.leaves if row.measured and row.reading.completion is not None]
    over = [
        row
        for row in measured
        if row.reading.direction in (Direction.AT_LEAST, Direction.EQUAL)
        and (row.reading.completion or 0) >= line
    ]
    if len(measured) >= FEWEST_MEASURED and len(over) * 2 >= len(measured):
        yield hit(
            "indicators",
            count=len(over),
            measured=len(measured),
            line=round(line * HUNDRED),
            rows=numbers(over),
        )


@rule("PK407")
def too_few_indicators(subject: Subject) -> Iterator[Hit]:
    """Count the indicators."""
    fewest = subject.profile.thresholds.fewest_indicators
    if len(subject.leaves) < fewest:
        yield hit("indicators", got=counted(len(subject.leaves), "项", "indicator"), fewest=fewest)


@rule("PK408")
def weight_concentrated(subject: Subject) -> Iterator[Hit]:
    """Find one row that carries too much of the weight."""
    line = subject.profile.thresholds.one_row_weight
    for row in subject.leaves:
        if row.weight is not None and row.weight > line:
            yield hit("weight", row.number, line=line)


@rule("PK409")
def timeliness_without_date(subject: Subject) -> Iterator[Hit]:
    """Find timeliness rows with neither a date, a time nor a ratio."""
    for row in subject.leaves:
        text = f"{row.name}{row.printed.target or ''}"
        if (
            row.level2 == TIMELINESS
            and not is_blank(row.printed.target)
            and not _FIGURE.search(text)
            and not words().has("times", text)
        ):
            yield hit("target", row.number)
