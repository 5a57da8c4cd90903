"""Excel books (.xlsx, .xlsm): cells as they print, with merged spans; macros and formulas never run.

Values and number formats come from openpyxl, row by row, so that a sheet with one cell in its last row
costs one cell. A formula counts with the value stored beside it; one without a value is listed as unread.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault
from perfkit.readers.grid import Cell, Grid, struck_out
from perfkit.readers.struck import Strikes, kept_strings, struck_fonts

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CELLS = 200_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EXACT = 4
_MOST_SPANNED = 1000
_MOST_TOLD = 6


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the visible sheets of a book as grids.

    Raises:
        DataError: where the book is damaged, or holds more cells than any form.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        with zipfile.ZipFile(BytesIO(data)) as archive:
            strikes = Strikes(struck_fonts(book), kept_strings(archive))
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            return [_grid(sheet, archive, strikes, name) for sheet in visible]
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001  a damaged book fails anywhere inside the library
        raise DataError(
            Fault("the Excel book is damaged", name, got=f"{type(error).__name__}: {error}"[:200],
                  hint="open it in Excel or WPS and save it again as .xlsx")
        ) from None  # fmt: skip


@dataclass(slots=True)
class _Facts:
    """Hold what openpyxl's streaming reader leaves out: merges, what is hidden, formulas without a value.

    `hidden` holds rows as (0, row) and columns as (1, column), from 0; `unseen` the texts found there.
    `kept` holds what is left of texts that are struck out in part, `struck` the cells of which nothing is.
    """

    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    empty_formulas: list[tuple[str, str]] = field(default_factory=list)
    hidden: set[tuple[int, int]] = field(default_factory=set)
    unseen: dict[tuple[int, int], list[tuple[str, str]]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    struck: list[tuple[int, str, str]] = field(default_factory=list)

    def where_hidden(self, place: tuple[int, int], tall: int, wide: int) -> tuple[int, int] | None:
        """Give the hidden row or column that a cell lies in with all that it spans."""
        for axis, span in ((0, tall), (1, wide)):
            if all((axis, place[axis] + n) in self.hidden for n in range(min(span, _MOST_SPANNED))):
                return (axis, place[axis])
        return None


def _grid(sheet: Any, archive: zipfile.ZipFile, strikes: Strikes, name: str) -> Grid:
    facts = _facts(archive, sheet, strikes)
    cells = tuple(_cells(sheet, facts, strikes, name))
    return Grid(cells, sheet.title, unread=tuple(_unread(sheet.title, facts)))


def _unread(title: str, facts: _Facts) -> Iterator[tuple[str, str, str]]:
    for ref, formula in facts.empty_formulas:
        expected = "a value stored beside the formula: open the book in Excel or WPS and save it"
        yield (f"{title}!{ref}", f"={formula}", expected)
    for (axis, _), found in facts.unseen.items():
        expected = f"a {('row', 'column')[axis]} that is shown (hidden ones are not read)"
        yield (f"{title}!{found[0][0]}", " | ".join(text for _, text in found[:_MOST_TOLD]), expected)
    yield from struck_out(facts.struck)


def _cells(sheet: Any, facts: _Facts, strikes: Strikes, name: str) -> Iterator[Cell]:
    count = 0
    sheet.reset_dimensions()  # else every empty row is padded to the width that the sheet claims
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            count += 1
            if count > MOST_CELLS:
                raise DataError(
                    Fault("the sheet holds more cells than any form", name, sheet.title,
                          expected=f"at most {MOST_CELLS:,}", hint="keep the form in a book of its own")
                )  # fmt: skip
            place = (cell.row - 1, cell.column - 1)
            tall, wide = facts.merged.pop(place, (1, 1))
            text = shown(cell.value, cell.number_format)
            unseen = facts.where_hidden(place, tall, wide) if facts.hidden else None
            if unseen is None:
                where = f"{sheet.title}!{cell.coordinate}"
                left = "" if strikes.whole(cell) else facts.kept.get(cell.coordinate, text)
                if not left.strip():
                    facts.struck.append((cell.row, where, text))
                yield Cell(left, *place, tall, wide, where)
            elif text.strip():
                facts.unseen.setdefault(unseen, []).append((cell.coordinate, text))
    for place, (tall, wide) in facts.merged.items():
        yield Cell("", *place, tall, wide)


def _facts(archive: zipfile.ZipFile, sheet: Any, strikes: Strikes) -> _Facts:
    from lxml import etree

    facts = _Facts()
    path = sheet._worksheet_path  # noqa: SLF001  no public way to a streamed sheet's part
    with archive.open(path) as part:
        tags = (f"{_MAIN}c", f"{_MAIN}mergeCell", f"{_MAIN}row", f"{_MAIN}col")
        for _, node in etree.iterparse(part, tag=tags, resolve_entities=False, no_network=True):
            if node.tag.endswith("mergeCell"):
                _merge(facts, node.get("ref", ""))
            elif node.tag.endswith("}c"):
                formula, value = node.find(f"{_MAIN}f"), node.find(f"{_MAIN}v")
                if formula is not None and (value is None or not value.text) and node.get("t") != "str":
                    facts.empty_formulas.append((node.get("r", ""), formula.text or ""))
                left = strikes.left(node)
                if left is not None:
                    facts.kept[node.get("r", "")] = left
            elif node.tag.endswith("}col"):
                _hide(facts, 1, node.get("hidden"), node.get("min"), node.get("max"))
            else:
                _hide(facts, 0, node.get("hidden"), node.get("r"), node.get("r"))
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
    return facts


def _hide(facts: _Facts, axis: int, hidden: str | None, first: str | None, last: str | None) -> None:
    if hidden in {"1", "true"} and first and last:
        facts.hidden |= {
            (axis, n - 1) for n in range(int(first), min(int(last), int(first) + _MOST_SPANNED) + 1)
        }


def _merge(facts: _Facts, ref: str) -> None:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(ref))
    facts.merged[top - 1, left - 1] = (bottom - top + 1, right - left + 1)


def shown(value: object, style: str = "General") -> str:
    """Give a cell's value as it prints, without dropping digits that were typed.

    A figure keeps the decimals of its number format (96.9 as 0.00 is 96.90) and its percent sign; digits
    beyond the format stay where they were typed, and go where they are a division's tail.
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _figure(value, style)
    if isinstance(value, dt.datetime | dt.date):
        return _date(value, style)
    return str(value)


def _figure(value: float, style: str) -> str:
    from decimal import Decimal

    plain = re.sub(r"\[[^\]]*\]|_.|\*.", "", style.split(";", maxsplit=1)[0])
    percent = "%" in re.sub(r'"[^"]*"', "", plain)
    number = Decimal(f"{value:.15g}") * (100 if percent else 1)
    match = re.search(r"[0#?](?:\.([0?]+))?(?!.*[0#?])", plain.replace("#,##0", "0"))
    decimals = len(match[1] or "") if match and plain != "General" else None
    typed = max(0, -int(number.normalize().as_tuple().exponent))
    if decimals is not None and (typed < decimals or typed > _EXACT):
        number = round(number, decimals)
    else:
        number = round(number, typed)
    prefix, suffix = _literals(plain)
    return f"{prefix}{number:f}{'%' if percent else ''}{suffix}"


def _literals(style: str) -> tuple[str, str]:
    """Give the quoted texts that a number format prints before and after the figure (`0"个"`)."""
    match = re.fullmatch(r'(?:"([^"]*)")?[#0?,.%]*(?:"([^"]*)")?', style)
    return (match[1] or "", match[2] or "") if match else ("", "")


def column_letters(column: int) -> str:
    """Give the letters of a column numbered from 0: A, B, … AA."""
    from openpyxl.utils import get_column_letter

    letters: str = get_column_letter(column + 1)
    return letters


def _date(value: dt.datetime | dt.date, style: str) -> str:
    if "年" in style:
        day = f"{value.day}日" if "日" in style or "d" in style else ""
        return f"{value.year}年{value.month}月{day}"
    if "月" in style:
        return f"{value.month}月{value.day}日"
    return f"{value:%Y-%m-%d}"
