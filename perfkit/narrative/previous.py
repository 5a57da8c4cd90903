"""The year before (与上年比较): what became of score, execution, targets, findings and measures.

Indicators are the same by their name; one that is nearly so is compared and told with both names. Silent
where no form of the year before is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfkit.checks.words import bare_name, measure_of
from perfkit.narrative.story import Grid, Paragraph, Points
from perfkit.scoring.explanation import ZERO, less
from perfkit.text import one_line
from perfkit.values import Direction, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from perfkit.checks import Finding
    from perfkit.narrative.story import Block, Case
    from perfkit.scoring import RowScore, Scorecard

_NEAR = 80  # how like two names of one indicator are at least, in percent
_NAMED = 5  # indicators named in a sentence


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold an indicator with that of the year before; `near` says that the names are not quite the same."""

    now: RowScore
    then: RowScore
    near: bool


def previous(case: Case) -> tuple[Block, ...]:
    """Tell score and rate against the year before, each indicator that is the same, findings and measures."""
    if case.previous is None:
        return ()
    found = pairs(case.rows, [row for row in case.previous.indicators if row.applies])
    blocks: list[Block] = [Paragraph(lead=_opening(case, case.previous), text=_findings(case, case.previous))]
    if found:
        heading = tuple(
            case.say(f"previous.{key}") for key in ("indicator", "then", "now", "target", "result")
        )
        blocks.append(Grid(heading, tuple(_row(case, pair) for pair in found)))
    blocks += _others(case, case.previous, found)
    measures = list(_measures(case, case.previous, found))
    if measures:
        blocks += [Paragraph(case.say("previous.measures")), Points(tuple(measures))]
    return tuple(blocks)


def pairs(now: Sequence[RowScore], then: Sequence[RowScore]) -> list[Pair]:
    """Pair the indicators of two years: first those of one name, then the nearest of those that are left."""
    left = {bare_name(row.indicator.name): row for row in reversed(then) if bare_name(row.indicator.name)}
    found: dict[int, Pair] = {}
    for row in now:
        if (other := left.pop(bare_name(row.indicator.name), None)) is not None:
            found[row.number] = Pair(row, other, near=False)
    for row in now:
        if row.number not in found and left and bare_name(row.indicator.name):
            name = max(left, key=lambda each: _likeness(bare_name(row.indicator.name), each))
            if _likeness(bare_name(row.indicator.name), name) >= _NEAR:
                found[row.number] = Pair(row, left.pop(name), near=True)
    return [found[number] for number in sorted(found)]


def _likeness(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other)


def _opening(case: Case, before: Scorecard) -> str:
    year = before.form.year
    parts = [_moved(case, before, "score", before.total.score, case.card.total.score)]
    parts.append(_moved(case, before, "rate", before.budget.rate, case.card.budget.rate))
    told = [part for part in parts if part]
    if not told:
        return case.say("previous.no_figures", year=year)
    return case.say("previous.opening", year=year, parts=told)


def _moved(case: Case, before: Scorecard, what: str, then: Decimal | None, now: Decimal | None) -> str:
    if then is None or now is None:
        return ""
    gap = less(now, then)
    key = "same" if gap == ZERO else "up" if gap > ZERO else "down"
    states = {"open_then": before.total.state != "final", "open_now": case.card.total.state != "final"}
    return case.say(f"previous.{what}_{key}", then=then, now=now, gap=abs(gap), **states)


def _findings(case: Case, before: Scorecard) -> str:
    """Tell which findings of the year before are there again, by code and indicator."""
    from perfkit.checks import check

    serious = [finding for finding in check(before.form, before) if finding.severity != "info"]
    if not serious:
        return case.say("previous.no_findings")
    here = {_spot(case.card, finding) for finding in case.findings}
    again = [finding for finding in serious if _spot(before, finding) in here]
    return case.say("previous.findings", then=len(serious), again=len(again))


def _spot(card: Scorecard, finding: Finding) -> tuple[str, str]:
    name = card.indicators[finding.row - 1].indicator.name if finding.row else ""
    return finding.code, bare_name(name)


def _row(case: Case, pair: Pair) -> tuple[str, ...]:
    name = one_line(pair.now.indicator.name or "")
    if pair.near:
        earlier = one_line(pair.then.indicator.name or "")
        name = case.say("previous.near", name=name, earlier=earlier)
    then, now = (
        case.say(
            "previous.cell",
            target=one_line(row.indicator.target or "") or "—",
            actual=one_line(row.indicator.actual or "") or "—",
        )
        for row in (pair.then, pair.now)
    )
    target, verdict = _target(pair), case.say(f"previous.verdict_{pair.now.reading.verdict}")
    was = case.say(f"previous.verdict_{pair.then.reading.verdict}")
    result = case.say(
        "previous.result_moved" if verdict != was else "previous.result_same", was=was, now=verdict
    )
    return name, then, now, case.say(f"previous.target_{target}"), result


def _target(pair: Pair) -> str:
    """Tell how the target moved: stricter (raised), looser (lowered), the same, or not to be compared."""
    then, now = pair.then.reading.target, pair.now.reading.target
    if one_line(pair.then.indicator.target or "") == one_line(pair.now.indicator.target or ""):
        return "same"
    comparable = then.value is not None and now.value is not None and then.unit == now.unit
    if not comparable or then.value is None or now.value is None:
        return "other"
    if then.value == now.value:
        return "same"
    less_is_better = pair.now.reading.direction is Direction.AT_MOST
    return "raised" if (now.value < then.value) == less_is_better else "lowered"


def _others(case: Case, before: Scorecard, found: Sequence[Pair]) -> Iterator[Block]:
    """Name the indicators that only one of the years has."""
    now, then = {pair.now.number for pair in found}, {pair.then.number for pair in found}
    new = [row for row in case.rows if row.number not in now]
    gone = [row for row in before.indicators if row.applies and row.number not in then]
    told = [_named(case, "new", new), _named(case, "gone", gone)]
    if any(told):
        yield Paragraph(case.voice.text(*told))


def _named(case: Case, key: str, rows: Sequence[RowScore]) -> str:
    names = [case.voice.wording.quoted(one_line(row.indicator.name or "") or "—") for row in rows[:_NAMED]]
    return case.say(f"previous.{key}", rows=len(rows), names=names, more=len(rows) > _NAMED) if rows else ""


def _measures(case: Case, before: Scorecard, found: Sequence[Pair]) -> Iterator[str]:
    """Tell of each measure of the year before what its indicator reached this year."""
    now = {pair.then.number: pair.now for pair in found}
    for row in before.indicators:
        printed = row.indicator
        measure = one_line(measure_of(printed, before.form.year))
        if not measure or not row.applies:
            continue
        this_year = now.get(row.number)
        if this_year is None:
            key = "measure_gone"
        else:
            done = this_year.reading.verdict is Verdict.MET and not (this_year.lost or ZERO)
            key = "measure_done" if done else "measure_open"
        name = case.voice.wording.quoted(one_line(printed.name or "") or "—")
        yield case.say(f"previous.{key}", name=name, measure=measure)
