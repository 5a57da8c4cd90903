"""What both exporters share: from an executed notebook to the tidy body of a report.

nbconvert gives the frame: preprocessors first, then a Jinja template over the cells. The template is ours and
small; what a cell's outputs become is decided in Python, not in the template's language.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from jinja2 import pass_context
from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets import default

from perfkit.publish.assets import TEMPLATES
from perfkit.publish.cells import choose
from perfkit.publish.cleaning import clean
from perfkit.publish.code import html_of_code
from perfkit.publish.markdown import html_of_markdown
from perfkit.publish.outputs import fragment_of
from perfkit.publish.page import Body, compose
from perfkit.publish.pictures import Pictures
from perfkit.publish.theme import Theme, load_theme
from perfkit.publish.wishes import Wishes, made_at, wishes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.runtime import Context
    from nbformat import NotebookNode

_SMALLEST = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# perfkit"}],
}


@dataclass(frozen=True, slots=True)
class Report:
    """Hold all that a format needs: the body, its pictures, the notebook's wishes, the office's theme."""

    body: Body
    pictures: Pictures
    wishes: Wishes
    theme: Theme
    made: int

    def again(self) -> Report:
        """Give the report once more, for a second format to work on its tree."""
        return replace(self, body=replace(self.body, main=copy.deepcopy(self.body.main)))


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
        wishes = wishes_of(notebook)
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        folder = _folder(resources)
        theme = load_theme(wishes.theme, folder)
        resources["pictures"], resources["wishes"] = Pictures(), wishes
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
    attachments = context["cell"].get("attachments", {})
    return clean(context["resources"]["pictures"].take_out(html_of_markdown(source, attachments)))


@pass_context
def _output(context: Context, output: NotebookNode) -> str:
    resources = context["resources"]
    return fragment_of(output, resources["pictures"], resources["wishes"].language)
