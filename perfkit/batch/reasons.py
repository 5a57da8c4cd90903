"""Why a report would be made again: which of its inputs changed since it was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit import stores
from perfkit.batch import plan as planning
from perfkit.batch.inputs import find
from perfkit.batch.journal import latest
from perfkit.batch.plan import Planner
from perfkit.batch.records import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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
            return f"{self.name}: cannot be made\n{self.faults}"
        return f"{self.name}: " + (", ".join(self.because) if self.because else "unchanged")


def why(
    paths: Sequence[str | Path] | str | Path, to: Sequence[str] = ("html", "pdf"), out: str | Path = "reports"
) -> list[Reason]:
    """Tell for each report whether the next run would make it, and because of which input; change nothing.

    A reason is an input (`form`, `params`, `profile`, `theme`, `notebook`, `language`), a version that moved
    (`typst 0.13 → 0.15`), a file of the report that is `missing` or `altered`, or `new`.

    Raises:
        SettingsError: a path that means nothing.
    """
    planning.forget()
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    with stores.mounted(), readable(out) as place:
        folder = place.absolute()
        planner = Planner(folder, tuple(dict.fromkeys(to)), latest(folder))
        return list(_reasons(planner, find(given)))


def _reasons(planner: Planner, paths: Sequence[Path]) -> Iterator[Reason]:
    plan = planner.plan(paths)
    because = {one.params.name: one.reasons for one in plan.stale}
    faulty = {one.name: one for one in plan.faulty}
    for name in dict.fromkeys(path.stem for path in paths):
        if name in faulty:
            yield Reason(name, faults=str(faulty[name].error))
        else:
            yield Reason(name, because.get(name, ()))
