"""What other packages add to perfkit, by entry points: the one place that names and looks them up.

    perfkit.profiles   a folder of rule sets (YAML), as an office shares them      -> ProfileFolder
    perfkit.figures    a figure of a scorecard, as `perfkit.display.figures.NAME`  -> FigureMaker
    perfkit.readers    a reader of a format of documents                           -> DocumentReader
    perfkit.findings   a finding, under its code from PK900 to PK999               -> FindingRule

They are looked up when something asks for them, never at import. One that is broken is told by its name, once
a process, and left out: perfkit goes on without it.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from perfkit.language import spoken
from perfkit.text import choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfkit.checks.registry import Hit, Subject
    from perfkit.language import Language
    from perfkit.readers.grid import Grid

PROFILES = "perfkit.profiles"
FIGURES = "perfkit.figures"
READERS = "perfkit.readers"
FINDINGS = "perfkit.findings"
GROUPS = (PROFILES, FIGURES, READERS, FINDINGS)


class ProfileFolder(Protocol):
    """Give the folder in which a package keeps its profiles, `NAME.yaml` each."""

    def __call__(self) -> Path:
        """Give the folder."""
        ...


class FigureMaker(Protocol):
    """Draw one figure of a scorecard; what it gives shows itself in a notebook."""

    def __call__(self, card: Any, *, language: Language = "zh") -> Any:
        """Draw it."""
        ...


class DocumentReader(Protocol):
    """Read one format of documents; a module with these two functions is one."""

    def recognises(self, data: bytes, name: str) -> bool:
        """Tell by its bytes whether a document is of this format; perfkit's own readers are asked later."""
        ...

    def grids(self, data: bytes, name: str) -> list[Grid]:
        """Give the cells of every table of the document, in reading order."""
        ...


class FindingRule(Protocol):
    """Find one defect of a form; a module with this mapping and this function is one."""

    page: Mapping[str, Any]
    """What is said of the finding: the keys of an entry of `perfkit/checks/pages`, each text in zh and en."""

    def hits(self, subject: Subject) -> Iterable[Hit]:
        """Give each place of the form where it fires, with the figures for the page's sentences."""
        ...


def profile_folders() -> tuple[Path, ...]:
    """Give the folders of profiles that other packages bring, in the order of the packages' names."""
    folders = []
    for name, make in added(PROFILES).items():
        try:
            folders.append(Path(make()))
        except Exception as error:  # noqa: BLE001  # whatever a stranger's code raises is told by its name
            tell(PROFILES, name, error)
    return tuple(folders)


@cache
def added(group: str) -> Mapping[str, Any]:
    """Give what other packages add to a group, by name; what cannot be loaded is told and left out."""
    loaded: dict[str, Any] = {}
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        try:
            loaded[point.name] = _load(point, loaded)
        except Exception as error:  # noqa: BLE001  # as above
            tell(group, _of(point), error)
    return MappingProxyType(loaded)


def _load(point: EntryPoint, before: Mapping[str, Any]) -> Any:
    if point.name in before:
        raise LookupError(f"another package brings {point.name}, too")
    return point.load()


@cache
def packages() -> Mapping[str, str]:
    """Give the version of every package that adds to perfkit, by its name."""
    points = [point for group in GROUPS for point in entry_points(group=group)]
    return {point.dist.name: point.dist.version for point in points if point.dist}


def _of(point: EntryPoint) -> str:
    return f"{point.name} ({point.dist.name})" if point.dist else point.name


_told: set[tuple[str, str]] = set()


def tell(group: str, name: str, error: Exception) -> None:
    """Say on stderr, once, that a plug-in is broken."""
    if (group, name) in _told:
        return
    _told.add((group, name))
    why = f"{type(error).__name__}: {error}"
    sys.stderr.write(choose("faults.plugin_broken", spoken(), name=name, group=group, why=why) + "\n")
