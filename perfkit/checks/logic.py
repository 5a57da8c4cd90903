"""3xx: logic. Figures that add up and still cannot be; rows of the wrong type, or named twice."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.checks.completeness import (
    beyond_all,
    exceeded,
    fell_short,
    impossible,
    numbers,
    taken_off_unsaid,
)
from perfkit.checks.phrasing import counted, level_text, percent, points
from perfkit.checks.registry import (
    COST,
    HUNDRED,
    OUTPUT,
    QUALITY,
    QUANTITY,
    SATISFACTION,
    SURVEYED,
    TIMELINESS,
    Hit,
    Row,
    Subject,
    hit,
    rule,
)
from perfkit.checks.words import SAME, bare_name, is_blank, near_duplicates, plain, similar, unnumbered, words
from perfkit.scoring.proof import has
from perfkit.text.figures import grouped
from perfkit.values import Direction, Flag, Kind, Verdict
from perfkit.values.quantity import units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


FEWEST_REPEATED = 5
GAP = Decimal(2)
YUAN, TEN_THOUSAND = "元", Decimal(10000)
_WAN = f"万{YUAN}"
_MARKS = re.compile(
    r"[≥≧⩾>＞≤≦⩽<＜=＝﹦═±]|不少于|不低于|不超过|不高于|大于等于|小于等于|及?以上|及?以下|以内"
)


@rule("PK301")
def actual_equals_target(subject: Subject) -> Iterator[Hit]:
    """Find forms in which every row repeats its target."""
    filled = [
        row for row in subject.rows if not is_blank(row.printed.target) and not is_blank(row.printed.actual)
    ]
    if len(filled) >= FEWEST_REPEATED and all(_repeats(row) for row in filled):
        yield hit("indicators", count=len(filled))


@rule("PK302")
def low_execution_full_output(subject: Subject) -> Iterator[Hit]:
    """Find half the money unspent and every output at full marks."""
    rate, line = subject.rate, subject.profile.thresholds.very_low_execution
    outputs = [row for row in subject.under(OUTPUT) if not row.cost]
    if rate is None or rate >= line or not outputs:
        return
    if all(row.full if subject.weighted else row.reading.verdict is Verdict.MET for row in outputs):
        yield hit(
            "budget.total.executed",
            rate=percent(rate),
            line=line,
            count=counted(len(outputs), "项", "output"),
        )


@rule("PK303")
def money_spent_work_undone(subject: Subject) -> Iterator[Hit]:
    """Find outputs left undone by a clear margin where the money is spent; late is not undone."""
    rate, line = subject.rate, subject.profile.thresholds.high_execution
    if rate is None or rate < line:
        return
    undone = [row for row in subject.under(OUTPUT) if not row.cost and _undone(row, min(rate, HUNDRED))]
    if undone:
        yield hit(
            "actual",
            undone[0].number,
            rate=percent(rate),
            rows=numbers(undone),
            count=counted(len(undone), "项", "output"),
        )


@rule("PK304")
def cost_direction(subject: Subject) -> Iterator[Hit]:
    """Find cost targets with ≥, unless what is measured is good when high (节约率, 补助标准)."""
    for row in subject.leaves:
        if _cost_upwards(row):
            yield hit("target", row.number, operator=row.reading.target.operator)


@rule("PK305")
def cost_exceeded(subject: Subject) -> Iterator[Hit]:
    """Find cost targets exceeded at full marks; 不超过预算 is a limit too."""
    for row in subject.leaves:
        if row.full and (figures := exceeded(row) or _over_budget(row, subject)):
            yield hit("score", row.number, over=_amount(figures[1] - figures[0], row))


@rule("PK306")
def direction_contradicts_name(subject: Subject) -> Iterator[Hit]:
    """Find operators that contradict the name: complaints with ≥, villages to be built with ≤."""
    for row in subject.leaves:
        if side := contradicted(row):
            also = ("PK316",) if row.full and fell_short(row) else ()
            yield hit("target", row.number, also=also, variant=side)


@rule("PK307")
def met_but_deducted(subject: Subject) -> Iterator[Hit]:
    """Find measured rows that met their target and lost points without a reason or a deduction."""
    for row in subject.leaves:
        if taken_off_unsaid(row, subject) and row.lost is not None:
            also = ("PK203",) if is_blank(row.printed.reason) else ("PK204",)
            yield hit("score", row.number, also=also, lost=points(row.lost))


@rule("PK308")
def ratio_over_100(subject: Subject) -> Iterator[Hit]:
    """Find coverage, pass and satisfaction rates above 100%."""
    for row in subject.leaves:
        if impossible(row):
            yield hit("actual", row.number, got=row.reading.actual.value)
        elif beyond_all(row):
            also = ("PK316",) if row.full and row.reading.verdict is Verdict.MISSED else ()
            yield hit("target", row.number, also=also, got=row.reading.target.value)


@rule("PK309")
def at_least_100_percent(subject: Subject) -> Iterator[Hit]:
    """Find ≥100% on a rate that cannot exceed 100%."""
    for row in subject.leaves:
        target = row.reading.target
        at_least = target.operator and target.direction is Direction.AT_LEAST
        if at_least and target.unit == "%" and target.value == HUNDRED and words().is_share(row.name):
            yield hit("target", row.number)


@rule("PK310")
def satisfaction_without_survey(subject: Subject) -> Iterator[Hit]:
    """Find a satisfaction of exactly 100%, or no complaints as its proof, without a survey."""
    for row in subject.leaves:
        satisfied = (
            row.level1 == SATISFACTION or row.level2 == SURVEYED or words().has("satisfaction", row.name)
        )
        told = (row.printed.actual, row.printed.reason, row.printed.evidence)
        if not satisfied or words().has("survey", *told):
            continue
        if words().has("no_complaints", *told) or (
            "投诉" in row.name and row.reading.actual.value == 0 and row.reading.verdict is Verdict.MET
        ):
            yield hit("actual", row.number, variant="complaints")
        elif (
            row.reading.actual.value == HUNDRED
            and (row.reading.actual.unit or row.reading.target.unit) == "%"
        ):
            yield hit("actual", row.number)


@rule("PK314")
def execution_counted_twice(subject: Subject) -> Iterator[Hit]:
    """Find the execution rate among the indicators although the budget line scores it."""
    total = subject.form.budget.total
    scored = total.weight is not None or total.score is not None
    for row in subject.leaves if scored else ():
        if row.weight is not None and words().has("execution_rate", row.name):
            yield hit("name", row.number)


@rule("PK316")
def missed_at_full_marks(subject: Subject) -> Iterator[Hit]:
    """Find rows that missed their target at full marks; cost is PK305, a score outside its band PK114.

    A target that cannot be, or that asks for the wrong side, is PK308 or PK306. Where the rules themselves
    give all the points (99.99% of a target, rounded), nothing is to be taken off.
    """
    for row in subject.leaves:
        by_rule = row.scored.computed is not None and row.scored.computed == row.printed.weight
        spoken = exceeded(row) or row.scored.outside_band or contradicted(row) or by_rule
        if row.full and fell_short(row) and not spoken:
            yield hit("score", row.number)


@rule("PK318")
def scan_suspect(subject: Subject) -> Iterator[Hit]:
    """Find 290% for ≥90% and its like."""
    for row in subject.rows:
        if row.misread:
            yield hit("target", row.number, "likely" if row.meant else "", meant=row.meant)


def _cost_upwards(row: Row) -> bool:
    """Tell a cost that is to be reached, not kept under."""
    target = row.reading.target
    named = row.cost or words().has("cost_names", row.name)
    upwards = target.operator and target.direction is Direction.AT_LEAST
    good = words().has("good_when_high", row.name, row.printed.target)  # 同比下降≥2% is good, too
    return bool(named and upwards and not good)


def _amount(figure: Decimal, row: Row) -> str:
    """Write how much over in the unit of the target, in 万元 where that is printed so."""
    unit = row.reading.target.unit or row.reading.actual.unit
    if unit.startswith(YUAN) and _WAN in (row.printed.target or ""):
        return f"{grouped(figure / TEN_THOUSAND)}万{unit}"
    return f"{grouped(figure)}{unit}"


def contradicted(row: Row) -> str:
    """Give the printed direction where it contradicts the name, "" where it fits or nothing tells."""
    target = row.reading.target
    if row.cost or _cost_upwards(row):
        return ""
    name = f"{row.name}{target.words}"
    doubted = Flag.DIRECTION_DOUBTFUL in row.reading.flags
    if not target.operator:
        return ""
    if target.direction is Direction.AT_LEAST:
        measure = units().get(target.unit)
        if measure and measure.dimension == "time" and words().has("takes_time", row.name):
            return "at_least"
        bad = doubted or words().has("bad_things", row.name, target.words)
        return "at_least" if bad and not words().has("handled", name, target.operator) else ""
    if target.direction is Direction.AT_MOST:
        to_do = row.level2 == QUANTITY and words().has("things_done", row.name)
        limit = target.unit == YUAN or words().has("lower_is_better", name) or words().has("limits", name)
        return "at_most" if (doubted or to_do) and not limit else ""
    return ""


def _over_budget(row: Row, subject: Subject) -> tuple[Decimal, Decimal] | None:
    """Give budget and actual in yuan where the target is the budget in words and the actual lies above it."""
    budget, actual = subject.form.budget.total.adjusted, row.reading.actual
    if budget is None or actual.value is None or actual.unit != YUAN or row.reading.target.value is not None:
        return None
    limit = budget * (TEN_THOUSAND if subject.form.money_unit == "万元" else 1)
    stated = has("within_budget", row.printed.target or "")
    return (limit, actual.value) if stated and actual.value > limit > 0 else None


def _repeats(row: Row) -> bool:
    """Tell whether the actual is the target again, with or without its operator and unit."""
    target, actual = (plain(_MARKS.sub("", text or "")) for text in (row.printed.target, row.printed.actual))
    reading = row.reading
    bare = (
        actual.isdigit() and reading.actual.value is not None and reading.actual.value == reading.target.value
    )
    return target == actual or (bare and reading.target.value is not None)


def _undone(row: Row, rate: Decimal) -> bool:
    reading = row.reading
    if reading.late or _tells_when(row) or not fell_short(row) or contradicted(row):
        return False
    done = reading.completion
    return done is None or reading.direction is Direction.AT_MOST or done * HUNDRED <= rate - GAP


def _tells_when(row: Row) -> bool:
    """Tell a figure of when it was done; a rate of the work (任务完成率) tells how much, wherever filed."""
    reading = row.reading
    if reading.completion is None and reading.direction is not Direction.AT_MOST:
        return False
    if words().has("timely_rates", row.name):
        return True
    return row.level2 == TIMELINESS and not words().has("rates_of_work", row.name)


# rows filed under the wrong type, named twice, or dated outside the year


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
    """Find deadlines and dates outside the form's year; a year that is only compared with does not count.

    Nor does the date of a row that is judged late by it, in the year after: only a false date would mend it.
    """
    year = subject.form.year
    if year is None:
        return
    for row in subject.leaves:
        for name in ("target", "actual", "name"):
            years = _years(
                unnumbered(getattr(row.printed, name)), dated=row.reading.kind is Kind.DATE and name != "name"
            )
            told_late = name == "actual" and row.reading.late and years == {year + 1}
            if years and year not in years and not told_late:
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
