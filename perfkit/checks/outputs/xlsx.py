"""Findings as a work list for the office: a row a finding, with a column to tick when it is mended.

Cells hold text and numbers, never formulas, whatever a form says.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from perfkit.checks.labels import field_label, place_label, severity_label
from perfkit.checks.pages import pages
from perfkit.checks.wording import printable
from perfkit.language import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfkit.checks.finding import Finding

TICK = "✓"
MOST_ROWS = 1_048_576
_COLUMNS = (
    (Text("自评表", "Form"), 34),
    (Text("行", "Row"), 6),
    (Text("栏目", "Field"), 16),
    (Text("位置", "Place"), 14),
    (Text("级别", "Severity"), 9),
    (Text("代码", "Code"), 9),
    (Text("问题", "Finding"), 46),
    (Text("依据", "Evidence"), 46),
    (Text("修改建议", "Suggestion"), 40),
    (Text("已处理", "Done"), 9),
    (Text("处理说明", "Remark"), 24),
)
_DONE = 10
_MANUAL = ((Text("代码", "Code"), 9), (Text("名称", "Title"), 28), (Text("为什么重要", "Why it matters"), 60),
           (Text("如何修改", "How to mend it"), 60))  # fmt: skip
_FILLS = {"error": "F8D7DA", "warning": "FFF3CD", "info": "E2EEF9"}


class XlsxWriter:
    """Write a workbook of two sheets: the work list, and what each code on it means."""

    def __init__(self, stream: IO[bytes], language: str) -> None:
        self._stream = stream
        self._language = language
        self._book = Workbook(write_only=True)
        self._codes: set[str] = set()
        self._rows = 1
        self._list = self._sheet(Text("问题清单", "Work list"), _COLUMNS)
        ticks = DataValidation(type="list", formula1=f'"{TICK}"', allow_blank=True)
        ticks.add(f"J2:J{MOST_ROWS}")
        self._list.data_validations.append(ticks)

    def add(self, findings: Iterable[Finding], file: str = "") -> None:  # noqa: ARG002 each finding names its file
        """Write the rows of one form."""
        language = self._language
        for finding in findings:
            self._codes.add(finding.code)
            self._rows += 1
            fill = PatternFill("solid", fgColor=_FILLS[finding.severity])
            values: list[str | int | None] = [
                finding.file,
                finding.row,
                field_label(finding.field, language),
                place_label(finding.place, language),
                severity_label(finding.severity, language),
                finding.code,
                finding.message[language],
                finding.evidence[language],
                finding.fix[language],
                None,
                None,
            ]
            cells = [self._cell(self._list, value) for value in values]
            cells[4].fill = fill
            cells[_DONE - 1].alignment = Alignment(horizontal="center", vertical="top")
            self._list.append(cells)

    def close(self) -> None:
        """Write the sheet of explanations and the workbook."""
        self._list.auto_filter.ref = f"A1:K{self._rows}"
        manual = self._sheet(Text("说明", "Manual"), _MANUAL)
        for code in sorted(self._codes):
            page = pages()[code]
            parts = (code, *(text[self._language] for text in (page.title, page.why, page.mend)))
            manual.append([self._cell(manual, part) for part in parts])
        self._book.save(self._stream)

    def _sheet(self, title: Text, columns: tuple[tuple[Text, int], ...]) -> Any:
        sheet = self._book.create_sheet(title[self._language])
        sheet.freeze_panes = "A2"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:1"
        for letter, (_, width) in zip("ABCDEFGHIJK", columns, strict=False):
            sheet.column_dimensions[letter].width = width
        head = [self._cell(sheet, label[self._language]) for label, _ in columns]
        for cell in head:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="D9E2EC")
        sheet.append(head)
        return sheet

    def _cell(self, sheet: Any, value: str | int | None) -> Any:
        cell = WriteOnlyCell(sheet, value=printable(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell
