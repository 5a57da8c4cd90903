"""What a batch has to do: every params file found, read and checked before anything runs.

A report is *fresh* when nothing it depends on has changed and its files are as they were left, *stale*
when it has to be made, *faulty* when its params or form cannot be used. All faults of all files are known
before the first notebook runs.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from unicodedata import category

from perfkit import stores
from perfkit.batch.inputs import bring
from perfkit.batch.keys import changed, digest, key_of, profile_digest, versions
from perfkit.batch.outputs import RESERVED
from perfkit.errors import DataError, Fault, PerfkitError, SettingsError, refused
from perfkit.params import Params, load_params
from perfkit.readers import read
from perfkit.stores import stamp
from perfkit.workspace import find_workspace, report_notebook, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

LONGEST = ".failed.ipynb"  # of the endings that a report's files have
NAME_MAX = 255  # bytes that a file's name may have on the common file systems
SETTLED = 50_000_000  # ns: a file this much older than its stamp cannot have changed within one clock tick


@dataclass(frozen=True, slots=True)
class Stale:
    """Hold a report to be made: its params, its key, the stamps of its inputs, and why."""

    params: Params
    key: Mapping[str, Any]
    seen: Mapping[str, list[int]]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """Hold a report that nothing is to be done for; `seen` where its inputs were touched but not changed."""

    name: str
    path: Path
    seen: Mapping[str, list[int]] | None = None


@dataclass(frozen=True, slots=True)
class Faulty:
    """Hold a project whose params or form cannot be used, with every fault."""

    name: str
    path: Path
    error: PerfkitError


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold what a batch has to do, each part in the order of its names."""

    stale: tuple[Stale, ...] = ()
    fresh: tuple[Fresh, ...] = ()
    faulty: tuple[Faulty, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Give every fault of every file."""
        return tuple(fault for project in self.faulty for fault in project.error.faults)

    def refusal(self) -> PerfkitError:
        """Give the error that lists every fault, for a batch that does not run."""
        settings = any(not isinstance(project.error, DataError) for project in self.faulty)
        return (SettingsError if settings else DataError)(*self.faults)


@dataclass(frozen=True, slots=True)
class Planner:
    """Compare projects with what the journal knows of them (`states`) and with the files in `out`."""

    out: Path
    formats: tuple[str, ...]
    states: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    force: bool = False

    def plan(self, paths: Iterable[Path]) -> Plan:
        """Sort every project into stale, fresh and faulty."""
        parts: dict[type, list[Any]] = {Stale: [], Fresh: [], Faulty: []}
        names: dict[str, Path] = {}
        wanted = list(paths)
        if stores.in_use():
            bring(path for path in wanted if self.force or not self._is_untouched(path))
        for path in wanted:
            part = self._faulty_name(path, names) or self.look_at(path)
            names.setdefault(path.stem.casefold(), path)  # A and a are one file on Windows and macOS
            parts[type(part)].append(part)
        return Plan(tuple(parts[Stale]), tuple(parts[Fresh]), tuple(parts[Faulty]))

    def _faulty_name(self, path: Path, names: Mapping[str, Path]) -> Faulty | None:
        if (other := names.get(path.stem.casefold())) is not None:
            fault = Fault(
                "two params files make reports of the same name", shown(path), got=shown(other),
                hint="rename one of them: a report is named after its params file",
            )  # fmt: skip
        elif path.stem.casefold() in RESERVED:
            fault = Fault(
                f"a report cannot be named {path.stem!r}", shown(path),
                hint=f"{', '.join(sorted(RESERVED))} are files of the batch itself: rename the params file",
            )  # fmt: skip
        elif any(category(letter) == "Cc" for letter in path.stem):
            fault = Fault(
                "a report cannot have a control character in its name", shown(path), got=repr(path.stem),
                hint="rename the params file: a report is named after it",
            )  # fmt: skip
        elif (size := len(os.fsencode(f"{path.stem}{LONGEST}"))) > NAME_MAX:
            fault = Fault(
                "the name is too long for a report", shown(path), got=f"{size} bytes with {LONGEST}",
                expected=f"at most {NAME_MAX}", hint="rename the params file: a report is named after it",
            )  # fmt: skip
        else:
            return None
        return Faulty(path.stem, path, SettingsError(fault))

    def look_at(self, path: Path) -> Stale | Fresh | Faulty:
        """Say what is to be done for one project."""
        if not self.force and self._is_untouched(path):
            return Fresh(path.stem, path)
        try:
            params = load_params(path)
            seen = _stamps(params.path, params.form, params.theme)
            key = key_of(params)
            if reasons := self.reasons(path.stem, key):
                read(params.form)
        except PerfkitError as error:
            return Faulty(path.stem, path, error)
        except OSError as error:
            fault = Fault("the file cannot be read", shown(error.filename or path), got=refused(error))
            return Faulty(path.stem, path, DataError(fault))
        return Stale(params, key, seen, tuple(reasons)) if reasons else Fresh(path.stem, path, seen)

    def reasons(self, name: str, key: Mapping[str, Any]) -> list[str]:
        """Say why a report has to be made; nothing where it need not."""
        known = self.states.get(name, {})
        if "key" not in known:
            return ["new"]
        return [*(["forced"] if self.force else []), *changed(known["key"], key), *self._spoilt(known)]

    def _spoilt(self, known: Mapping[str, Any]) -> list[str]:
        """Name the files of a report that are missing, or not as they were left."""
        spoilt = []
        for kind in (*self.formats, "ipynb"):
            place, left = self.out / f"{known['name']}.{kind}", known["files"].get(kind)
            if left is None or not stores.there(place):
                spoilt.append(f"{kind} missing")
            elif stamp(place) != left[:2] and (not place.is_file() or digest(place) != left[2]):
                spoilt.append(f"{kind} altered")
        return spoilt

    def _is_untouched(self, path: Path) -> bool:
        """Tell from stamps alone that nothing has changed; where in doubt, say no."""
        known = self.states.get(path.stem, {})
        if "key" not in known:
            return False
        workspace, key = workspace_of(path.parent), known["key"]
        try:
            return (
                all(
                    _is_as_seen(_place(place, workspace), left, known["at"])
                    for place, left in known["seen"].items()
                )
                and shown_from(path, workspace) == next(iter(known["seen"]), "")
                and key["notebook"] == notebook_digest(workspace)
                and key["profile"] == profile_digest(known["profile"], workspace)
                and key["versions"] == versions()
                and all(
                    kind in known["files"]
                    and stamp(self.out / f"{path.stem}.{kind}") == known["files"][kind][:2]
                    for kind in (*self.formats, "ipynb")
                )
            )
        except (OSError, KeyError, PerfkitError):
            return False


def _place(seen: str, workspace: Path) -> Path:
    return workspace / seen if "://" not in seen else stores.local_path(seen)


def _is_as_seen(path: Path, left: Sequence[int], at: int) -> bool:
    return left[1] < at - SETTLED and stamp(path) == list(left)


def _stamps(*paths: Path | None) -> dict[str, list[int]]:
    inputs = [path.absolute() for path in paths if path is not None]
    workspace = workspace_of(inputs[0].parent)
    return {shown_from(path, workspace): stamp(path) for path in inputs}


def shown_from(path: Path, workspace: Path) -> str:
    """Give a path from the workspace, so that a journal names no folder of this machine without need."""
    full = path.absolute()
    if full.is_relative_to(workspace):
        return full.relative_to(workspace).as_posix()
    return stores.url_of(full) or full.as_posix()


@cache
def workspace_of(folder: Path) -> Path:
    """Give the workspace of a folder of params files, looked for once."""
    return find_workspace(folder)


@cache
def notebook_digest(workspace: Path) -> str:
    """Give the hash of a workspace's report notebook, taken once a run."""
    return digest(report_notebook(workspace))


def forget() -> None:
    """Forget what was looked up once a run; files may have changed since."""
    for looked_up in (workspace_of, notebook_digest, profile_digest, versions):
        looked_up.cache_clear()


def now_ns() -> int:
    """Give the time as file stamps count it."""
    return time.time_ns()
