"""Typst, called as a function: a document as data in, the bytes of a PDF out."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from perfkit.errors import Fault, MachineError
from perfkit.publish.base import TEMPLATES

STANDARDS = ["a-2a", "ua-1"]
FONTS = {
    "text": ["Noto Serif SC", "DejaVu Sans"],
    "headings": ["Noto Sans SC", "DejaVu Sans"],
    "code": ["DejaVu Sans Mono", "Noto Sans SC"],
}


def typeset(document: dict[str, Any], timestamp: int = 0) -> bytes:
    """Set a document on A4; the same document and `timestamp` (Unix seconds) give the same bytes.

    Raises:
        MachineError: Typst found something missing, such as a font.
    """
    import typst

    inputs = {"document": json.dumps({"fonts": FONTS, **document}, ensure_ascii=False)}
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(TEMPLATES / "perfkit" / "report.typ"),
            root=str(TEMPLATES / "perfkit"),
            format="pdf",
            font_paths=load_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
            pdf_standards=STANDARDS,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise MachineError(Fault(error.message, hint="; ".join(error.hints))) from error
    if warnings:
        raise MachineError(*(Fault(w.message, hint="; ".join(w.hints)) for w in warnings))
    return bytes(pdf)


@cache
def load_fonts() -> Any:
    """Read the faces of all fonts once."""
    import matplotlib as mpl
    import pylopdf_fonts_zh_cn
    import typst

    folders = [Path(pylopdf_fonts_zh_cn.__file__).parent, Path(mpl.get_data_path()) / "fonts" / "ttf"]
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in folders])
