"""The report as one HTML file that opens anywhere for decades.

No request, no script needed to read it, and a Content-Security-Policy that would stop either: style and
script are allowed by their hash alone. Built from the executed notebook, never from perfkit's own objects.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from lxml import html

from perfkit.publish.cleaning import add_class, classes, replace, settle_regions, words_of
from perfkit.publish.exporter import Report, ReportExporter, asset
from perfkit.publish.images import address_of
from perfkit.publish.layout import places
from perfkit.publish.theme import font_face, lettered
from perfkit.text import say

if TYPE_CHECKING:
    from nbformat import NotebookNode

LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
WORDS = {
    "contents": say("publish.contents"),
    "skip": say("publish.skip"),
    "open_all": say("publish.open_all"),
    "close_all": say("publish.close_all"),
    "copy": say("publish.copy"),
    "copied": say("publish.copied"),
    "logo": say("publish.logo"),
}


class PerfkitHTMLExporter(ReportExporter):
    """Publish an executed notebook as one HTML page (`jupyter nbconvert --to perfkit-html`)."""

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "perfkit report (HTML)"

    def prime(self) -> None:
        """Load the templates and the font that glyphs are taken from."""
        super().prime()
        font_face("字")

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: object
    ) -> tuple[str, dict[str, Any]]:
        """Give the page and nbconvert's resources.

        Raises:
            SettingsError: a parameter of the notebook or its theme is wrong.
        """
        report, resources = self.report_of(nb, resources)
        return self.render(report), resources

    def render(self, report: Report) -> str:
        """Give the page of a report; the report's tree is changed on the way."""
        body, language = report.body, report.wishes.language
        settle_regions(body.main, language)
        for table in body.main.iter("table"):
            label_cells(table)
        for image in list(body.main.iter("img")):
            formula = report.pictures.formula(image.get("src", ""))
            if formula is not None:
                replace(image, formula.element())
                continue
            picture = report.pictures.get(image.get("src", ""))
            if picture is not None:
                carried = report.theme.glyphs and picture.svg
                image.set("src", address_of(lettered(picture.svg)) if carried else picture.address)
                image.set("width", f"{picture.width / 0.75:.0f}")
                image.set("height", f"{picture.height / 0.75:.0f}")
        style = asset("page.css") + report.theme.style()
        words = {key: word[language] for key, word in WORDS.items()}
        head, main = _until_title(body.main), _rest(body.main)
        told = (body.title, report.theme.office, report.theme.number, report.theme.footer)
        shown = "".join((head, main, style, *words.values(), *told))
        glyphs = font_face(shown) if report.theme.glyphs else ""
        page: str = self.environment.get_template("page.html.j2").render(
            language=LANGUAGE_TAGS[language],
            words=words,
            title=body.title,
            head=head,
            main=main,
            glyphs=glyphs,
            glyphs_hash=_hashed(glyphs),
            contents=body.contents,
            theme=report.theme,
            banner=_banner(report),
            style=style,
            script=asset("page.js"),
            style_hash=_hash(style),
            script_hash=_hash(asset("page.js")),
        )
        return page


_STACKED = 6  # columns from which a table stands as cards on a phone


def label_cells(table: Any) -> None:
    """Name in each cell of a wide table the heading above it, for a phone, where a row stands as a card."""
    if not {"pk-data", "pk-official"} & set(classes(table)) or table.getparent().tag in ("td", "th"):
        return
    rows = places(table)
    if max((place.column + place.across for row in rows for place in row), default=0) < _STACKED:
        return
    heads: dict[int, str] = {}
    for row in rows:
        for place in row:
            if place.cell.get("scope") == "col":
                words = words_of(place.cell)
                heads |= dict.fromkeys(range(place.column, place.column + place.across), words)
            elif place.cell.tag == "td" and heads.get(place.column):
                place.cell.set("data-label", heads[place.column])
    if heads:
        add_class(table, "pk-stack")


def _banner(report: Report) -> dict[str, str]:
    """Give what stands above the report: the logo with its description; nothing without a theme."""
    theme = report.theme
    logo = theme.logo_picture()
    if not (logo or theme.office or theme.number):
        return {}
    words = "" if theme.office else WORDS["logo"][report.wishes.language]
    return {"logo": logo.address if logo else "", "logo_words": words}


@cache
def _hash(source: str) -> str:
    return _hashed(source)


def _hashed(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _until_title(main: Any) -> str:
    """Give the part of the body that ends with the title block, after which the contents list stands."""
    return "".join(_text(child) for child in main[: _title_end(main)])


def _rest(main: Any) -> str:
    return "".join(_text(child) for child in main[_title_end(main) :])


def _title_end(main: Any) -> int:
    return next((i + 1 for i, child in enumerate(main) if any(True for _ in child.iter("h1"))), 0)


def _text(element: Any) -> str:
    return str(html.tostring(element, encoding="unicode"))
