"""From an executed notebook to the tidy body of a report: what every exporter shares, and its files.

nbconvert gives the frame: preprocessors first, then a Jinja template over the cells. The template is ours
and small; what a cell's outputs become is decided in Python, not in the template's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from jinja2 import pass_context
from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets import default

from perfkit.publish.block_reader import blocks_of
from perfkit.publish.blocks import Blocks
from perfkit.publish.cleaning import LONGEST_HTML, bounded, bounded_html, clean
from perfkit.publish.images import Pictures
from perfkit.publish.outputs import (
    Wishes,
    choose,
    fragment_of,
    html_of_code,
    html_of_markdown,
    made_at,
    wishes_of,
)
from perfkit.publish.page import Body, compose
from perfkit.publish.theme import Theme, load_theme
from perfkit.workspace import find_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.runtime import Context
    from nbformat import NotebookNode

    from perfkit.publish.blocks import Block

TEMPLATES = Path(__file__).parent / "templates"
FOLDER = TEMPLATES / "perfkit"


@cache
def asset(name: str) -> str:
    """Give the text of a file that shapes reports: a template, style, script, the program of the PDF."""
    return (FOLDER / name).read_text("utf-8")


_SMALLEST = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# perfkit"}],
}


@dataclass(frozen=True, slots=True)
class Report:
    """Hold all that a format needs: the body, its pictures, the notebook's wishes, the office's theme.

    `notes` collects what the formats have to tell of the report, such as a character that no font has.
    """

    body: Body
    pictures: Pictures
    wishes: Wishes
    theme: Theme
    made: int
    notes: list[str] = field(default_factory=list)
    _blocks: list[Blocks] = field(default_factory=list)

    @property
    def blocks(self) -> Blocks:
        """Give the body as blocks, read from its tree once for all formats that want it."""
        if not self._blocks:
            self._blocks.append(blocks_of(self.body.main, self.pictures))
        return self._blocks[0]

    def showing(self, content: tuple[Block, ...], theme: Theme, notes: list[str]) -> Report:
        """Give the report with other blocks, another theme, and what is noted of it."""
        return replace(self, theme=theme, notes=notes, _blocks=[Blocks(content, self.blocks.anchors)])


class ReportExporter(TemplateExporter):
    """Turn an executed notebook into the body of a report; the two formats build on it."""

    @default("template_name")
    def _our_template_name(self) -> str:
        return "perfkit"

    @default("template_file")
    def _our_template_file(self) -> str:
        return "cells.html.j2"

    @default("extra_template_basedirs")
    def _our_template_folder(self) -> list[str]:
        return [str(TEMPLATES)]

    def default_filters(self) -> Iterable[tuple[str, Any]]:
        """Add to nbconvert's filters the three that turn code, Markdown and outputs into clean HTML."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "report_code", html_of_code
        yield "report_markdown", _markdown
        yield "report_output", _output

    def _init_preprocessors(self) -> None:
        super()._init_preprocessors()  # type: ignore[no-untyped-call]
        self.register_preprocessor(_choose, enabled=True)  # type: ignore[no-untyped-call]

    def _preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Run the preprocessors on the copy that nbconvert has made; it would copy and check once more."""
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        return nb, resources

    def prime(self) -> None:
        """Load the templates and the readers, so that the first report costs what the second does."""
        self.report_of(nbformat.from_dict(_SMALLEST), None)  # type: ignore[no-untyped-call]

    def render(self, report: Report) -> str | bytes:
        """Give the report in this exporter's format."""
        raise NotImplementedError

    def report_of(
        self, notebook: NotebookNode, resources: dict[str, Any] | None
    ) -> tuple[Report, dict[str, Any]]:
        """Give the report of a notebook, ready to be set in a format, and nbconvert's resources.

        Raises:
            SettingsError: a parameter of the notebook or its theme is wrong.
        """
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        folder = _folder(resources)
        workspace = Path(resources["metadata"].get("workspace") or find_workspace(folder))
        wishes = wishes_of(notebook, workspace)
        theme = load_theme(wishes.theme, folder, workspace)
        resources["pictures"], resources["wishes"] = Pictures(wishes.language), wishes
        fragment, resources = super().from_notebook_node(notebook, resources)
        pictures = resources["pictures"]
        title = resources["metadata"]["name"] or "Notebook"
        body = compose(fragment, title=title, language=wishes.language, pictures=pictures, folder=folder)
        pictures.recolour(theme.colours())
        return Report(body, pictures, wishes, theme, made_at(notebook, body.made)), resources


def _folder(resources: dict[str, Any]) -> Path:
    """Give the folder a notebook's relative paths start at: its own, or the workspace (where we run)."""
    return Path(resources["metadata"]["path"] or ".")


def _choose(notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
    return choose(notebook, code=resources["wishes"].code), resources


@pass_context
def _markdown(context: Context, source: str) -> str:
    pictures, language = context["resources"]["pictures"], context["resources"]["wishes"].language
    attachments = context["cell"].get("attachments", {})
    written = html_of_markdown(bounded(source, language, LONGEST_HTML), pictures, attachments)
    return clean(bounded_html(pictures.take_out(written), language))


@pass_context
def _output(context: Context, output: NotebookNode) -> str:
    resources = context["resources"]
    return fragment_of(output, resources["pictures"], resources["wishes"].language)
