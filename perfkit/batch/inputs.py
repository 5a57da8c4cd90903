"""What a report depends on: its key, part by part, so that a change can be named; and its form, read once.

A report is unchanged when notebook, params, form, profile (with all it extends), theme, and the versions of
what draws it are the same. The parts stay in the ledger; `why` compares them. The forms of a run are read
side by side, in processes of their own, each once, and what was read is kept beside the ledger.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.errors import DataError, PerfkitError
from perfkit.files import hash_of_sources
from perfkit.params import shared, words_files
from perfkit.plugins import packages
from perfkit.readers import read_all, the_one
from perfkit.readers.bulk import PLACE, keep, kept, read_each, readers_version
from perfkit.readers.structured import SUFFIXES
from perfkit.workspace import SHARED, resolve, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfkit.form import Form
    from perfkit.params import Params

DRAWN_WITH = (
    "matplotlib", "typst", "pandas", "nbconvert", "nbclient", "papermill", "ipykernel", "ipython",
    "nh3", "manimgx-fonts", "pylopdf-fonts-zh-cn",
)  # fmt: skip
Parts = Mapping[str, str]
_OWN = frozenset({"form", "theme", "profile", "language"})


def key_of(params: Params) -> dict[str, str]:
    """Give the key of a report, part by part."""
    return {
        "notebook": digest(params.notebook),
        "params": text_digest(
            json.dumps(dict(params.values), sort_keys=True, default=str, ensure_ascii=False)
        ),
        "form": digest(params.form),
        "profile": profile_digest(params.profile, params.workspace),
        "theme": digest(params.theme) if params.theme else "",
        "language": params.language,
        "shared": shared_digest(params.workspace),
        "versions": versions_digest(),
        "words": " ".join(digest(path) for path in words_files(params.theme, params.workspace)),
        **{name: digest(path) for name, path in named_files(params).items()},
    }


def named_files(params: Params) -> dict[str, Path]:
    """Give the further files that the params name, such as the form of the year before, by their keys."""
    texts = {name: value for name, value in params.values.items() if isinstance(value, str)}
    places = {name: resolve(value, params.workspace) for name, value in texts.items() if name not in _OWN}
    return {name: path for name, path in places.items() if path.is_file()}


@cache
def shared_digest(workspace: Path) -> str:
    """Give the hash of what a workspace's projects share: `perfkit.yaml` and the own words that it names."""
    return " ".join(digest(path) for path in shared_files(workspace))


def shared_files(workspace: Path) -> list[Path]:
    """Give the files that a workspace's projects share, as far as there are any."""
    path = workspace / SHARED
    if not path.is_file():
        return []
    words = shared(workspace).words
    return [path, resolve(words, workspace)] if words else [path]


def changed(before: Parts, now: Parts, versions_before: Callable[[], Parts]) -> list[str]:
    """Name the parts that differ; for versions, what moved."""
    told = [part for part in dict.fromkeys((*now, *before)) if part not in ("versions", "shared")]
    names = [part for part in told if before.get(part) != now.get(part)]
    if before.get("versions") == now["versions"]:
        return names
    old, new = versions_before(), versions()
    moved = [
        f"{tool} {old.get(tool, '—')} → {new.get(tool, '—')}"
        for tool in sorted({*old, *new})
        if old.get(tool) != new.get(tool)
    ]
    return [*names, *(moved or ["versions"])]


@cache
def versions_digest() -> str:
    """Give the hash of all versions together."""
    return text_digest(json.dumps(versions(), sort_keys=True))


def digest(path: Path) -> str:
    """Give the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def text_digest(text: str) -> str:
    """Give the hash of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def profile_digest(name: str, workspace: Path) -> str:
    """Give the hash of a profile as it stands after everything it extends."""
    from perfkit.profiles import load_profile

    return text_digest(repr(load_profile(name, near=workspace)))


@cache
def versions() -> dict[str, str]:
    """Give the versions of perfkit, Python, the packages that draw a report and those that add to perfkit."""
    found = {"perfkit": _perfkit(), "python": ".".join(map(str, sys.version_info[:3]))}
    for package in DRAWN_WITH:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return {**found, **packages()}


def _perfkit() -> str:
    """Give perfkit's version with the hash of its sources, so that a checkout's edits count as well."""
    from perfkit import __version__

    return f"{__version__}+{hash_of_sources([Path(__file__).parents[1]]).hexdigest()[:12]}"


FOLDER = ".readings"
FEW = 200  # form files that are read here: to start processes for so few would take longer


@dataclass(frozen=True, slots=True)
class Readings:
    """Know what was read of documents, in a folder beside the ledger that only a run adds to."""

    folder: Path
    jobs: int | None = None

    @classmethod
    def of(cls, out: Path, jobs: int | None = None) -> Readings:
        """Give the readings of a folder of reports; what other readers have left there goes."""
        folder = folder_in(out)
        for other in folder.parent.iterdir() if folder.parent.is_dir() else ():
            if other.name != folder.name:
                shutil.rmtree(other, ignore_errors=True)
        return cls(folder, jobs)

    def faults(self, wanted: Iterable[tuple[str, Path]]) -> dict[str, tuple[PerfkitError, Path]]:
        """Read forms while they are named, each once by the digest of its bytes.

        Gives for each that cannot be used the error, and the file that it was read as.
        """
        files: dict[str, Path] = {}
        errors: dict[str, tuple[PerfkitError, Path]] = {}

        def heard(digest: str, forms: list[Form] | PerfkitError) -> None:
            if error := _error(forms, files[digest]):
                errors[digest] = error, files[digest]
            elif not _is_form_file(files[digest]):
                keep(self.folder, forms)  # type: ignore[arg-type]  # it is no error

        def unknown() -> Iterator[tuple[str, Path]]:
            few = FEW
            for digest, path in wanted:
                if digest not in files:
                    files[digest] = path
                    if (is_file := _is_form_file(path)) and few:
                        few -= 1
                        heard(digest, _read_here(path))
                    elif is_file or not self._has(digest, path):
                        yield digest, path

        for digest, forms in read_each(unknown(), self.jobs):
            heard(digest, forms)
        return errors

    def _has(self, digest: str, path: Path) -> bool:
        """Tell whether a document's one form is kept."""
        forms = kept(self.folder, digest, shown(path))
        return forms is not None and len(forms) == 1

    def forget(self, most: int) -> None:
        """Drop the oldest readings where there are many more than reports."""
        with suppress(OSError):
            there = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
            for path in there[: max(len(there) - 2 * most - 100, 0)]:
                path.unlink(missing_ok=True)


def folder_in(out: Path) -> Path:
    """Name the folder where a run keeps what these readers have read."""
    return out / FOLDER / readers_version()


def use_kept(out: Path) -> None:
    """Let this process take what a run has kept in a folder of reports, wherever it reads a document."""
    if (folder := folder_in(out)).is_dir():
        os.environ[PLACE] = str(folder.absolute())


def _is_form_file(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def _read_here(path: Path) -> list[Form] | PerfkitError:
    try:
        return read_all(path)
    except PerfkitError as error:
        return error


def _error(forms: list[Form] | PerfkitError, path: Path) -> PerfkitError | None:
    if isinstance(forms, PerfkitError):
        return forms
    try:
        the_one(forms, path)
    except DataError as error:
        return error
    return None


def of_file(error: PerfkitError, path: Path, other: Path) -> PerfkitError:
    """Give the error of a form for another file with the same bytes."""
    said = shown(path)
    faults = (replace(fault, file=shown(other)) if fault.file == said else fault for fault in error.faults)
    return type(error)(*faults)
