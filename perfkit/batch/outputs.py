"""The files under reports/: drafts beside their places, renamed when a report is whole.

A reader, a web server or the next run never sees half a report: a draft is complete and on the disk
before it gets its name, and what a killed run left behind is swept away by the next.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.stores import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DRAFT = ".draft-"
RESERVED = frozenset({"index", "journal", "results"})


@dataclass(frozen=True, slots=True)
class Outputs:
    """Hold the folder that a run writes to, and name its files."""

    folder: Path
    run: str

    def final(self, name: str, kind: str) -> Path:
        """Give the place of a report's file."""
        return self.folder / f"{name}.{kind}"

    def drafts(self, number: int, kinds: Iterable[str]) -> dict[str, str]:
        """Name the drafts of the job with that number; their length does not depend on the report's name."""
        return {kind: str(self.folder / f"{DRAFT}{self.run}-{number}.{kind}") for kind in kinds}

    def keep(self, name: str, drafts: Mapping[str, str]) -> dict[str, list[int]]:
        """Put the drafts of a whole report into their places; give the size and time of each file.

        The notebook of an earlier failure goes.
        """
        for kind, draft in drafts.items():
            Path(draft).replace(self.final(name, kind))
        self.final(name, "failed.ipynb").unlink(missing_ok=True)
        self._sync()
        return {kind: stamp(self.final(name, kind)) for kind in drafts}

    def keep_failed(self, name: str, drafts: Mapping[str, str]) -> str | None:
        """Keep the notebook of a failed report, as far as it came; drop its other drafts."""
        kept = None
        for kind, draft in drafts.items():
            if kind == "ipynb" and Path(draft).exists() and Path(draft).stat().st_size:
                kept = f"{name}.failed.ipynb"
                Path(draft).replace(self.folder / kept)
            else:
                Path(draft).unlink(missing_ok=True)
        return kept

    def sweep(self) -> None:
        """Remove the drafts that a killed run has left; only under the lock."""
        for draft in self.folder.glob(f"{DRAFT}*"):
            draft.unlink(missing_ok=True)

    def _sync(self) -> None:
        """Have the disk know the new names as well."""
        if os.name != "posix":
            return
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
