"""The deviations (偏差): what, plan, actual, gap, points lost, the stated reason, and what follows.

Rows that share a stated reason are told together. Up to three such groups, of at most two rows, make
prose; more make a list. Each point lost is told once, each reason verbatim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.narrative.clauses import correction, fact, loss, losses, unverifiable
from perfkit.narrative.story import Paragraph, Points
from perfkit.scoring import Status
from perfkit.scoring.points import ZERO, total
from perfkit.scoring.settle import has_reason
from perfkit.values import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.narrative.case import Case
    from perfkit.narrative.deviation import Deviation
    from perfkit.narrative.story import Block

MOST_GROUPS_IN_PROSE = 3
MOST_ROWS_IN_A_GROUP = 2
MOST_NAMES = 3
_OFF_TARGET = frozenset({"late", "short", "over", "outside", "missed", "partly"})

Group = tuple["Deviation", ...]


def deviations(case: Case) -> tuple[Block, ...]:
    """Tell every deviation, then what follows from them, then the rows that nobody can compare."""
    if not case.rows and not case.card.budget.lost:
        return ()
    groups = _by_reason(case.deviations)
    if len(groups) <= MOST_GROUPS_IN_PROSE and all(len(group) <= MOST_ROWS_IN_A_GROUP for group in groups):
        told: tuple[Block, ...] = tuple(_paragraph(case, group) for group in groups)
    else:
        told = (Points(tuple(_item(case, each) for each in case.deviations)),)
    consequences = case.voice.text(_unexplained(case), _unremedied(case), _raised(case))
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
    undeducted = all(each.row.lost is not None for each in case.deviations)
    spared = {"off_target": off_target, "undeducted": undeducted}
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
    all_met = case.count(Verdict.MET) == len(case.rows)
    if not case.weighted:
        return "all_met" if all_met else "none_unscored"
    if not case.card.total.complete:
        return "none_so_far"
    return "none" if all_met else "none_scored"


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
    return _consequence(case, [each for each in case.deviations if not has_reason(each.reason)], "explain")


def _unremedied(case: Case) -> str:
    """Tell which stated reasons name no measure, as the checks found (PK206)."""
    bare = {finding.row for finding in case.findings if finding.code == "PK206"}
    found = [each for each in case.deviations if has_reason(each.reason) and each.row.number in bare]
    return _consequence(case, found, "remedy")


def _consequence(case: Case, found: Sequence[Deviation], phrase: str) -> str:
    if not found:
        return ""
    every = len(found) == len(case.deviations)
    if len(found) > MOST_NAMES or (every and len(found) > 1):
        return case.say(f"deviations.{phrase}_many", rows=len(found), all=every)
    return case.say(f"deviations.{phrase}", names=[case.label(each.row) for each in found])


def _raised(case: Case) -> str:
    """Tell the rows whose score the rules replaced though they are no deviation."""
    departed = {each.row.number for each in case.deviations}
    rows = [r for r in case.rows if r.status is Status.DIFFERS and r.number not in departed]
    if len(rows) > MOST_NAMES:
        return case.say("deviations.raised_many", rows=len(rows))
    parts = [
        case.say("deviations.raised_row", name=case.label(row), declared=row.declared, score=row.score)
        for row in rows
        if row.declared is not None and row.score is not None
    ]
    return case.say("deviations.raised", parts=parts) if parts else ""


def _unverifiable(case: Case) -> tuple[Block, ...]:
    """Tell the rows that nobody can compare; they are not deviations, and not results either."""
    told = {each.row.number for each in case.deviations}
    rows = [r for r in case.rows if r.reading.verdict is Verdict.UNVERIFIABLE and r.number not in told]
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
