"""The findings as text, JSON, SARIF or an Excel work list, in zh and en.

A writer takes the findings of one form at a time and keeps none of them, so that a thousand forms pass
through in flat memory; `render` is the same for findings already in hand.
"""

from __future__ import annotations

from itertools import groupby
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol

from perfkit.checks.finding import Finding, Findings

if TYPE_CHECKING:
    from collections.abc import Iterable

Format = Literal["text", "json", "sarif", "xlsx"]
FORMATS: tuple[Format, ...] = ("text", "json", "sarif", "xlsx")


class Writer(Protocol):
    """Write findings to a stream, form by form; `close` writes what comes last and leaves the stream open."""

    def add(self, findings: Iterable[Finding], file: str = "") -> None:
        """Write the findings of one form; `file` names it where it has no finding."""

    def close(self) -> None:
        """Write the end."""


def writer(form_of: str, stream: IO[Any], language: str = "zh") -> Writer:
    """Give the writer of a format: text, json and sarif write text, xlsx writes bytes.

    Raises:
        ValueError: the format is unknown.
    """
    if form_of == "text":
        from perfkit.checks.outputs.text import TextWriter

        return TextWriter(stream, language)
    if form_of == "json":
        from perfkit.checks.outputs.json import JsonWriter

        return JsonWriter(stream, language)
    if form_of == "sarif":
        from perfkit.checks.outputs.sarif import SarifWriter

        return SarifWriter(stream, language)
    if form_of == "xlsx":
        from perfkit.checks.outputs.xlsx import XlsxWriter

        return XlsxWriter(stream, language)
    raise ValueError(f"{form_of}: expected one of {', '.join(FORMATS)}")


def render(findings: Iterable[Finding], form_of: str, stream: IO[Any], language: str = "zh") -> None:
    """Write findings in a format, grouped by form; those across forms come last."""
    out = writer(form_of, stream, language)
    for (_, file), group in groupby(sorted(findings, key=_place), key=_place):
        out.add(Findings(list(group)), file)
    out.close()


def _place(finding: Finding) -> tuple[bool, str]:
    across = finding.code.startswith("PK5")
    return across, "" if across else finding.file
