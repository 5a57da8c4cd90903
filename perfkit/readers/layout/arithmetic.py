"""The sums of a form: its total row, those of levels and parent rows, and what its own figures must give.

A reader knows no profile: weights and execution make 100 or the whole that the form prints, scores make the
total, sources of money make theirs, and a rate is a division, to one unit of its last digit.

A total's score is known by its column, else it is the last figure that is no weight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from perfkit.form import Subtotal, Unread, row_place
from perfkit.language import LANGUAGES, Text
from perfkit.readers.layout.columns import labelled
from perfkit.readers.layout.looks import level_of
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import grade_in, is_blank, is_subtotal, is_total, squeeze
from perfkit.text import listed, say
from perfkit.text.figures import carried, fixed_percent, plain
from perfkit.values.cell import read_rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfkit.form import Budget, Form, Fund, Indicator
    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.columns import Columns
    from perfkit.readers.layout.record import Evidence, Line, Record


_AMOUNTS = ("initial", "adjusted", "executed")
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_BARE = re.compile(r"\d+(\.\d+)?")
_TENTH = Decimal("0.1")  # scores are rounded by hand
_MOST = 60  # figures that are tried against each other


@dataclass(frozen=True, slots=True)
class Sum:
    """Hold one check: its sum (`weights`, `scores`, `funds`, `rate`), whether it closes, what it says."""

    name: Literal["weights", "scores", "funds", "rate"]
    closes: bool
    said: Text
    off: Decimal = Decimal(0)  # by how much
    column: str = ""  # of the money
    short: Decimal = Decimal(0)  # what the points lack of their whole
    fine: bool = True  # whether another last digit of an amount would show


def sums(form: Form, whole: Decimal | None = None) -> list[Sum]:
    """Give every check that a form's figures allow; `whole` is the sum of weights that it prints."""
    return [*_weights(form, whole), *_scores(form), *_funds(form.budget), *rate_of(form.budget.total)]


def _weights(form: Form, whole: Decimal | None) -> Iterator[Sum]:
    weights = [row.weight for row in form.indicators if row.weight is not None]
    if not weights:
        return
    rows, budget = sum(weights, Decimal(0)), form.budget.total.weight or implied_weight(form, whole)
    managed = _managed(form, "weight")
    found = {rows, rows + budget, rows + managed, rows + budget + managed}
    closes = found & {_HUNDRED, whole or _HUNDRED}
    got = _plain(rows + budget + managed)
    short = (whole or _HUNDRED) - rows - budget - managed
    yield Sum("weights", bool(closes), say("reading.doubt.weights", got=got), short=short)


def implied_weight(form: Form, whole: Decimal | None) -> Decimal:
    """Give the weight of the money's execution that a form does not print, 0 where nothing proves it.

    It is what the rows lack of the whole (as printed, else 100), where the rate earns the score of that.
    """
    line = form.budget.total
    rate = read_rate(squeeze(line.rate or ""))
    if line.weight is not None or line.score is None or rate is None:
        return Decimal(0)
    rows = sum((row.weight for row in form.indicators if row.weight is not None), Decimal(0))
    left = (whole or _HUNDRED) - rows - _managed(form, "weight")
    earned = left * min(rate.percent, _HUNDRED) / _HUNDRED
    return left if left > 0 and abs(earned - line.score) < _TENTH else Decimal(0)


def _scores(form: Form) -> Iterator[Sum]:
    scores = [row.score for row in form.indicators if row.score is not None]
    if not scores or form.total is None:
        return
    rows, budget = sum(scores, Decimal(0)), form.budget.total.score or Decimal(0)
    managed = _managed(form, "score")
    found = (rows, rows + budget, rows + managed, rows + budget + managed)
    closes = any(abs(sum_ - form.total) < _CENT for sum_ in found)
    got, total = _plain(found[-1]), f"{form.total:f}"
    yield Sum(
        "scores",
        closes,
        say("reading.doubt.scores", got=got, total=total),
        short=form.total - found[-1],
    )


def _managed(form: Form, role: str) -> Decimal:
    """Give the points of how the money was managed (资金管理情况), which count within the whole."""
    return sum((getattr(item, role) or Decimal(0) for item in form.fund_management), Decimal(0))


def _funds(budget: Budget) -> Iterator[Sum]:
    for column in _AMOUNTS:
        amounts = [
            amount for fund in budget.sources.values() if (amount := getattr(fund, column)) is not None
        ]
        total = getattr(budget.total, column)
        if amounts and total is not None:
            got = sum(amounts, Decimal(0))
            said = say("reading.doubt.sources", got=_plain(got), total=_plain(total))
            unit = min(map(_unit, (*amounts, total)))
            yield Sum("funds", abs(got - total) <= unit, said, abs(got - total), column)


def rate_of(total: Fund) -> Iterator[Sum]:
    """Give the check of the rate that a line of money prints, where it prints its amounts."""
    budget = total.adjusted if total.adjusted is not None else total.initial
    if not budget or total.executed is None:
        return
    exact = total.executed / budget * _HUNDRED
    rate = read_rate(squeeze(total.rate or ""), exact)
    if rate is None:
        return
    said = say("reading.doubt.rate", rate=total.rate, exact=fixed_percent(exact))
    digit = Decimal(1).scaleb(-rate.digits)
    fine = min(map(_unit, (budget, total.executed))) / budget * _HUNDRED > digit
    yield Sum("rate", abs(exact - rate.percent) <= digit, said, fine=fine)


def misplaced(form: Form, whole: Decimal | None = None, *, split: bool = False) -> list[tuple[str, str]]:
    """Give two figures, by their paths, that would make every sum close if each stood in the other's place.

    A unit that cannot add makes no sum close by an exchange; a reader that took one column for another does.
    `split` tells that targets are printed as a bare figure beside their unit.
    """
    if all(each.closes for each in (*sums(form, whole), *_parts(form))):
        return []
    rows, money = [*_row_figures(form, split=split)], [*_money_figures(form)]
    if len(rows) > _MOST:
        return []
    both = ((row, line) for row in rows for line in money)
    for one, other in (*combinations(rows, 2), *combinations(money, 2), *both):
        alike = one[0].rpartition(".")[2] == other[0].rpartition(".")[2] and one in rows and other in rows
        if alike or one[1] == other[1]:
            continue
        changed = _with(_with(form, one[0], other[1]), other[0], one[1])
        if all(each.closes for each in (*sums(changed, whole), *_parts(changed))):
            return [(one[0], other[0])]
    return []


def _parts(form: Form) -> Iterator[Sum]:
    """Give the checks of the partial sums, each of the rows of the level that it names."""
    for n, part in enumerate(form.subtotals):
        own = [row for row in form.indicators if part.level1 in {None, row.level1}]
        own = [row for row in own if part.level2 in {None, row.level2}]
        for role in ("weight", "score"):
            made = sum((getattr(row, role) or Decimal(0) for row in own), Decimal(0))
            printed = getattr(part, role)
            said = say("reading.doubt.subtotal", number=n + 1, printed=printed)
            yield Sum("scores", printed in {None, made}, said)


def _row_figures(form: Form, *, split: bool) -> Iterator[tuple[str, Decimal]]:
    for n, row in enumerate(form.indicators):
        for name in ("weight", "score"):
            value = getattr(row, name)
            if value is not None:
                yield f"indicators[{n}].{name}", value
        if row.actual is not None and re.fullmatch(r"\d+(\.\d+)?", row.actual):
            yield f"indicators[{n}].actual", Decimal(row.actual)
        target = _BARE.search(row.target or "") if split else None
        if target is not None:
            yield f"indicators[{n}].target", Decimal(target[0])
    for n, part in enumerate(form.subtotals):
        for name in ("weight", "score"):
            value = getattr(part, name)
            if value is not None:
                yield f"subtotals[{n}].{name}", value
    if form.total is not None:
        yield "total", form.total


def _money_figures(form: Form) -> Iterator[tuple[str, Decimal]]:
    for line in ("total", "fiscal", "carried_over", "other"):
        for name in (*_AMOUNTS, "weight", "score"):
            value = getattr(getattr(form.budget, line), name)
            if value is not None:
                yield f"budget.{line}.{name}", value


def _with(form: Form, path: str, value: Decimal) -> Form:
    """Give a form with another figure at a path."""
    head, _, name = path.rpartition(".")
    if path == "total":
        return replace(form, total=value)
    if head.startswith("budget"):
        line = head.partition(".")[2]
        changes = {name: value}
        return replace(
            form, budget=replace(form.budget, **{line: replace(getattr(form.budget, line), **changes)})
        )
    table, _, number = head[:-1].partition("[")
    at = int(number)
    if table == "subtotals":
        parts = [*form.subtotals]
        points: dict[str, Any] = {name: value}
        parts[at] = replace(parts[at], **points)
        return replace(form, subtotals=tuple(parts))
    new: dict[str, Any] = {name: value}
    if name in {"actual", "target"}:
        new = {name: _BARE.sub(f"{value:f}", getattr(form.indicators[at], name), count=1)}
    rows = (replace(row, **new) if n == at else row for n, row in enumerate(form.indicators))
    return replace(form, indicators=tuple(rows))


def _unit(figure: Decimal) -> Decimal:
    """Give one unit of the last digit of a figure as printed."""
    exponent = figure.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else _CENT


def _plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def failing(found: Iterable[Sum]) -> list[Sum]:
    """Give the checks that do not close."""
    return [each for each in found if not each.closes]


# the sums of the indicator table: its total row with score and grade, those of levels, rows that are a sum


_FEW = 2
_POINTS = frozenset({"weight", "score"})
_ANY = 10**6
_BESIDE = ("weight", "deduction", "review")
_NOT_TAKEN: frozenset[int] = frozenset()
_WITH_GRADE = re.compile(r"\s*([\d.]+\s*分?)[\s(（,，;；/]*([^\W\d]{1,2})[)）\s]*")
_INLINE = re.compile(r"[^:：\d]*[:：]\s*([\d.]+)\s*分?")


def is_total_row(line: Line) -> bool:
    """Tell whether a line is the total row."""
    return any(is_total(text) for text in line.texts[:_FEW])


def total_cell(line: Line, columns: Columns) -> Cell | None:
    """Give the cell of the total score: by its column, else the last figure that is no weight."""
    cells = [_bare(cell) for cell in line.starts]
    figures = [cell for cell in cells if number(cell.text) is not None]
    score = columns.cell(line, "score")
    score = None if score is None or _says_no_score(score.text) else _bare(score)
    if score is not None and (number(score.text) is not None or len(figures) < _FEW):
        return score
    aside = (*(columns.cell(line, role) for role in _BESIDE), review_cell(line, columns))
    beside = [cell for cell in aside if cell is not None]
    others = [cell for cell in figures if all(cell.column != other.column for other in beside)]
    last = max(columns.by_role.get("score", (_ANY,)))
    others = [
        cell for cell in others if cell.column <= last
    ] or others  # right of it stand a reviewer's points
    if others:
        return others[-1]
    return score if score is not None else next(_inline(line), None)


def review_cell(line: Line, columns: Columns) -> Cell | None:
    """Give the cell of a reviewer's total: by its column, or by a label on the row (核查得分：94)."""
    cell = columns.cell(line, "review")
    if cell is not None and number(cell.text) is not None:
        return cell
    found = (label for label in labelled([line], _NOT_TAKEN) if label.role == "review_total")
    return next((label.cell.cut(text=label.text) for label in found), None)


def grade_cell(line: Line) -> tuple[str, Cell] | None:
    """Give the grade that the total row prints, in a cell of its own or behind the score."""
    found: list[tuple[str, Cell]] = []
    for cell in line.starts:
        match = _WITH_GRADE.fullmatch(cell.text)
        grade = grade_in(match[2] if match else cell.text)
        if grade is not None:
            found.append((grade, cell))
    return found[-1] if found else None


def _says_no_score(text: str) -> bool:
    return is_blank(text) or is_total(text) or grade_in(text) is not None


def _bare(cell: Cell) -> Cell:
    """Give a cell without the grade behind its score (98.00（优）)."""
    match = _WITH_GRADE.fullmatch(cell.text)
    return cell.cut(text=match[1]) if match and grade_in(match[2]) else cell


def _inline(line: Line) -> Iterator[Cell]:
    """Give the score printed in the cell of its label (总分：96.90分)."""
    for cell in line.starts[:1]:
        match = _INLINE.match(cell.text)
        if match:
            yield cell.cut(text=match[1])


def subtotal_of(
    line: Line, columns: Columns, rows: Sequence[Indicator], levels: Mapping[str, str | None]
) -> Subtotal | None:
    """Read the partial sum that a line prints: of the level that it names, else of the rows that it ends."""
    label = next((text for text in line.texts[:_FEW] if is_subtotal(text)), None)
    weight, score = (
        next((number(cell.text) for cell in columns.cells(line, role)), None) for role in ("weight", "score")
    )
    if label is None or (weight is None and score is None):
        return None
    named = re.sub("[(（].*|[:：].*|小计|合计|得分|分值", "", "".join(label.split()))
    one, two = levels["level1"], levels["level2"]
    found = level_of(named)
    if found:
        first = "level1" in found
        return Subtotal(named if first else None, None if first else named, weight, score)
    below = [row for row in rows if row.level1 == one]
    last = [row for row in below if row.level2 == two]
    of_two = weight is not None and weight == _row_weights(last) != _row_weights(below)
    return Subtotal(None if of_two else one, two if of_two else None, weight, score)


def _row_weights(rows: Sequence[Indicator]) -> Decimal | int:
    return sum(row.weight for row in rows if row.weight is not None)


def points_of_several(form: Form, evidence: Evidence) -> list[Unread]:
    """List the points that stand once for several rows: the first of them holds all, the others none.

    A merged cell tells in a grid that they do. In a text the rows without any points below one that has both
    are taken for such a group only where all sums close with them.
    """
    if evidence.aligned and evidence.columns >= _POINTS and is_borne(form, evidence):
        unread = {each.path.rpartition(".")[0] for each in form.unread}
        without = [n for n in _without_points(form.indicators) if f"indicators[{n}]" not in unread]
        evidence.shared |= dict.fromkeys(without, _POINTS)
    found: list[Unread] = []
    first = 0
    for n in range(len(form.indicators)):
        first = n if n not in evidence.shared else first
        if n in evidence.shared and n + 1 not in evidence.shared:
            points = (getattr(form.indicators[first], role) for role in ("weight", "score"))
            text = " | ".join(f"{figure:f}" for figure in points if figure is not None)
            told = say("expected.points_of_each", first=first + 1, last=n + 1)
            place = row_place(form.source.places, first)
            found.append(Unread(f"indicators[{first}]", place, text, told))
    return found


def is_borne(form: Form, evidence: Evidence) -> bool:
    """Tell whether weights and scores close, so that points which stand once are those of several rows."""
    found = [each for each in sums(form, evidence.whole) if each.name in {"weights", "scores"}]
    return len(found) == len(_POINTS) and not failing(found)


def _without_points(rows: Sequence[Indicator]) -> Iterator[int]:
    """Give the rows that have a target and an actual, and no points, below one that has them."""
    holds = False
    for n, row in enumerate(rows):
        bare = row.weight is None and row.score is None
        whole = row.name is not None and row.target is not None and row.actual is not None
        if bare and holds and whole and not _PART.match(row.name or ""):
            yield n
        else:
            holds = row.weight is not None and row.score is not None


def counted_once(rows: Sequence[Indicator], points: Decimal, record: Record) -> list[Indicator]:
    """Give rows without the points of those whose sum the row above them prints, where only so they make 100.

    Such points are listed: a row of 50 points has the rows 其中：桃树 (30) and 其中：梨树 (20) below it.
    """
    weights = [row.weight or 0 for row in rows]
    parts: set[int] = set()
    at = 0
    while at < len(rows):
        end = _parts_end(weights, at)
        named = all(_PART.match(row.name or "") for row in rows[at + 1 : end])
        if end > at + 2 and (named or not _PART.match(rows[at].name or "")):
            parts |= set(range(at + 1, end))
        at = max(end, at + 1)
    left = sum(weight for n, weight in enumerate(weights) if n not in parts)
    if not parts or _WHOLE in {sum(weights), sum(weights) + points} or _WHOLE not in {left, left + points}:
        return list(rows)
    for n in sorted(parts):
        place = record.places.get(f"indicators[{n}].weight", "")
        text = " | ".join(f"{figure:f}" for figure in (rows[n].weight, rows[n].score) if figure is not None)
        record.aside.append(Unread(f"indicators[{n}]", place, text, say("expected.points_above")))
    return [replace(row, weight=None, score=None) if n in parts else row for n, row in enumerate(rows)]


def _parts_end(weights: Sequence[Decimal | int], at: int) -> int:
    """Give the row behind those that follow a row and make its weight."""
    total: Decimal | int = 0
    for end in range(at + 1, len(weights)):
        total += weights[end]
        if total == weights[at] and weights[at]:
            return end + 1
        if total > weights[at]:
            break
    return at


_PART = re.compile(r"\s*[(（]?(其中|#|－|-)")
_WHOLE = 100


# one line that says what was read of a form, and whether it adds up: the proof that nothing was lost


def summary(form: Form) -> Text:
    """Tell a form's rows, weights and total in one line, and whether its scores add up to the total."""
    year = f" ({form.year})" if form.year else ""
    named = Text(*(f"{form.project or say('batch.sum.no_name')[language]}{year}" for language in LANGUAGES))
    parts = [say("batch.sum.rows", n=len(form.indicators)), _weights_told(form), _total_told(form)]
    if form.unread:
        parts.append(say("batch.sum.unread", n=len(form.unread)))
    return say("batch.sum.named", name=named, parts=listed(parts))


def _weights_told(form: Form) -> Text:
    rows, budget = _known_sum(row.weight for row in form.indicators), form.budget.total.weight
    if rows is None:
        return say("batch.sum.no_weights")
    if budget is None:
        return say("batch.sum.weights", rows=plain(rows))
    total = plain(rows + budget)
    return say("batch.sum.weights_with_budget", rows=plain(rows), budget=plain(budget), total=total)


def _total_told(form: Form) -> Text:
    scores = _known_sum([*(row.score for row in form.indicators), form.budget.total.score])
    total = carried(form.total)
    if scores is None:
        return say("batch.sum.no_scores" if form.total is None else "batch.sum.total_alone", total=total)
    if form.total is None:
        return say("batch.sum.no_total", scores=plain(scores))
    if scores == form.total:
        return say("batch.sum.adds_up", total=total)
    return say("batch.sum.differs", total=total, scores=plain(scores))


def is_consistent(form: Form) -> bool:
    """Tell whether a form's own figures hold together: every sum closes, no line has more than its weight."""
    lines: tuple[Fund | Indicator, ...] = (form.budget.total, *form.indicators)
    above = (
        line.weight is not None and line.score is not None and line.score > line.weight for line in lines
    )
    return not failing(sums(form)) and not any(above)


def adds_up(form: Form) -> bool:
    """Tell whether a form prints a total that its rows and its budget line give."""
    scores = _known_sum([*(row.score for row in form.indicators), form.budget.total.score])
    return form.total is not None and scores == form.total


def _known_sum(figures: Iterable[Decimal | None]) -> Decimal | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None
