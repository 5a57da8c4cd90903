"""Typst, called as a function: a document as data in, the bytes of a PDF out.

Typst starts threads of its own, and a fork keeps none: in a process forked from one that has already set a
PDF, Typst would wait for ever. Such a process has its documents set by a fresh one.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final, cast

from perfkit.errors import Fault, MachineError
from perfkit.publish.assets import FOLDER
from perfkit.publish.places import place_of, texts_in
from perfkit.publish.typefaces import Faces, chains, chosen, told

if TYPE_CHECKING:
    from perfkit.publish.theme import FontChoice

STANDARDS: Final = ["a-2a", "ua-1"]
_threads = {"started_in": 0}


def typeset(document: dict[str, Any], choice: FontChoice, timestamp: int) -> bytes:
    """Set a document on A4; the same document and `timestamp` (Unix seconds) give the same bytes.

    Raises:
        MachineError: a font is missing, or a character that no font has.
    """
    found = chosen(choice)
    families, missing = chains(choice, found, frozenset("".join(texts_in(document))))
    if missing:
        raise MachineError(*(_unknown(character, document) for character in missing))
    source = json.dumps({**document, "fonts": families}, ensure_ascii=False)
    started_in = _threads["started_in"]
    if started_in and started_in != os.getpid():
        return _set_elsewhere(source, choice, timestamp)
    _threads["started_in"] = os.getpid()
    return compile_pdf(source, found, timestamp)


def compile_pdf(source: str, found: Faces, timestamp: int) -> bytes:
    """Compile the report's one Typst file over a document given as JSON."""
    import typst

    try:
        pdf, warnings = typst.compile_with_warnings(
            str(FOLDER / "report.typ"),
            root=str(FOLDER),
            format="pdf",
            font_paths=found.fonts,
            ignore_system_fonts=True,
            sys_inputs={"document": source},
            pdf_standards=cast("Any", STANDARDS),
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise MachineError(Fault(f"Typst: {error.message}", hint="; ".join(error.hints))) from error
    fonts = [warning for warning in warnings if "font" in warning.message]
    if fonts:
        raise MachineError(*(Fault(f"Typst: {w.message}", hint="; ".join(w.hints)) for w in fonts))
    for warning in warnings:
        logging.getLogger(__name__).warning("Typst: %s", warning.message)
    return bytes(pdf)


def _unknown(character: str, document: dict[str, Any]) -> Fault:
    return Fault(
        "no font has this character",
        place=place_of(character, document),
        got=told(character),
        hint="install a font that has it and name it in the theme as fonts.text, or write it another way",
    )


def _set_elsewhere(source: str, choice: FontChoice, timestamp: int) -> bytes:
    """Have the document set by a process that was not forked."""
    asked = json.dumps({"source": source, "choice": choice.model_dump(), "timestamp": timestamp})
    done = subprocess.run(
        [sys.executable, "-m", "perfkit.publish.typesetting"],
        input=asked.encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise MachineError(
            Fault("Typst failed in a process of its own", got=done.stderr.decode("utf-8", "replace")[-600:])
        )
    return done.stdout


def _main() -> None:
    from perfkit.publish.theme import FontChoice

    asked = json.loads(sys.stdin.buffer.read())
    found = chosen(FontChoice.model_validate(asked["choice"]))
    sys.stdout.buffer.write(compile_pdf(asked["source"], found, asked["timestamp"]))


if __name__ == "__main__":
    _main()
