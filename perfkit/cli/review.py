"""`perfkit check` over many forms: each is read, scored and checked, and its findings written at once.

Nothing is kept of a form but what shows across forms, so that thousands pass through. A file that cannot
be read is a fault of its own, and the others are checked all the same.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from perfkit.checks import Across, check
from perfkit.checks.outputs import Writer, writer
from perfkit.errors import Fault, PerfkitError, SettingsError
from perfkit.files import write_atomic
from perfkit.profile import load_profile
from perfkit.readers import read_all
from perfkit.scoring import score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfkit.checks import Findings
    from perfkit.language import Language


@dataclass(frozen=True, slots=True)
class Review:
    """Hold how a review is done: the profile, what to select and ignore, how to tell it and where."""

    profile: str
    form_of: str
    select: Sequence[str]
    ignore: Sequence[str]
    target: Path | None
    language: Language

    def run(self, paths: Sequence[Path]) -> tuple[list[Fault], bool]:
        """Review every file; give the faults of the unreadable ones, and whether an error was found."""
        if self.form_of == "xlsx" and self.target is None:
            raise SettingsError(
                Fault("a work list is a file", got="--format xlsx", hint="--to worklist.xlsx")
            )
        if self.target is None:
            return self._write(paths, sys.stdout)
        stream: IO[Any] = io.BytesIO() if self.form_of == "xlsx" else io.StringIO()
        result = self._write(paths, stream)
        content = stream.getvalue()  # type: ignore[attr-defined]
        write_atomic(self.target, content if isinstance(content, bytes) else content.encode("utf-8"))
        return result

    def _write(self, paths: Sequence[Path], stream: IO[Any]) -> tuple[list[Fault], bool]:
        """Write the findings as they come; nothing at all where no file could be read."""
        profile = load_profile(self.profile)
        across = Across(select=self.select, ignore=self.ignore)
        faults: list[Fault] = []
        out: Writer | None = None
        errors = False
        for path in paths:
            try:
                forms = read_all(path)
            except PerfkitError as error:
                faults += error.faults
                continue
            out = out or writer(self.form_of, stream, self.language)
            for form in forms:
                card = score(form, profile)
                across.add(card)
                found = check(form, card, select=self.select, ignore=self.ignore)
                errors = errors or _errors(found)
                out.add(found, form.source.file)
        if out is None:
            return faults, False
        last = across.findings()
        if last:
            out.add(last)
        out.close()
        return faults, errors or _errors(last)


def _errors(findings: Findings) -> bool:
    return any(finding.severity == "error" for finding in findings)
