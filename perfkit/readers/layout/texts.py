"""Texts laid out as the tables that they were: rows that may be short, one cell a line, lines of pieces.

Headings and labels are known by their words. Below the heading of a table its cells are aligned to the
columns (`align`), and what comes out is a grid, which is then read as every other one. A text knows less than
a grid: `Grid.aligned` says so, and the proof asks for more.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING

from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout.align import Columns, Piece, Row, joined, rows_of, settled, unfolded
from perfkit.readers.layout.columns import (
    budget_columns,
    indicator_columns,
    is_block,
    is_part,
    numbers_columns,
)
from perfkit.readers.layout.looks import STRANGE, is_footnote, is_level_label, level_of, strangeness
from perfkit.readers.layout.record import Line, lines_of_rows, money, number, stream_of
from perfkit.readers.layout.words import (
    column_role,
    fund_line,
    is_blank,
    is_fund_name,
    is_subtotal,
    is_template,
    is_title,
    is_total,
    key,
    label_role,
)
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.language import Text as Words
    from perfkit.readers.layout.columns import Columns as Heading

PROSE = frozenset({"reason", "evidence", "opinion", "measures", "expected", "outcome"})
WORDS = frozenset({"name", "target", "actual", "initial_target"})
_POINTS = frozenset({"weight", "rate", "score"})
_FEWEST = 4  # headings of a table that follow on each other
_ONE_LINE = 40  # fields of a line that is a whole text
_GOALS = frozenset({"expected", "outcome"})
_ENDING = frozenset({"notes", "remark", "grade", "person", "review_total", "expected", "outcome", "project",
                     "filled_by", "phone", "filled_on"})  # fmt: skip
_HEADS = frozenset({"project", "department", "unit", "year"})
_NUMBERED = re.compile(r"\s*(目标|任务)?[(（]?[一二三四五六七八九十\d]{1,2}[)）]?\s*[、.．:：)）]")
_TIE = 0.3  # how much dearer another way to part a row's texts may be and still be as likely
_TORN = 2


class Text:
    """Lay out one text: lines of cells, or a stream of cells where every line is one (`whole`)."""

    told = WORDS  # roles of the columns whose texts may be parted in more ways than one

    def __init__(self, lines: Sequence[Sequence[Cell]], *, whole: bool) -> None:
        self.lines = [list(line) for line in lines]
        self.whole = whole
        self.out: list[Cell] = []
        self.row = 0
        self.unread: list[tuple[str, str, Words]] = []
        self.indented = any(len(line) > 1 and is_blank(line[0].text) and _filled(line) for line in self.lines)
        self.points: tuple[Decimal, Decimal] | None = None  # of the budget line: weight and score

    def grid(self, name: str) -> Grid:
        """Give the text as a grid."""
        at = 0
        while at < len(self.lines):
            at = self._next(at)
        return Grid(tuple(self.out), name, aligned=True, unread=tuple(self.unread))

    def _next(self, at: int) -> int:
        """Lay out what begins on a line; give the line behind it."""
        for table, find in (("columns", indicator_columns), ("budget", budget_columns)):
            found = heading_at(self.lines, at, table, whole=self.whole)
            heads = find([found[1]], 0) if found is not None else None
            if found is not None and heads is not None:
                self._emit([(cell, cell.column) for cell in found[1].cells if not is_blank(cell.text)])
                body = self._rows if table == "columns" else self._money
                return body(at + found[0], found[1], heads)
        return self._labels(at) if self.whole else self._line(at)

    def _emit(self, cells: Sequence[tuple[Cell, int]]) -> None:
        self.out += [
            replace(cell, row=self.row, column=column, rowspan=1, colspan=1, origin=None)
            for cell, column in cells
        ]
        self.row += 1

    def _line(self, at: int) -> int:
        """Lay out a line of labels as it stands; goals below their headings go below them."""
        line = self.lines[at]
        self._emit([(cell, cell.column) for cell in line])
        heads = _filled(line)[-2:]
        if {_label(cell) for cell in heads} != _GOALS or at + 1 >= len(self.lines):
            return at + 1
        at += 1
        while at < len(self.lines):
            below = _filled(self.lines[at])
            if len(below) != len(heads) or any(_opens_label(cell.text) for cell in below) or self._heads(at):
                break
            self._emit([(cell, head.column) for cell, head in zip(below, heads, strict=True)])
            at += 1
        return at

    def _labels(self, at: int) -> int:
        """Lay out one cell of a stream: a label with what follows it up to the next label."""
        cell = self.lines[at][0]
        if is_blank(cell.text):
            return at + 1
        role = _label(cell)
        if role is None:
            beside = _next_filled(self.lines, at + 1)
            paired = column_role(key(cell.text), "budget") is not None and beside < len(self.lines)
            if paired and _is_figure(self.lines[beside][0].text):
                self._emit([(cell, 0), (self.lines[beside][0], 1)])
                return beside + 1
            self._emit([(cell, 0)])
            return at + 1
        following = _next_filled(self.lines, at + 1)
        other = _label(self.lines[following][0]) if following < len(self.lines) else None
        if {role, other} == _GOALS:
            texts, end = self._value(following + 1)
            if len(texts) == len(_GOALS) or _in_pairs(texts):
                self._emit([(cell, 0), (self.lines[following][0], 1)])
                for pair in zip(texts[::2], texts[1::2], strict=True):
                    self._emit([(text, column) for column, text in enumerate(pair)])
                return end
        texts, end = self._value(at + 1)
        if role in _HEADS or role not in _GOALS | {"notes", "remark"}:
            texts, end = texts[:1], (_next_filled(self.lines, at + 1) + 1 if texts else end)
        value = [replace(texts[0], text="\n".join(text.text for text in texts))] if texts else []
        empty = [] if value else [Cell("", 0, 1)]
        self._emit([(cell, 0), *((text, 1) for text in value), *((text, 1) for text in empty)])
        return end

    def _value(self, at: int) -> tuple[list[Cell], int]:
        """Give the texts from a cell of a stream up to the next label, title or heading."""
        texts: list[Cell] = []
        while at < len(self.lines):
            cell = self.lines[at][0]
            if not is_blank(cell.text):
                if _opens_label(cell.text) or is_title(cell.text) or is_total(cell.text) or self._heads(at):
                    break
                texts.append(cell)
            at += 1
        return texts, at

    def _heads(self, at: int) -> bool:
        return any(heading_at(self.lines, at, table, whole=self.whole) for table in ("columns", "budget"))

    # the money table

    def _money(self, at: int, heading: Line, heads: Heading) -> int:
        first = min(column for found in heads.by_role.values() for column in found)
        roles = _roles(heading, heads)
        while at < len(self.lines):
            tokens, end = self._money_line(at)
            names = [cell for cell in tokens if not _is_amount(cell)][:3]
            if not names or not (fund_line(key(names[-1].text)) or self._is_first(at, names)):
                return at
            rest = tokens[tokens.index(names[-1]) + 1 :]
            pieces = _pieces(rest, len(rest) if len(rest) == len(roles) - first else 0, first)
            spared = frozenset() if fund_line(key(names[-1].text)) == "total" else _POINTS
            columns = Columns(roles, lambda _role, _one, other: None if other.text.strip() else 0.05, spared)
            cells = [(cell, max(0, first - len(names)) + n) for n, cell in enumerate(names)]
            rows = rows_of(pieces, columns) if pieces else []
            for row in rows[:1]:
                cells += [(_merged(found), column) for column, found in sorted(row.cells.items())]
                self._note_points(row, roles, key("".join(cell.text for cell in names)))
            self._emit(cells)
            for row in rows[1:]:  # amounts of a line whose name is lost: nobody's, and to be listed
                self._emit([(_merged(found), column) for column, found in sorted(row.cells.items())])
            at = end
        return at

    def _is_first(self, at: int, names: Sequence[Cell]) -> bool:
        named = is_fund_name(key(names[-1].text)) and not label_role(key(names[0].text))
        return named and bool(self.out) and at > 0

    def _note_points(self, row: Row, roles: Sequence[str], name: str) -> None:
        if fund_line(name) != "total" or not {"weight", "score"} <= set(roles):
            return
        weight, score = (number(row.text(roles.index(role))) for role in ("weight", "score"))
        if weight is not None and score is not None:
            self.points = (weight, score)

    def _money_line(self, at: int) -> tuple[list[Cell], int]:
        """Give the cells of a line of money; of a stream the name and the amounts that follow it."""
        if not self.whole:
            return list(self.lines[at]), at + 1
        tokens: list[Cell] = []
        at = _next_filled(self.lines, at)
        while at < len(self.lines):
            cell = self.lines[at][0]
            amounts = [each for each in tokens if _is_amount(each) and not is_blank(each.text)]
            if not _is_amount(cell) and (
                amounts or any(is_blank(each.text) for each in tokens) or _label(cell) in _GOALS
            ):
                break
            if (
                not _is_amount(cell)
                and tokens
                and fund_line(key(tokens[0].text))
                and fund_line(key(cell.text))
            ):
                joint = key(tokens[0].text + cell.text)
                if len(joint) > _ROW_NAME or is_fund_name(key(tokens[0].text)):
                    break
            tokens.append(cell)
            at += 1
        while tokens and self.whole and is_blank(tokens[-1].text) and not tokens[-1].text.strip():
            tokens.pop()
        return tokens, at

    # the indicator table

    def _rows(self, at: int, heading: Line, heads: Heading) -> int:
        roles = _roles(heading, heads)
        chunk: list[Piece] = []
        width = len(heading.cells)
        first = _filled(self.lines[at])[:1] if at < len(self.lines) else []
        own = bool(first) and "level1" in level_of(first[0].text) and len(self.lines[at]) == width - 1
        front = int(own and roles[0] == "block")  # the label of the block stands in the heading's line alone
        rows: list[tuple[list[Piece], Row | None]] = []
        done = False
        while at < len(self.lines) and not done:
            line = self.lines[at]
            filled = _filled(line)
            if not filled or self._is_footnote(filled):
                if self.whole and chunk and not filled:
                    chunk += _pieces(line)
                at += 1
                continue
            if is_total(filled[0].text) or is_subtotal(filled[0].text):
                rows += self._aligned(chunk, roles)
                chunk = []
                placed = len(line) == width and not self.whole
                tokens, at = self._total_line(at)
                rows.append(([Piece(cell, column=cell.column if placed else None) for cell in tokens], None))
                done = is_total(filled[0].text) and not self._goes_on(at, roles)
                continue
            if self._ends(at, filled, roles):
                break
            torn = self.whole and len(key(filled[0].text)) <= _TORN  # 指标 alone is what is left of a label
            if (
                all(is_template(cell.text) or level_of(cell.text) for cell in filled)
                and not torn
                and (not self.whole or is_template(filled[0].text))
            ):
                if not any(is_template(cell.text) for cell in filled):
                    rows += self._aligned(chunk, roles)
                    chunk = []
                    rows.append(
                        (
                            [Piece(filled[0])],
                            Row(0.0, {roles.index("level1") if "level1" in roles else 0: [Piece(filled[0])]}),
                        )
                        if len(filled) == 1
                        else self._aligned(_pieces(line), roles)[0]
                    )
                elif self.whole:
                    while chunk and level_of(chunk[-1].text):
                        chunk.pop()
                at += 1
                continue
            chunk += self._row_pieces(line, roles, front)
            at += 1
        rows += self._aligned(chunk, roles)
        self._emit_rows(rows, roles)
        return at

    def _is_footnote(self, filled: Sequence[Cell]) -> bool:
        """Tell whether a line is a note on the form; in a stream, where it may be a reason, it is listed."""
        note = len(filled) == 1 and is_footnote(filled[0].text)
        if note and self.whole:
            self.unread.append((filled[0].place, filled[0].text, say("expected.heading")))
        return note

    def _row_pieces(self, line: Sequence[Cell], roles: Sequence[str], front: int) -> list[Piece]:
        """Give the cells of a row; of goals that stand beside the rows the first alone has any."""
        inner = [n for n, role in enumerate(roles) if role not in _GOALS | {"block"}]
        if _GOALS & {*roles} and len(line) == len(inner) and not self.whole:
            return _pieces(line, len(line), inner[0])
        return _pieces(line, self._placed(line, len(roles) - front), front)

    def _placed(self, line: Sequence[Cell], width: int) -> int:
        """Tell of how many cells of a row the field's number is that of the column.

        Of all where none is missing; up to the first that is filled where rows keep their blanks on the left.
        """
        if self.whole or len(line) == width:
            return 0 if self.whole else width
        blanks = next((n for n, cell in enumerate(line) if not is_blank(cell.text)), 0)
        return blanks + 1 if self.indented else 0

    def _aligned(self, chunk: Sequence[Piece], roles: Sequence[str]) -> list[tuple[list[Piece], Row | None]]:
        if chunk and key(chunk[-1].text) and is_block([chunk[-1].cell]):
            chunk = chunk[:-1]  # 绩效 above 总分 is the block's label
        return [([], row) for row in self._parted(chunk, tuple(roles))] if chunk else []

    def _parted(self, chunk: Sequence[Piece], roles: tuple[str, ...]) -> list[Row]:
        """Part pieces into rows, each aligned to the columns."""
        joining = _joining_cells if self.whole else _joining_rows
        named = roles if self.whole else (*roles, "over")
        return rows_of(chunk, Columns(named, joining, once=_GOALS if self.whole else frozenset()))

    def _emit_rows(self, rows: Sequence[tuple[list[Piece], Row | None]], roles: Sequence[str]) -> None:
        """Let the printed totals choose among the alignments; then lay out rows and totals."""
        totals = [tokens for tokens, row in rows if row is None and is_total(tokens[0].text)]
        figures = [
            value for piece in (totals[-1] if totals else ())[1:] if (value := number(piece.text)) is not None
        ]
        chosen = iter(self._settled([row for _, row in rows if row is not None], roles, figures))
        for tokens, row in rows:
            if row is not None:
                best = next(chosen)
                self._note_tie(row, best, roles)
                self._emit([(_merged(found), column) for column, found in sorted(best.cells.items())])
            else:
                placed = all(piece.column is not None for piece in tokens)
                cells = [piece.cell for piece in tokens]
                self._emit([(c, c.column) for c in cells] if placed else _total_cells(cells, roles))

    def _note_tie(self, row: Row, best: Row, roles: Sequence[str]) -> None:
        """List a row whose texts may as well be parted in another way."""
        words = [n for n, role in enumerate(roles) if role in self.told]
        for other in (row, *row.others):
            if other is best or other.cost - best.cost > _TIE:
                continue
            told = [sorted((roles[n], each.text(n)) for n in words if each.text(n)) for each in (best, other)]
            differing = [n for n in words if other.text(n) != best.text(n)] if told[0] != told[1] else []
            if differing and best.cells:
                pieces = best.cells.get(differing[0]) or next(iter(best.cells.values()))
                text = " | ".join(best.text(n) for n in differing)
                self.unread.append((pieces[0].cell.place, text, say("expected.one_way")))
                return

    def _settled(self, rows: Sequence[Row], roles: Sequence[str], figures: Sequence[Decimal]) -> list[Row]:
        weight, score = self.points or (Decimal(0), Decimal(0))
        targets: dict[int, set[Decimal]] = {}
        if "weight" in roles:
            targets[roles.index("weight")] = {each - weight for each in (*figures[:1], Decimal(100))}
        if "score" in roles and figures:
            targets[roles.index("score")] = {each - score for each in figures[-2:]}
        return settled(rows, targets)

    def _total_line(self, at: int) -> tuple[list[Cell], int]:
        tokens = _filled(self.lines[at])
        following = _filled(self.lines[at + 1]) if at + 1 < len(self.lines) else []
        if len(tokens) == 1 and following and is_block(following[:1]):
            tokens += following[1:]  # the block's label (绩效) stands below it in its cell
            at += 1
        at += 1
        if not self.whole:
            return tokens, at
        while at < len(self.lines) and (
            is_blank(self.lines[at][0].text)
            or _is_amount(self.lines[at][0])
            or len(key(self.lines[at][0].text)) == 1
        ):
            tokens += _filled(self.lines[at])
            at += 1
        return tokens, at

    def _goes_on(self, at: int, roles: Sequence[str]) -> bool:
        """Tell whether rows follow on a total, which then is that of a level."""
        following = [
            cell for line in self.lines[at : at + (len(roles) if self.whole else 1)] for cell in _filled(line)
        ]
        if len(following) < _FEWEST or _label(following[0]) or is_title(following[0].text):
            return False
        return sum(number(cell.text) is not None for cell in following) > 1

    def _ends(self, at: int, filled: Sequence[Cell], roles: Sequence[str]) -> bool:
        role = _label(filled[0])
        told = label_role(key(filled[0].text.replace("：", ":").partition(":")[0]))
        if len(filled) == 1 and told is not None and told.role in _GOALS and not _GOALS & {*roles}:
            return True
        if role in _ENDING and (self.whole or len(filled) <= _FEWEST) and not level_of(filled[0].text):
            return True
        return (len(filled) == 1 and is_title(filled[0].text)) or self._heads(at)


_ROW_NAME = 16


def heading_at(
    lines: Sequence[Sequence[Cell]], at: int, table: str, *, whole: bool
) -> tuple[int, Line] | None:
    """Give the heading that begins on a line as one line, and how many lines it took, if one does."""
    if whole:
        cells, height = _run_behind_goals(lines, at) if table == "columns" else _run(lines, at, table)
    else:
        cells, height = list(lines[at]), 1
        below = list(lines[at + 1]) if at + 1 < len(lines) else []
        if table == "columns" and len({*_known(cells, table)}) > 1 and _parts(cells, below):
            cells, height = [*unfolded(_filled(cells), _filled(below)).cells], 2
    cells, height = _without_numbers(lines, at, cells, height, whole=whole)
    if len(_known(cells, table)) < (3 if table == "budget" or not whole else _FEWEST):
        return None
    if not whole and height == 1 and len(_filled(cells)) > 2 * len(_known(cells, table)):
        return None
    placed = [
        replace(cell, row=0, column=n, rowspan=1, colspan=1, origin=None) for n, cell in enumerate(cells)
    ]
    return height, Line(tuple(placed), 0, 0)


def _without_numbers(
    lines: Sequence[Sequence[Cell]], at: int, cells: list[Cell], height: int, *, whole: bool
) -> tuple[list[Cell], int]:
    """Pass over what numbers the columns below a heading (栏次, 1, 2, 3 …)."""
    below = lines[at + height : at + height + (len(cells) if whole else 1)]
    texts = [cell.text for line in below for cell in _filled(line)]
    if not whole:
        return cells, height + numbers_columns(texts)
    named = bool(cells) and key(cells[-1].text) in {"栏次", "行次"}
    counts = (n for n in (len(cells), len(cells) - 1, len(cells) - 2) if numbers_columns(texts[:n]))
    count = next(counts, 0)
    return (cells[:-1] if named and count else cells), height + count


def _run_behind_goals(lines: Sequence[Sequence[Cell]], at: int) -> tuple[list[Cell], int]:
    """Give the headings that follow on each other; goals beside the rows come first, their texts behind."""
    lead = [line[0] for line in takewhile(lambda line: _label(line[0]) in _GOALS, lines[at : at + 2])]
    cells, height = _run(lines, at + len(lead), "columns") if lead else ([], 0)
    texts = [line[0].text for line in lines[at + len(lead) + height :][: len(lead)]]
    if cells and all(strangeness("expected", text) < STRANGE and not is_blank(text) for text in texts):
        return [*lead, *cells], len(lead) + height
    return _run(lines, at, "columns")


def _run(lines: Sequence[Sequence[Cell]], at: int, table: str) -> tuple[list[Cell], int]:
    """Give the headings that follow on each other in a stream, and how many lines they took."""
    cells: list[Cell] = []
    start = at
    if at >= len(lines) or is_blank(lines[at][0].text):
        return [], 0
    while at < len(lines):
        opens = not cells and table == "budget" and _label(lines[at][0]) == "money"
        alone = opens and _is_heading(lines[at + 1 : at + 2], table)  # the label of the block, then a heading
        found = 1 if alone else next((n for n in (1, 2, 3) if _is_heading(lines[at : at + n], table)), 0)
        ahead = _next_filled(lines, at + 1)
        if not found and is_blank(lines[at][0].text):
            found = 1 if ahead < len(lines) and _is_heading(lines[ahead : ahead + 1], table) else 0
        told = key(lines[at][0].text)
        if not found and cells and len(told) < 12 and not told.endswith("。") and ahead < len(lines):  # noqa: PLR2004
            after = _next_filled(lines, ahead + 1)
            both = after < len(lines) and all(_is_heading(lines[n : n + 1], table) for n in (ahead, after))
            found = 1 if both else 0
        if not found:
            if not opens:
                break
            found = 1
        texts = [line[0] for line in lines[at : at + found]]
        if not is_blank(texts[0].text):
            cells.append(replace(texts[0], text="".join(text.text for text in texts)))
        at += found
    if table == "columns" and len(cells) > _FEWEST:
        ways = (unfolded(cells[:n], cells[n:]) for n in (len(cells), *range(3, len(cells) - 1)))
        cells = [*min(ways, key=lambda way: way.cost).cells]
    return cells, at - start


def _roles(heading: Line, heads: Heading) -> tuple[str, ...]:
    """Give the role of each column of a heading; `void` where none stands."""
    named = {column: role for role, columns in heads.by_role.items() for column in columns}
    first = min((column for column, role in named.items() if role not in _GOALS), default=0)
    roles = []
    for cell in heading.cells:
        block = cell.column < first or is_block([cell])
        other = "void" if is_blank(cell.text) else "block" if block else "other"
        roles.append(named.get(cell.column, other))
    return tuple(roles)


def _pieces(line: Sequence[Cell], placed: int = 0, first: int = 0) -> list[Piece]:
    """Give the cells of a line as pieces; of the first so many (`placed`) the field tells the column."""
    return [
        Piece(cell, opens=n == 0, column=n + first if n < placed else None) for n, cell in enumerate(line)
    ]


def _joining_cells(role: str, _before: Piece, piece: Piece) -> float | None:
    if not piece.text.strip():
        return 0.05
    if role == "over":
        return 3.5
    if is_level_label(piece.text) or role not in PROSE | WORDS:
        return None
    return 1.2 if role in PROSE else 2.5


def _joining_rows(role: str, before: Piece, piece: Piece) -> float | None:
    if not piece.text.strip():
        return 0.05
    return _joining_cells(role, before, piece) if piece.opens or role == "over" else None


def _merged(pieces: Sequence[Piece]) -> Cell:
    return replace(pieces[0].cell, text=joined(pieces))


def _total_cells(cells: Sequence[Cell], roles: Sequence[str]) -> list[tuple[Cell, int]]:
    """Put a total's figures below the points, where counting tells them apart; else behind the columns."""
    figures = [cell for cell in cells[1:] if number(cell.text) is not None]
    names = [n for n, role in enumerate(roles) if role in {"weight", "score", "deduction", "review"}]
    options = [names, [n for n in names if roles[n] != "deduction"]]
    if not {"deduction", "review"} & set(roles):
        options.append([n for n in names if roles[n] == "score"])
    columns = next((found for found in options if len(found) == len(figures)), [])
    placed = dict(zip((id(cell) for cell in figures), columns, strict=False))
    behind = max((n for n in columns), default=len(roles) - 1) + 1
    last = behind if behind < len(roles) and roles[behind] in PROSE else len(roles)
    found = [(cells[0], 0)]
    for cell in cells[1:]:
        column = placed.get(id(cell))
        if column is None:
            column, last = last, max(last + 1, len(roles))
        found.append((cell, column))
    return sorted(found, key=lambda each: each[1])


def _filled(line: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in line if not is_blank(cell.text)]


def _next_filled(lines: Sequence[Sequence[Cell]], at: int) -> int:
    while at < len(lines) and not _filled(lines[at]):
        at += 1
    return at


def _known(cells: Sequence[Cell], table: str) -> list[str]:
    return [role for cell in cells if (role := _role(cell, table))]


def _parts(cells: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Tell whether a line holds but headings that part those of the line above it."""
    filled = _filled(below)
    if {_label(cell) for cell in cells} >= _GOALS:
        return False  # the goals were left blank
    return len(filled) > 1 and all(is_part(cell, _filled(cells)) for cell in filled)


def _role(cell: Cell, table: str) -> str | None:
    match = column_role(key(cell.text), table)
    return match.role if match is not None and match.firm else None


def _is_heading(lines: Sequence[Sequence[Cell]], table: str) -> bool:
    texts = [line[0].text.strip() for line in lines]
    match = column_role(key("".join(texts)), table)
    whole = all(text and not text.endswith(("。", "；")) for text in texts)
    return match is not None and match.firm and whole


def _label(cell: Cell) -> str | None:
    match = label_role(key(cell.text))
    return match.role if match is not None else None


def _opens_label(text: str) -> bool:
    """Tell whether a text is a label, or a label with its value behind a colon (填表人：李华)."""
    head, colon, _ = text.replace("：", ":").partition(":")
    return label_role(key(head if colon else text)) is not None


def _in_pairs(texts: Sequence[Cell]) -> bool:
    """Tell whether goals and outcomes take turns: every other text has a number of its own."""
    numbered = [bool(_NUMBERED.match(text.text)) for text in texts]
    return len(texts) % 2 == 0 and bool(texts) and all(numbered[::2]) and len({*numbered[1::2]}) == 1


def _is_figure(text: str) -> bool:
    return money(text, "元") is not None or number(text) is not None


def _is_amount(cell: Cell) -> bool:
    return is_blank(cell.text) or _is_figure(cell.text)


def laid_out(grid: Grid) -> Iterator[list[Grid]]:
    """Give what a text may be as grids: by its rows, or as a stream of cells."""
    lines = lines_of_rows(grid)
    if grid.known == "rows" and max((len(_filled(line)) for line in lines), default=0) <= _ONE_LINE:
        yield [Text(lines, whole=False).grid(grid.name)]
    else:
        yield [Text(stream_of(lines), whole=True).grid(grid.name)]
