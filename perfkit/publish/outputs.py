"""What an executed notebook becomes on the page: its language, the cells that are seen, their output.

Markdown is read by nbconvert's own reader, so that it reads as it does in Jupyter. Beyond it, a formula
goes its own way to each format; an attachment is found however its name is written, and a missing one stops
no report.

A notebook's parameters are wishes. Papermill leaves the ones it injected in the metadata; the defaults
stand in the cell tagged `parameters`. One that is there and empty means "as `perfkit.yaml` says"; a
notebook without such a parameter is published in the language that its outputs are mostly written in. Tags
decide what is seen, in either spelling (`remove_cell`, `remove-cell`), and so does JupyterLab's own way of
folding a cell away.
"""

from __future__ import annotations

import ast
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from urllib.parse import unquote

from nbconvert.filters.ansi import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from perfkit.errors import Fault, SettingsError
from perfkit.language import LANGUAGES, Language
from perfkit.params import Shared, settings
from perfkit.publish.cleaning import LONGEST_HTML, as_shown, bounded, bounded_html, clean
from perfkit.publish.formulas import formula
from perfkit.text import say
from perfkit.text.folding import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nbformat import NotebookNode

    from perfkit.publish.images import Pictures


_CHECKBOX = re.compile(r"<input[^>]*type=\"checkbox\"[^>]*>")
_ATTACHED = "attachment:"
_SPACED = re.compile(r"(!\[[^\]\n]*\]\()((?:attachment:)?[^()<>\n\"']*[^\s()<>\"'])(\))")
_PRICE = re.compile(r"\d[^\\^_={}+\-*/<>]*[\u3400-\u9fff][^\\^_={}+\-*/<>]*")  # $5和$6
_KINDS = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")


def html_of_markdown(source: str, pictures: Pictures, attachments: dict[str, Any] | None = None) -> str:
    """Turn Markdown into HTML, not yet cleaned; pictures attached to the cell are put in place."""
    renderer = _Renderer(pictures, attachments or {})
    written = str(MarkdownWithMath(renderer=renderer).render(_SPACED.sub(_without_blanks, source)))
    return _CHECKBOX.sub(_box, written)


class _Renderer(IPythonRenderer):
    """Write what nbconvert writes, but for formulas and attachments."""

    def __init__(self, pictures: Pictures, attachments: dict[str, Any]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._pictures = pictures
        self._attached = {_name(name): kinds for name, kinds in attachments.items()}

    def block_math(self, body: str) -> str:
        """Write a formula on a line of its own."""
        return self._set(body, block=True) or str(super().block_math(body))

    def multiline_math(self, text: str) -> str:
        """Write a formula of several lines."""
        return self._set(text.strip().strip("$"), block=True) or str(super().multiline_math(text))

    def inline_math(self, body: str) -> str:
        """Write a formula within a line; between two prices, or beside a blank, there is none."""
        if body != body.strip() or _PRICE.fullmatch(body):
            return str(super().inline_math(body))
        return self._set(body, block=False) or str(super().inline_math(body))

    def latex_environment(self, name: str, body: str) -> str:
        """Write a formula given as an environment, such as align."""
        tex = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return self._set(tex, block=True) or str(super().latex_environment(name, body))

    def _set(self, tex: str, *, block: bool) -> str:
        read = formula(tex, block=block)
        return f'<img src="{self._pictures.add_formula(read)}">' if read else ""

    def _embed_image_or_attachment(self, src: str) -> str:
        """Give the address of a picture; one that is not attached keeps its name, to be told."""
        if not src.startswith(_ATTACHED):
            return src
        kinds = self._attached.get(_name(src.removeprefix(_ATTACHED)), {})
        kind = next((kind for kind in _KINDS if isinstance(kinds.get(kind), str)), None)
        return f"data:{kind};base64,{''.join(kinds[kind].split())}" if kind else src


def _name(name: str) -> str:
    """Give an attachment's name as it is compared: decoded, composed, without blanks at its ends."""
    return normalize("NFC", unquote(name)).strip()


def _without_blanks(found: re.Match[str]) -> str:
    """Write the blanks in a picture's address as a link may have them; a title after it is none of it."""
    return found[1] + found[2].replace(" ", "%20") + found[3]


def _box(found: re.Match[str]) -> str:
    """Write the box of a task list as a character, since a report has nothing to tick."""
    return "☑ " if "checked" in found.group() else "☐ "


_LEFT_OUT = say("publish.left_out")
_FAILED = say("publish.failed")
_NEEDS_SCRIPT = ("widget", "javascript")
_SEEN_WITHOUT_WORDS = ("<img", "<hr")
_DOLLARS = re.compile(r"^\s*\$+|\$+\s*$|\\displaystyle")
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
        return "" if output.name == "stderr" else _preformatted(_joined(output.text), "pk-stream", language)
    if output.output_type == "error":
        return _error(output, language)
    if "text/html" in output.data and not _joined(output.data["text/html"]).strip():
        return ""
    for data in _forms_in(output):
        fragment = _FORMS[data.kind](data, pictures, language)
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


def _html(data: _Data, pictures: Pictures, language: Language) -> str:
    return clean(bounded_html(pictures.take_out(data.text), language))


def _markdown(data: _Data, pictures: Pictures, language: Language) -> str:
    source = bounded(data.text, language, LONGEST_HTML)
    return clean(bounded_html(pictures.take_out(html_of_markdown(source, pictures)), language))


def _drawing(data: _Data, pictures: Pictures, _: Language) -> str:
    figure = _figure(pictures.add(data.text), data.alt)
    return f"{figure}{pictures.told_of(data.text)}" if figure else ""


def _photograph(data: _Data, pictures: Pictures, _: Language) -> str:
    return _figure(pictures.photograph("".join(data.text.split())), data.alt)


def _figure(address: str, alt: str) -> str:
    if not address:
        return ""
    return f'<figure class="pk-figure"><img src="{address}" alt="{escape(visible(alt))}"></figure>'


def _plain(data: _Data, _: Pictures, language: Language) -> str:
    return _preformatted(data.text, "pk-plain", language)


def _latex(data: _Data, pictures: Pictures, language: Language) -> str:
    """Set a formula, as sympy displays one."""
    read = formula(_DOLLARS.sub("", data.text), block=True)
    return f'<p><img src="{pictures.add_formula(read)}"></p>' if read else _plain(data, pictures, language)


_FORMS: dict[str, Callable[[_Data, Pictures, Language], str]] = {
    "text/html": _html,
    "image/svg+xml": _drawing,
    "text/markdown": _markdown,
    "image/png": _photograph,
    "image/jpeg": _photograph,
    "image/gif": _photograph,
    "text/latex": _latex,
    "text/plain": _plain,
}


def _has_content(fragment: str) -> bool:
    if any(mark in fragment for mark in _SEEN_WITHOUT_WORDS):
        return True
    return _WORDS.search(fragment) is not None


def _preformatted(text: str, name: str, language: Language) -> str:
    shown = _without_colours(as_shown(text)).strip("\n")
    plain = visible(bounded(shown, language))
    return f'<pre class="{name}">{escape(plain, quote=False)}</pre>' if plain.strip() else ""


def _without_colours(text: str) -> str:
    return str(strip_ansi(text))  # type: ignore[no-untyped-call]


def _error(output: NotebookNode, language: Language) -> str:
    told = bounded(_without_colours(f"{output.ename}: {output.evalue}"), language)
    said = escape(visible(told), quote=False)
    return f'<div class="pk-failure"><p><strong>{_FAILED[language]}</strong></p><pre>{said}</pre></div>'


def html_of_code(source: str) -> str:
    """Give Python source as a preformatted block; Pygments' classes carry the colours."""
    from pygments import highlight  # type: ignore[import-untyped]

    lexer, formatter = _pygments()
    marked = highlight(visible(source), lexer, formatter).rstrip("\n")
    return f'<pre class="pk-code"><code>{marked}</code></pre>' if source.strip() else ""


@cache
def _pygments() -> tuple[Any, Any]:
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    return PythonLexer(), HtmlFormatter(nowrap=True)


# what an executed notebook says of its published form: language, theme, and which cells its readers see


PARAMETER_TAGS = frozenset({"parameters", "injected-parameters"})
_HAN = re.compile("[\u3400-\u9fff]+")
_LETTERS = re.compile("[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Hold what the notebook asks of the page: its language, whether code is shown, the theme's file."""

    language: Language = "zh"
    code: bool = False
    theme: str = ""


def tags_of(cell: NotebookNode) -> frozenset[str]:
    """Give the tags of a cell, lower case, with `-` for `_`, since both spellings are about."""
    tags = cell.metadata.get("tags") or ()
    return frozenset(str(tag).lower().replace("_", "-") for tag in tags)


def parameters_of(notebook: NotebookNode) -> dict[str, Any]:
    """Collect the notebook's parameters: the defaults of its parameters cell, then what was injected."""
    found: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and tags_of(cell) & PARAMETER_TAGS:
            found.update(_assignments(cell.source))
    papermill = notebook.metadata.get("papermill") or {}
    found.update(papermill.get("parameters") or {})
    return found


def wishes_of(notebook: NotebookNode, workspace: Path | None = None) -> Wishes:
    """Read the wishes of a notebook, every fault of them at once.

    What it leaves empty is looked up in the `perfkit.yaml` of the workspace.

    Raises:
        SettingsError: `language` is neither zh nor en, `code` is no truth value, or `theme` is no text.
    """
    parameters = parameters_of(notebook)
    faults = list(_faults(parameters))
    if faults:
        raise SettingsError(*faults)
    left = [name for name in ("language", "theme") if name in parameters and not parameters[name]]
    common = settings(workspace=workspace) if left else Shared()
    language: Any = (
        parameters.get("language") or ("language" in left and common.language) or spoken_in(notebook)
    )
    theme = parameters.get("theme") or ("theme" in left and common.theme) or ""
    return Wishes(language, bool(parameters.get("code", False)), theme)


def spoken_in(notebook: NotebookNode) -> Language:
    """Guess the language of a notebook that does not name it: Chinese unless Latin letters prevail."""
    text = "".join(_words(notebook))
    return "en" if _length(_LETTERS, text) > 4 * _length(_HAN, text) else "zh"


def _length(runs: re.Pattern[str], text: str) -> int:
    return sum(map(len, runs.findall(text)))


def _words(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        for output in cell.get("outputs", ()):
            yield re.sub(r"<[^>]*>", " ", str(output.get("data", {}).get("text/html", "")))


def _faults(parameters: dict[str, Any]) -> Iterator[Fault]:
    language, code, theme = (parameters.get(key) for key in ("language", "code", "theme"))
    if language and language not in LANGUAGES:
        yield Fault(
            say("faults.unknown_language"), place="language", got=repr(language), expected=say("faults.zh_en")
        )
    if code is not None and not isinstance(code, bool):
        yield Fault(
            say("faults.no_truth_value"), place="code", got=repr(code), expected=say("faults.true_false")
        )
    if theme is not None and not isinstance(theme, str):
        yield Fault(
            say("faults.no_path"), place="theme", got=repr(theme), expected=say("faults.path_yaml_file")
        )


def _assignments(source: str) -> Iterator[tuple[str, Any]]:
    """Give the names a cell assigns plain constants to; anything else there is none of our business."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return
    for statement in body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Constant):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from ((t.id, statement.value.value) for t in targets if isinstance(t, ast.Name))


def made_at(notebook: NotebookNode, told: str = "") -> int:
    """Give the time of the run in Unix seconds, the same whenever the same notebook is published.

    That is SOURCE_DATE_EPOCH, else the time that the page has `told`, else what the notebook notes, else 0.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return int(epoch)
    if told:
        return _seconds(told)
    notes = [(part.metadata.get("papermill") or {}).get("end_time") for part in (notebook, *notebook.cells)]
    notes += [time for cell in notebook.cells for time in (cell.metadata.get("execution") or {}).values()]
    return max((_seconds(note) for note in notes), default=0)


def _seconds(note: object) -> int:
    try:
        moment = datetime.fromisoformat(str(note))
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


CELL_TAGS = frozenset({"remove-cell", "hide-cell", "remove", "hide", "noexport", "exclude"})
INPUT_TAGS = frozenset({"remove-input", "hide-input", "hide-code"})
OUTPUT_TAGS = frozenset({"remove-output", "hide-output", "remove-outputs"})


def choose(notebook: NotebookNode, *, code: bool) -> NotebookNode:
    """Leave in the notebook, in place, only what its readers are to see."""
    notebook.cells = [cell for cell in notebook.cells if not tags_of(cell) & CELL_TAGS]
    for cell in notebook.cells:
        folded = cell.metadata.get("jupyter") or {}
        tags = tags_of(cell)
        if cell.cell_type != "code":
            if tags & INPUT_TAGS or folded.get("source_hidden"):
                cell.source = ""
            continue
        if not code or tags & INPUT_TAGS or folded.get("source_hidden"):
            cell.metadata.setdefault("transient", {})["remove_source"] = True
        if tags & OUTPUT_TAGS or folded.get("outputs_hidden"):
            cell.outputs = []
    return notebook
