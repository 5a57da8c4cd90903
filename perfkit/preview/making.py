"""The page of one report, made again and again, each time in a process that was forked before the save.

A process of its own for each page, so that no earlier notebook, profile or theme is remembered.

A file that another program holds open, or has written only half of, is tried again for a moment before it
counts as wrong. What is wrong is told on the page, in the reader's language.

A unit's own file is read once and reported on as `import` would set it down. The one that a form file was
imported from is taken in its place while it is the newer, and the page says so; neither file is changed.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.batch.inputs import shared_files
from perfkit.batch.job import Job
from perfkit.batch.workers import LocalWorkers
from perfkit.errors import PerfkitError
from perfkit.form import FORM_FILES, with_checked, with_set_aside
from perfkit.language import spoken
from perfkit.params import is_params, load_params
from perfkit.readers import form_yaml, read, read_all
from perfkit.shared import settings, shared
from perfkit.text import say
from perfkit.workspace import SHARED, find_workspace, is_file, report_notebook, resolve, shown

if TYPE_CHECKING:
    from perfkit.form import Form

TRIES = 5
BETWEEN_TRIES = 0.25  # seconds
SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Page:
    """Hold the report as made, or what is wrong; `seconds` is what it took, `note` what is to be known."""

    html: bytes = b""
    fault: str = ""
    seconds: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Hold what the report is made from."""

    name: str
    notebook: Path
    form: Path
    profile: str
    language: str
    theme: str
    workspace: Path
    values: dict[str, object]

    def inputs(self) -> set[Path]:
        """Give the files: those that the values name, such as the form of the year before, among them."""
        values = (value for value in self.values.values() if isinstance(value, str))
        named = (resolve(name, self.workspace) for name in (self.profile, self.theme, *values) if name)
        common = shared_files(self.workspace)
        return {self.notebook, self.form, *common, *(path for path in named if path.is_file())}


class Maker(AbstractContextManager["Maker"]):
    """Make the report of a PATH, a form in any format or a params file."""

    def __init__(self, path: Path, profile: str = "") -> None:
        self.path, self.profile = path.absolute(), profile
        self.workspace = find_workspace(self.path.parent)
        self._stack = ExitStack()
        self._workers = LocalWorkers()  # which warm up while the form is read
        self._stack.enter_context(self._workers)
        self._rehearsed = False
        self._inputs: set[Path] = set()
        self._drafts = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="perfkit-")))

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def inputs(self) -> set[Path]:
        """Give the files whose saving makes the report anew."""
        return {self.path, self.workspace / SHARED} | self._inputs

    def make(self) -> Page:
        """Make the page; a file that cannot be read is tried again for a moment."""
        begun = time.monotonic()
        for left in reversed(range(TRIES)):
            try:
                wanted = self._wanted()
                self._inputs = wanted.inputs()
                wanted, note = self._read(wanted)
                break
            except (PerfkitError, OSError) as error:
                self._inputs |= self._named_by(error)
                if not left:
                    return Page(fault=str(error), seconds=time.monotonic() - begun)
                time.sleep(BETWEEN_TRIES)
        page = self._made(wanted)
        return Page(page.html, page.fault, time.monotonic() - begun, note)

    def get_ready(self) -> None:
        """Have the process of the next page wait for it, so that its start is not waited for."""
        self._workers.get_ready()

    def _read(self, wanted: _Wanted) -> tuple[_Wanted, str]:
        """Read the form; give what is reported on, with a note where the form file is not."""
        form, note = read(wanted.form), ""
        if wanted.form.suffix.lower() in FORM_FILES:
            own = resolve(form.source.origin, self.workspace) if form.source.origin else wanted.form
            self._inputs |= {own}
            newer = _newer(form, own, wanted.form)
            if newer is None:
                return wanted, ""
            form = with_checked(with_set_aside(newer, form), form)
            note = say("preview.own_file", file=shown(own), form=shown(wanted.form))[spoken()]
        draft = self._drafts / f"{wanted.form.stem}.yaml"
        draft.write_text(form_yaml(form), encoding="utf-8")
        return replace(wanted, form=draft, values=wanted.values | {"form": str(draft)}), note

    def _named_by(self, error: PerfkitError | OSError) -> set[Path]:
        """Give the files that a fault names, or misses: mending one of them is a save as well."""
        faults = error.faults if isinstance(error, PerfkitError) else ()
        named = {str(part) for fault in faults for part in (fault.file, fault.got) if part}
        return {resolve(name, self.workspace).absolute() for name in named if name.isprintable()}

    def _wanted(self) -> _Wanted:
        if is_params(self.path):
            params = load_params(self.path, profile=self.profile)
            theme = str(params.theme or "")
            return _Wanted(params.name, params.notebook, params.form, params.profile,
                           params.language, theme, params.workspace, dict(params.values))  # fmt: skip
        common = shared(self.workspace)
        chosen = settings(self.profile or common.profile, common.language, common.theme)
        notebook = (
            resolve(common.notebook, self.workspace) if common.notebook else report_notebook(self.workspace)
        )
        values = {"form": str(self.path), "profile": chosen.profile, "language": chosen.language}
        if chosen.theme:
            values["theme"] = chosen.theme
        return _Wanted(self.path.stem, notebook, self.path, chosen.profile, chosen.language, chosen.theme,
                       self.workspace, dict(values))  # fmt: skip

    def _made(self, wanted: _Wanted) -> Page:
        job = Job(
            name=wanted.name, notebook=str(wanted.notebook), values=wanted.values, form=str(wanted.form),
            profile=wanted.profile, language=wanted.language, folder=str(wanted.workspace), formats=("html",),
            drafts={kind: str(self._drafts / f"report.{kind}") for kind in ("html", "ipynb")},
            seconds=SECONDS, kept=False,
        )  # fmt: skip
        if not self._rehearsed:
            self._workers.open(1, [(wanted.profile, wanted.language, str(wanted.workspace))])
            self._rehearsed = True
        outcome = self._workers.make_one(job)
        if outcome.failure is not None:
            return Page(fault=outcome.failure.error)
        return Page(html=Path(outcome.files["html"][0]).read_bytes())


def _newer(form: Form, own: Path, file: Path) -> Form | None:
    """Give what the unit's own file says, where it is later than the form file and has changed."""
    if own == file or not is_file(own) or own.stat().st_mtime_ns <= file.stat().st_mtime_ns:
        return None
    forms = read_all(own)
    now = [each for each in forms if each.project == form.project] or forms
    same = len(now) != 1 or now[0].source.sha256 == form.source.origin_sha256
    return None if same else now[0]
