"""What one output of a cell becomes on the page: the richest form of it that is harmless.

HTML before drawings before Markdown before photographs before plain text. A form that has nothing left once
it is cleaned (a widget, a script) gives way to the next; where none is left, a note says that something was.
HTML that is empty from the start says that there is nothing to show, as a silent section of the story does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from nbconvert.filters.ansi import strip_ansi

from perfkit.display.visible import visible
from perfkit.language import Language, Text
from perfkit.publish.cleaning import clean
from perfkit.publish.markdown import html_of_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbformat import NotebookNode

    from perfkit.publish.pictures import Pictures

_LEFT_OUT = Text(
    "此处的交互内容无法在报告中显示，已略去。",
    "Interactive content cannot be shown in a report and was left out.",
)
_FAILED = Text("这一步出错", "This step failed")
_NEEDS_SCRIPT = ("widget", "javascript")
_SEEN_WITHOUT_WORDS = ("<img", "<hr")
_WORDS = re.compile(r"(?:\A|>)(?:\s|&nbsp;)*+[^<]")


@dataclass(frozen=True, slots=True)
class _Data:
    """Hold one form of an output: its kind, its text and the alt sentence that came with it."""

    kind: str
    text: str
    alt: str


def fragment_of(output: NotebookNode, pictures: Pictures, language: Language) -> str:
    """Give the HTML of an output, cleaned; "" for what readers have no use for (stderr)."""
    if output.output_type == "stream":
        return "" if output.name == "stderr" else _preformatted(_joined(output.text), "pk-stream")
    if output.output_type == "error":
        return _error(output, language)
    if "text/html" in output.data and not _joined(output.data["text/html"]).strip():
        return ""
    for data in _forms_in(output):
        fragment = _FORMS[data.kind](data, pictures)
        if _has_content(fragment):
            return fragment
    return f'<p class="pk-note">{_LEFT_OUT[language]}</p>' if output.data else ""


def _forms_in(output: NotebookNode) -> Iterator[_Data]:
    """Give the forms of an output from the richest to the plainest.

    The plain text of something interactive is the name of a class, and no reader wants to see it.
    """
    interactive = any(word in kind for kind in output.data for word in _NEEDS_SCRIPT)
    scripted = "<script" in _joined(output.data.get("text/html", ""))
    for kind in _FORMS:
        if kind in output.data and not (kind == "text/plain" and (interactive or scripted)):
            yield _Data(kind, _joined(output.data[kind]), _alt(output.get("metadata") or {}, kind))


def _joined(text: object) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _alt(metadata: dict[str, Any], kind: str) -> str:
    own = metadata.get(kind)
    return str((own.get("alt") if isinstance(own, dict) else "") or metadata.get("alt") or "")


def _html(data: _Data, pictures: Pictures) -> str:
    return clean(pictures.take_out(data.text))


def _markdown(data: _Data, pictures: Pictures) -> str:
    return clean(pictures.take_out(html_of_markdown(data.text)))


def _drawing(data: _Data, pictures: Pictures) -> str:
    return _figure(pictures.add(data.text), data.alt)


def _photograph(data: _Data, pictures: Pictures) -> str:
    return _figure(pictures.photograph("".join(data.text.split())), data.alt)


def _figure(address: str, alt: str) -> str:
    if not address:
        return ""
    return f'<figure class="pk-figure"><img src="{address}" alt="{escape(visible(alt))}"></figure>'


def _plain(data: _Data, _: Pictures) -> str:
    return _preformatted(data.text, "pk-plain")


_FORMS: dict[str, Callable[[_Data, Pictures], str]] = {
    "text/html": _html,
    "image/svg+xml": _drawing,
    "text/markdown": _markdown,
    "image/png": _photograph,
    "image/jpeg": _photograph,
    "image/gif": _photograph,
    "text/latex": _plain,
    "text/plain": _plain,
}


def _has_content(fragment: str) -> bool:
    if any(mark in fragment for mark in _SEEN_WITHOUT_WORDS):
        return True
    return _WORDS.search(fragment) is not None


def _preformatted(text: str, name: str) -> str:
    plain = visible(_without_colours(text)).strip("\n")
    return f'<pre class="{name}">{escape(plain, quote=False)}</pre>' if plain.strip() else ""


def _without_colours(text: str) -> str:
    return str(strip_ansi(text))  # type: ignore[no-untyped-call]


def _error(output: NotebookNode, language: Language) -> str:
    said = escape(visible(_without_colours(f"{output.ename}: {output.evalue}")), quote=False)
    return f'<div class="pk-failure"><p><strong>{_FAILED[language]}</strong></p><pre>{said}</pre></div>'
