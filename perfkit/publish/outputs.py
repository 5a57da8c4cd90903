"""What one output of a cell becomes on the page: the richest form of it that is harmless.

HTML before drawings before Markdown before photographs before plain text. A form that has nothing left once it
is cleaned (a widget, a script) gives way to the next; where none is left, a note says that something was.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from nbconvert.filters.ansi import strip_ansi

from perfkit.language import Language, Text
from perfkit.publish.cleaning import clean, visible
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
_CONTENT = ("<img", "<table", "<hr")


def fragment_of(output: NotebookNode, pictures: Pictures, language: Language) -> str:
    """Give the HTML of an output, cleaned; "" for what readers have no use for (warnings on stderr)."""
    if output.output_type == "stream":
        return "" if output.name == "stderr" else _preformatted(output.text, "pk-stream")
    if output.output_type == "error":
        return _error(output, language)
    for candidate in _candidates(output, pictures):
        if _has_content(candidate):
            return candidate
    return f'<p class="pk-note">{_LEFT_OUT[language]}</p>' if output.data else ""


def _candidates(output: NotebookNode, pictures: Pictures) -> Iterator[str]:
    """Try the forms of an output from the richest to the plainest."""
    described = output.get("metadata", {})
    interactive = any("widget" in kind or "javascript" in kind for kind in output.data)
    for kind, build in _FORMS.items():
        if kind in output.data and not (interactive and kind == "text/plain"):
            yield build(_joined(output.data[kind]), _alt(described, kind), pictures)


def _joined(data: Any) -> str:
    return "".join(data) if isinstance(data, list) else str(data)


def _alt(metadata: dict[str, Any], kind: str) -> str:
    own = metadata.get(kind)
    return str((own.get("alt") if isinstance(own, dict) else None) or metadata.get("alt") or "")


def _html(data: str, alt: str, pictures: Pictures) -> str:
    return clean(pictures.take_out(data))


def _markdown(data: str, alt: str, pictures: Pictures) -> str:
    return clean(pictures.take_out(html_of_markdown(data)))


def _svg(data: str, alt: str, pictures: Pictures) -> str:
    address = pictures.add(data)
    return _figure(address, alt) if address else ""


def _raster(kind: str) -> Callable[[str, str, Pictures], str]:
    def build(data: str, alt: str, pictures: Pictures) -> str:
        return _figure(f"data:{kind};base64,{''.join(data.split())}", alt)

    return build


def _figure(address: str, alt: str) -> str:
    return f'<figure class="pk-figure"><img src="{escape(address)}" alt="{escape(visible(alt))}"></figure>'


def _plain(data: str, alt: str, pictures: Pictures) -> str:
    return _preformatted(data, "pk-plain")


_FORMS: dict[str, Callable[[str, str, Pictures], str]] = {
    "text/html": _html,
    "image/svg+xml": _svg,
    "text/markdown": _markdown,
    "image/png": _raster("image/png"),
    "image/jpeg": _raster("image/jpeg"),
    "text/latex": _plain,
    "text/plain": _plain,
}


def _has_content(fragment: str) -> bool:
    from perfkit.publish.page import text_in

    return any(mark in fragment for mark in _CONTENT) or bool(text_in(fragment))


def _preformatted(text: str, name: str) -> str:
    plain = visible(strip_ansi(text)).strip("\n")
    return f'<pre class="{name}">{escape(plain, quote=False)}</pre>' if plain.strip() else ""


def _error(output: NotebookNode, language: Language) -> str:
    said = escape(visible(f"{output.ename}: {output.evalue}"), quote=False)
    return f'<div class="pk-failure" role="note"><p><strong>{_FAILED[language]}</strong></p><pre>{said}</pre></div>'
