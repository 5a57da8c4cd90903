"""What a batch has to do: every params file found, read and checked before anything runs; and why.

A report is *fresh* when nothing it depends on has changed and its files are as they were left, *stale*
when it has to be made, *faulty* when its params or form cannot be used. All faults of all files are known
before the first notebook runs.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category

from perfkit.batch.inputs import (
    Readings,
    changed,
    digest,
    key_of,
    named_files,
    of_file,
    profile_digest,
    shared_digest,
    versions,
    versions_digest,
)
from perfkit.batch.job import RESERVED, stamp
from perfkit.batch.ledger import Ledger
from perfkit.errors import DataError, Fault, MachineError, PerfkitError, SettingsError, refused
from perfkit.language import Text, spoken
from perfkit.narrative.voice import own_words
from perfkit.params import Params, Surroundings, load_params, words_files
from perfkit.publish.theme import chosen, load_theme
from perfkit.text import say
from perfkit.text.catalogue import words
from perfkit.workspace import PARAMS, find_workspace, is_folder, is_there, matching, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfkit.batch.ledger import Made

SUFFIXES = (".yaml", ".yml", ".json")
LONGEST = ".failed.ipynb"  # of the endings that a report's files have
NAME_MAX = 255  # bytes that a file's name may have on the common file systems
SETTLED = 50_000_000  # ns: a file this much older than its stamp cannot have changed within one clock tick


@dataclass(frozen=True, slots=True)
class Stale:
    """Hold a report to be made: its params, the digests and stamps of its inputs, and why."""

    params: Params
    inputs: Mapping[str, str]
    seen: Mapping[str, list[int]]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """Hold a report that nothing is to be done for: its number in the ledger.

    `seen` and `inputs` where its files were touched but not changed; `gone` where its params file had been
    away.
    """

    name: str
    report: int
    seen: Mapping[str, list[int]] | None = None
    inputs: Mapping[str, str] | None = None
    gone: bool = False


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
        """Give every fault of every file; one that several projects have, once."""
        return tuple(dict.fromkeys(fault for project in self.faulty for fault in project.error.faults))

    def refusal(self) -> PerfkitError:
        """Give the error that lists every fault, for a batch that does not run."""
        settings = any(not isinstance(project.error, DataError) for project in self.faulty)
        return (SettingsError if settings else DataError)(*self.faults)


@dataclass(frozen=True, slots=True)
class Planner:
    """Compare projects with what the ledger knows of them and with the files in `out`.

    A `profile` goes before that of each params file; `overruled` gathers the projects where that tells.
    """

    out: Path
    formats: tuple[str, ...]
    ledger: Ledger
    readings: Readings | None = None
    force: bool = False
    profile: str = ""
    overruled: list[str] = field(default_factory=list)
    _words: dict[Path, PerfkitError | None] = field(default_factory=dict)  # what is wrong with them

    def plan(self, paths: Iterable[Path]) -> Plan:
        """Sort every project into stale, fresh and faulty; forms are read while others are looked at."""
        parts: dict[type, list[Any]] = {Stale: [], Fresh: [], Faulty: []}
        forms = self._forms(paths, parts)
        if self.readings is None:  # asked for the reasons alone
            deque(forms, maxlen=0)
            return Plan(*map(tuple, parts.values()))
        errors = self.readings.faults(forms)
        stale, faulty = [], parts[Faulty]
        for one in parts[Stale]:
            named = [(one.inputs[key], path) for key, path in _forms(one.params).items()]
            told = [of_file(*errors[digest], path) for digest, path in named if digest in errors]
            if told:
                faulty.append(Faulty(one.params.name, one.params.path, told[0]))
            else:
                stale.append(one)
        return Plan(tuple(stale), tuple(parts[Fresh]), tuple(faulty))

    def _forms(self, paths: Iterable[Path], parts: Mapping[type, list[Any]]) -> Iterator[tuple[str, Path]]:
        """Look at one project after another; yield the forms of those to be made, by their digests."""
        names: dict[str, Path] = {}
        for path in paths:
            wrong = _wrong_name(path, names.get(path.stem.casefold()))
            part = Faulty(path.stem, path, SettingsError(wrong)) if wrong else self.look_at(path)
            names.setdefault(path.stem.casefold(), path)  # A and a are one file on Windows and macOS
            parts[type(part)].append(part)
            if isinstance(part, Stale):
                yield from ((part.inputs[key], form) for key, form in _forms(part.params).items())

    def look_at(self, path: Path) -> Stale | Fresh | Faulty:
        """Say what is to be done for one project."""
        made = self.ledger.made(path.stem)
        if made and not (self.force or self.profile) and self._is_untouched(path, made):
            return Fresh(path.stem, made.report, gone=made.gone is not None)
        try:
            params = load_params(path, None, surroundings_of(path.parent), self.profile)
            seen = _stamps(params)
            if params.overruled:
                self.overruled.append(params.name)
                seen[next(iter(seen))] = [0, 0]  # without the option it is to be read again
            inputs = key_of(params)
            reasons = self.reasons(made, inputs)
            if made and not reasons:
                return Fresh(path.stem, made.report, seen, inputs)
            if params.theme:
                load_theme(str(params.theme), params.workspace)
            if error := self._own_words(words_files(params.theme, params.workspace)):
                return Faulty(path.stem, path, error)
        except PerfkitError as error:
            return Faulty(path.stem, path, error)
        except OSError as error:
            fault = Fault(say("faults.file_cannot_read"), shown(error.filename or path), got=refused(error))
            return Faulty(path.stem, path, DataError(fault))
        return Stale(params, inputs, seen, tuple(reasons))

    def _own_words(self, files: Iterable[Path]) -> PerfkitError | None:
        """Say what is wrong with files of own words, each of which is read once."""
        for path in files:
            if path not in self._words:
                self._words[path] = None
                try:
                    own_words(path)
                except PerfkitError as error:
                    self._words[path] = error
            if wrong := self._words[path]:
                return wrong
        return None

    def reasons(self, made: Made | None, inputs: Mapping[str, str]) -> list[str]:
        """Say why a report has to be made; nothing where it need not."""
        if made is None:
            return ["new"]
        moved = changed(made.inputs, inputs, lambda: self.ledger.versions(made.run))
        return [*(["forced"] if self.force else []), *moved, *self._spoilt(made)]

    def _spoilt(self, made: Made) -> list[str]:
        """Name the files of a report that are missing, or not as they were left."""
        spoilt = []
        for kind in (*self.formats, "ipynb"):
            place, left = self.out / f"{made.name}.{kind}", made.files.get(kind)
            if left is None or not place.exists():
                spoilt.append(f"{kind} missing")
            elif stamp(place) != left[:2] and (not place.is_file() or digest(place) != left[2]):
                spoilt.append(f"{kind} altered")
        return spoilt

    def _is_untouched(self, path: Path, made: Made) -> bool:
        """Tell from stamps alone that nothing has changed; where in doubt, say no."""
        workspace, inputs = workspace_of(path.parent), made.inputs
        try:
            return (
                all(
                    left[1] < made.seen_at - SETTLED and stamp(f"{workspace}/{place}") == left
                    for place, left in made.seen.items()
                )
                and shown_from(path, workspace) == next(iter(made.seen), "")
                and inputs["shared"] == shared_digest(workspace)
                and inputs["notebook"] == notebook_digest(workspace)
                and inputs["profile"] == profile_digest(made.profile, workspace)
                and inputs["versions"] == versions_digest()
                and all(
                    kind in made.files and stamp(f"{self.out}/{path.stem}.{kind}") == made.files[kind][:2]
                    for kind in (*self.formats, "ipynb")
                )
            )
        except (OSError, KeyError, PerfkitError):
            return False


def without_fonts(stale: Iterable[Stale]) -> dict[str, MachineError]:
    """Give by the names of reports the fonts that their themes ask for and this machine does not have."""
    lacking: dict[Path, MachineError | None] = {}
    for one in stale:
        theme = one.params.theme
        if theme and theme not in lacking:
            lacking[theme] = _fonts_missing(theme, one.params.workspace)
    named = {one.params.name: lacking.get(one.params.theme) for one in stale if one.params.theme}
    return {name: error for name, error in named.items() if error}


def _fonts_missing(theme: Path, workspace: Path) -> MachineError | None:
    """Look for the fonts of a theme; the machine's own are looked at only where it asks for some."""
    fonts = load_theme(str(theme), workspace).fonts
    try:
        if fonts.headings or fonts.text or fonts.folder:
            chosen(fonts)
    except MachineError as error:
        return MachineError(*(replace(fault, file=shown(theme)) for fault in error.faults))
    return None


def _wrong_name(path: Path, other: Path | None) -> Fault | None:
    """Say why a report cannot have the name of its params file; `other` has the same, but for its case."""
    stem, kinds = path.stem, {category(letter) for letter in path.stem}
    hint = say("faults.rename_params_file_report")

    def fault(what: Text, **more: Any) -> Fault:
        return Fault(what, shown(path), **({"hint": hint} | more))

    if other is not None:
        found, hint = say("faults.two_params_files_make"), say("faults.rename_one_them_report")
        return fault(found, got=shown(other))
    if stem.casefold() in RESERVED:
        hint = say("faults.are_files_batch_itself", value=", ".join(sorted(RESERVED)))
        return fault(say("faults.report_cannot_named", stem=repr(stem)))
    if "Cs" in kinds:
        return fault(
            say("faults.report_cannot_have_name"), got=repr(stem), hint=say("faults.rename_params_file_its")
        )
    if "Cc" in kinds:
        return fault(say("faults.report_cannot_have_control"), got=repr(stem))
    if (size := len(os.fsencode(f"{stem}{LONGEST}"))) > NAME_MAX:
        got = say("faults.bytes_with", size=size, longest=LONGEST)
        return fault(
            say("faults.name_too_long_for"), got=got, expected=say("faults.at_most", name_max=NAME_MAX)
        )
    return None


def _forms(params: Params) -> dict[str, Path]:
    """Give the forms that a report is made of: its own, and that of the year before."""
    before = {key: path for key, path in named_files(params).items() if key == "previous"}
    return {"form": params.form, **before}


def _stamps(params: Params) -> dict[str, list[int]]:
    """Give the stamp of each file that a report is made from, the params file first."""
    words = words_files(params.theme, params.workspace)
    named = [params.form, params.theme, *words, *named_files(params).values()]
    inputs = [params.path.absolute(), *(path.absolute() for path in named if path)]
    return {shown_from(path, params.workspace): stamp(path) for path in inputs}


def shown_from(path: Path, workspace: Path) -> str:
    """Give a path from the workspace, so that the ledger names no folder of this machine without need."""
    full = path.absolute()
    if full.is_relative_to(workspace):
        return full.relative_to(workspace).as_posix()
    return full.as_posix()


@cache
def workspace_of(folder: Path) -> Path:
    """Give the workspace of a folder of params files, looked for once."""
    return find_workspace(folder)


@cache
def surroundings_of(folder: Path) -> Surroundings:
    """Give what the params files of a folder have in common, looked up once a run."""
    return Surroundings.of(folder)


@cache
def notebook_digest(workspace: Path) -> str:
    """Give the hash of a workspace's report notebook, taken once a run."""
    return digest(surroundings_of(workspace).notebook)


def forget() -> None:
    """Forget what was looked up once a run; files may have changed since."""
    looked_up: tuple[Any, ...] = (
        workspace_of,
        surroundings_of,
        notebook_digest,
        shared_digest,
        profile_digest,
    )
    for each in (*looked_up, versions, versions_digest):
        each.cache_clear()


def find(paths: Sequence[str | Path]) -> list[Path]:
    """Find the params files that the paths mean: a file, the files of a folder, or those a glob matches.

    Raises:
        SettingsError: a path that means nothing.
    """
    found: dict[Path, None] = {}
    faults = []
    for given in paths:
        if not (files := _files(Path(given))):
            what, expected = say("faults.no_params_file_here"), say("faults.params_file_folder_glob")
            faults.append(Fault(what, str(given), expected=expected, hint=_instead(Path(given))))
        found |= dict.fromkeys(files)
    if faults:
        raise SettingsError(*faults)
    return list(found)


def _instead(path: Path) -> Text:
    """Say what leads on from a path that names no params file: its forms, this workspace's, or a new one."""
    from perfkit.readers.structured import DOCUMENTS

    if is_folder(path) and any(each.suffix.lower() in DOCUMENTS for each in path.iterdir()):
        return say("faults.report_reads_forms", path=shown(path))
    params = find_workspace() / PARAMS
    if is_folder(params) and params != path.absolute() and _files(params):
        return say("faults.params_lie_in", path=shown(params))
    return say("faults.perfkit_init_makes_workspace")


def _files(path: Path) -> list[Path]:
    if is_folder(path):
        return sorted(file.absolute() for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    if is_there(path):
        return [path.absolute()]
    return [file.absolute() for file in matching(path) if file.suffix.lower() in SUFFIXES]


@dataclass(frozen=True, slots=True)
class Reason:
    """Hold why one report would be made (`because`), or that it would not: nothing there, or its faults."""

    name: str
    because: tuple[str, ...] = ()
    faults: str = ""

    @property
    def stale(self) -> bool:
        """Tell whether the next run would make this report."""
        return bool(self.because)

    def __str__(self) -> str:
        if self.faults:
            return say("batch.line.input", name=self.name, error=self.faults)[spoken()]
        because = say("batch.head.joint")[spoken()].join(map(_because, self.because))
        return say("batch.why.at", name=self.name, because=because or say("batch.why.unchanged"))[spoken()]


_OF_A_FILE = ("missing", "altered")


def _because(reason: str) -> str:
    """Say a reason in words, of a file too (`pdf missing`); a version that moved stands as it is."""
    *kind, what = reason.rsplit(" ", 1)
    said = f"why.{what}" in words("batch") and (not kind or what in _OF_A_FILE)
    return say(f"batch.why.{what}", kind="".join(kind))[spoken()] if said else reason


def why(
    paths: Sequence[str | Path] | str | Path, to: Sequence[str] = ("html", "pdf"), out: str | Path = "reports"
) -> list[Reason]:
    """Tell for each report whether the next run would make it, and because of which input; change nothing.

    No form is read for that: whether one can be read is for `check` and `report` to say. A reason is an input
    (`form`, `params`, `profile`, `theme`, `notebook`, `language` …), a version that moved
    (`typst 0.13 → 0.15`), a file of the report that is `missing` or `altered`, or `new`.

    Raises:
        SettingsError: a path that means nothing.
    """
    forget()
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    folder = Path(out).absolute()
    with Ledger.of(folder) as ledger:
        planner = Planner(folder, tuple(dict.fromkeys(to)), ledger)
        paths = find(given)
        plan = planner.plan(paths)
    because = {one.params.name: one.reasons for one in plan.stale}
    faults = {one.name: str(one.error) for one in plan.faulty}
    names = dict.fromkeys(path.stem for path in paths)
    return [
        Reason(name, () if name in faults else because.get(name, ()), faults.get(name, "")) for name in names
    ]
