"""Findings as a JSON list (CONTRACT §7), an object a line between the brackets."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from perfkit.checks.finding import Finding


class JsonWriter:
    """Write the list as the findings come."""

    def __init__(self, stream: IO[str], language: str) -> None:
        self._stream = stream
        self._language = language
        self._opened = False

    def add(self, findings: Iterable[Finding], file: str = "") -> None:  # noqa: ARG002 each finding names its file
        """Write the findings of one form."""
        for finding in findings:
            self._stream.write(",\n " if self._opened else "[\n ")
            self._stream.write(json.dumps(finding.to_dict(self._language), ensure_ascii=False))
            self._opened = True

    def close(self) -> None:
        """Close the list."""
        self._stream.write("\n]\n" if self._opened else "[]\n")
