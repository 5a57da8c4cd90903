"""The report on A4, set by Typst from the blocks of the body: a program and its pictures in, a PDF out.

PDF/A-2a and PDF/UA-1: archived, tagged, with bookmarks; the same bytes for the same notebook. What Typst
would only warn of (a font it does not know) is an error here. A character that no font has stands as its
code point in a box, and a note of the report names it: a report with one rare name is a report.

Typst starts threads of its own, and a fork keeps none: in a process forked from one that has already set a
PDF, Typst would wait for ever. Such a process has its documents set by another.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from perfkit.errors import Fault, MachineError, theirs
from perfkit.publish.blocks import Heading, Image, Paragraph, Styled, texts_in, with_images
from perfkit.publish.cleaning import ems, isolated
from perfkit.publish.exporter import Report, ReportExporter, asset
from perfkit.publish.formulas import string
from perfkit.publish.images import letters_of
from perfkit.publish.theme import SANS, SERIF, FontChoice, chains, chosen, faces, told
from perfkit.publish.typst_source import Source
from perfkit.text import choose, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbformat import NotebookNode

    from perfkit.publish.blocks import Block, Inline
    from perfkit.publish.theme import Faces, Theme

Form = Literal["pdf", "png"]
STANDARDS: Final = ["a-2a", "ua-1"]
DOTS: Final = 200.0  # an inch
_threads = {"started_in": 0}


@dataclass(frozen=True, slots=True)
class Program:
    """Hold a program for Typst: its source, the pictures it names, and `data`, which it reads as JSON."""

    source: str
    files: Mapping[str, bytes]
    data: Mapping[str, Any]


def draw(drawings: Sequence[tuple[bytes, float]]) -> list[bytes]:
    """Give drawings (SVG, each with its width in points) as PNG of 200 dots an inch."""
    if not drawings:
        return []
    files = {f"{number}.svg": data for number, (data, _) in enumerate(drawings)}
    pages = [f'#image("{number}.svg",width:{width:.2f}pt)' for number, (_, width) in enumerate(drawings)]
    source = "#set page(width:auto,height:auto,margin:0pt)\n" + "\n#pagebreak()\n".join(pages)
    program = Program(source, files, {})
    return _run(program, FontChoice(), 0, "png")


def in_spite_of_drawings(report: Report, made: Callable[[Report], bytes], kind: str) -> bytes:
    """Give what is `made` of a report; a note that names it stands for a drawing that Typst refuses.

    Raises:
        MachineError: what Typst refuses is no drawing.
    """
    before = len(report.notes)
    try:
        return made(report)
    except MachineError:
        del report.notes[before:]  # they tell of what is not made
        left = _without_refused(report, made, kind)
        if left is None:
            raise
    return made(left)


def _without_refused(report: Report, made: Callable[[Report], bytes], kind: str) -> Report | None:
    """Give a report without the drawings that Typst refuses, each noted and named; or None."""
    language, heading = report.wishes.language, report.body.title
    bare = report.theme.model_copy(update={"logo": ""})
    refused: list[str] = []

    def left_out(name: str, content: tuple[Block, ...], theme: Theme) -> bool:
        """Tell whether nothing can be made of this alone."""
        try:
            made(report.showing(content, theme, notes=[]))
        except MachineError as error:
            why = error.faults[0].told("en").splitlines()[0]  # Typst's own words
            refused.append(
                choose("publish.undrawn", language, kind=kind, name=name, heading=heading, why=why)
            )
            return True
        return False

    def shown(image: Image) -> Inline:
        if not left_out(image.alt, (Paragraph((image,)),), bare):
            return image
        return Styled("quiet", (choose("publish.in_place", language, name=image.alt),))

    logo = Path(report.theme.logo).name
    theme = bare if logo and left_out(logo, (), report.theme) else report.theme
    content: list[Block] = []
    for block in report.blocks.content:
        heading = "".join(texts_in(block)) if isinstance(block, Heading) else heading
        content.append(with_images(block, shown))
    report.notes.extend(refused)
    return report.showing(tuple(content), theme, notes=report.notes) if refused else None


def typeset(program: Program, choice: FontChoice, timestamp: int) -> bytes:
    """Set a document on A4; the same program and `timestamp` (Unix seconds) give the same bytes.

    Raises:
        MachineError: a font is missing, or Typst cannot set the document.
    """
    return _run(program, choice, timestamp, "pdf")[0]


def _run(program: Program, choice: FontChoice, timestamp: int, form: Form) -> list[bytes]:
    started_in = _threads["started_in"]
    if started_in and started_in != os.getpid():
        return _set_elsewhere(program, choice, timestamp, form)
    _threads["started_in"] = os.getpid()
    return _compile(program, chosen(choice), timestamp, form)


def _compile(program: Program, found: Faces, timestamp: int, form: Form) -> list[bytes]:
    """Run a program; give the pages of a picture each, a PDF as one."""
    import typst

    try:
        made, warnings = typst.compile_with_warnings(
            {"main": program.source.encode(), **program.files},
            format=form,
            font_paths=found.fonts,
            ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(program.data, ensure_ascii=False)},
            pdf_standards=cast("Any", STANDARDS if form == "pdf" else []),
            ppi=DOTS,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise MachineError(_fault(error)) from error
    fonts = [warning for warning in warnings if "font" in warning.message]
    if fonts:
        raise MachineError(*map(_fault, fonts))
    for warning in warnings:
        logging.getLogger(__name__).warning("Typst: %s", warning.message)
    return [bytes(page) for page in made] if isinstance(made, list) else [bytes(made)]


def _fault(told: Any) -> Fault:
    """Tell what Typst says of a program, with its advice."""
    return Fault(say("faults.typst", text=told.message), hint=theirs("; ".join(told.hints)))


def _set_elsewhere(program: Program, choice: FontChoice, timestamp: int, form: Form) -> list[bytes]:
    """Have the document set by a process of its own."""
    from perfkit.processes import CallError, LostError, call

    try:
        return call(_set, program, choice.model_dump(), timestamp, form)
    except (CallError, LostError) as error:
        raise MachineError(Fault(say("faults.typst_failed_process_its"), got=theirs(str(error)))) from error


def _set(program: Program, choice: Mapping[str, Any], timestamp: int, form: Form) -> list[bytes]:
    return _compile(program, chosen(FontChoice.model_validate(choice)), timestamp, form)


_REGIONS = {"zh": "CN", "en": "GB"}
_LONGEST_HEADER = 30.0
_AROUND = 12
_FILES = {"PDF": say("publish.the_pdf"), "Word": say("publish.the_word_file")}


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
            MachineError: a font is missing.
        """
        report, resources = self.report_of(nb, resources)
        return self.render(report), resources

    def render(self, report: Report) -> bytes:
        """Give the PDF of a report."""
        return in_spite_of_drawings(report, _set_report, "PDF")


def _set_report(report: Report) -> bytes:
    return typeset(_program(report), report.theme.fonts, report.made)


def _program(report: Report) -> Program:
    """Write the report as a program for Typst: what is said once a page, the look, the body."""
    body, theme, language = report.body, report.theme, report.wishes.language
    content = report.blocks.content
    header = " · ".join(filter(None, [isolated(_shortened(body.title)), body.year]))
    pages = {"header": header, "number": theme.number, "footer": theme.footer, "office": theme.office}
    characters = frozenset("".join((*texts_in((*pages.values(), *content)), *_letters(report))))
    families, absent = chains(theme.fonts, chosen(theme.fonts), characters)
    source = Source(report.blocks.anchors, absent)
    words = {name: source.line((text,)) if text else '""' for name, text in pages.items()}
    running = f"#set page(..pages({words['header']},{words['number']},{words['footer']}))"
    report.notes.extend(_note(character, report, "PDF") for character in absent)
    return Program(
        "\n".join(
            [asset("report.typ"), running, _letterhead(report, source, words), f"#{source.report(content)}"]
        ),
        source.files,
        {
            "title": body.title,
            "author": body.unit or theme.office or "perfkit",
            "keywords": [word for word in (body.year, theme.number) if word],
            "lang": language,
            "region": _REGIONS[language],
            "fonts": families,
            "colours": {"structure": theme.primary, "loss": theme.loss},
        },
    )


def _letterhead(report: Report, source: Source, words: dict[str, str]) -> str:
    """Write what stands above the title: the office's logo, name and document number, where it has them."""
    theme = report.theme
    logo = theme.logo_picture()
    if not (logo or theme.office or theme.number):
        return ""
    alt = string(theme.office or "Logo")
    picture = f"image({string(source.file(logo))},alt:{alt},height:24pt)" if logo else "[]"
    return f"#letterhead({picture},{words['office']},{words['number']})"


def _shortened(title: str) -> str:
    """Cut a title to what a running header has room for."""
    if ems(title) <= _LONGEST_HEADER:
        return title
    length = next(n for n in range(len(title), 0, -1) if ems(title[:n]) <= _LONGEST_HEADER - 1)
    return title[:length].rstrip() + "…"


def _letters(report: Report) -> list[str]:
    """Give what the texts of a report's drawings say."""
    logo = report.theme.logo_picture()
    return [letters_of(logo.svg) if logo else "", *_drawn(report.blocks.content)]


def absent_in_drawings(report: Report) -> list[str]:
    """Give the characters of a Word report's drawings that no font has, each noted."""
    choice = FontChoice()
    if not (characters := frozenset("".join(_letters(report)))):
        return []
    absent = chains(choice, chosen(choice), characters)[1]
    report.notes.extend(_note(character, report, "Word") for character in absent)
    return absent


def _drawn(content: Block | tuple[Block, ...]) -> list[str]:
    """Give what the texts of the drawings in blocks say."""
    found: list[str] = []

    def kept(image: Image) -> Inline:
        found.append(letters_of(image.picture.svg))
        return image

    with_images(content, kept)
    return found


def _note(character: str, report: Report, kind: str) -> str:
    """Say which character no font has, under which heading it first stands, between which words."""
    language = report.wishes.language
    heading = around = report.body.title
    for block in report.blocks.content:
        text = "".join(texts_in(block))
        if isinstance(block, Heading):
            heading = text
        said = [*([text] if kind == "PDF" else []), *_drawn(block)]
        if found := next((words for words in said if character in words), ""):
            at = found.index(character)
            around = found[max(at - _AROUND, 0) : at + _AROUND + 1]
            break
    return choose(
        "publish.no_font",
        language,
        character=told(character),
        heading=heading,
        around=around,
        file=_FILES[kind],
    )
