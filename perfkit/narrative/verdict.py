"""The verdict: in one line for the title block, in one paragraph for the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.form import open_doubts
from perfkit.narrative.story import Paragraph
from perfkit.narrative.voice import within
from perfkit.scoring.explanation import ZERO, equal, less, rounded, total
from perfkit.text import one_line
from perfkit.values import Verdict

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.narrative.story import Block, Case

MOST_NAMED = 3


def headline(case: Case) -> str:
    """Tell score and grade, execution, points lost and findings to verify in one line of words."""
    parts = [_verdict(case, "headline"), _execution_headline(case), _losses(case), _to_verify(case)]
    return case.say("headline.separator").join(filter(None, parts))


def summary(case: Case) -> tuple[Block, ...]:
    """Tell the verdict, what it is made of, and what it does not agree with."""
    subject = _subject(case)
    sentences = (
        _provisional(case),
        _differences(case),
        _responsible(case),
        _result(case),
        _open(case),
        _targets(case),
        _not_applicable(case),
        _declared(case),
        _adjusted_total(case),
        _reviewed(case),
        _printed_review(case),
    )
    return (Paragraph(lead=_verdict(case, "summary", subject=subject), text=case.voice.text(*sentences)),)


def _verdict(case: Case, section: str, **facts: object) -> str:
    result = case.card.total
    facts |= {"score": result.score, "grade": result.grade, "year": case.form.year}
    facts |= {"provisional": result.state == "provisional"}
    facts["three"] = _three(case) if result.score is not None else ""
    facts["sum"] = rounded(_sum(case), case.card.profile.totalling.total) if result.held else None
    if not case.scored:
        phrase = "unscored"
    elif result.score is None:
        phrase = "no_total"
    elif not result.complete:
        phrase = "incomplete"
    else:
        phrase = "graded" if result.grade else "ungraded"
    return case.say(f"{section}.{phrase}", **facts)


def _sum(case: Case) -> Decimal:
    """Give the sum of the points that count, line by line."""
    parts = (case.card.budget.score, *(row.score for row in case.rows))
    return total(part for part in parts if part is not None)


def _three(case: Case) -> str:
    """Tell what the unit declared, what the rules give and what counts; once where they agree."""
    result, figures = case.card.total, case.figures
    facts: dict[str, object] = {
        "declared": figures.declared,
        "computed": result.computed,
        "score": result.score,
        "printed": result.declared is not None,
        "whole": figures.whole,
    }
    if figures.declared is None:
        return case.say("summary.by_rules", **facts)
    if figures.agree:
        return case.say("summary.agreeing", **facts)
    return case.say("summary.three", **facts)


def _provisional(case: Case) -> str:
    """Tell why the total has to be checked before it is used (待核实)."""
    parts = [within(reason.text[case.voice.language]) for reason in case.card.total.because]
    return case.say("summary.provisional", parts=parts) if parts else ""


def _differences(case: Case) -> str:
    """Name the lines in which the unit's own score is not what the rules give, and which counts."""
    found = case.figures.apart
    if not found or not case.scored:
        return ""
    if len(found) > MOST_NAMED:
        return case.say("summary.apart_many", rows=len(found))
    parts = [
        case.say(
            "summary.apart",
            name=case.say("summary.budget_line") if part.row is None else case.label(part.row),
            declared=part.declared,
            computed=part.computed,
            score=part.score,
        )
        for part in found
    ]
    return case.say("summary.differences", parts=parts)


def _execution_headline(case: Case) -> str:
    rate = case.card.budget.rate
    return (
        case.say("headline.execution", rate=rate) if rate is not None else case.say("headline.no_execution")
    )


def _losses(case: Case) -> str:
    if not case.rows:
        return case.say("headline.no_rows")
    if not case.weighted:
        return case.say(f"headline.{_unweighted(case)}", **case.off_target)
    rows = case.lost_rows
    open_ = sum(each.row.undecided for each in case.deviations)
    undecided = case.say("headline.undecided", rows=open_, lost=bool(rows)) if open_ else ""
    if rows:
        lost = total(row.lost or ZERO for row in rows)
        return case.say("headline.lost", rows=len(rows), lost=lost) + undecided
    return undecided or case.say(
        "headline.no_loss" if case.card.total.complete else "headline.no_loss_so_far"
    )


def _unweighted(case: Case) -> str:
    if case.deviations:
        return "missed"
    return "all_met" if case.count(Verdict.MET) == len(case.rows) else "none_missed"


def _to_verify(case: Case) -> str:
    serious = sum(finding.severity != "info" for finding in case.findings)
    doubted = any(reason.key == "reading" for reason in case.card.total.because)
    if places := len(open_doubts(case.form)) if doubted else 0:
        return case.say("headline.doubted", places=places, findings=serious)
    if serious:
        return case.say("headline.verify", findings=serious)
    return "" if case.card.total.state == "provisional" else case.say("headline.nothing_to_verify")


def _subject(case: Case) -> str:
    name, year = one_line(case.form.project), case.form.year
    if not name:
        return case.say("label.no_project", year=year)
    return case.say("label.project", name=name, year=year)


def _responsible(case: Case) -> str:
    mention = case.voice.wording.mention
    named = {
        key: mention(text)
        for key, text in (("department", case.form.department), ("unit", case.form.unit))
        if text and one_line(text)
    }
    both = {"department", "unit"} <= named.keys()
    return case.say(f"summary.{'both' if both else next(iter(named))}", **named) if named else ""


def _result(case: Case) -> str:
    budget = case.card.budget
    parts = [
        case.say("summary.no_execution")
        if budget.rate is None
        else case.say("summary.execution", rate=budget.rate, score=budget.score, weight=budget.weight)
    ]
    scored = [row for row in case.rows if row.weight is not None and row.score is not None]
    if not case.rows:
        parts.append(case.say("summary.no_rows"))
    elif scored:
        facts = {
            "rows": len(scored),
            "score": total(row.score or ZERO for row in scored),
            "weight": total(row.weight or ZERO for row in scored),
            "lost": len(case.lost_rows),
        }
        parts.append(case.say("summary.rows" if case.lost_rows else "summary.rows_full", **facts))
    bare = [row for row in case.rows if row.weight is None and row.score is not None] if scored else []
    if bare:
        points = total(row.score or ZERO for row in bare)
        parts.append(case.say("summary.rows_without_weight", rows=len(bare), score=points))
    return case.say("summary.result", parts=parts)


def _open(case: Case) -> str:
    """Tell which parts have no score while the total is incomplete."""
    if case.card.total.complete or not case.scored:
        return ""
    parts = [case.say("summary.open_rows", rows=len(case.unscored))] if case.unscored else []
    if case.card.budget.weight is not None and case.card.budget.score is None:
        parts.append(case.say("summary.open_execution"))
    return case.say("summary.open", parts=parts, many=len(parts) > 1 or len(case.unscored) > 1)


def _not_applicable(case: Case) -> str:
    rows = len(case.card.indicators) - len(case.rows)
    return case.say("summary.not_applicable", rows=rows) if rows else ""


def _targets(case: Case) -> str:
    if not case.rows:
        return ""
    counts = {verdict: case.count(verdict) for verdict in Verdict}
    if counts[Verdict.MET] == len(case.rows):
        return case.say("summary.all_met", rows=len(case.rows))
    parts = [case.say(f"summary.{verdict}", rows=count) for verdict, count in counts.items() if count]
    return case.say("summary.verdicts", parts=parts)


def _declared(case: Case) -> str:
    """Tell a printed total that is not the sum of the unit's own scores."""
    printed, own = case.card.total.declared, case.figures.own
    if printed is None or own is None or equal(printed, own) or not case.card.total.complete:
        return ""
    facts = {"declared": printed, "own": own, "gap": abs(less(printed, own))}
    return case.say("summary.declared", held=case.card.total.held, **facts)


def _adjusted_total(case: Case) -> str:
    """Tell a total that is not the sum of its parts: capped, or rescaled to 100."""
    score = case.card.total.score
    if score is None or case.card.total.held:
        return ""
    whole = _sum(case)
    if whole == score:
        return ""
    phrase = "capped" if whole > score else "rescaled"
    return case.say(f"summary.{phrase}", sum=whole, excess=less(whole, score), score=score)


def _reviewed(case: Case) -> str:
    """Tell the reviewers' total beside the unit's own."""
    review = case.card.total.review
    if review is None or review.score is None:
        return ""
    if review.cut is None:
        return case.say("summary.reviewed_alone", score=review.score)
    phrase = "below" if review.cut > 0 else "above" if review.cut < 0 else "same"
    facts = {"score": review.score, "own": review.self_score, "gap": abs(review.cut)}
    percent = None if review.deviation is None else abs(review.deviation)
    return case.say(f"summary.reviewed_{phrase}", percent=percent, **facts)


def _printed_review(case: Case) -> str:
    """Tell a printed total of the review that is not what its lines add up to."""
    review = case.card.total.review
    if review is None or None in (review.declared, review.score) or review.declared == review.score:
        return ""
    gap = abs(less(review.declared or ZERO, review.score or ZERO))
    return case.say("summary.review_declared", declared=review.declared, gap=gap)
