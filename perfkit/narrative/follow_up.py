"""What others found, and what is to follow from the report.

The findings stand worst first, one item a kind; one that an earlier section has told in its own words (a
missing reason, a rate that does not add up, a target far exceeded) is counted and not told again. The review
(核查) tells which lines a reviewer scored otherwise and the opinion on each, and is silent where nobody did.

A measure (改进措施) is read as the checks read it (`perfkit.checks.words`): from a column of measures, else
from the reason. A date in it is its deadline; the implementing unit stands as owner, named as such. The use
of the result (结果应用) goes by grade, support for 优 and 良, improvement and cuts for the others:
财预〔2020〕10号, on the use of results.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from perfkit.checks.finding import SEVERITIES, Findings
from perfkit.checks.words import deadline_in, measure_of
from perfkit.narrative.deviations import fact
from perfkit.narrative.story import Grid, Paragraph, Points
from perfkit.scoring.explanation import ZERO, less
from perfkit.text import one_line

if TYPE_CHECKING:
    from perfkit.checks import Finding
    from perfkit.narrative.story import Block, Case
    from perfkit.scoring import ExecutionScore, RowScore

MOST_KINDS = 8
_ABOUT_REASONS = frozenset({"PK203", "PK204", "PK206"})
_ABOUT_EXCESS = "PK210"
_ABOUT_THE_RATE = "PK108"


def findings(case: Case) -> tuple[Block, ...]:
    """Count all findings, tell the errors and warnings; the report lists every one elsewhere."""
    if not case.findings:
        return (Paragraph(case.say("findings.none")), *_set_aside(case))
    serious = [finding for finding in case.findings if finding.severity != "info"]
    fresh = [finding for finding in serious if not _told_before(case, finding)]
    lead = case.say("findings.opening", counts=_counts(case))
    opening = Paragraph(lead=lead, text=_told(case, len(serious), len(serious) - len(fresh)))
    kinds = _by_kind(fresh)
    if not kinds:
        return (opening, *_set_aside(case))
    items = Points(tuple(_item(case, kind) for kind in kinds[:MOST_KINDS]))
    rest = sum(len(kind) for kind in kinds[MOST_KINDS:])
    closing = (Paragraph(case.say("findings.rest", rows=rest)),) if rest else ()
    return (opening, items, *closing, *_set_aside(case))


def _set_aside(case: Case) -> tuple[Block, ...]:
    """Tell what a person has set aside, why and, where it is said, by whom."""
    found = case.findings.set_aside if isinstance(case.findings, Findings) else ()
    if not found:
        return ()
    items = [
        case.say(
            "findings.aside",
            message=one_line(each.message[case.voice.language]).rstrip("。."),
            reason=each.set_aside.reason,
            by=one_line(each.set_aside.by),
        )
        for each in found
        if each.set_aside is not None
    ]
    return (Paragraph(case.say("findings.set_aside", rows=len(items))), Points(tuple(items)))


def _told_before(case: Case, finding: Finding) -> bool:
    """Tell whether the deviations, the over-achievement or the execution have told a finding."""
    if finding.code in _ABOUT_REASONS:
        return finding.row in {each.row.number for each in case.deviations}
    if finding.code == _ABOUT_EXCESS:
        return finding.row in {row.number for row in case.far_above}
    return finding.code == _ABOUT_THE_RATE and case.misprinted_rate


def _told(case: Case, serious: int, told: int) -> str:
    if not serious:
        return case.say("findings.only_info")
    if not told:
        return ""
    return case.say("findings.told" if told < serious else "findings.all_told", rows=told)


def _counts(case: Case) -> list[str]:
    severities = Counter(finding.severity for finding in case.findings)
    return [
        case.say(f"findings.{severity}", rows=severities[severity])
        for severity in SEVERITIES
        if severities[severity]
    ]


def _by_kind(found: list[Finding]) -> list[list[Finding]]:
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        kinds.setdefault((finding.severity, finding.code), []).append(finding)
    return sorted(kinds.values(), key=lambda kind: SEVERITIES.index(kind[0].severity))


def _item(case: Case, kind: list[Finding]) -> str:
    message = one_line(kind[0].message[case.voice.language]).rstrip("。.")
    return case.say("findings.item", message=message, more=len(kind) - 1)


MOST_IN_PROSE = 3
MOST_NAMES = 3


def review(case: Case) -> tuple[Block, ...]:
    """Tell each line whose score the review changes, the other opinions, and what the review is worth."""
    lead = _lead(case)
    if not lead:
        return ()
    told, worth = [*_reviewed_execution(case), *_rows(case), *_opinions(case)], _worth(case)
    if len(told) <= MOST_IN_PROSE:
        return (Paragraph(lead=lead, text=case.voice.text(*told, worth)),)
    closing = (Paragraph(worth),) if worth else ()
    return (Paragraph(lead=lead, text=""), Points(tuple(told)), *closing)


def _lead(case: Case) -> str:
    rows, execution = sum(map(_changed, case.rows)), _changed(case.card.budget)
    if rows:
        return case.say("review.opening", rows=rows, execution=execution)
    if execution:
        return case.say("review.opening_execution")
    if _scored(case):
        return case.say("review.same")
    if case.card.total.review:
        return case.say("review.total_only")
    return case.say("review.opinions_only") if any(map(_opinion, case.rows)) else ""


def _scored(case: Case) -> bool:
    return case.card.budget.review is not None or any(row.review is not None for row in case.rows)


def _changed(part: ExecutionScore | RowScore) -> bool:
    """Tell a line on which the reviewer's points are not the unit's own."""
    return part.reviewed is not None and part.reviewed != part.own


def _opinion(row: RowScore) -> str:
    return one_line(row.indicator.opinion or "")


def _reviewed_execution(case: Case) -> list[str]:
    budget = case.card.budget
    return [_line(case, budget, case.say("review.execution"), "")] if _changed(budget) else []


def _rows(case: Case) -> list[str]:
    """Tell the rows that the review changes, in the form's order."""
    rows = (row for row in case.rows if _changed(row))
    return [_line(case, row, case.label(row, full=True), _opinion(row)) for row in rows]


def _line(case: Case, part: ExecutionScore | RowScore, name: str, opinion: str) -> str:
    facts = {"name": name, "own": part.own, "score": part.reviewed, "opinion": opinion}
    if part.cut is None:
        return case.say("review.unscored", **facts)
    return case.say("review.below" if part.cut > 0 else "review.above", gap=abs(part.cut), **facts)


def _opinions(case: Case) -> list[str]:
    """Tell the opinions on rows that the review leaves as they are, each opinion once."""
    groups: dict[str, list[RowScore]] = {}
    for row in case.rows:
        if _opinion(row) and not _changed(row):
            groups.setdefault(_opinion(row), []).append(row)
    return [_shared(case, opinion, rows) for opinion, rows in groups.items()]


def _shared(case: Case, opinion: str, rows: list[RowScore]) -> str:
    if len(rows) > MOST_NAMES:
        return case.say("review.opinion_many", rows=len(rows), opinion=opinion)
    return case.say("review.opinion", names=[case.label(row) for row in rows], opinion=opinion)


def _worth(case: Case) -> str:
    """Tell whether the reviewed scores count in the total."""
    if not _scored(case) or case.card.total.review is None:
        return ""
    return case.say(f"review.{case.card.profile.corrections.review}")


def measures(case: Case) -> tuple[Block, ...]:
    """Give a row for each deviation, and one for an execution under the profile's line."""
    rows = []
    for each in case.deviations:
        problem = case.say("measures.row", name=case.label(each.row, full=True), what=fact(case, each))
        rows.append(_row(case, problem, one_line(measure_of(each.row.indicator, case.form.year))))
    rows = [*_measure_of_execution(case), *rows]
    if not rows:
        return ()
    heading = tuple(case.say(f"measures.{column}") for column in ("problem", "measure", "owner", "deadline"))
    return Paragraph(case.say("measures.opening")), Grid(heading, tuple(rows))


def _row(case: Case, problem: str, measure: str) -> tuple[str, ...]:
    to_fill = case.say("label.to_fill")
    return problem, measure or to_fill, _owner(case) or to_fill, deadline_in(measure) or to_fill


def _owner(case: Case) -> str:
    unit = one_line(case.form.unit or "")
    return case.say("measures.owner_unit", unit=case.voice.wording.mention(unit)) if unit else ""


def _measure_of_execution(case: Case) -> list[tuple[str, ...]]:
    fund, rate = case.fund, case.card.budget.rate
    if rate is None or rate >= case.card.profile.thresholds.low_execution:
        return []
    if fund.adjusted is None or fund.executed is None:
        return []
    if case.doubted_money:
        return [_row(case, case.say("measures.execution_doubted", rate=rate), "")]
    rest = case.money(less(fund.adjusted, fund.executed))
    return [_row(case, case.say("measures.execution", rate=rate, rest=rest), "")]


_SUPPORTED = ("优", "良")


def use(case: Case) -> tuple[Block, ...]:
    """Tell what the grade entails, how far its bounds are, and what has to be settled first."""
    total = case.card.total
    if not case.scored:
        return (Paragraph(case.say("use.unscored")),)
    if total.score is None:
        return (Paragraph(case.say("use.no_total")),)
    if not total.complete:
        return (Paragraph(case.say("use.incomplete")),)
    if total.state == "provisional":
        lead = case.say("use.grade", grade=total.grade) if total.grade else ""
        return (Paragraph(lead=lead, text=case.say("use.provisional", grade=total.grade)),)
    if not total.grade:
        return (Paragraph(case.say("use.ungraded")),)
    phrase = "use.support" if total.grade.startswith(_SUPPORTED) else "use.improve"
    errors = sum(finding.severity == "error" for finding in case.findings)
    pending = case.say("use.pending", errors=errors) if errors else ""
    return (
        Paragraph(
            lead=case.say("use.grade", grade=total.grade),
            text=case.voice.text(case.say(phrase), _bounds(case), pending),
        ),
    )


def _bounds(case: Case) -> str:
    """Tell how far the total lies from the line of its grade, and from that of the next."""
    score, grades = case.card.total.score or ZERO, case.card.profile.grades
    place = next((i for i, grade in enumerate(grades) if grade.name == case.card.total.grade), None)
    if place is None:
        return ""
    own, better = grades[place], grades[place - 1] if place else None
    margin = less(score, own.at_least)
    phrase = "use.above" if margin else "use.at"
    above = case.say(phrase, grade=own.name, line=own.at_least, margin=margin) if own.at_least > 0 else ""
    margin = less(better.at_least, score) if better else ZERO
    below = case.say("use.below", grade=better.name, line=better.at_least, margin=margin) if better else ""
    parts = [part for part in (above, below) if part]
    return case.say("use.bounds", parts=parts) if parts else ""
