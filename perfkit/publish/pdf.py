"""The report on A4, set by Typst from the same body as the page.

PDF/A-2a and PDF/UA-1: archived, tagged, with bookmarks; the same bytes for the same notebook. What Typst
would only warn of (a font it does not know) or pass over in silence (a glyph no font has) is an error here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfkit.publish.base import ReportExporter
from perfkit.publish.blocks import Blocks
from perfkit.publish.typesetting import load_fonts, typeset

if TYPE_CHECKING:
    from nbformat import NotebookNode


class PerfkitPDFExporter(ReportExporter):
    """Publish an executed notebook as a PDF (`jupyter nbconvert --to perfkit-pdf`)."""

    file_extension = ".pdf"
    output_mimetype = "application/pdf"
    export_from_notebook = "perfkit report (PDF)"

    def prime(self) -> None:
        """Load the templates and the fonts; Typst itself starts threads and is left for the first report."""
        super().prime()
        load_fonts()

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Give the bytes of the PDF and nbconvert's resources.

        Raises:
            SettingsError: a parameter of the notebook or its theme is wrong.
            MachineError: a font, or a glyph in all fonts, is missing.
        """
        body, wishes, resources = self.body_of(nb, resources)
        document = {
            "title": body.title,
            "lang": wishes.language,
            "region": {"zh": "CN", "en": "GB"}[wishes.language],
            "body": Blocks(resources["pictures"]).flow(body.main),
            "author": "perfkit",
            "keywords": [],
            "header": {"left": body.title, "right": ""},
            "footer": "",
            "colours": {"ink": "#1f2933", "accent": "#1f4e79", "loss": "#8a5a00"},
        }
        resources["output_extension"] = ".pdf"
        return typeset(document), resources
