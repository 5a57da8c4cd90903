"""The files that give a report its form: templates, style, script, and the program of the PDF."""

from __future__ import annotations

from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
FOLDER = TEMPLATES / "perfkit"


@cache
def asset(name: str) -> str:
    """Give the text of one of these files."""
    return (FOLDER / name).read_text("utf-8")
