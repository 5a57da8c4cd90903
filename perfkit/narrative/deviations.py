"""The deviations (偏差): what, plan, actual, gap, points lost, the stated reason, and what follows.

Rows that share a stated reason are told together. Up to three such groups, of at most two rows, make prose;
more make a list. Each point lost is told once, each reason verbatim. A deviation is one clause, whichever
section tells it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.narrative.story import Paragraph, Points
from perfkit.narrative.voice import percentage
from perfkit.scoring import Status
from perfkit.scoring.explanation import HUNDRED, ONE, ZERO, product, total
from perfkit.scoring.proof import Gap
from perfkit.text import one_line
from perfkit.values import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.narrative.story import Block, Case, Deviation
    from perfkit.narrative.voice import Voice
    from perfkit.scoring import RowScore

_OPERATORS = {
    **dict.fromkeys((">=", "≥", "≧"), "at_least"),
    **dict.fromkeys(("<=", "≤", "≦"), "at_most"),
    **dict.fromkeys((">", "＞"), "more_than"),
    **dict.fromkeys(("<", "＜"), "less_than"),
    **dict.fromkeys(("=", "＝", "﹦", "═"), ""),
}
_OPERATED = re.compile(rf"({'|'.join(_OPERATORS)})\s*(\d.*)")
_FIGURE = {
    "zh": re.compile(r"\d[\d.,]*\s?[%％‰]?[^\W\d_]{0,6}"),
    "en": re.compile(r"\d[\d.,]*%?"),
}
_DAY = re.compile(r"(?=.*\d)[\d年月日号前底末初上中下旬半季度.\-/]{1,12}")


def cell(text: str | None, kind: Kind, voice: Voice) -> tuple[str, bool]:
    """Write a cell for a sentence, and tell whether it went in without quotation marks."""
    line = one_line(text or "")
    if not line:
        return voice.say("cell.blank"), False
    if kind is Kind.DATE and voice.language == "zh" and _DAY.fullmatch(line):
        return line, True
    operated = _OPERATED.fullmatch(line)
    operator, figure = operated.groups() if operated else ("", line)
    if not _FIGURE[voice.language].fullmatch(figure):
        return voice.wording.quoted(line), False
    phrase = _OPERATORS.get(operator, "")
    if phrase == "at_least" and "%" in figure:
        phrase = "at_least_rate"
    return (voice.say(f"cell.{phrase}", figure=figure) if phrase else figure), True


def target_cell(row: RowScore, voice: Voice) -> tuple[str, bool]:
    """Write a row's target, and beside it the initial one (年初指标值) where it was adjusted."""
    indicator, kind = row.indicator, row.reading.target.kind
    target, bare = cell(indicator.target, kind, voice)
    initial = one_line(indicator.initial_target or "")
    if not initial or initial == one_line(indicator.target or ""):
        return target, bare
    return voice.say("cell.adjusted", target=target, initial=cell(initial, kind, voice)[0]), False


_WITHOUT_DATA = frozenset({Gap.NOT_SURVEYED, Gap.NOT_COUNTED, Gap.NOT_APPLICABLE})


def fact(case: Case, each: Deviation) -> str:
    """Tell plan, actual and gap of one row."""
    indicator, reading = each.row.indicator, each.row.reading
    target, target_bare = target_cell(each.row, case.voice)
    actual, actual_bare = cell(indicator.actual, reading.actual.kind, case.voice)
    return case.say(
        f"deviations.tell_{each.kind}",
        target=target,
        actual=actual + _working(case, reading.working),
        gap=_gap(case, each),
        plain=target_bare and actual_bare,
    )


def _working(case: Case, working: str) -> str:
    """Tell how an actual was worked out from the figures in its cell."""
    return case.say("deviations.working", working=working) if working else ""


def _gap(case: Case, each: Deviation) -> str:
    gap = each.gap
    if gap is None:
        return ""
    key = f"gap_{gap.measure}" if each.kind == "late" else f"gap_{each.kind}_{gap.measure}"
    about = case.say("deviations.about") if gap.about else ""
    return case.say(f"deviations.{key}", amount=gap.amount, unit=gap.unit, percent=gap.percent, about=about)


def loss(case: Case, each: Deviation) -> str:
    """Tell the points that one row lost, as a clause that follows its fact."""
    if each.row.undecided:
        return case.say("deviations.undecided")
    if each.row.lost is None:
        return ""
    phrase = "loss" if each.lost else "no_loss"
    return case.say(f"deviations.{phrase}", lost=each.lost) + correction(case, each.row)


def losses(case: Case, group: Sequence[Deviation]) -> str:
    """Tell the points that one row or several lost together, as the predicate of a sentence."""
    lost = total(each.lost for each in group)
    if not lost and any(each.row.undecided for each in group):
        return case.say("deviations.lead_undecided")
    if all(each.row.lost is None for each in group):
        return ""
    phrase = ("lead_losses" if len(group) > 1 else "lead_loss") if lost else "lead_no_loss"
    return case.say(f"deviations.{phrase}", lost=lost)


def correction(case: Case, row: RowScore) -> str:
    """Tell points taken off by hand (扣分), and that the form's own score gave way to the rules."""
    return _deducted(case, row) + _corrected(case, row)


def _deducted(case: Case, row: RowScore) -> str:
    points = row.indicator.deduction
    if not points or row.lost is None:
        return ""
    counts = case.card.profile.corrections.deduction == "subtract"
    return case.say("deviations.deducted", points=points, counts=counts)


def _corrected(case: Case, row: RowScore) -> str:
    if row.status is not Status.DIFFERS or row.declared in (None, row.score) or row.score is None:
        return ""
    return case.say("deviations.corrected", declared=row.declared, score=row.score)


def unverifiable(row: RowScore) -> str:
    """Give the phrase that says why nobody can compare the target and the actual of a row."""
    target, actual = one_line(row.indicator.target or ""), one_line(row.indicator.actual or "")
    if target and actual:
        return "unproven" if row.gap in _WITHOUT_DATA else "incomparable"
    if target:
        return "no_actual"
    return "no_target" if actual else "neither"


MOST_GROUPS_IN_PROSE = 3
MOST_ROWS_IN_A_GROUP = 2
MOST_NAMES = 3
_OFF_TARGET = frozenset({"late", "short", "over", "outside", "missed", "partly"})

Group = tuple["Deviation", ...]


def deviations(case: Case) -> tuple[Block, ...]:
    """Tell every deviation, then what follows from them, then the rows that nobody can compare."""
    nothing = not case.deviations and not case.unverifiable and case.card.total.complete
    if nothing and not max(case.card.budget.lost or ZERO, ZERO):
        return ()
    groups = _by_reason(case.deviations)
    if len(groups) <= MOST_GROUPS_IN_PROSE and all(len(group) <= MOST_ROWS_IN_A_GROUP for group in groups):
        told: tuple[Block, ...] = tuple(_paragraph(case, group) for group in groups)
    else:
        told = (Points(tuple(_item(case, each) for each in case.deviations)),)
    consequences = case.voice.text(_unexplained(case), _unremedied(case))
    closing = (Paragraph(consequences),) if consequences else ()
    return (_opening(case), *told, *closing, *_unverifiable(case))


def _by_reason(found: Sequence[Deviation]) -> tuple[Group, ...]:
    """Group deviations by their stated reason, most points lost first; without a reason, each alone."""
    groups: dict[str | int, list[Deviation]] = {}
    for each in found:
        groups.setdefault(each.reason or each.row.number, []).append(each)
    return tuple(
        sorted(map(tuple, groups.values()), key=lambda group: total(e.lost for e in group), reverse=True)
    )


def _opening(case: Case) -> Paragraph:
    lost = total(row.lost or ZERO for row in case.lost_rows)
    execution = max(case.card.budget.lost or ZERO, ZERO)
    off_target = case.say("deviations.off_target", **case.off_target) if any(case.off_target.values()) else ""
    open_ = [each.row.undecided for each in case.deviations if not each.lost]
    known = all(each.row.lost is not None for each in case.deviations)
    spared = {"off_target": off_target, "undeducted": known and not all(open_), "undecided": any(open_)}
    more = case.say("deviations.opening_more", **spared) if off_target else ""
    if not lost and not execution:
        phrase = _lossless(case, departed=bool(off_target))
        return Paragraph(lead=case.say(f"deviations.{phrase}", **spared), text="")
    if not lost:
        phrase = "opening_execution" if case.rows else "only_execution"
    elif not execution:
        phrase = "opening"
    else:
        phrase = "opening_execution_first" if execution > lost else "opening_all"
    whole = total((lost, execution))
    rows = len(case.lost_rows)
    lead = case.say(f"deviations.{phrase}", rows=rows, lost=lost, execution=execution, total=whole)
    return Paragraph(lead=lead, text=more)


def _lossless(case: Case, *, departed: bool) -> str:
    if departed:
        return "opening_level" if case.weighted else "opening_unscored"
    if not case.weighted:
        return "none_unscored"
    return "none_scored" if case.card.total.complete else "none_so_far"


def _paragraph(case: Case, group: Group) -> Paragraph:
    names = [case.label(each.row) for each in group]
    lead = case.say(f"deviations.{_kind(group)}", names=names, loss=losses(case, group))
    phrase = "shared_reason" if len(group) > 1 else "reason"
    reason = group[0].reason
    told = case.say(f"deviations.{phrase}", reason=reason) if reason else ""
    return Paragraph(lead=lead, text=case.voice.text(_facts(case, group), told))


def _kind(group: Group) -> str:
    kinds = {each.kind for each in group}
    if len(kinds) == 1:
        return kinds.pop()
    return "missed" if kinds <= _OFF_TARGET else "mixed"


def _facts(case: Case, group: Group) -> str:
    if len(group) == 1:
        return case.say("deviations.facts", facts=fact(case, group[0]) + correction(case, group[0].row))
    parts = [
        case.say(f"deviations.{place}", fact=fact(case, each) + loss(case, each))
        for place, each in zip(("first", "second"), group, strict=True)
    ]
    return case.say("deviations.facts", facts=case.say("deviations.separator").join(parts))


def _item(case: Case, each: Deviation) -> str:
    name = case.label(each.row, full=True)
    facts = fact(case, each) + loss(case, each)
    return case.say("deviations.listed", name=name, facts=facts, reason=each.reason)


def _unexplained(case: Case) -> str:
    return _consequence(case, [each for each in case.deviations if not each.reason], "explain")


def _unremedied(case: Case) -> str:
    """Tell which stated reasons name no measure, as the checks found (PK206)."""
    bare = {finding.row for finding in case.findings if finding.code == "PK206"}
    found = [each for each in case.deviations if each.reason and each.row.number in bare]
    return _consequence(case, found, "remedy")


def _consequence(case: Case, found: Sequence[Deviation], phrase: str) -> str:
    if not found:
        return ""
    every = len(found) == len(case.deviations)
    if len(found) > MOST_NAMES or (every and len(found) > 1):
        return case.say(f"deviations.{phrase}_many", rows=len(found), all=every)
    return case.say(f"deviations.{phrase}", names=[case.label(each.row) for each in found])


def _unverifiable(case: Case) -> tuple[Block, ...]:
    """Tell the rows that nobody can compare; they are not deviations, and not results either."""
    rows = case.unverifiable
    if not rows:
        return ()
    if len(rows) > MOST_NAMES:
        items = (
            case.say(f"deviations.{unverifiable(row)}", names=[case.label(row, full=True)]) for row in rows
        )
        lead = case.say("deviations.unverifiable_many", rows=len(rows))
        return (Paragraph(lead=lead, text=""), Points(tuple(map(case.voice.wording.sentence, items))))
    causes: dict[str, list[str]] = {}
    for row in rows:
        causes.setdefault(unverifiable(row), []).append(case.label(row))
    parts = [case.say(f"deviations.{cause}", names=names) for cause, names in causes.items()]
    return (Paragraph(case.say("deviations.unverifiable_rows", rows=len(rows), parts=parts)),)


def over_achievement(case: Case) -> tuple[Block, ...]:
    """Tell the rows at or above the profile's line, and what the rules ask of them."""
    line = product(case.card.profile.thresholds.over_achievement, HUNDRED)
    above = case.far_above
    if not above:
        return ()
    rule = Paragraph(case.say("over_achievement.rule"))
    if len(above) == 1:
        lead = case.say("over_achievement.one", name=case.label(above[0]), line=line)
        return (Paragraph(lead=lead, text=case.voice.text(_tell(case, above[0], ""), rule.text)),)
    lead = case.say("over_achievement.many", rows=len(above), line=line)
    items = tuple(_tell(case, row, case.label(row, full=True)) for row in above)
    return Paragraph("", lead), Points(items), rule


def _tell(case: Case, row: RowScore, name: str) -> str:
    reading = row.reading
    return case.say(
        "over_achievement.tell" if name else "over_achievement.tell_one",
        name=name,
        target=target_cell(row, case.voice)[0],
        actual=cell(row.indicator.actual, reading.actual.kind, case.voice)[0],
        completion=percentage(reading.completion or ZERO, ONE),
        full=row.lost == 0,
        reason=one_line(row.indicator.reason or ""),
    )
