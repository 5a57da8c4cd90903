"""The deviations (偏差): what, plan, actual, gap, points lost, the stated reason, and what follows.

Rows that share a stated reason are told together. Up to three such groups, of at most two rows, make
prose; more make a list. Each point lost is told once, each reason verbatim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.narrative.cells import cell
from perfkit.narrative.story import Paragraph, Points
from perfkit.scoring import Status
from perfkit.scoring.points import ZERO, total
from perfkit.scoring.settle import has_reason
from perfkit.values import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from perfkit.narrative.case import Case
    from perfkit.narrative.deviation import Deviation
    from perfkit.narrative.story import Block

MOST_GROUPS_IN_PROSE = 3
MOST_ROWS_IN_A_GROUP = 2
MOST_NAMES = 3
_OFF_TARGET = frozenset({"late", "short", "over", "missed", "partly"})

Group = tuple["Deviation", ...]


def deviations(case: Case) -> tuple[Block, ...]:
    """Tell every deviation, then what follows from them."""
    if not case.rows and not case.card.budget.lost:
        return ()
    groups = _by_reason(case.deviations)
    prose = len(groups) <= MOST_GROUPS_IN_PROSE and all(len(g) <= MOST_ROWS_IN_A_GROUP for g in groups)
    told: tuple[Block, ...] = (
        tuple(_paragraph(case, group) for group in groups)
        if prose
        else (Points(tuple(_item(case, each) for each in case.deviations)),)
    )
    consequences = case.voice.text(_unexplained(case), _unremedied(case))
    closing = (Paragraph(consequences),) if consequences else ()
    return (_opening(case), *told, *closing, *_unverifiable(case))


def _by_reason(found: Sequence[Deviation]) -> tuple[Group, ...]:
    """Group deviations by their stated reason; those without a reason stand alone."""
    groups: dict[str | int, list[Deviation]] = {}
    for each in found:
        groups.setdefault(each.reason or each.row.number, []).append(each)
    return tuple(
        sorted(
            (tuple(group) for group in groups.values()), key=lambda group: -total(each.lost for each in group)
        )
    )


def _opening(case: Case) -> Paragraph:
    lost_rows, departed = len(case.lost_rows), len(case.deviations)
    rows_lost = total(row.lost or ZERO for row in case.lost_rows)
    execution = case.card.budget.lost or ZERO
    facts = {
        "rows": lost_rows,
        "lost": rows_lost,
        "execution": execution,
        "total": total((rows_lost, execution)),
    }
    if lost_rows:
        phrase = "opening_execution_first" if execution > rows_lost else "opening_all"
        lead = case.say(f"deviations.{phrase if execution > 0 else 'opening'}", **facts)
        more = departed - lost_rows
        return Paragraph(lead=lead, text=case.say("deviations.opening_more", rows=more) if more else "")
    if execution > 0:
        lead = case.say("deviations.opening_execution" if case.rows else "deviations.only_execution", **facts)
        return Paragraph(
            lead=lead, text=case.say("deviations.opening_more", rows=departed) if departed else ""
        )
    if departed:
        return Paragraph(
            "", case.say(f"deviations.opening_{'level' if case.scored else 'unscored'}", rows=departed)
        )
    all_met = case.count(Verdict.MET) == len(case.rows)
    phrase = "none" if all_met and case.scored else "none_scored" if case.scored else "none_unscored"
    return Paragraph("", case.say(f"deviations.{phrase}"))


def _paragraph(case: Case, group: Group) -> Paragraph:
    lost = total(each.lost for each in group)
    lead = case.say(
        f"deviations.{_kind(group)}",
        names=[case.label(each.row) for each in group],
        loss=_loss(case, lost, "lead_losses" if len(group) > 1 else "lead_loss"),
    )
    reason = group[0].reason
    told = case.say("deviations.shared_reason" if len(group) > 1 else "deviations.reason", reason=reason)
    return Paragraph(lead=lead, text=case.voice.text(_facts(case, group), told if reason else ""))


def _kind(group: Group) -> str:
    kinds = {each.kind for each in group}
    if len(kinds) == 1:
        return kinds.pop()
    return "missed" if kinds <= _OFF_TARGET else "mixed"


def _facts(case: Case, group: Group) -> str:
    if len(group) == 1:
        return case.say("deviations.facts", facts=fact(case, group[0]) + _correction(case, group[0]))
    parts = [
        case.say(f"deviations.{place}", fact=fact(case, each) + _loss_clause(case, each))
        for place, each in zip(("first", "second"), group, strict=True)
    ]
    return case.say("deviations.facts", facts=case.say("deviations.separator").join(parts))


def fact(case: Case, each: Deviation) -> str:
    """Tell plan, actual and gap of one row, as a clause."""
    indicator, reading = each.row.indicator, each.row.reading
    target, target_plain = cell(indicator.target, reading.target.kind, case.voice)
    actual, actual_plain = cell(indicator.actual, reading.actual.kind, case.voice)
    return case.say(
        f"deviations.tell_{each.kind}",
        target=target,
        actual=actual,
        gap=_gap(case, each),
        plain=target_plain and actual_plain,
    )


def _gap(case: Case, each: Deviation) -> str:
    gap = each.gap
    if gap is None:
        return ""
    key = f"gap_{gap.measure}" if each.kind == "late" else f"gap_{each.kind}_{gap.measure}"
    about = case.say("deviations.about") if gap.about else ""
    return case.say(f"deviations.{key}", amount=gap.amount, unit=gap.unit, percent=gap.percent, about=about)


def _loss(case: Case, lost: Decimal, phrase: str) -> str:
    if not case.scored:
        return ""
    return case.say(f"deviations.{phrase}", lost=lost) if lost else case.say("deviations.lead_no_loss")


def _loss_clause(case: Case, each: Deviation) -> str:
    if not case.scored or each.row.lost is None:
        return ""
    phrase = "loss" if each.lost else "no_loss"
    return case.say(f"deviations.{phrase}", lost=each.lost) + _correction(case, each)


def _correction(case: Case, each: Deviation) -> str:
    """Tell that the form's own score gave way to the rules."""
    row = each.row
    if row.status is not Status.DIFFERS or row.declared is None or row.score is None:
        return ""
    return case.say("deviations.corrected", declared=row.declared, score=row.score)


def _item(case: Case, each: Deviation) -> str:
    return case.say(
        "deviations.listed",
        name=case.label(each.row, full=True),
        fact=fact(case, each),
        loss=_loss_clause(case, each),
        reason=each.reason,
    )


def _unexplained(case: Case) -> str:
    return _consequence(case, [each for each in case.deviations if not has_reason(each.reason)], "explain")


def _unremedied(case: Case) -> str:
    """Tell which stated reasons name no measure, as the checks found (PK206)."""
    bare = {finding.row for finding in case.findings if finding.code == "PK206"}
    return _consequence(case, [e for e in case.deviations if e.reason and e.row.number in bare], "remedy")


def _consequence(case: Case, found: Sequence[Deviation], phrase: str) -> str:
    if not found:
        return ""
    if len(found) > MOST_NAMES:
        return case.say(f"deviations.{phrase}_many", rows=len(found))
    return case.say(f"deviations.{phrase}", names=[case.label(each.row) for each in found])


def _unverifiable(case: Case) -> tuple[Block, ...]:
    """Tell the rows that nobody can compare; they are not deviations, and not results either."""
    told = {each.row.number for each in case.deviations}
    rows = [r for r in case.rows if r.reading.verdict is Verdict.UNVERIFIABLE and r.number not in told]
    if not rows:
        return ()
    if len(rows) > MOST_NAMES:
        lead = case.say("deviations.unverifiable_many", rows=len(rows))
        return Paragraph("", lead), Points(tuple(case.label(row, full=True) for row in rows))
    names = [case.label(row) for row in rows]
    return (Paragraph("", case.say("deviations.unverifiable_rows", rows=len(rows), names=names)),)
