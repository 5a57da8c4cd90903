"""The report on A4, set by Typst from the same body as the page.

PDF/A-2a and PDF/UA-1: archived, tagged, with bookmarks; the same bytes for the same notebook. What Typst
would only warn of (a font it does not know) or pass over in silence (a glyph no font has) is an error here.
"""

from __future__ import annotations

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
        return self.render(report), resources

    def render(self, report: Report) -> bytes:
        """Give the PDF of a report."""
        return typeset(_document(report), report.theme.fonts, report.made)


def _document(report: Report) -> dict[str, Any]:
    body, theme, language = report.body, report.theme, report.wishes.language
    logo = theme.logo_picture()
    return {
        "title": body.title,
        "author": body.unit or theme.office or "perfkit",
        "keywords": [word for word in (body.year, theme.number) if word],
        "lang": language,
        "region": _REGIONS[language],
        "header": " · ".join(filter(None, [isolated(_shortened(body.title)), body.year])),
        "footer": theme.footer,
        "office": theme.office,
        "number": theme.number,
        "logo": {"svg": logo.drawing, "alt": theme.office or "Logo"} if logo else None,
        "colours": {"structure": theme.primary, "loss": theme.loss},
        "body": Blocks(report.pictures, body.main).document(body.main),
    }


def _shortened(title: str) -> str:
    """Cut a title to what a running header has room for."""
    if ems(title) <= _LONGEST_HEADER:
        return title
    length = next(n for n in range(len(title), 0, -1) if ems(title[:n]) <= _LONGEST_HEADER - 1)
    return title[:length].rstrip() + "…"
