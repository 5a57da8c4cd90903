"""`perfkit check` over many forms: each is read, scored and checked, and its findings written at once.

Nothing is kept of a form but what shows across forms, so that thousands pass through. A file that cannot
be read is a fault of its own, and the others are checked all the same.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from perfkit.batch.inputs import use_kept
from perfkit.checks import Across, Findings, check
from perfkit.checks.finding import Owner
from perfkit.checks.listing import Writer, writer
from perfkit.errors import Fault, PerfkitError, SettingsError
from perfkit.files import write_atomic
from perfkit.profiles import load_profile
from perfkit.readers import read_all
from perfkit.scoring import score
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfkit.cli.speaking import Subject
    from perfkit.language import Language


@dataclass(frozen=True, slots=True)
class Review:
    """Hold how a review is done: what to select and ignore, how to tell it and where.

    `by_unit` makes a work list for each unit in the folder `target`.
    """

    form_of: str
    select: Sequence[str]
    ignore: Sequence[str]
    target: Path | None
    language: Language
    by_unit: bool = False

    def run(self, subjects: Sequence[Subject]) -> tuple[list[Fault], bool]:
        """Review every file; give the faults of the unreadable ones, and whether an error was found."""
        if self.by_unit:
            return self._lists(subjects)
        if self.form_of == "xlsx" and self.target is None:
            raise SettingsError(Fault(say("cli.worklist"), got="--format xlsx", hint="--to worklist.xlsx"))
        if self.target is None:
            return self._write(subjects, lambda: writer(self.form_of, sys.stdout, self.language))
        stream: IO[Any] = io.BytesIO() if self.form_of == "xlsx" else io.StringIO()
        result = self._write(subjects, lambda: writer(self.form_of, stream, self.language))
        content = stream.getvalue()  # type: ignore[attr-defined]
        write_atomic(self.target, content if isinstance(content, bytes) else content.encode("utf-8"))
        return result

    def _lists(self, subjects: Sequence[Subject]) -> tuple[list[Fault], bool]:
        """Write a work list for each unit that has findings, and name each file on a line."""
        from perfkit.checks.work_list import WorkLists

        if self.target is None or self.form_of not in {"text", "xlsx"}:
            got = "--by unit" if self.target is None else f"--format {self.form_of}"
            raise SettingsError(Fault(say("cli.worklists"), got=got, hint="--by unit --to worklists"))
        lists = WorkLists(self.language)
        result = self._write(subjects, lambda: lists)
        for name, count, content in lists.books():
            path = self.target / f"{name}.xlsx"
            write_atomic(path, content)
            click.echo(say("cli.worklists.made", path=shown(path), n=count)[self.language])
        return result

    def _write(self, subjects: Sequence[Subject], opened: Callable[[], Writer]) -> tuple[list[Fault], bool]:
        """Write the findings as they come; nothing at all where no file could be read."""
        use_kept(Path("reports"))
        across = Across(select=self.select, ignore=self.ignore)
        faults: list[Fault] = []
        out: Writer | None = None
        owners: dict[str, tuple[Owner, str]] = {}
        errors = False
        for one in subjects:
            try:
                profile, forms = load_profile(one.profile), read_all(one.form)
            except PerfkitError as error:
                faults += error.faults
                continue
            out = out or opened()
            for form in forms:
                card = score(form, profile)
                across.add(card)
                owner = Owner(form.project, form.department or "", form.unit or "")
                owners[form.source.file] = owner, form.source.own_file
                found = check(form, card, select=self.select, ignore=self.ignore)
                errors = errors or _errors(found)
                out.add(found, form.source.file)
        if out is None:
            return faults, False
        whose = ((each, *owners.get(each.file, (Owner(), ""))) for each in across.findings())
        last = Findings([replace(each, owner=owner, source=own) for each, owner, own in whose])
        if last:
            out.add(last)
        out.close()
        return faults, errors or _errors(last)


def _errors(findings: Findings) -> bool:
    return any(finding.severity == "error" for finding in findings)
