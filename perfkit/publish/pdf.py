"""The report on A4, set by Typst from the same body as the page.

PDF/A-2a and PDF/UA-1: archived, tagged, with bookmarks; the same bytes for the same notebook. What Typst
would only warn of (a font it does not know) or pass over in silence (a glyph no font has) is an error here.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from perfkit.publish.base import Report, ReportExporter
from perfkit.publish.blocks import Blocks
from perfkit.publish.directions import isolated
from perfkit.publish.typefaces import SANS, SERIF, faces
from perfkit.publish.typesetting import typeset
from perfkit.publish.widths import ems

if TYPE_CHECKING:
    from nbformat import NotebookNode

_REGIONS = {"zh": "CN", "en": "GB"}
_LONGEST_HEADER = 30.0


class PerfkitPDFExporter(ReportExporter):
    """Publish an executed notebook as a PDF (`jupyter nbconvert --to perfkit-pdf`)."""

    file_extension = ".pdf"
    output_mimetype = "application/pdf"
    export_from_notebook = "perfkit report (PDF)"

    def prime(self) -> None:
        """Load the templates and the fonts; Typst itself starts threads and is left for the first report."""
        super().prime()
        for family in (SERIF, SANS):
            faces().draws(family)

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: object
    ) -> tuple[bytes, dict[str, Any]]:
        """Give the bytes of the PDF and nbconvert's resources.

        Raises:
            SettingsError: a parameter of the notebook or its theme is wrong.
            MachineError: a font is missing, or a character that no font has.
        """
        report, resources = self.report_of(nb, resources)
        return typeset(_document(report), report.theme.fonts, _made(nb)), resources


def _document(report: Report) -> dict[str, Any]:
    body, theme, language = report.body, report.theme, report.wishes.language
    logo = theme.logo_picture()
    return {
        "title": body.title,
        "author": body.unit or theme.office or "perfkit",
        "keywords": [word for word in (body.year, theme.document_number) if word],
        "lang": language,
        "region": _REGIONS[language],
        "header": " · ".join(filter(None, [isolated(_shortened(body.title)), body.year])),
        "footer": theme.footer,
        "office": theme.office,
        "document_number": theme.document_number,
        "logo": {"svg": logo.drawing, "alt": theme.office or "Logo"} if logo else None,
        "colours": theme.colours.model_dump(),
        "body": Blocks(report.pictures, body.main).flow(body.main),
    }


def _shortened(title: str) -> str:
    """Cut a title to what a running header has room for."""
    if ems(title) <= _LONGEST_HEADER:
        return title
    length = next(n for n in range(len(title), 0, -1) if ems(title[:n]) <= _LONGEST_HEADER - 1)
    return title[:length].rstrip() + "…"


def _made(notebook: NotebookNode) -> int:
    """Give the time of the run in Unix seconds: SOURCE_DATE_EPOCH, or what the notebook notes; else 0."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return int(epoch)
    notes = [(part.metadata.get("papermill") or {}).get("end_time") for part in (notebook, *notebook.cells)]
    notes += [time for cell in notebook.cells for time in (cell.metadata.get("execution") or {}).values()]
    return max((_seconds(note) for note in notes), default=0)


def _seconds(note: object) -> int:
    try:
        moment = datetime.fromisoformat(str(note))
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
