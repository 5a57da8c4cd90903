"""The official form as an Excel book: merged cells, borders, A4, sums as formulas, scores within bounds.

XlsxWriter stores a value beside each formula, so that a reader that does not calculate sees the sum.
Every text is written as text: a name that starts with `=`, `+`, `-` or `@` never becomes a formula.
"""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault
from perfkit.text import say
from perfkit.text.folding import lines_in

if TYPE_CHECKING:
    from perfkit.writers import Box, Sheet, Style

_FONTS: dict[Style, dict[str, object]] = {
    "title": {"font_name": "方正小标宋简体", "font_size": 20, "align": "center"},
    "year": {"font_name": "楷体", "font_size": 12, "align": "center"},
    "label": {"font_name": "黑体", "font_size": 10, "align": "center"},
    "text": {"font_name": "仿宋", "font_size": 10, "align": "left"},
    "figure": {"font_name": "Times New Roman", "font_size": 10, "align": "center"},
}
_A4 = 9
_DIGITS = 15
_LONGEST = 32_767
_LINE = 14.0
_TALLEST = 400.0
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PERCENT = re.compile(r"(\d+(?:\.(\d+))?)%")


def rendered(sheet: Sheet) -> bytes:
    """Give the bytes of the book."""
    from xlsxwriter import Workbook

    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                             "strings_to_numbers": False})  # fmt: skip
    _Book(book, sheet).draw()
    book.close()
    return target.getvalue()


class _Book:
    """Draw boxes as cells of one worksheet."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self.book = book
        self.sheet = sheet
        self.page = book.add_worksheet("绩效自评表")
        self.formats: dict[tuple[Style, str], Any] = {}

    def draw(self) -> None:
        for column, width in enumerate(self.sheet.widths):
            self.page.set_column(column, column, width)
        for row in range(self.sheet.rows):
            self.page.set_row(row, self._height(row))
        for box in self.sheet.boxes:
            self._box(box)
        if self.sheet.foot:
            self._foot(self.sheet.foot)
        self._print()

    def _foot(self, text: str) -> None:
        """Write the line below the table, without a frame."""
        row, last = self.sheet.rows, self.sheet.columns - 1
        style = self.book.add_format({**_FONTS["text"], "valign": "vcenter", "text_wrap": True})
        self.page.merge_range(row, 0, row, last, "", style)
        self.page.write_string(row, 0, _CONTROL.sub("", text)[:_LONGEST], style)
        self.page.set_row(row, _LINE * lines_in(text, sum(self.sheet.widths)) + 10)

    def _print(self) -> None:
        page, sheet = self.page, self.sheet
        page.set_paper(_A4)
        page.set_portrait()
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.print_area(0, 0, sheet.rows - (not sheet.foot), sheet.columns - 1)
        page.repeat_rows(sheet.table, sheet.table + sheet.heading - 1)
        page.set_footer("&C&P / &N")

    def _format(self, style: Style, number: str = "") -> Any:
        found = self.formats.get((style, number))
        if found is None:
            border = 0 if style in {"title", "year"} else 1
            fit = "shrink" if style == "figure" else "text_wrap"  # a figure too wide would print as ####
            settings = {"valign": "vcenter", fit: True, "border": border, **_FONTS[style]}
            found = self.book.add_format(settings | ({"num_format": number} if number else {}))
            self.formats[style, number] = found
        return found

    def _box(self, box: Box) -> None:
        right, bottom = box.column + box.wide - 1, box.row + box.tall - 1
        if (right, bottom) != (box.column, box.row):
            self.page.merge_range(box.row, box.column, bottom, right, "", self._format(box.style))
        self._value(box)
        self._bounds(box)

    def _value(self, box: Box) -> None:
        place = (box.row, box.column)
        if box.sums:
            formula = "=SUM(" + ",".join(_name(cell) for cell in box.sums) + ")"
            value = float(box.value) if isinstance(box.value, Decimal) else ""
            number = _number_format(box.value) if isinstance(box.value, Decimal) else "General"
            self.page.write_formula(*place, formula, self._format(box.style, number), value)
        elif isinstance(box.value, Decimal) and _fits(box.value):
            self.page.write_number(
                *place, float(box.value), self._format(box.style, _number_format(box.value))
            )
        elif box.value is None:
            self.page.write_blank(*place, None, self._format(box.style))
        else:
            self._text(box, f"{box.value:f}" if isinstance(box.value, Decimal) else box.value)

    def _text(self, box: Box, text: str) -> None:
        percent = _PERCENT.fullmatch(text) if box.style == "figure" else None
        if percent and len(percent[1]) <= _DIGITS:
            digits = len(percent[2] or "")
            number = "0." + "0" * digits + "%" if digits else "0%"
            value = float(Decimal(percent[1]).scaleb(-2))
            self.page.write_number(box.row, box.column, value, self._format(box.style, number))
            return
        clean = _CONTROL.sub("", text)
        if len(clean) > _LONGEST:
            raise DataError(
                Fault(
                    say("faults.text_longer_than_excel"),
                    place=_name((box.row, box.column)),
                    got=f"{len(clean):,} characters",
                    expected=say("faults.at_most_7", longest=f"{_LONGEST:,}"),
                )
            )
        self.page.write_string(box.row, box.column, clean, self._format(box.style, "@"))

    def _bounds(self, box: Box) -> None:
        """Let a points cell take only what is valid: a weight up to 100, a score up to its weight."""
        if not box.entry:
            return
        most = f"={_name(box.ceiling)}" if box.ceiling else 100
        what = "分值应在0到100之间" if box.entry == "weight" else "得分应在0到分值之间"
        self.page.data_validation(
            box.row, box.column, box.row, box.column,
            {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most,
             "error_title": "不在有效范围", "error_message": what},
        )  # fmt: skip

    def _height(self, row: int) -> float:
        """Give a row the height that its longest text needs, since merged cells do not grow by themselves."""
        lines = [
            lines_in(str(box.value), sum(self.sheet.widths[box.column : box.column + box.wide])) / box.tall
            for box in self.sheet.boxes
            if box.row <= row < box.row + box.tall and isinstance(box.value, str)
        ]
        title = 32.0 if row == 0 else 20.0
        return min(_TALLEST, max(title, _LINE * max(lines, default=1.0) + 6))


def _name(cell: tuple[int, int]) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    name: str = xl_rowcol_to_cell(*cell)
    return name


def _fits(value: Decimal) -> bool:
    """Tell whether Excel's numbers hold all digits of a figure."""
    return len(value.as_tuple().digits) <= _DIGITS and abs(value.adjusted()) < _DIGITS


def _number_format(value: Decimal) -> str:
    """Give the number format that prints a figure with its own decimals."""
    decimals = max(0, -int(value.as_tuple().exponent))
    return "0." + "0" * decimals if decimals else "0"
