"""Findings as a work list for the office: a row a finding, with a column to tick when it is mended.

One list for all, or one for each unit. A list prints on A4 landscape, its head on each page and each row as
high as its text. Cells hold text and numbers, never formulas, whatever a form says.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from perfkit.checks.finding import Finding, Findings, pages
from perfkit.checks.phrasing import field_label, printable, severity_label
from perfkit.files import free_stem, safe_stem
from perfkit.language import Text
from perfkit.text import say
from perfkit.text.catalogue import place_in
from perfkit.text.folding import lines_in, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfkit.form import Ignore

TICK = "✓"
MOST_ROWS = 1_048_576
_COLUMNS = (
    (say("checks.sheet.project"), 17),
    (say("checks.sheet.department"), 13),
    (say("checks.sheet.unit"), 13),
    (say("checks.sheet.form"), 15),
    (say("checks.sheet.row"), 5),
    (say("checks.sheet.field"), 10),
    (say("checks.sheet.place"), 10),
    (say("checks.sheet.severity"), 8),
    (say("checks.sheet.code"), 8),
    (say("checks.sheet.finding"), 28),
    (say("checks.sheet.evidence"), 25),
    (say("checks.sheet.fix"), 24),
    (say("checks.sheet.done"), 8),
    (say("checks.sheet.remark"), 14),
)
_DONE = 13
_MANUAL = ((say("checks.sheet.code"), 9), (say("checks.sheet.title"), 28), (say("checks.page.why"), 75),
           (say("checks.page.mend"), 75))  # fmt: skip
Columns = tuple[tuple[Text, int], ...]
_A4, _FONT, _SIZE, _SMALL = 9, "宋体", 10, 6
_LINE, _TALLEST = 13.5, 400.0  # points; Excel has no row higher than 409
_EDGE = Side("thin", "C8CCD0")
_FRAME = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_MARGIN = 0.4  # inches
_NAMELESS = say("checks.sheet.nameless")
_FILLS = {"error": "F8D7DA", "warning": "FFF3CD", "info": "E2EEF9"}


_ASIDE = say("checks.list.aside")


def _remark(aside: Ignore) -> str:
    """Give the reason that a person set a finding aside for, and who it was."""
    return f"{aside.reason}（{aside.by}）" if aside.by else aside.reason


class XlsxWriter:
    """Write a workbook of two sheets: the work list, and what each code on it means."""

    def __init__(self, stream: IO[bytes], language: str, head: str = "") -> None:
        self._stream = stream
        self._language = language
        self._head = head.replace("&", "&&")  # what stands above each printed page
        self._book = Workbook(write_only=True)
        self._codes: set[str] = set()
        self._rows = 1
        self._list = self._sheet(say("checks.sheet.list"), _COLUMNS)
        ticks = DataValidation(type="list", formula1=f'"{TICK}"', allow_blank=True)
        ticks.add(f"M2:M{MOST_ROWS}")
        self._list.data_validations.append(ticks)

    def add(self, findings: Iterable[Finding], file: str = "") -> None:  # noqa: ARG002 each finding names its file
        """Write the rows of one form; what a person has set aside comes last, with the reason as remark."""
        language = self._language
        found = [*findings, *(findings.set_aside if isinstance(findings, Findings) else ())]
        for finding in found:
            self._codes.add(finding.code)
            self._rows += 1
            fill = PatternFill("solid", fgColor=_FILLS[finding.severity])
            values: list[str | int | None] = [
                finding.owner.project,
                finding.owner.department,
                finding.owner.unit,
                finding.source or finding.file,
                finding.row,
                field_label(finding.field, language),
                place_in(finding.place, language),
                severity_label(finding.severity, language),
                finding.code,
                finding.message[language],
                finding.evidence[language],
                finding.fix[language],
                None if finding.set_aside is None else _ASIDE[language],
                None if finding.set_aside is None else _remark(finding.set_aside),
            ]
            cells = [self._cell(self._list, value) for value in values]
            cells[7].fill = fill
            cells[_DONE - 1].alignment = Alignment(horizontal="center", vertical="top")
            self._append(self._list, self._rows, cells, _COLUMNS)

    def close(self) -> None:
        """Write the sheet of explanations and the workbook."""
        self._list.auto_filter.ref = f"A1:N{self._rows}"
        manual = self._sheet(say("checks.sheet.manual"), _MANUAL)
        for row, code in enumerate(sorted(self._codes), start=2):
            page = pages()[code]
            parts = (code, *(text[self._language] for text in (page.title, page.why, page.mend)))
            self._append(manual, row, [self._cell(manual, part) for part in parts], _MANUAL)
        self._book.save(self._stream)

    def _append(self, sheet: Any, row: int, cells: Sequence[Any], columns: Columns) -> None:
        """Append a row as high as its longest text; a text too long for any row is set smaller."""
        tallest = _LINE
        for cell, (_, width) in zip(cells, columns, strict=True):
            height = _LINE * lines_in(str(cell.value or ""), width)
            if height > _TALLEST:
                cell.font, height = Font(name=_FONT, size=_SMALL), _TALLEST
            tallest = max(tallest, height)
        sheet.row_dimensions[row].height = tallest + 4
        sheet.append(cells)

    def _sheet(self, title: Text, columns: Columns) -> Any:
        sheet = self._book.create_sheet(title[self._language])
        sheet.freeze_panes = "A2"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:1"
        margins = sheet.page_margins
        margins.left = margins.right = _MARGIN
        margins.top = margins.bottom = _MARGIN * 2
        sheet.oddHeader.left.text, sheet.oddFooter.center.text = self._head or None, "&P / &N"
        for letter, (_, width) in zip("ABCDEFGHIJKLMN", columns, strict=False):
            sheet.column_dimensions[letter].width = width
        head = [self._cell(sheet, label[self._language]) for label, _ in columns]
        for cell in head:
            cell.font = Font(name=_FONT, size=_SIZE, bold=True)
            cell.fill = PatternFill("solid", fgColor="D9E2EC")
        self._append(sheet, 1, head, columns)
        return sheet

    def _cell(self, sheet: Any, value: str | int | None) -> Any:
        cell = WriteOnlyCell(sheet, value=printable(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font, cell.border = Font(name=_FONT, size=_SIZE), _FRAME
        return cell


class WorkLists:
    """Gather findings by unit (实施单位), so that each unit is sent its own list and nobody else's."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._units: dict[tuple[str, str], list[Findings]] = {}

    def add(self, findings: Iterable[Finding], file: str = "") -> None:  # noqa: ARG002 each finding names its owner
        """Take the findings of one form, or those across forms."""
        aside = findings.set_aside if isinstance(findings, Findings) else ()
        for one in (*findings, *aside):
            owner = one_line(one.owner.department), one_line(one.owner.unit)
            parted = Findings([one]) if one.set_aside is None else Findings(set_aside=[one])
            self._units.setdefault(owner, []).append(parted)

    def close(self) -> None:
        """Do nothing: the lists are made one by one."""

    def books(self) -> Iterator[tuple[str, int, bytes]]:
        """Give each list: a name for its file, how many findings it holds, and its bytes.

        A unit that two departments have, each of its own, is named with the department.
        """
        used: set[str] = set()
        names = [unit or department for department, unit in self._units]
        for (department, unit), found in sorted(self._units.items()):
            name = unit or department or _NAMELESS[self._language]
            shared = names.count(unit or department) > 1 and department and unit
            stream = io.BytesIO()
            out = XlsxWriter(stream, self._language, name)
            for findings in found:
                out.add(findings)
            out.close()
            stem = safe_stem(f"{department}-{unit}" if shared else name, _NAMELESS[self._language])
            yield free_stem(stem, used), sum(map(len, found)), stream.getvalue()
