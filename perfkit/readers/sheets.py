"""Old Excel books (.xls), binary ones (.xlsb) and OpenDocument sheets (.ods), through calamine."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

from perfkit.errors import DataError, Fault, theirs
from perfkit.readers.grid import Cell, Grid
from perfkit.readers.numberformat import printed
from perfkit.readers.xlsx import MOST_CELLS, column_letters
from perfkit.text import say


def grids(data: bytes, name: str) -> list[Grid]:
    """Read the visible sheets of a book as grids.

    Raises:
        DataError: where the book is damaged, encrypted, or holds more cells than any form.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        visible = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
        return [_grid(book.get_sheet_by_name(sheet), name) for sheet in visible]
    except PasswordError:
        raise DataError(
            Fault(say("faults.book_encrypted"), name, hint=say("faults.open_with_its_password"))
        ) from None
    except DataError:
        raise
    except BaseException as error:
        if not isinstance(error, (CalamineError, OSError, ValueError)) and not _panicked(error):
            raise
        raise DataError(
            Fault(
                say("faults.book_damaged"),
                name,
                got=theirs(error),
                hint=say("faults.open_excel_wps_save"),
            )
        ) from None


def _panicked(error: BaseException) -> bool:
    """Tell whether calamine, which is written in Rust, gave up on a damaged book in the Rust way."""
    return type(error).__name__ == "PanicException"


def _grid(sheet: Any, name: str) -> Grid:
    if sheet.total_height * sheet.total_width > MOST_CELLS * 50:
        raise DataError(
            Fault(
                say("faults.sheet_larger_than_any"),
                name,
                sheet.name,
                got=say(
                    "faults.rows_columns",
                    total_height=f"{sheet.total_height:,}",
                    total_width=f"{sheet.total_width:,}",
                ),
                hint=say("faults.keep_form_book_its"),
            )
        )
    merged = {
        (top, left): (bottom - top + 1, right - left + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    }
    cells = []
    for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
        for column, value in enumerate(values):
            tall, wide = merged.pop((row, column), (1, 1))
            if value == "" and (tall, wide) == (1, 1):
                continue
            place = f"{sheet.name}!{column_letters(column)}{row + 1}"
            cells.append(Cell(_shown(value), row, column, tall, wide, place))
    if len(cells) > MOST_CELLS:
        raise DataError(Fault(say("faults.sheet_holds_more_cells"), name, sheet.name))
    return Grid(tuple(cells), sheet.name)


def _shown(value: object) -> str:
    """Give a value as it prints; old books do not tell their number formats."""
    match value:
        case bool():
            return "是" if value else "否"
        case int() | float():
            return printed(Decimal(f"{value:.15g}"), "General")
        case dt.datetime() | dt.date():
            return f"{value:%Y-%m-%d}"
    return str(value)
