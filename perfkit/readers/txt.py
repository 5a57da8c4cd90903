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
from itertools import groupby
from typing import TYPE_CHECKING

from perfkit.errors import DataError, Fault, theirs
from perfkit.readers.characters import clean
from perfkit.readers.grid import Cell, Grid, text_grid
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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
            grids.append(text_grid(((line.strip(), f"line {number}") for number, line in block), name))
    return grids


def _kind_of(line: str) -> str:
    """Tell what a line is of: a drawn table, one whose columns blanks part, its rules, or running text."""
    if _OF_TABLE.fullmatch(line):
        return "drawn"
    if re.fullmatch(r"[\s:=-]*", line):
        return "rule"
    return "parted" if _GAP.search(line.strip()) else "text"


def _parted_cells(block: Sequence[tuple[int, str]]) -> Iterator[Cell]:
    for row, (number, line) in enumerate(block):
        for column, part in enumerate(_GAP.split(line.strip())):
            yield Cell(part, row, column, place=f"line {number}")


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
            yield Cell(plain, row, column, tall, wide, place)


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
    return [replace(flat, instead=(*_spaced(paged), *_by_words(lines, name)))]


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
    from perfkit.readers.layout.texts import laid_out

    if _parted(lines, " "):
        cells = (
            Cell(part, row, column, place=f"line {row + 1}, field {column + 1}")
            for row, line in enumerate(lines)
            for column, part in enumerate(line.split())
        )
        table = Grid(tuple(cells), name, known="rows")
        yield from (tuple(replace(grid, placed=True) for grid in grids) for grids in laid_out(table))


def _spaced(text: str) -> tuple[tuple[Grid, ...], ...]:
    """Read a text whose columns are made of blanks, where its indicator heading is parted by runs of them."""
    from perfkit.readers.layout.words import column_role, key

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
    from perfkit.readers.layout.words import column_role, key

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
                Cell(part.strip(), row, column, place=f"line {line}, field {column + 1}")
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
