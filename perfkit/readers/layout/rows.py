"""The rows of the indicator table: levels carried down, targets joined, template rows dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from perfkit.form import Indicator, Unread
from perfkit.readers.layout.arithmetic import grade_cell, is_total_row, review_cell, subtotal_of, total_cell
from perfkit.readers.layout.columns import Columns, heads_table, indicator_columns, is_block
from perfkit.readers.layout.looks import (
    STRANGE,
    both_levels,
    is_footnote,
    is_level_label,
    is_plain_value,
    pattern,
    strangeness,
)
from perfkit.readers.layout.record import Record, number
from perfkit.readers.layout.words import (
    column_role,
    is_blank,
    is_execution,
    is_level1,
    is_subtotal,
    is_template,
    is_title,
    is_total,
    key,
    label_role,
    squeeze,
)
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from perfkit.form import Subtotal
    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.record import Line

_POINTS = frozenset({"weight", "score"})
_BESIDE = {"deduction": say("expected.deduction"), "review": say("expected.review")}
_FIGURES = _POINTS | _BESIDE.keys()
_NARRATIVE = ("reason", "evidence", "opinion")
_LABEL = 12
_OF_A_ROW = ("name", "target", "actual", "weight", "score", "reason")
_NAMED = frozenset({"name", "target", "actual"})
_GOALS = frozenset({"expected", "outcome"})
_AFTER = frozenset(
    {"notes", "remark", "grade", "review_total", "expected", "outcome", "project", "department", "person",
     "filled_by", "phone", "filled_on"}
)  # fmt: skip
_FIGURE = re.compile(r"\s*\d[\d.,]*%?\s*")
_HAN = r"[⺀-鿿豈-﫿＀-￯　-〿，。；：、（）“”‘’《》]"


@dataclass(slots=True)
class Table:
    """Hold the indicator table as read: its rows, its total row, and what came with it."""

    rows: list[Indicator] = field(default_factory=list)
    total: Decimal | None = None
    review_total: Decimal | None = None
    grade: str | None = None
    used: set[int] = field(default_factory=set)
    subtotals: list[Subtotal] = field(default_factory=list)
    scored: bool = False
    project: Cell | None = None
    execution: dict[str, Cell] = field(default_factory=dict)
    goals: dict[str, list[Cell]] = field(default_factory=dict)


def read_rows(lines: Sequence[Line], record: Record) -> Table:
    """Read the indicator table of a form, over page breaks and repeated headings."""
    return _Reader(lines, record).read()


class _Reader:
    """Walk the lines of a form once, knowing the columns of the last heading passed."""

    def __init__(self, lines: Sequence[Line], record: Record) -> None:
        self.lines = lines
        self.record = record
        self.table = Table()
        self.columns: Columns | None = None
        self.ended: Columns | None = None
        self.resumed = 0
        self.whole: Cell | None = None  # a total of more than the rows since the last one
        self.spare: list[tuple[Cell, bool]] = []
        self.levels: dict[str, str | None] = {"level1": None, "level2": None}

    def read(self) -> Table:
        skip = 0
        for position, line in enumerate(self.lines):
            if position < skip:
                self.table.used.add(position)
                continue
            columns = indicator_columns(self.lines, position)
            if columns is not None:
                skip = position + columns.height
                heading = [cell for each in self.lines[position:skip] for cell in each.starts]
                self._heading(columns, heading)
                self.record.account(*(cell for cell in heading if columns.knows(cell)))
                self.table.used.add(position)
            elif self.columns is not None:
                self._line(line, position, self.columns)
            elif self.ended is not None:
                self._after(line, position, self.ended)
        if self.resumed and self._is_partial(self.table.rows[self.resumed :]):
            self.table.total = None
        return self.table

    def _after(self, line: Line, position: int, columns: Columns) -> None:
        """Go on with rows below what looked like the end, and with a total row below the remarks."""
        if heads_table(line):
            self.ended = None
        elif _is_whole_row(line, columns):
            self.columns = columns
            self.resumed = len(self.table.rows) if self.table.total is not None else 0
            self._line(line, position, columns)
        elif is_total_row(line) and (self.table.total is None or position - 1 in self.table.used):
            self._total(line, columns)
            self.table.used.add(position)

    def _is_partial(self, rows: Sequence[Indicator]) -> bool:
        """Tell whether the last total is that of the rows since the one before, not of the form."""
        scores = [row.score for row in rows if row.score is not None]
        return bool(scores) and sum(scores) == self.table.total

    def _heading(self, columns: Columns, cells: Sequence[Cell]) -> None:
        """Take the columns of a heading, and note where each stands: a blank cell is found by it."""
        for role in ("level1", "level2", *_OF_A_ROW):
            column = min(columns.by_role.get(role, (-1,)))
            over = [cell for cell in cells if cell.column <= column < cell.end and cell.place]
            if over:
                self.record.places.setdefault(f"indicators.{role}", over[-1].place)
        repeated = self.columns is not None
        self.columns = columns
        self.table.scored = self.table.scored or "score" in columns
        if not repeated:
            for cell in columns.unknown:
                self.record.missed("indicators", cell, say("expected.table_heading"))

    def _line(self, line: Line, position: int, columns: Columns) -> None:
        if is_total_row(line):
            self._total(line, columns)
            self.table.used.add(position)
            self._end()
        elif not self.table.execution and self._is_execution(line, columns):
            self._execution(line, columns)
            self.table.used.add(position)
        elif self._skipped(line) or self._opens_level(line):
            subtotal = subtotal_of(line, columns, self.table.rows, self.levels)
            self.table.subtotals += [subtotal] if subtotal is not None else []
            self.table.used.add(position)
            if subtotal is not None:
                self._note_strange(line, columns)
            self.record.account(*line.starts)
        elif self._ends(line, columns):
            self._end()
        elif self._goes_on(line, columns):
            self._append(line, columns)
            self.table.used.add(position)
        elif line.kind == "table" and any(_own(columns, line, role) for role in _OF_A_ROW):
            self._row(line, columns)
            self.table.used.add(position)

    def _end(self) -> None:
        self.columns, self.ended = None, self.columns

    def _ends(self, line: Line, columns: Columns) -> bool:
        if line.kind == "text" and self.table.rows:
            return False
        match = label_role(line.keys[0]) if line.keys and not _stands_in_front(line, columns) else None
        if match is not None and match.role in _AFTER:
            return True
        prose = columns.cell(line, "target")
        return prose is not None and prose is columns.cell(line, "actual")  # one text over both is no row

    def _is_execution(self, line: Line, columns: Columns) -> bool:
        """Tell whether a line is that of the money's execution, which no level of indicators holds."""
        named = [c.text for role in ("level1", "level2", "name") for c in _own(columns, line, role)]
        named = [text for text in named if not is_blank(text)]
        pointed = any(number(c.text) is not None for role in _POINTS for c in _own(columns, line, role))
        return pointed and bool(named) and all(map(is_execution, named)) and self._heads_itself(line, columns)

    def _heads_itself(self, line: Line, columns: Columns) -> bool:
        """Tell whether no level of another line reaches into a line."""
        levels = [columns.cell(line, role) for role in ("level1", "level2") if role in columns]
        return all(cell is None or cell.row == line.row for cell in levels)

    def _execution(self, line: Line, columns: Columns) -> None:
        """Keep the points of the money's execution, its rate (the actual), and the reason beside them."""
        named = [c for role in ("level1", "level2", "name") for c in columns.cells(line, role)]
        roles = {"weight": "weight", "score": "score", "review": "review", "rate": "actual"}
        found = {own: columns.cell(line, role) for own, role in roles.items()}
        self.table.execution = {own: c for own, c in found.items() if c is not None and c not in named}
        self.record.remarks += [c for role in _NARRATIVE for c in _own(columns, line, role)]
        self.record.account(*line.starts)

    def _skipped(self, line: Line) -> bool:
        """Tell whether the line is a partial sum, a note on the form, or its title printed again."""
        own = len(line.texts) == 1 and (is_title(line.texts[0]) or is_footnote(line.texts[0]))
        return own or any(is_subtotal(text) for text in line.texts[:2])

    def _opens_level(self, line: Line) -> bool:
        """Take a level-1 label that stands alone on its line, above the rows that it holds."""
        if len(line.texts) != 1 or line.kind == "text" or not is_level1(line.texts[0]):
            return False
        self.levels = {"level1": flow(line.texts[0]), "level2": None}
        return True

    def _goes_on(self, line: Line, columns: Columns) -> bool:
        """Tell whether the line is the rest of a row that a page break cut in two."""
        if not (line.first and line.continues and self.table.rows):
            return False
        roles = {
            role for role in columns.by_role if any(not is_blank(c.text) for c in _own(columns, line, role))
        }
        if not _POINTS & columns.by_role.keys():
            return roles <= {"reason"}
        return not roles & _FIGURES and (not roles >= _NAMED or self._is_pointed())

    def _is_pointed(self) -> bool:
        """Tell whether every row has points, so that a line without any is no row."""
        return all(row.weight is not None or row.score is not None for row in self.table.rows)

    def _append(self, line: Line, columns: Columns) -> None:
        row = self.table.rows[-1]
        if all(_joined(_own(columns, line, role)) for role in _NAMED):
            self.record.evidence.spliced.add(len(self.table.rows) - 1)
        for role in ("name", "target", "actual", *_NARRATIVE):
            more = _joined(_own(columns, line, role))
            if more:
                texts: dict[str, Any] = {role: flow(f"{getattr(row, role) or ''}\n{more}")}
                row = replace(row, **texts)
        self.table.rows[-1] = row
        for role in ("level1", "level2"):
            self._end_label(role, _joined(_own(columns, line, role)))
        self.record.account(*line.starts)

    def _end_label(self, role: str, rest: str) -> None:
        """Give the rest of a level label that a page break cut to the rows that have its beginning."""
        from perfkit.readers.layout.flattened.levels import is_level_name

        begun = self.levels[role]
        whole = flow(f"{begun}\n{rest}")
        if not rest or begun is None or is_level_name(rest):
            return
        if is_level_name(begun) and not is_level_name(whole):
            return
        self.levels[role] = whole
        for position in range(len(self.table.rows) - 1, -1, -1):
            row = self.table.rows[position]
            if getattr(row, role) != begun:
                break
            texts: dict[str, Any] = {role: self.levels[role]}
            self.table.rows[position] = replace(row, **texts)

    def _row(self, line: Line, columns: Columns) -> None:
        path = f"indicators[{len(self.table.rows)}]"
        texts: dict[str, Any] = {
            role: _text(columns, line, role)
            for role in ("name", "target", "actual", "initial_target", *_NARRATIVE)
        }
        cells = {role: next(iter(_own(columns, line, role)), None) for role in _POINTS}
        levels: dict[str, Any] = self._levels(line, columns, texts)
        name = texts["name"]
        filled = [role for role in ("target", "actual", *_NARRATIVE) if texts[role]]
        points = [cell for cell in cells.values() if cell is not None and not is_blank(cell.text)]
        if (name is None or is_template(name)) and not filled and (name is not None or not points):
            return
        start = len(self.record.unread)
        weight = self.record.figure(f"{path}.weight", cells["weight"], say("expected.weight"))
        score = self.record.figure(f"{path}.score", cells["score"], say("expected.score"))
        if name is None and not filled and weight is None and score is None and not levels["level1"]:
            del self.record.unread[start:]
            return
        for role in (*texts, *levels):
            self.record.found(
                f"{path}.{role}", *(c for c in columns.cells(line, role) if not is_blank(c.text))
            )
        self._note_lacking(line, columns)
        self._note_shared(line, columns)
        self._note_misfits(line, columns, path)
        self._note_target(line, columns, path)
        beside = self._beside(line, columns, path)
        self._homeless(line, columns, path)
        for role in _GOALS & columns.by_role.keys():
            own = [cell for cell in columns.cells(line, role) if not is_blank(cell.text)]
            known = self.table.goals.setdefault(role, [])
            known += [cell for cell in own if cell not in known]
        units = columns.cells(line, "unit")
        self.record.account(*(c for c in line.starts if c not in units or not _FIGURE.fullmatch(c.text)))
        self.table.project = self.table.project or columns.cell(line, "project")
        self.table.rows.append(Indicator(**texts, **levels, weight=weight, score=score, **beside))

    def _note_misfits(self, line: Line, columns: Columns, path: str) -> None:
        """Note a cell that no heading stands over whole, one for two columns, and a second figure in one."""
        astride = columns.astride(line)
        if astride is not None:
            self.record.evidence.astride[path] = astride.text
        for one, other in combinations(("name", "target", "actual", "weight", "score"), 2):
            cell = columns.cell(line, one)
            if cell is not None and not is_blank(cell.text) and cell is columns.cell(line, other):
                self.record.evidence.astride[f"{path}.{other}"] = cell.text
        front = next((cell for cell in line.starts if cell in columns.cells(line, "skip")), None)
        if front is not None and front.column < min(columns.by_role.get("name", (0,))):
            serial = front.text.strip()
            found = int(serial) if serial.isdecimal() else None
            self.record.evidence.serial[len(self.table.rows)] = found
        for role in _POINTS:
            for cell in _own(columns, line, role)[1:]:
                if not is_blank(cell.text):
                    self.record.missed(f"{path}.{role}", cell, say(f"expected.{role}"))

    def _note_strange(self, line: Line, columns: Columns) -> None:
        """List the values that a partial sum prints and that are none of its points."""
        points = [next(iter(_own(columns, line, role)), None) for role in _FIGURES]
        for cell in line.starts:
            if cell not in points and cell not in columns.cells(line, "skip") and is_plain_value(cell.text):
                self.record.missed("", cell, say("expected.heading"))

    def _note_target(self, line: Line, columns: Columns, path: str) -> None:
        """List what stands where a target's sign or unit should, and a rate that has the sign of a target."""
        value = flow(_joined(columns.cells(line, "target")))
        bare = self.record.evidence.aligned and not re.search(r"\d", value)
        units = columns.cells(line, "unit") if bare or pattern("date").fullmatch(value) else []
        odd = [c for c in columns.cells(line, "nature") if strangeness("nature", c.text) >= STRANGE]
        odd += [c for c in columns.cells(line, "unit") if _is_no_unit(squeeze(c.text))]
        odd += [c for c in units if not re.search("[年月日天旬]", c.text)]
        odd += [c for c in columns.cells(line, "skip") if _is_bound(squeeze(c.text))]
        for cell in (cell for cell in odd if cell.row == line.row and not is_blank(cell.text)):
            self.record.missed(f"{path}.target", cell, say("expected.sign_or_unit"))

    def _note_lacking(self, line: Line, columns: Columns) -> None:
        """Note the columns that a row has no cell for: in a grid, those behind its last cell."""
        evidence = self.record.evidence
        evidence.columns |= columns.by_role.keys()
        end = max((cell.end for cell in line.cells), default=0)
        evidence.ends[f"indicators[{len(self.table.rows)}]"] = (end, columns.width)
        two = columns.cell(line, "level2")
        if "level2" in columns and two is None and self.levels["level2"]:
            evidence.carried[len(self.table.rows)] = self.levels["level2"]
        lacking = frozenset(
            role
            for role, found in columns.by_role.items()
            if role not in _GOALS
            and (evidence.aligned or min(found) >= end)
            and any(line.at(column) is None for column in found)
        )
        if lacking:
            evidence.lacking[len(self.table.rows)] = lacking

    def _note_shared(self, line: Line, columns: Columns) -> None:
        """Note the points that stand in a cell which begins on a row above: once for several rows."""
        above = {role: cell for role in _POINTS if (cell := columns.cell(line, role)) and cell.row < line.row}
        shared = frozenset(role for role, cell in above.items() if not is_blank(cell.text))
        for role in shared:
            if id(above[role].origin or above[role]) not in self.record.held:
                self.record.missed(
                    f"indicators[{len(self.table.rows)}]", above[role], say(f"expected.{role}")
                )
        if shared:
            self.record.evidence.shared[len(self.table.rows)] = shared

    def _beside(self, line: Line, columns: Columns, path: str) -> dict[str, Any]:
        """Read the figures that stand beside a row's score: points taken off by hand, a reviewer's score."""
        found: dict[str, Any] = {}
        for role in (role for role in _BESIDE if role in columns):
            cell = next(iter(_own(columns, line, role)), None)
            found[role] = self.record.figure(f"{path}.{role}", cell, _BESIDE[role])
        return found

    def _homeless(self, line: Line, columns: Columns, path: str) -> None:
        """List what a row prints where no heading stands, or under one whose role another column has."""
        for cell in line.starts:
            if not columns.heads(cell.column) and not is_block([cell]):
                self.record.missed(path, cell, say("expected.heading"))
            elif cell.column in columns.spare:
                self._spare(columns.spare[cell.column], cell)

    def _spare(self, heading: Cell, cell: Cell) -> None:
        """List a column that is not read, once; remarks (备注) beside the reasons are no doubt."""
        match = column_role(key(heading.text))
        remark = match is not None and match.role == "note" and strangeness("reason", cell.text) < STRANGE
        if (heading, remark) in self.spare:
            return
        self.spare.append((heading, remark))
        if remark:
            told = say("expected.one_column")
            self.record.aside.append(Unread("indicators", heading.place, heading.text.strip(), told))
        else:
            self.record.missed("indicators", heading, say("expected.one_column"))

    def _levels(self, line: Line, columns: Columns, texts: dict[str, str | None]) -> dict[str, str | None]:
        """Give the levels of a row: as printed, or carried down where the cell below is left empty."""
        one, two = columns.cell(line, "level1"), columns.cell(line, "level2")
        name = columns.cell(line, "name")
        if name is not None and name in (one, two):
            texts["name"] = (
                None if key(name.text).endswith("指标") and len(key(name.text)) < _LABEL else texts["name"]
            )
        for role, cell in (("level1", one), ("level2", two)):
            if cell is None or (cell is name and texts["name"]):
                continue
            text = flow(cell.text)
            if text and is_blank(text):
                self.levels[role] = None
            elif text:
                if role == "level1" and text != self.levels[role]:
                    self.levels["level2"] = None
                self.levels[role] = text
        both = both_levels(self.levels["level1"] or "") if "level2" not in columns else None
        if both is not None:
            self.levels["level1"], self.levels["level2"] = both
        return dict(self.levels)

    def _total(self, line: Line, columns: Columns) -> None:
        """Read the total row: its score and its grade."""
        cell = total_cell(line, columns)
        whole = next((number(each.text) for each in columns.cells(line, "weight")), None)
        end = max((each.end for each in line.cells), default=0)
        self.record.evidence.summed = True
        self.record.evidence.ends["total"] = (end, columns.width)
        self.record.evidence.whole = whole or self.record.evidence.whole
        self.record.account(*(c for c in columns.cells(line, "weight") if number(c.text) is not None))
        for label in (each for each in line.starts if is_level_label(each.text) and not is_total(each.text)):
            self.record.missed("total", label, say("expected.total"))
        if cell is not None:
            if self.whole is not None and number(self.whole.text) != number(cell.text):
                self.record.missed("total", self.whole, say("expected.one_total"))
            self.table.total = self.record.figure("total", cell, say("expected.total"))
            self.whole = None if self._is_partial(self.table.rows[self.resumed :]) else cell
            strange = {column for role in ("score", *_NARRATIVE) for column in columns.by_role.get(role, ())}
            others = (c for c in line.starts if columns.heads(c.column) and c.column not in strange)
            self.record.account(*(other for other in others if number(other.text) is not None))
        review = review_cell(line, columns)
        if review is not None and review is not cell:
            self.table.review_total = self.record.figure("review_total", review, say("expected.review_total"))
        grade = grade_cell(line)
        if grade is not None:
            self.table.grade = grade[0]
            self.record.found("grade", grade[1])


def _is_no_unit(text: str) -> bool:
    return strangeness("unit", text) >= STRANGE or (len(text) > 2 and bool(pattern("measure").search(text)))  # noqa: PLR2004


def _is_bound(text: str) -> bool:
    """Tell a sign with a figure behind it (≥90%), as no rule of scoring is (超过不得分)."""
    sign = pattern("sign").match(text)
    return sign is not None and pattern("value").fullmatch(text[sign.end() :]) is not None


def _is_whole_row(line: Line, columns: Columns) -> bool:
    """Tell whether a line has all that a row of a table has: a name, a target or an actual, and points."""
    own = {role for role in columns.by_role if any(not is_blank(c.text) for c in _own(columns, line, role))}
    figures = [columns.cell(line, role) for role in _POINTS if role in columns]
    texts = own & _NAMED
    return (
        line.kind == "table"
        and len(texts) == len(_NAMED & columns.by_role.keys())
        and all(cell is not None and number(cell.text) is not None for cell in figures)
        and columns.cell(line, "target") is not columns.cell(line, "actual")
        and not is_total_row(line)
        and not any(label_role(key(text)) for text in line.texts[:1])
    )


def _stands_in_front(line: Line, columns: Columns) -> bool:
    """Tell whether a line opens with the label of the whole block, left of a row's own levels and name."""
    levels = [column for role in ("level1", "level2", "name") for column in columns.by_role.get(role, ())]
    first = line.starts[0]
    filled = {role for role in ("name", "target", "actual") if _own(columns, line, role)}
    return first.column < min(levels, default=0) and first.rowspan > 1 and len(filled) > 1


def _own(columns: Columns, line: Line, role: str) -> list[Cell]:
    return [cell for cell in columns.cells(line, role) if cell.row == line.row]


def _joined(cells: Sequence[Cell], between: str = "") -> str:
    return between.join(cell.text.strip() for cell in cells if not is_blank(cell.text))


def _text(columns: Columns, line: Line, role: str) -> str | None:
    cells = [cell for cell in columns.cells(line, role) if cell.row == line.row or cell.rowspan > 1]
    if role == "target":
        text = _target(columns, line, cells)
    elif role in _NARRATIVE:
        text = _joined(cells, "\n")
    else:
        text = flow(_joined(cells))
    return None if is_blank(text) else text


def _target(columns: Columns, line: Line, cells: Sequence[Cell]) -> str:
    """Join a target that is printed in columns: operator (指标性质), value (指标值), unit (度量单位)."""
    nature = squeeze_nature(_joined(columns.cells(line, "nature")))
    value = flow(_joined(cells))
    unit = flow(_joined(columns.cells(line, "unit")))
    if is_blank(value):
        return ""
    if nature and value.startswith(nature):
        nature = ""
    if unit and (value.endswith(unit) or not re.search(r"\d\s*$", value)):
        unit = ""
    return f"{nature}{value}{unit}"


_NATURES = {
    "正向": "",
    "反向": "",
    "定性": "",
    "定量": "",
    "大于等于": "≥",
    "小于等于": "≤",
    "等于": "=",
    "大于": ">",
    "小于": "<",
}


def squeeze_nature(text: str) -> str:
    """Give the operator that a nature cell (指标性质) stands for; words such as 定性 stand for none."""
    plain = "".join(text.split())
    if plain in _NATURES:
        return _NATURES[plain]
    return plain if re.fullmatch(r"[^\w\s]{1,2}", plain) else ""


def flow(text: str) -> str:
    """Join the lines of a cell whose breaks are only layout; keep a space between Latin words."""
    joined = re.sub(rf"(?<={_HAN})\s*\n\s*|\s*\n\s*(?={_HAN})", "", text.strip())
    return re.sub(r"\s*\n\s*", lambda m: _gap(joined, m), joined)


def _gap(text: str, match: re.Match[str]) -> str:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return " " if before.isascii() and after.isascii() and before.isalpha() and after.isalpha() else ""
