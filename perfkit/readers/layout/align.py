"""Cells aligned to the columns of a heading by the cheapest path: one algorithm for every way to lose places.

A row takes its pieces from left to right. Each piece opens a cell in a column further right or goes on with
the cell before it; that a column is passed over costs what it costs that a sound row lacks it (nothing for a
level, whose cell spans rows; much for a name). The cost of a cell is how little it looks like what its column
holds (`looks`). In a clean grid the cheapest path is the identity, and nobody asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell
from perfkit.readers.layout.columns import OPEN, is_block, stacked_role
from perfkit.readers.layout.looks import STRANGE, strangeness
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import column_role, is_blank, key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

OPTIONS = 4  # alignments of a row that arithmetic may choose among
_FARTHEST = 6.0  # how much dearer than the cheapest one it may choose
_HOPELESS = 9.0  # how much dearer than the cheapest one a beginning of a row is given up
_HOPELESS_WORDS = 4.0  # of words, which are many
_MOST_JOINED = 6  # pieces of one cell of a stream
_LONGEST = 40  # pieces of one row
_MOST_WORDS, _MOST_OF_ROW = 30, 80  # and where they are words
_UNASKED = 1.5  # a reason where no point was lost
_MISSING = {
    "level1": 0.0, "level2": 0.0, "block": 0.0, "project": 0.0, "expected": 0.0, "outcome": 0.0,
    "nature": 0.6, "unit": 0.6,
    "name": 4.0, "target": 3.0, "actual": 3.0, "weight": 3.0, "score": 3.0,
    "initial": 1.0, "adjusted": 2.0, "executed": 2.0, "over": 0.0, "void": 0.0,
}  # fmt: skip
_OTHERWISE = 0.4
_ALSO = 0.5  # a score where a row lacks its weight too: points may stand once for several rows
_POINTS = frozenset({"weight", "score"})
_VALUES = frozenset({"target", "actual", "initial_target"})
_NARRATIVE = frozenset({"reason", "measures", "evidence", "opinion"})
_UNEVEN = 4.0  # a score above its weight
_MOST_SUMS = 200  # sums followed up at once
_GAP = 1.5  # a level 1 without the level 2 beside it

Taken = tuple[tuple[int, int, int], ...]  # column, first piece, piece behind the last
Known = dict[tuple[int, int], list[tuple[int, float]]]  # ends and costs of cells, by first piece and column


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold a piece of a text: a cell, or a part of one.

    `opens` tells that a row may begin with it; `joins` is what it costs that it goes on with the piece before
    it, None where it cannot; `column` the column that it stands in where that is known, else None.
    """

    cell: Cell
    opens: bool = True
    joins: float | None = None
    column: int | None = None

    @property
    def text(self) -> str:
        """Give the printed text."""
        return self.cell.text


@dataclass(slots=True)
class Row:
    """Hold one row: its cost, its pieces by column, and the dearer ways in which it may be read."""

    cost: float
    cells: dict[int, list[Piece]]
    others: list[Row] = field(default_factory=list)

    def text(self, column: int) -> str:
        """Give the text of a column."""
        return joined(self.cells.get(column, ()))


@dataclass(frozen=True, slots=True)
class Columns:
    """Hold the roles of the columns, from left to right, and what joining two pieces costs in each.

    A row need not have the roles that are `spared`: of the money, the line of all of it alone has points.
    What stands `once` is the first row's.
    """

    roles: tuple[str, ...]
    joining: Callable[[str, Piece, Piece], float | None]
    spared: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    shifting: float = 2.0  # what it costs to read a cell in another column than the one that it stands in
    words: bool = False  # the pieces are words: those of the first column begin a line
    _lacking: tuple[float, ...] = field(init=False, repr=False)  # what it costs to lack all up to a column
    _score: int = field(init=False, repr=False, default=0)  # the column of scores, right of that of weights

    def __post_init__(self) -> None:
        """Add up once what each column costs that a row lacks."""
        costs = [0.0 if role in self.spared else _MISSING.get(role, _OTHERWISE) for role in self.roles]
        object.__setattr__(self, "_lacking", (0.0, *accumulate(costs)))
        points = [n for n, role in enumerate(self.roles) if role in _POINTS]
        both = [self.roles[n] for n in points] == ["weight", "score"] and "name" in self.roles
        object.__setattr__(self, "_score", points[1] if both else len(self.roles))

    def missing(self, first: int, end: int, *, weighed: bool) -> float:
        """Say what it costs that a row has no cell in the columns from one up to another."""
        both = first <= self._score < end and not weighed
        return round(
            self._lacking[end] - self._lacking[first] - (_MISSING["score"] - _ALSO if both else 0), 6
        )


def joined(pieces: Iterable[Piece]) -> str:
    """Give the text of some pieces: lines of one cell."""
    return "\n".join(piece.text.strip() for piece in pieces if piece.text.strip())


def rows_of(pieces: Sequence[Piece], columns: Columns) -> list[Row]:
    """Part pieces into rows and align each: the cheapest way over all of them.

    Pieces behind the last row that has any place for them make a row of their own, right of all columns.
    """
    best: dict[int, tuple[float, int, list[Row]]] = {0: (0.0, 0, [])}
    known: Known = {}
    for start in range(len(pieces)):
        if start not in best or not pieces[start].opens:
            continue
        for end, options in _from(pieces, start, columns, known).items():
            cost = best[start][0] + options[0].cost + 1.0  # a row more costs something: cells are not rows
            if end not in best or cost < best[end][0]:
                best[end] = (cost, start, options)
    end, rows = max(best), list[Row]()
    beyond = [piece for piece in pieces[end:] if piece.text.strip()]
    width = len(columns.roles)
    lost = [Row(0.0, {width + n: [piece] for n, piece in enumerate(beyond)})] if beyond else []
    while end > 0:
        _, start, options = best[end]
        options[0].others = options[1:]
        rows.append(options[0])
        end = start
    return [*rows[::-1], *lost]


def _from(pieces: Sequence[Piece], start: int, columns: Columns, known: Known) -> dict[int, list[Row]]:
    """Give the cheapest rows that begin at a piece, by the piece behind their last; `known` keeps cells."""
    width = len(columns.roles)
    states: dict[int, dict[tuple[int, int], list[tuple[float, Taken]]]] = {start: {(-1, -1): [(0.0, ())]}}
    ends: dict[int, list[Row]] = {}
    longest = _MOST_OF_ROW if columns.words else _LONGEST
    for at in range(start, min(len(pieces), start + longest)):
        reached = states.pop(at, {})
        hopeless = _HOPELESS_WORDS if columns.words else _HOPELESS
        worst = min((found[0][0] for found in reached.values()), default=0.0) + hopeless
        for (column, weight), found in reached.items():
            if found[0][0] > worst:
                continue
            for following in range(column + 1, width):
                if _repeats(columns.roles, column, following) and pieces[at].column != following:
                    continue
                if start and columns.roles[following] in columns.once:
                    continue
                passed = columns.missing(column + 1, following, weighed=weight >= 0)
                if columns.roles[column] == "level1" and column >= 0 and columns.roles[following] == "name":
                    passed += _GAP
                for end, cost in _kept(known, pieces, at, columns, following):
                    extra = cost + passed + _uneven(pieces, at, end, columns.roles[following], weight)
                    own = at if columns.roles[following] == "weight" else weight
                    options = states.setdefault(end, {}).setdefault((following, own), [])
                    options += [(total + extra, (*taken, (following, at, end))) for total, taken in found]
                    options.sort(key=lambda option: option[0])
                    del options[OPTIONS:]
        behind = at + 1
        if behind in states and (behind == len(pieces) or pieces[behind].opens):
            ended = (
                (total + columns.missing(column + 1, width, weighed=weight >= 0), taken)
                for (column, weight), found in states[behind].items()
                for total, taken in found
            )
            ends[behind] = _cheapest(ended, pieces, columns)
    return ends


def _cheapest(ended: Iterable[tuple[float, Taken]], pieces: Sequence[Piece], columns: Columns) -> list[Row]:
    """Give the cheapest ways as rows; of words also by whether a reason was asked for."""
    ways = sorted(ended, key=lambda way: way[0])
    if columns.words:
        some = [(cost + _unasked(taken, pieces, columns.roles), taken) for cost, taken in ways[: 2 * OPTIONS]]
        ways = sorted(some, key=lambda way: way[0])
    return [_row(cost, taken, pieces) for cost, taken in ways[:OPTIONS]]


def _repeats(roles: Sequence[str], column: int, following: int) -> bool:
    """Tell whether a column holds what the one before it holds, which is free and costs no more to take."""
    return following - 1 > column and roles[following - 1] == roles[following]


def _row(cost: float, taken: Taken, pieces: Sequence[Piece]) -> Row:
    return Row(cost, {column: list(pieces[first:end]) for column, first, end in taken})


def _kept(
    known: Known, pieces: Sequence[Piece], at: int, columns: Columns, column: int
) -> list[tuple[int, float]]:
    """Give the ends and costs of cells, worked out once."""
    if (at, column) not in known:
        known[at, column] = _cells(pieces, at, columns, column)
    return known[at, column]


def _cells(pieces: Sequence[Piece], at: int, columns: Columns, column: int) -> list[tuple[int, float]]:
    """Give the ends and costs of the cells that a piece opens in a column."""
    role, own = columns.roles[column], pieces[at].column
    shifted = 0.0 if own is None or own == column else columns.shifting
    found = [(at + 1, strangeness(role, pieces[at].text) + shifted)]
    joins = 0.0
    for end in range(at + 1, min(len(pieces), at + (_MOST_WORDS if columns.words else _MOST_JOINED))):
        cost = columns.joining(role, pieces[end - 1], pieces[end])
        if cost is None:
            break
        joins += cost
        look = _look(role, pieces[at : end + 1], words=columns.words)
        if not columns.words or look < STRANGE:
            found.append((end + 1, look + shifted + joins))
    return found


def _look(role: str, pieces: Sequence[Piece], *, words: bool) -> float:
    """Say how little joined pieces look like what a column holds: in prose and in a value every part does.

    Of words it is the whole that does, but prose that holds more figures than one holds a row.
    """
    if words:
        odd = sum(
            strangeness(role, one.text) >= STRANGE and not (other and other.text[:1].isalpha())
            for one, other in zip(pieces, [*pieces[1:], None], strict=True)
        )
        prose = (odd - 1) * STRANGE if role in _NARRATIVE and odd > 1 else 0.0
        return strangeness(role, "".join(piece.text for piece in pieces)) + prose
    parts = [strangeness(role, piece.text) for piece in pieces]
    if role in _NARRATIVE:
        return sum(parts)
    whole = strangeness(role, joined(pieces))
    return max(whole, *parts) if role in _VALUES else whole


def _unasked(taken: Taken, pieces: Sequence[Piece], roles: Sequence[str]) -> float:
    """Say what it costs that a row with all its points gives a reason."""
    texts = {roles[column]: joined(pieces[first:end]) for column, first, end in taken}
    weight, score = (number(texts.get(role, "")) for role in ("weight", "score"))
    told = any(not is_blank(texts.get(role, "")) for role in ("reason", "measures"))
    return _UNASKED if told and weight is not None and weight == score else 0.0


def _uneven(pieces: Sequence[Piece], at: int, end: int, role: str, weight: int) -> float:
    if role != "score" or weight < 0:
        return 0.0
    one, other = number(pieces[weight].text), number(joined(pieces[at:end]))
    return _UNEVEN if one is not None and other is not None and other > one else 0.0


def settled(rows: Sequence[Row], wholes: Mapping[int, Collection[Decimal]]) -> list[Row]:
    """Choose among the alignments of each row so that columns make their sums, if any choice does.

    `wholes` gives for a column the sums that prove it. The cheapest choice that makes all of them wins, then
    one that makes those of the first column; else each row keeps its cheapest alignment.
    """
    columns = list(wholes)
    reached: dict[tuple[Decimal, ...], tuple[float, tuple[Row, ...]]] = {
        (Decimal(0),) * len(columns): (0.0, ())
    }
    for row in rows:
        step: dict[tuple[Decimal, ...], tuple[float, tuple[Row, ...]]] = {}
        for sums, (cost, taken) in reached.items():
            for option in (row, *row.others):
                if option.cost - row.cost > _FARTHEST:
                    continue
                total = tuple(
                    sum_ + _figure(option, column) for sum_, column in zip(sums, columns, strict=True)
                )
                if total not in step or cost + option.cost < step[total][0]:
                    step[total] = (cost + option.cost, (*taken, option))
        reached = dict(sorted(step.items(), key=lambda item: item[1][0])[:_MOST_SUMS])
    for count in range(len(columns), 0, -1):
        proven = [
            found
            for sums, found in reached.items()
            if all(sum_ in wholes[column] for sum_, column in zip(sums[:count], columns, strict=False))
        ]
        if proven:
            return list(min(proven, key=lambda found: found[0])[1])
    return list(rows)


def _figure(row: Row, column: int) -> Decimal:
    text = row.text(column)
    return Decimal(0) if is_blank(text) else (number(text) or Decimal(0))


# a heading of two lines without the places of its cells


_MOST_PARTED = 12  # headings of one line
_TRIED = 2  # ways kept at once
_KINDS: tuple[frozenset[str], ...] = (
    frozenset({"target", "goal", "value", "initial_target", "actual", "nature", "unit", "skip"}),
    frozenset({"level1", "level2", "name"}),
    frozenset({"weight", "score", "deduction", "review"}),
    frozenset({"reason", "note"}),
)


@dataclass(frozen=True, slots=True)
class Unfolded:
    """Hold the headings of two lines as one, each over its column, and how odd it is that they stand so."""

    cost: float
    cells: tuple[Cell, ...]
    roles: tuple[str, ...] = ()


def unfolded(upper: Sequence[Cell], lower: Sequence[Cell] = ()) -> Unfolded:
    """Put the headings of a second line where those stand that they part, whichever way is least odd."""
    if max(len(upper), len(lower)) > _MOST_PARTED:
        return Unfolded(float("inf"), (*upper, *lower))
    front = [Cell("", 0, 0)] if lower else []  # levels may stand below no heading
    best = {0: [Unfolded(0.75 if lower else 0.0, ())]}
    for cell in (*front, *upper):
        step: dict[int, list[Unfolded]] = {}
        for at, found in best.items():
            for end in range(at, len(lower) + 1):
                below = _below_heading(cell, lower[at:end])
                step.setdefault(end, []).extend(_beside(each, below) for each in found)
        best = {end: sorted(found, key=lambda each: each.cost)[:_TRIED] for end, found in step.items()}
    return best[len(lower)][0]


def _beside(one: Unfolded, other: Unfolded) -> Unfolded:
    odd = sum(role in one.roles for role in other.roles if role not in {"skip", "reason", "opinion"})
    odd += other.roles[:1] == ("level1",) and bool({*one.roles} & (_KINDS[0] - {"nature", "unit", "skip"}))
    return Unfolded(one.cost + other.cost + 2.0 * odd, one.cells + other.cells, one.roles + other.roles)


def _below_heading(cell: Cell, below: Sequence[Cell]) -> Unfolded:
    """Say how odd it is that a heading stands over some others, or alone."""
    match = column_role(key(cell.text)) if cell.text else None
    role = match.role if match is not None and match.firm else None
    role = "block" if role == "goal" and is_block([cell]) else role
    if not below:
        cost = {"block": 0.5, None: 1.0 if match is None else 0.5}.get(role, 0.0)
        return Unfolded(cost if cell.text else 0.0, (cell,) if cell.text else (), (role,) if role else ())
    cost = (0.0 if role in OPEN else 1.5) + (len(below) == 1) + (not cell.text)
    cells, roles = [], list[str]()
    for each in below:
        found = stacked_role([text for text in (cell.text, each.text) if text], "columns")
        own = found.role if found is not None and found.firm else None
        level = own in _KINDS[1]
        cost += 3.0 if own is None else float(role not in {"block", None} if level else role == "block")
        roles += [own] if own is not None else []
        cells.append(replace(each, text=_told_by(cell, each, own)))
    cost += len({next((n for n, kind in enumerate(_KINDS) if each in kind), 0) for each in roles}) - 1
    cost += 1.5 * (role == "score" and not {*roles} <= _KINDS[2] | {"opinion", "skip"})
    return Unfolded(cost, tuple(cells), tuple(roles))


def _told_by(upper: Cell, lower: Cell, role: str | None) -> str:
    """Give the text that tells alone what a heading says below another."""
    for text in (lower.text, lower.text + upper.text, upper.text + lower.text):
        match = column_role(key(text))
        if match is not None and match.firm and match.role == role:
            return text
    return lower.text
