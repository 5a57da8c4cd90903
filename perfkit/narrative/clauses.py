"""One deviation as a clause: plan, actual, gap, points lost, and a score that gave way to the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.narrative.cells import cell, target_cell
from perfkit.narrative.wording import one_line
from perfkit.scoring import Status
from perfkit.scoring.points import total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.narrative.case import Case
    from perfkit.narrative.deviation import Deviation
    from perfkit.scoring import RowScore


def fact(case: Case, each: Deviation) -> str:
    """Tell plan, actual and gap of one row."""
    indicator, reading = each.row.indicator, each.row.reading
    target, target_bare = target_cell(each.row, case.voice)
    actual, actual_bare = cell(indicator.actual, reading.actual.kind, case.voice)
    return case.say(
        f"deviations.tell_{each.kind}",
        target=target,
        actual=actual,
        gap=_gap(case, each),
        plain=target_bare and actual_bare,
    )


def _gap(case: Case, each: Deviation) -> str:
    gap = each.gap
    if gap is None:
        return ""
    key = f"gap_{gap.measure}" if each.kind == "late" else f"gap_{each.kind}_{gap.measure}"
    about = case.say("deviations.about") if gap.about else ""
    return case.say(f"deviations.{key}", amount=gap.amount, unit=gap.unit, percent=gap.percent, about=about)


def loss(case: Case, each: Deviation) -> str:
    """Tell the points that one row lost, as a clause that follows its fact."""
    if each.row.lost is None:
        return ""
    phrase = "loss" if each.lost else "no_loss"
    return case.say(f"deviations.{phrase}", lost=each.lost) + correction(case, each.row)


def losses(case: Case, group: Sequence[Deviation]) -> str:
    """Tell the points that one row or several lost together, as the predicate of a sentence."""
    if all(each.row.lost is None for each in group):
        return ""
    lost = total(each.lost for each in group)
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
    if row.status is not Status.DIFFERS or row.declared is None or row.score is None:
        return ""
    return case.say("deviations.corrected", declared=row.declared, score=row.score)


def unverifiable(row: RowScore) -> str:
    """Give the phrase that says why nobody can compare the target and the actual of a row."""
    target, actual = one_line(row.indicator.target or ""), one_line(row.indicator.actual or "")
    if target and actual:
        return "incomparable"
    if target:
        return "no_actual"
    return "no_target" if actual else "neither"
