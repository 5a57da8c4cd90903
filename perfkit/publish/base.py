"""What both exporters share: from an executed notebook to the tidy body of a report.

nbconvert gives the frame: preprocessors first, then a Jinja template over the cells. The template is ours and
small; what a cell's outputs become is decided in Python, not in the template's language.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets import default
from traitlets.config import Config

from perfkit.publish.cells import choose
from perfkit.publish.cleaning import clean
from perfkit.publish.code import html_of_code
from perfkit.publish.markdown import html_of_markdown
from perfkit.publish.outputs import fragment_of
from perfkit.publish.page import Body, compose
from perfkit.publish.pictures import Pictures
from perfkit.publish.wishes import Wishes, wishes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.runtime import Context
    from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "templates"


class ReportExporter(TemplateExporter):  # type: ignore[misc]
    """Turn an executed notebook into the body of a report; the two formats build on it."""

    @property
    def default_config(self) -> Config:
        """Check the notebook once, not after each preprocessor."""
        config = Config({"Exporter": {"optimistic_validation": True}})
        config.merge(super().default_config)
        return config

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
        yield from super().default_filters()
        yield "report_code", html_of_code
        yield "report_markdown", _markdown
        yield "report_output", _output

    def prime(self) -> None:
        """Load the templates and the readers, so that the first report costs what the second does."""
        from nbformat.v4 import new_markdown_cell, new_notebook

        self.body_of(new_notebook(cells=[new_markdown_cell("# perfkit")]), None)

    def body_of(self, notebook: NotebookNode, resources: dict[str, Any] | None) -> tuple[Body, Wishes, Any]:
        """Give the body of the report, what the notebook wishes of it, and nbconvert's resources."""
        wishes = wishes_of(notebook)
        resources = self._init_resources(resources)
        chosen = choose(copy.deepcopy(notebook), code=wishes.code)
        resources["pictures"], resources["wishes"] = Pictures(), wishes
        fragment, resources = super().from_notebook_node(chosen, resources)
        title = resources["metadata"]["name"] or "Notebook"
        return compose(fragment, title=title, pictures=resources["pictures"]), wishes, resources


@pass_context
def _markdown(context: Context, source: str) -> str:
    attachments = context["cell"].get("attachments", {})
    return clean(context["resources"]["pictures"].take_out(html_of_markdown(source, attachments)))


@pass_context
def _output(context: Context, output: NotebookNode) -> str:
    resources = context["resources"]
    return fragment_of(output, resources["pictures"], resources["wishes"].language)
