"""An executed notebook as something people read: one HTML file, one PDF.

Two nbconvert exporters, `perfkit-html` and `perfkit-pdf`, and `publish`, which is the same for a process that
publishes many: the exporters are made once and used again. Both work on the notebook's outputs alone.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode

    from perfkit.publish.base import ReportExporter

Format = Literal["html", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)

__all__ = ["FORMATS", "Format", "publish", "warm"]


def publish(
    notebook: NotebookNode, formats: Iterable[Format] = FORMATS, name: str = "report", folder: str = ""
) -> dict[Format, bytes]:
    """Give the report of an executed notebook in each of the formats, as bytes ready to be written.

    `name` stands in for the title of a notebook that has no heading; the notebook's relative paths (theme,
    pictures) start at `folder`, or where the process runs.

    Raises:
        SettingsError: a parameter of the notebook (`language`, `code`, `theme`) or its theme is wrong.
        MachineError: a font is missing, or a character that no font has.
    """
    exporters = {wanted: _exporter(wanted) for wanted in formats}
    pages: dict[Format, bytes] = {}
    if exporters:
        report, _ = next(iter(exporters.values())).report_of(
            notebook, {"metadata": {"name": name, "path": folder}}
        )
    for wanted, exporter in exporters.items():
        page = exporter.render(report.again() if len(exporters) > 1 else report)
        pages[wanted] = page if isinstance(page, bytes) else page.encode("utf-8")
    return pages


def warm(formats: Iterable[Format] = FORMATS) -> None:
    """Load everything that publishing needs, so that processes forked from this one start ready.

    Starts no thread: a fork keeps none.
    """
    for wanted in formats:
        _exporter(wanted).prime()


@cache
def _exporter(wanted: Format) -> ReportExporter:
    if wanted == "html":
        from perfkit.publish.html import PerfkitHTMLExporter

        return PerfkitHTMLExporter()  # type: ignore[no-untyped-call]
    from perfkit.publish.pdf import PerfkitPDFExporter

    return PerfkitPDFExporter()  # type: ignore[no-untyped-call]
