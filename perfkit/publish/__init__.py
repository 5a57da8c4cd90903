"""An executed notebook as something people read: one HTML file, one PDF, one Word file.

Three nbconvert exporters, `perfkit-html`, `perfkit-pdf` and `perfkit-docx`; `publish` is the same for a
process that publishes many, since its exporters are made once. All work on the notebook's outputs alone.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode

    from perfkit.publish.exporter import ReportExporter

Format = Literal["html", "pdf", "docx"]
FORMATS: tuple[Format, ...] = get_args(Format)
DEFAULT: tuple[Format, ...] = ("html", "pdf")
_LAST: Format = "html"  # it works on the tree of the body, which the others only read

__all__ = ["DEFAULT", "FORMATS", "Format", "Pages", "publish", "warm"]


class Pages(dict[Format, bytes]):
    """Hold a report in each format asked for, as bytes; `notes` say what could not be set as it stands."""

    notes: tuple[str, ...] = ()


def publish(
    notebook: NotebookNode,
    formats: Iterable[Format] = DEFAULT,
    name: str = "report",
    folder: str = "",
    workspace: str = "",
) -> Pages:
    """Give the report of an executed notebook in each of the formats, as bytes ready to be written.

    `name` stands in for the title of a notebook that has no heading; the notebook's relative paths (theme,
    pictures) start at `folder`, or where the process runs. What it leaves empty stands in `perfkit.yaml` of
    the `workspace`, which is the folder's own unless given.

    Raises:
        SettingsError: a parameter of the notebook (`language`, `code`, `theme`) or its theme is wrong.
        MachineError: a font is missing.
    """
    exporters = {wanted: _exporter(wanted) for wanted in formats}
    if not exporters:
        return Pages()
    named = {"metadata": {"name": name, "path": folder, "workspace": workspace}}
    report, _ = next(iter(exporters.values())).report_of(notebook, named)
    pages = Pages()
    for wanted in sorted(exporters, key=_LAST.__eq__):
        page = exporters[wanted].render(report)
        pages[wanted] = page if isinstance(page, bytes) else page.encode("utf-8")
    pages.notes = tuple(dict.fromkeys(report.notes))
    return pages


def warm(formats: Iterable[Format] = DEFAULT) -> None:
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
    if wanted == "docx":
        from perfkit.publish.docx import PerfkitDOCXExporter

        return PerfkitDOCXExporter()  # type: ignore[no-untyped-call]
    from perfkit.publish.pdf import PerfkitPDFExporter

    return PerfkitPDFExporter()  # type: ignore[no-untyped-call]
