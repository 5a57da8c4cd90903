"""2xx: completeness. What the form asks for and the unit left out, above all the reasons."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from perfkit.checks.phrasing import level_text, or_blank, percent, percent_of, points
from perfkit.checks.registry import HUNDRED, Hit, Row, Subject, hit, rule
from perfkit.checks.words import bare_name, is_blank, measure_of, plain, sentences, words
from perfkit.language import Text
from perfkit.scoring.proof import Gap, points_unproven
from perfkit.scoring.rows import taken
from perfkit.scoring.totals import weights_of
from perfkit.text import say
from perfkit.text.figures import cut
from perfkit.values import Basis, Direction, Flag, Kind, Verdict
from perfkit.values.vocabulary import level2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.form import Form

SAME_REASON_ROWS = 3
ABOUT = Decimal("0.9")
WELL_ABOVE = Decimal("1.2")  # where the integrated budget system asks for a look


@rule("PK201")
def actual_missing(subject: Subject) -> Iterator[Hit]:
    """Find rows with a target or points whose actual is blank."""
    for row in subject.rows:
        asked = not is_blank(row.printed.target) or row.printed.weight is not None
        if asked and not row.empty and row.scored.gap is Gap.MISSING:
            yield hit("actual", row.number, got=or_blank(row.printed.score, "分"))


@rule("PK202")
def template_prompt_left(subject: Subject) -> Iterator[Hit]:
    """Find prompts of the empty form in any text."""
    form = subject.form
    for path, text in (
        ("project", form.project),
        ("department", form.department),
        ("unit", form.unit),
        ("goals.expected", form.goals.expected),
        ("goals.outcome", form.goals.outcome),
        ("notes", form.notes),
    ):
        if prompt := words().prompt(text):
            yield hit(path, variant="form", got=prompt)
    for row in subject.rows:
        for name in ("name", "target", "actual", "reason", "level1", "level2"):
            if prompt := words().prompt(getattr(row.printed, name)):
                yield hit(name, row.number, got=prompt)
                break


@rule("PK203")
def loss_without_reason(subject: Subject) -> Iterator[Hit]:
    """Find rows that lose points (on a form without scores: that miss their target) with the reason blank.

    Points off a measured row that met its target are PK307.
    """
    for row in subject.rows:
        if is_blank(row.printed.reason) and not taken_off_unsaid(row, subject):
            yield from _short(row, subject)


@rule("PK204")
def empty_reason(subject: Subject) -> Iterator[Hit]:
    """Find rows that lose points with a reason that gives none (无, 已完成)."""
    for row in subject.rows:
        if not is_blank(row.printed.reason) and not row.said and not taken_off_unsaid(row, subject):
            yield from _short(row, subject)


@rule("PK205")
def reason_without_loss(subject: Subject) -> Iterator[Hit]:
    """Find reasons at full marks, unless the row has something to explain: over target, or missed."""
    for row in subject.rows:
        above = (row.reading.completion or 0) >= WELL_ABOVE and row.reading.direction is not Direction.AT_MOST
        explains = above or row.reading.verdict in (Verdict.MISSED, Verdict.PARTLY)
        if row.full and row.said and not explains and not _documents(row.said):
            yield hit("reason", row.number)


@rule("PK206")
def cause_without_measure(subject: Subject) -> Iterator[Hit]:
    """Find reasons for lost points that name no measure, in their own text or in a column of measures."""
    line = subject.profile.thresholds.small_loss
    for row in subject.rows:
        small = row.lost is not None and row.lost < line
        if not row.said or small or words().has("nothing_to_do", row.said):
            continue
        if not measure_of(row.printed, subject.form.year):
            yield from _short(row, subject)


@rule("PK207")
def same_reason(subject: Subject) -> Iterator[Hit]:
    """Find one reason on three rows or more."""
    rows_of: dict[str, list[Row]] = {}
    for row in subject.rows:
        if row.said:
            rows_of.setdefault(plain(row.said), []).append(row)
    for rows in rows_of.values():
        if len(rows) >= SAME_REASON_ROWS:
            yield hit("reason", rows[0].number, count=len(rows), rows=numbers(rows))


@rule("PK208")
def low_execution_unexplained(subject: Subject) -> Iterator[Hit]:
    """Find a low execution rate that no reason explains by money."""
    rate, line = subject.rate, subject.profile.thresholds.low_execution
    if rate is None or rate >= line or (subject.form.budget.total.executed is None and not subject.scored):
        return
    if any(words().has("money", row.said) for row in subject.rows) or _explained(subject.form, "money"):
        return
    yield hit("budget.total.executed", rate=percent(rate), line=line)


@rule("PK209")
def budget_change_unexplained(subject: Subject) -> Iterator[Hit]:
    """Find a budget adjusted by more than the profile's share that nothing explains."""
    total, line = subject.form.budget.total, subject.profile.thresholds.budget_change
    if total.initial is None or total.adjusted is None or total.initial < 0 or total.adjusted < 0:
        return
    change = total.adjusted - total.initial
    if abs(change) * 100 <= total.initial * line or subject.form.budget.carried(change):
        return
    form = subject.form
    texts = (*(row.said for row in subject.rows), form.goals.outcome, form.notes)
    if words().has("budget_change", *texts):
        return
    figures: dict[str, Any] = {"initial": total.initial, "adjusted": total.adjusted, "line": line}
    if total.initial == 0:
        yield hit("budget.total.adjusted", variant="from_zero", **figures)
        return
    way = say("checks.raised") if change > 0 else say("checks.cut")
    yield hit(
        "budget.total.adjusted",
        change=cut(abs(percent_of(change, total.initial)), 2, ROUND_HALF_UP),
        way=way,
        **figures,
    )


@rule("PK210")
def over_achievement_unexplained(subject: Subject) -> Iterator[Hit]:
    """Find completions far over the target without a reason; from ten times on a reason alone does not do."""
    lines = subject.profile.thresholds
    for row in subject.leaves:
        completion = over(row, subject)
        if completion is None:
            continue
        figures: dict[str, Any] = {
            "percent": cut(completion * 100, 1, ROUND_HALF_UP),
            "line": cut(lines.over_achievement * 100, 1, ROUND_HALF_UP),
        }
        if not row.said:
            yield hit("reason", row.number, **figures)
        elif completion >= lines.extreme_achievement:
            times = cut(completion, 1, ROUND_HALF_UP)
            yield hit(
                "target",
                row.number,
                variant="extreme",
                times=times,
                most=lines.extreme_achievement,
                **figures,
            )


@rule("PK211")
def type_missing(subject: Subject) -> Iterator[Hit]:
    """Find level-2 types that the profile requires and no row has."""
    if not subject.leaves:
        return
    present = {row.level2 for row in subject.leaves} | {row.level1 for row in subject.leaves}
    missing = tuple(kind for kind in subject.profile.required_level2 if not _has_type(kind, present))
    if missing:
        yield hit(
            "indicators",
            missing=tuple(map(level_text, missing)),
            present=tuple(map(level_text, dict.fromkeys(row.level2 for row in subject.leaves if row.level2))),
        )


@rule("PK212")
def outcome_missing(subject: Subject) -> Iterator[Hit]:
    """Find an overall goal without an outcome; without a goal either, the whole block is missing."""
    goals = subject.form.goals
    if not is_blank(goals.outcome) and not words().fits("no_outcome", plain(goals.outcome)):
        return
    if is_blank(goals.expected):
        yield hit("goals.outcome", variant="block", severity="warning")
    else:
        yield hit("goals.outcome", expected=goals.expected)


@rule("PK213")
def level_missing(subject: Subject) -> Iterator[Hit]:
    """Find rows without level 1 or level 2; a column that no row fills is the layout's, not the row's."""
    columns = (("level1", say("checks.field.level1")), ("level2", say("checks.field.level2")))
    used = [
        (name, title)
        for name, title in columns
        if any(not is_blank(getattr(r, name)) for r in subject.form.indicators)
    ]
    for row in subject.leaves:
        for name, title in used:
            if is_blank(getattr(row.printed, name)):
                yield hit(name, row.number, level=title)
                break


@rule("PK214")
def target_missing(subject: Subject) -> Iterator[Hit]:
    """Find a name without a target, unless the name states it, and a target without a name."""
    for row in subject.leaves:
        named, aimed = bool(bare_name(row.name)), not is_blank(row.printed.target)
        if named and not aimed and Flag.TARGET_IN_NAME not in row.reading.flags:
            yield hit("target", row.number)
        elif aimed and not named and not words().prompt(row.name):
            yield hit("name", row.number, variant="name")


@rule("PK215")
def score_missing(subject: Subject) -> Iterator[Hit]:
    """Find weighted rows without a score where others have one."""
    total = subject.form.budget.total
    if not subject.scored:
        return
    for row in subject.rows:
        path = f"indicators[{row.number - 1}].score"
        if row.weight is not None and row.printed.score is None and path not in subject.unread:
            yield hit("score", row.number)
    if total.weight and total.score is None and "budget.total.score" not in subject.unread:
        yield hit("budget.total.score", variant="budget", weight=total.weight)


@rule("PK216")
def full_marks_unproven(subject: Subject) -> Iterator[Hit]:
    """Find half the points or more on a row that nobody surveyed or counted, or that does not apply."""
    for row in subject.leaves:
        gap = row.scored.gap
        if gap not in UNPROVEN or not row.scored.applies:
            continue
        if points_unproven(gap, row.weight, row.score):
            yield hit("score", row.number, variant=str(gap))


@rule("PK217")
def weight_missing(subject: Subject) -> Iterator[Hit]:
    """Find rows without a weight where others have one, if they have points or leave the sum short."""
    add_up = weights_of(subject.form, subject.profile).add_up
    for row in subject.leaves if subject.weighted else ():
        path = f"indicators[{row.number - 1}].weight"
        pointless = add_up and row.printed.score is None
        if row.printed.weight is None and path not in subject.unread and not pointless:
            yield hit("weight", row.number)


UNPROVEN = frozenset({Gap.NOT_SURVEYED, Gap.NOT_COUNTED, Gap.NOT_APPLICABLE})


def exceeded(row: Row) -> tuple[Decimal, Decimal] | None:
    """Give limit and actual of a cost row whose actual lies above its limit, else None."""
    reading = row.reading
    actual = reading.actual.value
    limit = reading.target.high if reading.direction is Direction.WITHIN else reading.target.value
    if not row.cost or limit is None or actual is None or reading.kind not in (Kind.NUMBER, Kind.RATIO):
        return None
    limited = reading.target.operator and reading.direction is Direction.AT_MOST
    upwards = reading.direction is Direction.AT_LEAST or (
        not limited and words().has("good_when_high", row.name)
    )
    if upwards or Flag.UNIT_MISMATCH in reading.flags or actual <= limit:
        return None
    return limit, actual


def taken_off_unsaid(row: Row, subject: Subject) -> bool:
    """Tell whether a measured row met its target and lost points without a reason or a deduction."""
    met = row.measured and row.reading.verdict is Verdict.MET
    if not met or row.lost is None or row.said or (row.cost and exceeded(row)):
        return False
    return row.lost > taken(row.printed.deduction, subject.profile.corrections)


def fell_short(row: Row) -> bool:
    """Tell whether a row missed its target beyond doubt; `约300` is not missed by a few."""
    reading = row.reading
    unsure = row.misread or row.other_things or row.asks_for_nothing or beyond_all(row)
    if unsure or reading.flags & {Flag.DIRECTION_DOUBTFUL, Flag.TEMPLATE}:
        return False
    if Flag.APPROXIMATE in reading.flags and (reading.completion or 0) >= ABOUT:
        return False
    if row.measured:
        return reading.verdict in (Verdict.MISSED, Verdict.PARTLY)
    return reading.basis is Basis.STATED and reading.verdict is Verdict.MISSED


def _short(row: Row, subject: Subject) -> Iterator[Hit]:
    """Give the hit of a row that lost points or, on a form without scores, missed its target."""
    if row.lost is not None:
        yield hit("reason", row.number, lost=points(row.lost))
    elif not subject.scored and not row.empty and fell_short(row):
        yield hit("reason", row.number, variant="missed")


def over(row: Row, subject: Subject) -> Decimal | None:
    """Give the completion of a row that goes as far over its target as the profile's line, else None."""
    reading = row.reading
    if reading.completion is None or reading.direction not in (Direction.AT_LEAST, Direction.EQUAL):
        return None
    less = words().has("lower_is_better", row.name) and not words().has("found_out", row.name)
    if row.misread or row.other_things or less or impossible(row):
        return None
    return reading.completion if reading.completion >= subject.profile.thresholds.over_achievement else None


def impossible(row: Row) -> bool:
    """Tell whether a share of a whole lies above 100% (PK308)."""
    actual = row.reading.actual.value
    percent = row.reading.target.unit == "%" and row.reading.actual.unit in ("%", "")
    return actual is not None and actual > HUNDRED and percent and words().is_share(row.name)


def beyond_all(row: Row) -> bool:
    """Tell a target that asks for more than 100% of a whole, which nothing reaches (PK308)."""
    target = row.reading.target
    above = not row.misread and target.unit == "%" and (target.value or 0) > HUNDRED
    return above and words().is_share(row.name)


def _documents(reason: str) -> bool:
    """Tell a remark on where a figure comes from (问卷300份, 来源：统计年报): no reason for a deviation."""
    surveyed = words().has("survey", reason) and not words().has("causes", reason)
    return bool(surveyed or words().has("references", reason))


def numbers(rows: list[Row]) -> Text:
    """List rows by their numbers."""
    listed = [str(row.number) for row in rows]
    return say("checks.rows", n=len(rows), rows=Text("、".join(listed), ", ".join(listed)))


def _explained(form: Form, family: str) -> bool:
    """Tell whether outcome or notes speak of a family of words in a sentence that gives a cause."""
    told = [one for text in (form.goals.outcome, form.notes) if text for one in sentences(text)]
    return any(words().has(family, one) and words().has("causes", one) for one in told)


def _has_type(kind: str, present: set[str]) -> bool:
    """Tell whether a type is there: as level 2, as level 1 (成本指标 stands on either), or a kind of cost."""
    canonical = level2(kind) or kind
    return any(canonical == each or each.endswith(canonical) for each in present)
