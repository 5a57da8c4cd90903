"""The lint of the prose: every figure that a story tells, held against those that the results support.

`unsupported_figures` takes the exact quotations out of a story, reads every figure that is left, in
numerals and in words (三项, "three indicators"), with the unit that stands beside it, and looks for it
among the supported ones. A figure of a section (a total, a count) is supported in
that section alone; a figure of a row or of a dimension only in a passage that names it.

Stated figures are those of the scorecard, the profile's lines and the form's cells. Derived ones are
differences (gap, change, rest, points lost, margins), a part in percent of a whole (half up, two
decimals), sums over rows, levels 1 and levels 2, and counts of rows and findings by what they have in
common. Money is in yuan.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfkit.checks.words import measure_of
from perfkit.form import open_doubts
from perfkit.narrative.story import Grid, Paragraph, Points
from perfkit.narrative.voice import Reading, figures_in, glossary, within
from perfkit.scoring.explanation import rounded
from perfkit.scoring.proof import says_nothing
from perfkit.text import one_line
from perfkit.values.vocabulary import level1, level2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfkit.checks import Finding
    from perfkit.form import Fund
    from perfkit.narrative.story import Block, Story
    from perfkit.scoring import ExecutionScore, RowScore, Scorecard


Values = defaultdict[str, set[Decimal]]
MARKS = ("“”", "「」", "『』", "‘’", "«»")
LONGEST_CUT = 39
KINDS_TOLD = 8
# The measures whose gap is told with the word of another unit.
_TOLD_AS = {
    "分": "points",
    "元": "money",
    "%": "points_apart",
    "天": "delay",
    "个月": "delay",
    "项": "rows",
    "处": "findings",
}


def of_sections(
    card: Scorecard, findings: Sequence[Finding], previous: Scorecard | None = None
) -> dict[str, Values]:
    """Derive the figures that hold in a section whatever it names."""
    sections: dict[str, Values] = defaultdict(lambda: defaultdict(set))
    for derive in (_totals, _review, _budget, _counts, _lines):
        derive(card, sections)
    _finding_counts(card, findings, sections)
    _consequences(card, findings, sections["deviations"]["rows"])
    if previous is not None:
        _against(previous, card, findings, sections["previous"])
    return sections


def _against(before: Scorecard, card: Scorecard, findings: Sequence[Finding], values: Values) -> None:
    """Scores and rates of two years and their differences; counts of findings and of rows of either."""
    from perfkit.checks import check

    _add(values["year"], before.form.year)
    scores, rates = (before.total.score, card.total.score), (before.budget.rate, card.budget.rate)
    _add(values["points"], *scores)
    _add(values["percent"], *rates)
    for unit, (then, now) in (("points", scores), ("points_apart", rates)):
        if then is not None and now is not None:
            _add(values[unit], abs(now - then))
    serious = [finding for finding in check(before.form, before) if finding.severity != "info"]
    codes = {finding.code for finding in findings}
    _add(values["findings"], len(serious), *range(1, sum(f.code in codes for f in serious) + 1))
    _add(values["rows"], *range(1, max(len(before.indicators), len(card.indicators)) + 1))


def _totals(card: Scorecard, sections: dict[str, Values]) -> None:
    """Points of the total and its parts, what was lost, and what a cap took off."""
    result, budget = card.total, card.budget
    rows = [row for row in card.indicators if row.applies]
    scored = [row for row in rows if row.weight is not None and row.score is not None]
    lost, execution = _sum(row.lost for row in rows), budget.lost or Decimal(0)
    whole = _sum((budget.score, *(row.score for row in rows)))
    held = rounded(whole, card.profile.totalling.total) if result.held else None
    _add(sections["headline"]["points"], result.score, held)
    _add(sections["headline"]["lost_sum"], lost)
    summary = sections["summary"]["points"]
    _add(summary, result.score, result.declared, result.computed, budget.score, whole)
    _add(summary, _sum(row.score for row in scored), budget.declared, budget.computed)
    own = _sum(part.declared for part in (budget, *rows))
    _add(summary, own, abs((result.declared or 0) - own))
    for section in ("summary", "execution", "review"):
        _add(sections[section]["declared"], *((result.declared, own) if section == "summary" else ()))
        _add(sections[section]["declared"], _own(budget))
        _add(sections[section]["computed"], budget.computed)
    _add(sections["summary"]["computed"], result.computed)
    _add(sections["summary"]["counts"], result.score)
    _add(sections["summary"]["full"], budget.weight, _sum(row.weight for row in scored))
    _add(sections["deviations"]["lost"], execution)
    _add(sections["deviations"]["lost_sum"], lost, lost + execution)
    if result.score is not None:
        _add(summary, abs(whole - result.score), abs((result.declared or 0) - result.score))
        for grade in card.profile.grades:
            _add(sections["use"]["points"], grade.at_least, abs(result.score - grade.at_least))


def _review(card: Scorecard, sections: dict[str, Values]) -> None:
    """The reviewers' total, how far it lies from the unit's own and from the printed one, and the lines."""
    told, review = card.total.review, sections["review"]
    if told and told.score is not None:
        summary = sections["summary"]
        own, printed = told.self_score, told.declared
        apart = (abs(other - told.score) for other in (own, printed) if other is not None)
        _add(summary["points"], told.score, own, printed, *apart)
        if own:
            _add(summary["percent"], _percent(abs(own - told.score), abs(own)))
    _add(review["points"], *_reviewed(card.budget))
    rows = [row for row in card.indicators if row.applies]
    kept = [row for row in rows if len(set(_reviewed(row)[:2])) == 1]
    opinions = Counter(one_line(row.indicator.opinion or "") for row in kept)
    _add(review["rows"], len(rows) - len(kept), *opinions.values())


def _own(part: RowScore | ExecutionScore) -> Decimal | None:
    """Give the unit's own points of a line: as declared, else as computed."""
    return part.computed if part.declared is None else part.declared


def _reviewed(part: RowScore | ExecutionScore) -> tuple[Decimal | None, ...]:
    """Give the unit's own points of a line, the reviewer's within the weight, and how far they differ."""
    own = _own(part)
    if part.review is None:
        return (own,)
    points = part.review
    if part.weight is not None:
        points = min(max(points, Decimal(0)), max(part.weight, Decimal(0)))
    return own, points, None if own is None else abs(own - points)


def _budget(card: Scorecard, sections: dict[str, Values]) -> None:
    """Amounts, their differences and their change in percent; rate and points of the budget line."""
    budget, form = card.budget, card.form
    for section in ("headline", "summary", "execution", "measures"):
        _add(sections[section]["percent"], budget.rate)
    execution = sections["execution"]
    _add(execution["points"], budget.score, budget.declared, budget.computed)
    _add(execution["full"], budget.weight)
    yuan = 10000 if form.money_unit == "万元" else 1
    for fund in form.budget.sources.values():
        _add(execution["money"], *(amount * yuan for amount in _amounts(fund) if amount is not None))
    for initial, adjusted, executed in (_amounts(form.budget.total), _sums_of_sources(card)):
        sums = [amount * yuan for amount in (initial, adjusted, executed) if amount is not None]
        _add(execution["money"], *sums, *(abs(one - other) for one in sums for other in sums))
        if initial is not None and adjusted is not None and initial > 0:
            _add(execution["percent"], _percent(abs(adjusted - initial), initial))
        if adjusted is not None and executed is not None:
            _add(sections["measures"]["money"], (adjusted - executed) * yuan)


def _amounts(fund: Fund) -> tuple[Decimal | None, ...]:
    return fund.initial, fund.adjusted, fund.executed


def _sums_of_sources(card: Scorecard) -> tuple[Decimal | None, ...]:
    """Give what the lines of the budget add up to, where the total line holds no money."""
    if any(_amounts(card.form.budget.total)):
        return None, None, None
    columns = zip(*map(_amounts, card.form.budget.sources.values()), strict=True)
    return tuple(_sum(column) if any(a is not None for a in column) else None for column in columns)


def _counts(card: Scorecard, sections: dict[str, Values]) -> None:
    """Counts of rows by verdict, loss and score."""
    rows = [row for row in card.indicators if row.applies]
    lost = [row for row in rows if (row.lost or 0) > 0]
    off = Counter(str(row.reading.verdict) for row in rows if row not in lost)
    summary = sections["summary"]["rows"]
    _add(summary, *Counter(row.reading.verdict for row in rows).values())
    _add(summary, len(rows), len(lost), len(card.indicators) - len(rows))
    _add(summary, sum(row.weight is not None and row.score is not None for row in rows))
    _add(summary, sum(row.weight is not None and row.score is None for row in rows))
    _add(summary, *_apart(card, rows))
    for section in ("headline", "deviations"):
        _add(sections[section]["rows"], len(lost), off["missed"], off["partly"])
    over = card.profile.thresholds.over_achievement
    above = [row for row in rows if (row.reading.completion or 0) >= over]
    upward = [row for row in above if row.reading.direction in {"at_least", "equal"}]
    _add(sections["over_achievement"]["rows"], len(upward))


def _apart(card: Scorecard, rows: Sequence[RowScore]) -> Iterator[int]:
    """Count the lines whose declared score is not what counts, or not what the rules compute."""
    lines: list[ExecutionScore | RowScore] = [card.budget, *rows]
    settled = [part for part in lines if part.declared is not None and part.status != "agrees"]
    yield sum(part.declared != (part.score if part.computed is None else part.computed) for part in settled)


def _consequences(card: Scorecard, findings: Sequence[Finding], counts: set[Decimal]) -> None:
    """Counts of deviations without a reason or a measure, of raised scores, of rows past comparing."""
    rows = [row for row in card.indicators if row.applies]
    departed = [r for r in rows if (r.lost or 0) > 0 or r.reading.verdict in {"missed", "partly"}]
    bare = {finding.row for finding in findings if finding.code == "PK206"}
    explained = [row for row in departed if not says_nothing(one_line(row.indicator.reason or ""))]
    others = [row for row in rows if row not in departed]
    _add(counts, len(departed) - len(explained), sum(row.number in bare for row in explained))
    _add(counts, sum(row.reading.verdict == "unverifiable" for row in others))


def _lines(card: Scorecard, sections: dict[str, Values]) -> None:
    """The line of over-achievement in percent; the form's year; the numbers of its rows."""
    _add(sections["over_achievement"]["percent"], card.profile.thresholds.over_achievement * 100)
    _add(sections["summary"]["year"], card.form.year)
    for section in ("summary", "deviations", "over_achievement", "measures", "review"):
        _add(sections[section]["row"], *(row.number for row in card.indicators))


def _finding_counts(card: Scorecard, findings: Sequence[Finding], sections: dict[str, Values]) -> None:
    """Counts of findings: by severity, those to verify, told before, of one code, beyond the kinds told."""
    serious = [finding for finding in findings if finding.severity != "info"]
    _add(sections["headline"]["findings"], len(serious), len(open_doubts(card.form)))
    severities = Counter(finding.severity for finding in findings)
    _add(sections["use"]["findings"], severities["error"])
    told = _told_before(card, serious)
    kinds = Counter((f.severity != "error", f.code) for f in serious if f not in told)
    first_told = sorted(kinds.items(), key=lambda kind: kind[0][0])
    counts = sections["findings"]["findings"]
    _add(counts, len(getattr(findings, "set_aside", ())))
    _add(counts, *severities.values(), *(count - 1 for count in kinds.values()), len(told))
    _add(counts, sum(count for _, count in first_told[KINDS_TOLD:]))


def _told_before(card: Scorecard, findings: Sequence[Finding]) -> list[Finding]:
    """Give the findings on what earlier sections tell: reasons of deviations, over-achievement, the rate."""
    rows = [row for row in card.indicators if row.applies]
    departed = {r.number for r in rows if (r.lost or 0) > 0 or r.reading.verdict in {"missed", "partly"}}
    over = card.profile.thresholds.over_achievement
    upward = [row for row in rows if row.reading.direction in {"at_least", "equal"}]
    above = {row.number for row in upward if (row.reading.completion or 0) >= over}
    rates = {card.budget.rate, card.budget.printed_rate}
    misprinted = None not in rates and len(rates) > 1
    return [
        finding
        for finding in findings
        if (finding.code in {"PK203", "PK204", "PK206"} and finding.row in departed)
        or (finding.code == "PK210" and finding.row in above)
        or (finding.code == "PK108" and misprinted)
    ]


def of_dimensions(card: Scorecard) -> Iterator[tuple[tuple[str, ...], Values]]:
    """Derive the figures of each level 1: its rows, points, and points lost under each level 2."""
    groups: defaultdict[str, list[RowScore]] = defaultdict(list)
    for row in card.indicators:
        if row.applies:
            heading = one_line(row.indicator.level1 or "")
            groups[level1(heading) or heading].append(row)
    for name, rows in groups.items():
        values: Values = defaultdict(set)
        _add(values["full"], _sum(row.weight for row in rows))
        _add(values["points"], _sum(row.score for row in rows))
        lost: defaultdict[str, Decimal] = defaultdict(Decimal)
        for row in rows:
            heading = one_line(row.indicator.level2 or "")
            lost[level2(heading) or heading] += row.lost or 0
        _add(values["lost"], *lost.values())
        _add(values["rows"], len(rows), sum(row.reading.verdict == "met" for row in rows))
        _add(values["rows"], sum(row.weight is not None and row.score is None for row in rows))
        english = glossary().get(name, "")
        names = (name, english, english.capitalize()) if english else (name,) if name else _UNHEADED
        yield names, values


_UNHEADED = ("未填一级指标", "without a first-level heading")


def of_row(row: RowScore) -> tuple[str, Values]:
    """Derive the figures of one row: points, gap in its own unit, gap and completion in percent, delay."""
    values: Values = defaultdict(set)
    _add(values["points"], row.score, row.declared, row.computed, row.indicator.deduction, *_reviewed(row))
    _add(values["lost"], row.lost)
    _add(values["declared"], _own(row))
    _add(values["counts"], row.score)
    _add(values["computed"], row.score if row.computed is None else row.computed, row.score)
    indicator, target, actual = row.indicator, row.reading.target, row.reading.actual
    for bound in (target.value, target.low, target.high):
        if bound is not None and actual.value is not None:
            gap = abs(actual.value - bound)
            if row.reading.working:
                gap = gap.quantize(Decimal("0.01"), ROUND_HALF_UP)
            _add(values["quantity"], gap)
            _add(values[_TOLD_AS.get(target.unit or actual.unit, "quantity")], gap)
            _add(values["percent"], *([_percent(gap, abs(bound))] if bound else []))
    if row.reading.completion is not None:
        _add(values["percent"], _percent(row.reading.completion, Decimal(1)))
    _add(values["delay"], *_delays(target.day, actual.day))
    printed = (indicator.target, indicator.initial_target, indicator.actual, row.reading.working)
    cells = "\n".join(one_line(text or "") for text in printed)
    _add(values["quantity"], *map(Decimal, re.findall(r"[0-9]+(?:\.[0-9]+)?", cells.replace(",", ""))))
    return cells, values


def row_names(card: Scorecard) -> list[tuple[str, ...]]:
    """Give the names by which a story may call each row: quoted, with its number where they share one."""
    cuts = [one_line(row.indicator.name or "")[: LONGEST_CUT + 1] for row in card.indicators]
    return [_names(row, twin=cuts.count(cut) > 1) for row, cut in zip(card.indicators, cuts, strict=True)]


def _names(row: RowScore, *, twin: bool) -> tuple[str, ...]:
    name = one_line(row.indicator.name or "")
    if not name:
        return (f"第{row.number}行指标", f"indicator in row {row.number}")
    numbers = (f"（第{row.number}行）", f" (row {row.number})") if twin else ("",)
    texts = (name, name[:LONGEST_CUT].rstrip() + "…")
    return tuple(f"{m[0]}{text}{m[1]}{number}" for text in texts for m in MARKS for number in numbers)


def _delays(due: str, done: str) -> tuple[int, ...]:
    try:
        first, last = date.fromisoformat(due), date.fromisoformat(done)
    except ValueError:
        return ()
    return ((last.year - first.year) * 12 + last.month - first.month, (last - first).days)


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return Decimal(int(Fraction(part) / Fraction(whole) * 10000 + Fraction(1, 2))) / 100


def _sum(figures: Iterable[Decimal | None]) -> Decimal:
    return sum((figure for figure in figures if figure is not None), Decimal(0))


def _add(values: set[Decimal], *figures: Decimal | int | None) -> None:
    values.update(Decimal(figure) for figure in figures if figure is not None)


# the lint of the prose: every figure that a story tells, held against the results


# A unit that the words beside a figure leave open, and what it may then be.
_READINGS = {
    "": ("points", "quantity", "year"),
    "lost_or_sum": ("lost", "lost_sum"),
    "count": ("rows", "findings"),
    "wan": ("quantity",),
    "money_wan": ("money", "quantity"),
}
_TEN_THOUSANDS = {"wan", "money_wan"}


@dataclass(frozen=True, slots=True)
class Thing:
    """Hold a row or a dimension: the names it goes by, its figures by unit, its cells as printed."""

    names: tuple[str, ...]
    values: Values
    cells: str = ""
    lost: Decimal = Decimal(0)

    def named_in(self, passage: str) -> bool:
        """Tell whether a passage names this thing; `row 1` is not named by `row 11`."""
        return any(
            name in passage and (not name[-1].isdigit() or re.search(rf"{re.escape(name)}(?![0-9])", passage))
            for name in self.names
        )


@dataclass(frozen=True, slots=True)
class Support:
    """Hold the figures of each section by unit, and those of each thing that a passage may name."""

    sections: dict[str, Values]
    rows: tuple[Thing, ...]
    dimensions: tuple[Thing, ...]

    @classmethod
    def of(cls, card: Scorecard, findings: Sequence[Finding], previous: Scorecard | None = None) -> Support:
        """Derive every supported figure of a form's results, and of those against the year before."""
        rows = []
        for row, names in zip(card.indicators, row_names(card), strict=True):
            cells, values = of_row(row)
            rows.append(Thing(names, values, cells, row.lost or Decimal(0)))
        dimensions = tuple(Thing(names, values) for names, values in of_dimensions(card))
        return cls(of_sections(card, findings, previous), tuple(rows), dimensions)

    def holds(self, figure: Reading, section: str, passage: str) -> bool:
        """Tell whether a figure is supported in a passage of a section.

        A cell told as it stands supports just itself, the figure with the character after it.
        """
        value, unit = figure.value, figure.unit
        things = self.dimensions if section == "dimensions" else self.rows
        named = [thing for thing in things if thing.named_in(passage)]
        if any(figure.text in thing.cells for thing in named):
            return True
        if unit == "lost_sum" and named:
            return value == sum(thing.lost for thing in named)
        if unit == "rows" and section == "deviations" and value == len(named):
            return True
        scaled = value * 10000 if unit in _TEN_THOUSANDS else value
        known = [self.sections[section], *(thing.values for thing in named)]
        readings = _READINGS.get(unit, (unit,))
        return any(scaled in values[reading] for values in known for reading in readings)


_FORM_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold a figure of a story with the section and the passage it stands in."""

    section: str
    passage: str
    reading: Reading


def unsupported_figures(
    story: Story, card: Scorecard, findings: Sequence[Finding], previous: Scorecard | None = None
) -> list[Figure]:
    """Give the figures of a story that neither stand in the results nor derive from them.

    Derived figures are differences, percentages, sums and counts, as `support` defines them.
    """
    support = Support.of(card, findings, previous)
    return [
        Figure(section, passage, reading)
        for section, passage, bare in _passages(story, card, findings, previous)
        for reading in figures_in(bare)
        if not support.holds(reading, section, passage)
    ]


def _passages(
    story: Story, card: Scorecard, findings: Sequence[Finding], previous: Scorecard | None
) -> Iterator[tuple[str, str, str]]:
    """Give each passage whole, and bare of exact quotations."""
    quotes = _quotations(card, [finding.message[story.language] for finding in findings])
    if previous is not None:
        quotes = sorted((*quotes, *_quotations(previous, [])), key=len, reverse=True)
    yield "headline", story.headline, _bare(story.headline, quotes)
    for section in story.sections:
        for block in section.blocks:
            for passage in _texts(block, section.key, card):
                yield section.key, passage, _bare(passage, quotes)


def _texts(block: Block, section: str, card: Scorecard) -> Iterator[str]:
    """Give the passages of a block; each dimension is a passage of its own."""
    if isinstance(block, Paragraph) and section == "dimensions":
        yield from (block.lead, *re.split(r"；|; ", block.text))
    elif isinstance(block, Paragraph):
        yield f"{block.lead} {block.text}"
    elif isinstance(block, Points):
        yield from block.items
    elif isinstance(block, Grid):
        reasons = [one_line(row.indicator.reason or "") for row in card.indicators]
        # the first columns of the two years are the cells of the forms as they stand
        for row in block.rows if section != "previous" else [row[_FORM_COLUMNS:] for row in block.rows]:
            # a cell that is a passage of a stated reason is a quotation with the cell as its marks
            yield "\n".join(cell for cell in row if not any(cell in reason for reason in reasons))


def _quotations(card: Scorecard, messages: Sequence[str]) -> list[str]:
    texts = {f"{pair[0]}{text}{pair[1]}" for text in _form_texts(card) if text for pair in MARKS}
    reasons = (text for each in card.total.because for text in (each.text.zh, each.text.en))
    told = {one_line(message).rstrip("。.") for message in (*messages, *reasons) if message}
    capitals = {message[:1].upper() + message[1:] for message in told}
    return sorted(texts | told | capitals | set(map(within, told)), key=len, reverse=True)


def _form_texts(card: Scorecard) -> Iterator[str]:
    """Give the texts of the form that a story may quote, on one line, names also as cut for prose."""
    form = card.form
    for text in (form.project, form.department, form.unit, form.budget.total.rate):
        yield one_line(text or "")
    for row in form.indicators:
        for text in (
            row.name,
            row.level1,
            row.level2,
            row.target,
            row.initial_target,
            row.actual,
            row.reason,
            row.opinion,
            measure_of(row, form.year),
        ):
            yield one_line(text or "")
        yield one_line(row.name or "")[:LONGEST_CUT].rstrip() + "…"


def _bare(passage: str, quotes: Sequence[str]) -> str:
    for quote in quotes:
        passage = passage.replace(quote, " · ")
    return passage
