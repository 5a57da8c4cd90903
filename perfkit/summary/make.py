"""Run the summary's notebook over a folder of reports and write it in the formats asked for.

In the Excel workbook each table that a department is asked for has a sheet. Every cell is a text or a
number, never a formula; each sheet prints on A4 landscape, its head on each page and each row as high as
its text.
"""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, get_args
from unicodedata import east_asian_width

from perfkit.batch.portfolio import write_index
from perfkit.errors import Fault, SettingsError
from perfkit.files import write_atomic
from perfkit.text import choose, say
from perfkit.text.folding import lines_in
from perfkit.workspace import find_workspace, notebook_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.language import Language
    from perfkit.summary.department import Summary
    from perfkit.summary.elements import Table

Format = Literal["html", "pdf", "docx", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)
NAME = "summary"
NOTEBOOK = "portfolio_report.ipynb"


def make(
    out: str | Path = "reports",
    formats: Sequence[Format] = ("html", "xlsx"),
    language: Language = "zh",
    workspace: str | Path = "",
) -> list[Path]:
    """Write the summary of a folder of reports beside them: `summary.html`, `.pdf`, `.docx`, `.xlsx`.

    HTML, PDF and Word come from notebooks/portfolio_report.ipynb, the workspace's own or the one that
    perfkit ships; the workbook from the same parts.

    Raises:
        SettingsError: there is no report in the folder yet.
        MachineError: the ledger is damaged, or a font is missing.
    """
    from perfkit.publish import publish
    from perfkit.summary.department import Summary

    folder = Path(out)
    summary = Summary(folder, language)
    if not summary.state.projects and not summary.state.portfolio.failures:
        what, hint = say("summary.no_reports"), say("summary.no_reports_hint")
        raise SettingsError(Fault(what, str(out), hint=hint))
    written: dict[str, bytes] = {}
    pages = [wanted for wanted in formats if wanted != "xlsx"]
    root = Path(workspace) if workspace else find_workspace(folder)
    with ThreadPoolExecutor(1) as beside:  # the notebook runs in a process of its own
        executed = beside.submit(_executed, folder, language, root) if pages else None
        if "xlsx" in formats:
            written["xlsx"] = workbook(summary, language)
    if executed is not None:
        written |= publish(executed.result(), pages, name=NAME, workspace=str(root))  # type: ignore[arg-type]
    paths = []
    for wanted in formats:
        path = folder / f"{NAME}.{wanted}"
        write_atomic(path, written[wanted])
        paths.append(path)
    write_index(folder, summary.state.portfolio)  # it names the summary's files
    return paths


def _executed(folder: Path, language: Language, root: Path) -> Any:
    """Run the notebook in a kernel of its own."""
    import papermill

    with TemporaryDirectory(prefix="perfkit-") as temporary:
        return papermill.execute_notebook(
            str(notebook_of(root, NOTEBOOK)),
            str(Path(temporary) / "summary.ipynb"),
            {"reports": str(folder.absolute()), "language": language},
            engine_name="perfkit",
            progress_bar=False,
        )


_FIGURE = re.compile(r"-?[\d,]+(?:\.\d+)?%?")
_WIDEST, _NARROWEST = 48, 8
_LINE, _TALLEST = 15.0, 409.0  # points
_SAMPLE = 200  # rows whose texts decide a column's width


def workbook(summary: Summary, language: Language) -> bytes:
    """Write the workbook: 汇总表, 排名, 未完成指标明细, 问题清单, 整改台账; a sheet without rows says so.

    不列为问题 stands in it only where a person has set a finding aside.
    """
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, {**options, "strings_to_numbers": False})
    styles = _styles(book)
    sheets = {
        "sheet_summary": summary.figures(),
        "sheet_ranking": summary.projects(),
        "sheet_unmet": summary.unmet(),
        "sheet_findings": summary.findings(),
        "sheet_rectification": summary.rectification(),
    }
    if (aside := summary.set_aside()) is not None:
        sheets["sheet_set_aside"] = aside
    for key, table in sheets.items():
        _sheet(book, choose(f"summary.{key}", language), table, styles, language)
    book.close()
    return stream.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    plain = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#c8ccd0"}
    return {
        "head": book.add_format({**plain, "bold": True, "bg_color": "#eef2f6", "valign": "vcenter"}),
        "text": book.add_format(plain),
        "figure": book.add_format({**plain, "num_format": "#,##0.00", "align": "right"}),
        "count": book.add_format({**plain, "num_format": "#,##0", "align": "right"}),
        "percent": book.add_format({**plain, "num_format": "0.00%", "align": "right"}),
    }


def _sheet(book: Any, name: str, table: Table | None, styles: dict[str, Any], language: Language) -> None:
    sheet = book.add_worksheet(name)
    if table is None:
        sheet.write_string(0, 0, choose("summary.nothing", language))
        return
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.heading) - 1)
    sheet.set_footer("&C&P / &N")
    widths = [_column(table, column) for column in range(len(table.heading))]
    for column, label in enumerate(table.heading):
        sheet.write_string(0, column, label, styles["head"])
        sheet.set_column(column, column, widths[column])
    for line, row in enumerate(table.rows, start=1):
        sheet.set_row(line, _height(row, widths))
        for column, text in enumerate(row):
            _cell(sheet, (line, column), text, styles, is_figure=column >= table.figures)


def _column(table: Table, column: int) -> int:
    """Give a column the width of its texts, within bounds."""
    texts = [table.heading[column], *(row[column] for row in table.rows[:_SAMPLE])]
    return min(max(max(map(_width, texts)) + 2, _NARROWEST), _WIDEST)


def _height(row: Sequence[str], widths: Sequence[int]) -> float:
    """Give a row the height of its longest text, in points."""
    long = [(text, width) for text, width in zip(row, widths, strict=True) if 2 * len(text) > width - 2]
    lines = max((lines_in(text, width) for text, width in long), default=1)
    return min(_LINE * lines + 2, _TALLEST)


def _cell(sheet: Any, place: tuple[int, int], text: str, styles: dict[str, Any], *, is_figure: bool) -> None:
    """Write a figure of a column of figures as a number, everything else as a text."""
    value = _number(text) if is_figure else None
    if value is None:
        sheet.write_string(*place, text, styles["text"])
    elif text.endswith("%"):
        sheet.write_number(*place, value / 100, styles["percent"])
    else:
        sheet.write_number(*place, value, styles["figure" if "." in text else "count"])


def _width(text: str) -> int:
    """Give the width of a text in Latin letters; a Chinese character is two wide."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _number(text: str) -> float | None:
    if not _FIGURE.fullmatch(text):
        return None
    try:
        return float(Decimal(text.rstrip("%").replace(",", "")))
    except InvalidOperation:
        return None
