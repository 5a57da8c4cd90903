"""Text: a table of tabs, commas, bars or drawn borders, or one that was flattened into lines.

The encoding is found by trying, strictly; where no way of reading the bytes gives words of a form, the
reader says so instead of guessing.
"""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from dataclasses import replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from perfkit.errors import DataError, Fault, theirs
from perfkit.readers.characters import clean
from perfkit.readers.grid import Cell, Grid, text_grid
from perfkit.readers.layout.align import Columns, Piece, Row, rows_of
from perfkit.readers.layout.looks import is_level_label, is_measured, is_plain_value, level_of, pattern
from perfkit.readers.layout.record import number
from perfkit.readers.layout.texts import PROSE, WORDS, Text, laid_out
from perfkit.readers.layout.words import (
    column_role,
    is_fund_name,
    is_subtotal,
    is_total,
    key,
    label_role,
)
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from perfkit.language import Text as Said


_BORDER = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")
_OF_TABLE = re.compile(r"\s*[+|].*[+|]\s*")
_GAP = re.compile(r"\s{2,}")
_FEWEST = 3
_FILL = "\0"  # stands behind a character that takes two places


def bordered_grids(lines: Sequence[str], name: str) -> list[Grid]:
    """Read a text whose tables are drawn with borders; [] where there is none."""
    if sum(bool(_BORDER.fullmatch(line)) for line in lines) < _FEWEST:
        return []
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    grids: list[Grid] = []
    for kind, run in groupby(numbered, key=lambda each: _kind_of(each[1])):
        block = list(run)
        if kind == "drawn":
            grids.append(Grid(tuple(_cells([(number, _spread(line)) for number, line in block])), name))
        elif kind == "parted":
            grids.append(Grid(tuple(_parted_cells(block)), name))
        elif kind == "text":
            texts = ((_unescaped(line.strip()), f"line {number}") for number, line in block)
            grids.append(text_grid(texts, name))
    return grids


def _unescaped(text: str) -> str:
    """Give a text of a table in Markdown without the marks that keep its signs from being markup."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def _kind_of(line: str) -> str:
    """Tell what a line is of: a drawn table, one whose columns blanks part, its rules, or running text."""
    if _OF_TABLE.fullmatch(line):
        return "drawn"
    if re.fullmatch(r"[\s:=-]*", line):
        return "rule"
    return "parted" if _GAP.search(line.strip()) else "text"


def _parted_cells(block: Sequence[tuple[int, str]]) -> Iterator[Cell]:
    for row, (at, line) in enumerate(block):
        for column, part in enumerate(_GAP.split(line.strip())):
            yield Cell(_unescaped(part), row, column, place=f"line {at}")


def _spread(line: str) -> str:
    return "".join(c + _FILL if unicodedata.east_asian_width(c) in "WF" else c for c in line.rstrip())


def _cells(block: Sequence[tuple[int, str]]) -> Iterator[Cell]:
    lines = [line for _, line in block]
    borders = [n for n, line in enumerate(lines) if re.search(r"\+[-=:]{2,}", line)]
    edges = sorted({n for line in (lines[b] for b in borders) for n, c in enumerate(line) if c == "+"})
    taken: set[tuple[int, int]] = set()
    for row in range(len(borders) - 1):
        for column in range(len(edges) - 1):
            if (row, column) in taken:
                continue
            wide = tall = 1
            while column + wide < len(edges) - 1 and not _parts(lines, borders, row, edges[column + wide]):
                wide += 1
            while row + tall < len(borders) - 1 and not _closes(
                lines[borders[row + tall]], edges, column, wide
            ):
                tall += 1
            taken |= {(r, c) for r in range(row, row + tall) for c in range(column, column + wide)}
            inner = range(borders[row] + 1, borders[row + tall])
            text = [lines[n][edges[column] + 1 : edges[column + wide]] for n in inner]
            plain = "\n".join(t for line in text if (t := line.replace(_FILL, "").strip()))
            place = f"line {block[borders[row] + 1][0]}, column {column + 1}"
            yield Cell(_unescaped(plain), row, column, tall, wide, place)


def _parts(lines: Sequence[str], borders: Sequence[int], row: int, edge: int) -> bool:
    """Tell whether a bar stands at an edge on the first line of a row."""
    line = lines[borders[row] + 1]
    return line[edge : edge + 1] in {"|", "+"}


def _closes(border: str, edges: Sequence[int], column: int, wide: int) -> bool:
    """Tell whether a border is drawn below some columns."""
    return bool(re.fullmatch("[-=:+]+", border[edges[column] + 1 : edges[column + wide]]))


# text: a table whose cells are parted by tabs, commas or bars, or one that was flattened into lines


_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TRIED = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
_WORDS = re.compile("项目|專案|項目|绩效|績效|指标|指標|资金|資金|预算|預算|完成|得分|自评|自評")
_ODD = re.compile("[\x01-\x08\x0e-\x1f\ue000-\uf8ff\ufffe\uffff]")
_MOST_LINES = 20_000
_MOST_ON_A_PAGE = 2_000
_CELLS = 3
_TORN = 2
_CELLS_OF_NAME = frozenset({"project", "department", "unit"})
_ROWS = 6  # lines among which one holds more than one word
_ANSWERED = frozenset({"project", "department", "unit", "expected", "outcome", "notes", "remark",
                       "filled_by", "phone", "filled_on"})  # fmt: skip
_HANGING, _SHORT_LINE = 1.5, 1.5  # what a full line may lack, and what it costs to go on behind a short one
_WRAPPED = 0.1  # what it costs that a cell goes on over a line's end
_KNOWN = 8  # headings, labels and levels that make a text the words of a form


def decode(data: bytes, name: str, declared: str = "") -> str:
    """Decode text strictly: by its byte order mark, by what it declares, then by trying.

    Raises:
        DataError: where no encoding gives words of a form.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data, encoding) or _unknown(name, [encoding])
    wide = data[:4096].count(b"\x00") > len(data[:4096]) // 50
    encodings = _TRIED[3:] if wide else _TRIED[:3]
    declared = "gb18030" if declared.lower() in {"gb2312", "gbk"} else declared
    tries = [*([declared] if declared and not wide else []), *encodings]
    for encoding in tries:
        text = _strict(data, encoding)
        if text is not None and _WORDS.search(text) and len(_ODD.findall(text)) * 100 <= len(text):
            return text
    return _unknown(name, tries)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _unknown(name: str, tried: Sequence[str]) -> str:
    raise DataError(
        Fault(
            say("faults.no_readable_text_form"),
            name,
            got=say("expected.odd_bytes", encodings=", ".join(tried)),
            expected=say("faults.form_text_utf_n8"),
            hint=say("faults.save_again_with_encoding_utf"),
        )
    )


def grids(data: bytes, name: str) -> list[Grid]:
    """Read a text as one grid of cells, or as flattened lines.

    Raises:
        DataError: where the encoding cannot be told, or there are more lines than any form has.
    """
    paged = clean(decode(data, name).replace("\r\n", "\n").replace("\r", "\n"))
    text = paged.replace("\f", "\n\n")
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        raise DataError(
            Fault(
                say("faults.more_lines_than_any"),
                name,
                got=f"{len(lines):,}",
                expected=say("faults.at_most_5", most_lines=f"{_MOST_LINES:,}"),
            )
        )
    lines = _unwrapped(lines)
    text = "\n".join(lines)
    drawn = bordered_grids(lines, name)
    if drawn:
        return drawn
    for delimiter in ("\t", "|", ","):
        if _parted(lines, delimiter):
            return [_table(text, delimiter, name)]
    flat = text_grid(((line, f"line {n}") for n, line in enumerate(lines, start=1)), name, known="lines")
    spaced = _spaced(paged)
    if not spaced and "\f" in paged and _is_shredded(lines):
        raise DataError(
            Fault(
                say("faults.text_without_rows"),
                name,
                expected=say("faults.rows_of_text"),
                hint=say("faults.import_pdf_itself"),
            )
        )
    return [
        replace(
            flat, instead=(*spaced, *_by_words(lines, name), *(_in_order(lines, name) if not spaced else ()))
        )
    ]


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """Join the lines of a row that html2text wrapped: where lines end in two blanks, one without goes on."""
    full = sum(line.endswith("  ") for line in lines)
    if full < _CELLS or full * 2 < sum(bool(line.strip()) for line in lines):
        return list(lines)
    joined: list[str] = []
    open_ = False
    for line in lines:
        joined += [] if open_ and line.strip() else [line]
        if open_ and line.strip():
            joined[-1] = f"{joined[-1]} {line}"
        open_ = "|" in line and not line.endswith("  ") and not re.fullmatch(r"[\s|:-]*", line)
    return joined


def _by_words(lines: Sequence[str], name: str) -> Iterator[tuple[Grid, ...]]:
    """Read lines whose every blank parts two cells, where the indicator heading is parted so."""
    if _parted(lines, " "):
        cells = (
            Cell(part, row, column, place=f"line {row + 1}, field {column + 1}")
            for row, line in enumerate(lines)
            for column, part in enumerate(line.split())
        )
        table = Grid(tuple(cells), name, known="rows")
        unread = tuple(_behind_values(lines))
        for grids in laid_out(table):
            yield tuple(replace(grid, placed=True, unread=(*grid.unread, *unread)) for grid in grids)


def _behind_values(lines: Sequence[str]) -> Iterator[tuple[str, str, Said]]:
    """List the words behind a name that a blank may have cut in two."""
    for row, line in enumerate(lines, start=1):
        count = len(_CELLS_OF_NAME)
        for n, part in enumerate(line.split(), start=1):
            match = label_role(key(part.partition("：")[0]))
            count = count + 1 if match is None else 0 if match.role in _CELLS_OF_NAME else len(_CELLS_OF_NAME)
            if count == 2:  # noqa: PLR2004
                yield f"line {row}, field {n}", part, say("expected.one_way")


def _is_shredded(lines: Sequence[str]) -> bool:
    """Tell whether a table was torn into lines of one word, of which nothing tells the order."""
    words = [line.split() for line in lines if line.strip()]
    known = sum(len(line) == 1 and _is_known(line[0]) for line in words)
    return known >= _KNOWN and sum(len(line) > 1 for line in words) * _ROWS < len(words)


def _in_order(lines: Sequence[str], name: str) -> Iterator[tuple[Grid, ...]]:
    """Read lines as the words of cells that follow each other, as `pdftotext -raw` gives a table."""
    words = [_Word(part, row, n) for row, line in enumerate(lines) for n, part in enumerate(line.split())]
    words = _paragraphs(_known(_values(words)))
    if sum(_is_known(word.text) for word in words) >= _KNOWN:
        cells = (Cell(w.text, w.line, w.at, place=f"line {w.line + 1}, field {w.at + 1}") for w in words)
        yield (replace(_Words([[cell] for cell in cells], whole=True).grid(name), placed=True),)


class _Words(Text):
    """Lay out words: those of the first column begin a line, and cells go on behind full lines."""

    told = WORDS | PROSE

    def __init__(self, lines: Sequence[Sequence[Cell]], *, whole: bool) -> None:
        super().__init__(lines, whole=whole)
        self.widths: dict[str, float] = {}  # of the columns

    def _emit(self, cells: Sequence[tuple[Cell, int]]) -> None:
        super()._emit([(replace(cell, text=cell.text.replace("\n", "")), n) for cell, n in cells])

    def _labels(self, at: int) -> int:
        """Lay out a label, and list where its value may go on behind a blank."""
        end = super()._labels(at)
        behind = self.lines[end][0] if end < len(self.lines) else None
        own = label_role(key(self.lines[at][0].text))
        if own and behind and behind.column and label_role(key(behind.text.partition("：")[0])) is None:
            self.unread.append((behind.place, behind.text, say("expected.one_way")))
        return end

    def _ends(self, at: int, filled: Sequence[Cell], roles: Sequence[str]) -> bool:
        return filled[0].column == 0 and super()._ends(at, filled, roles)

    def _parted(self, chunk: Sequence[Piece], roles: tuple[str, ...]) -> list[Row]:
        """Part words into rows twice: once more when it is known how wide the columns are."""
        words = [replace(piece, opens=piece.cell.column == 0) for piece in chunk]
        columns = Columns(roles, self._joining, words=True)
        for row in rows_of(words, columns):
            for column, found in row.cells.items():
                role = roles[column] if column < len(roles) else ""
                self.widths[role] = max(self.widths.get(role, 0.0), *map(_width, found))
        return rows_of(words, columns)

    def _joining(self, role: str, before: Piece, piece: Piece) -> float | None:
        """Words of one cell stand on lines that follow each other, or meet where a figure ends or begins."""
        if is_level_label(piece.text) or role not in self.told:
            return None
        if piece.cell.column == 0:
            short = _width(before) < self.widths.get(role, 0.0) - _HANGING
            return _WRAPPED + (_SHORT_LINE if short else 0.0)
        figure = role not in PROSE and number(piece.text) is not None
        meets = before.text[-1:].isascii() != piece.text[:1].isascii() and not figure
        return (_WRAPPED if role in PROSE else 2 * _WRAPPED) if meets else None

    def _settled(self, rows: Sequence[Row], roles: Sequence[str], figures: Sequence[Decimal]) -> list[Row]:
        """Choose by the sums, and list where a row may end otherwise, or where no sum can tell."""
        chosen = super()._settled(rows, roles, figures)
        for one, other in pairwise(row for row in chosen if row.cells):
            self._note_border(one, other, roles)
        if not {"weight", "score"} <= {*roles} and rows:
            cell = self.lines[0][0]
            self.unread.append((cell.place, cell.text, say("expected.one_way")))
        return chosen

    def _note_border(self, one: Row, other: Row, roles: Sequence[str]) -> None:
        """List where prose may go on in the name of the next row, or its last line be the name's first."""
        (last, told), (first, named) = max(one.cells.items()), min(other.cells.items())
        if max(last, first) >= len(roles) or roles[first] not in WORDS:
            return
        weight, score = (one.text(roles.index(role)) if role in roles else "" for role in ("weight", "score"))
        asked = not weight or number(weight) != number(score)
        sure = len(named) == 1 or not asked
        if roles[last] in PROSE:
            full = min(self.widths.get(roles[n], 0.0) for n in (last, first)) - _HANGING
            sure = _width(told[-1]) < full and (len(named) == 1 or asked)
        if not sure:
            text = f"{told[-1].text} | {named[0].text}"
            self.unread.append((named[0].cell.place, text, say("expected.one_way")))


def _width(piece: Piece) -> float:
    return sum(0.5 if character.isascii() else 1.0 for character in piece.text)


class _Word(NamedTuple):
    """Hold a word: its text, its line, and how many stand before it there."""

    text: str
    line: int
    at: int

    def with_(self, *others: _Word) -> _Word:
        return self._replace(text="".join((self.text, *(other.text for other in others))))


def _is_known(text: str) -> bool:
    """Tell whether a text is a heading, a label, or the name of a level or of money."""
    plain = key(text)
    level = is_level_label(text) and bool(level_of(text))
    heads = (column_role(plain), column_role(plain, "budget"))
    firm = any(match is not None and match.firm for match in heads)
    return firm or label_role(plain) is not None or level or is_fund_name(plain)


def _values(words: Sequence[_Word]) -> list[_Word]:
    """Join the words of a line that make a value or a date (10 | 月底前), or that a bracket holds."""
    found: list[_Word] = []
    at = 0
    while at < len(words):
        count = next((n for n in (5, 4, 3, 2) if _is_value(words[at : at + n], n)), 1)
        found.append(words[at].with_(*words[at + 1 : at + count]))
        at += count
    return found


def _is_value(words: Sequence[_Word], count: int) -> bool:
    if len(words) < count or any(word.line != words[0].line for word in words):
        return False
    text = "".join(word.text for word in words)
    if not all(_meet(one, other) for one, other in pairwise(words)):
        return False
    opened, closed = (sum(map(words[0].text.count, marks)) for marks in ("(（", ")）"))
    held = opened > closed and text.endswith((")", "）"))
    return held or bool(pattern("date").fullmatch(text)) or is_measured(text)


def _meet(one: _Word, other: _Word) -> bool:
    """Tell whether of two words on a line one ends and one begins with a figure or Latin letter."""
    ends = (one.text[-1], other.text[0])
    plain = [end for end in ends if end.isascii() and (end.isalnum() or end == "%")]
    return one.line == other.line and len(plain) == 1 and all(end.isalnum() or end in "%（）" for end in ends)


def _known(words: Sequence[_Word]) -> list[_Word]:
    """Join what stands on lines that follow each other and makes a heading, a label or a level."""
    found: list[_Word] = []
    at = 0
    while at < len(words):
        count = next((n for n in (4, 3, 2) if _is_torn(words[at : at + n], n)), 1)
        found.append(words[at].with_(*words[at + 1 : at + count]))
        at += count
    return found


def _is_torn(words: Sequence[_Word], count: int) -> bool:
    """Tell whether words at the beginnings of lines go on with one that a line's end cut in two."""
    if len(words) < count or any(word.at or word.line == words[0].line for word in words[1:]):
        return False
    if any(re.match(r"[\d—–-]", word.text) or re.search("[，；。]", word.text) for word in words):
        return False
    if any(is_plain_value(w.text) or is_total(w.text) or is_subtotal(w.text) for w in words[1:]):
        return False
    whole = "".join(word.text for word in words)
    first, both = (column_role(key(text)) for text in (words[0].text, whole))
    if first is not None and both is not None and {first.role, both.role} == {"reason"}:  # 原因 | 及改进措施
        return not any(is_level_label(word.text) for word in words[1:])
    rest = [word.text for word in words[1:] if len(word.text) > _TORN]  # 指标, 拨款: what is left of a label
    return _is_known(whole) and not any(map(_is_known, rest))


def _paragraphs(words: Sequence[_Word]) -> list[_Word]:
    """Join the words of a value behind a label: over lines to a full stop, on a line where figures meet."""
    found: list[_Word] = []
    behind = False
    for n, word in enumerate(words):
        label = label_role(key(word.text.replace("：", ":").partition(":")[0]))
        known = label is not None or _is_known(word.text)
        meets = n > 0 and _meet(words[n - 1], word)
        goes_on = (word.at == 0 and not found[-1].text.endswith("。")) if found else False
        if behind and not known and not _is_known(found[-1].text) and (meets or goes_on):
            found[-1] = found[-1].with_(word)
            continue
        behind = (label is not None and label.role in _ANSWERED) or (behind and not known)
        found.append(word)
    return found


def _spaced(text: str) -> tuple[tuple[Grid, ...], ...]:
    """Read a text whose columns are made of blanks, where its indicator heading is parted by runs of them."""
    if any(page.count("\n") > _MOST_ON_A_PAGE for page in text.split("\f")):
        return ()
    for line in text.split("\n"):
        parts = re.split(r"\s{2,}", line.strip())
        if len(parts) >= _CELLS and sum(column_role(key(part)) is not None for part in parts) >= _CELLS:
            from perfkit.readers.unruled import spaced_grids

            return tuple(tuple(spaced_grids(text, width)) for width in (_one, _printed))
    return ()


def _one(_: str) -> float:
    """Give the width of a character where each takes one place, as pdftotext lays a page out."""
    return 1.0


def _printed(character: str) -> float:
    """Give the width of a character where Han ones take two places, as an editor shows them."""
    return 2.0 if unicodedata.east_asian_width(character) in "WF" else 1.0


def _parted(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether a heading of the indicator table is parted by a delimiter."""
    for line in lines:
        parts = [part.strip(' "') for part in line.split(delimiter)]
        if len(parts) >= _CELLS and sum(column_role(key(part)) is not None for part in parts) >= _CELLS:
            return True
    return False


def _table(text: str, delimiter: str, name: str, *, quoted: bool = True) -> Grid:
    lines = text.split("\n") if delimiter == "|" else _keep_ends(text)
    rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    cells = []
    try:
        for row, parts in enumerate(rows):
            line = rows.line_num
            cells += [
                Cell(
                    _unescaped(part.strip()) if delimiter == "|" else part.strip(),
                    row,
                    column,
                    place=f"line {line}, field {column + 1}",
                )
                for column, part in enumerate(parts)
                if not re.fullmatch(r"\s*:?-{3,}:?\s*", part)
            ]
            if delimiter == "\t" and quoted and any("\t" in part and "\n" in part for part in parts):
                return _table(text, delimiter, name, quoted=False)  # a mark that nothing closes
    except csv.Error as error:
        raise DataError(
            Fault(
                say("faults.table_cannot_read"),
                name,
                say("faults.line_3", line_num=rows.line_num),
                got=theirs(str(error)),
            )
        ) from None
    return Grid(tuple(cells), name, known="rows")


def _keep_ends(text: str) -> list[str]:
    return text.splitlines(keepends=True)
