"""The report as one HTML file that opens anywhere for decades.

No request, no script needed to read it, a Content-Security-Policy that would stop either: style and script are
allowed by their hash alone. Built from the executed notebook, never from perfkit's own objects.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from lxml import html

from perfkit.language import Text
from perfkit.publish.base import TEMPLATES, ReportExporter
from perfkit.publish.pictures import Pictures, address_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from perfkit.publish.page import Body

WORDS = {
    "contents": Text("目录", "Contents"),
    "skip": Text("跳到正文", "Skip to content"),
}


class PerfkitHTMLExporter(ReportExporter):
    """Publish an executed notebook as one self-contained HTML page (`jupyter nbconvert --to perfkit-html`)."""

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "perfkit report (HTML)"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Give the page and nbconvert's resources.

        Raises:
            SettingsError: a parameter of the notebook or its theme is wrong.
        """
        body, wishes, resources = self.body_of(nb, resources)
        _carry_pictures(body, resources["pictures"])
        page = self.environment.get_template("page.html.j2")
        style = _asset("page.css")
        text = page.render(
            language={"zh": "zh-CN", "en": "en"}[wishes.language],
            words={key: word[wishes.language] for key, word in WORDS.items()},
            title=body.title,
            contents=body.contents,
            main=html.tostring(body.main, encoding="unicode"),
            style=style,
            style_hash=_hash(style),
        )
        return text, resources


def _carry_pictures(body: Body, pictures: Pictures) -> None:
    for image in body.main.iter("img"):
        drawing = pictures.drawing(image.get("src", ""))
        if drawing:
            image.set("src", address_of(drawing))


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / "perfkit" / name).read_text("utf-8")


@cache
def _hash(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
