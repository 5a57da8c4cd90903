"""What a run has done, told to the one who asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from perfkit.errors import Fault

COLUMNS = ("name", "status", "seconds", "cause", "cell", "error", "again")


@dataclass(frozen=True, slots=True)
class ReportRun:
    """Hold what a run did: a short line for each report that it made, skipped and failed to make.

    The whole lines are in the journal. `faults` are those of the params and forms.
    """

    run: str
    folder: Path | str
    made: tuple[Mapping[str, Any], ...] = ()
    skipped: tuple[Mapping[str, Any], ...] = ()
    failed: tuple[Mapping[str, Any], ...] = ()
    faults: tuple[Fault, ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        """Tell whether no report failed."""
        return not self.failed

    @property
    def exit_status(self) -> int:
        """Give the exit status of the command: 1 where a report failed."""
        return 0 if self.ok else 1

    def to_frame(self) -> pd.DataFrame:
        """Give a row for each report: name, status, seconds, cause and error, and how to repeat it."""
        import pandas as pd

        return pd.DataFrame([*self.made, *self.skipped, *self.failed], columns=list(COLUMNS))

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False, na_rep="—", border=0))

    @property
    def head(self) -> str:
        """Say in a line what was done."""
        counts = ((len(self.made), "made"), (len(self.skipped), "unchanged"), (len(self.failed), "failed"))
        return ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing to report on"

    def __str__(self) -> str:
        return "\n".join(
            [f"{self.head}: {self.folder}", *(f"  {line['name']}: {line['error']}" for line in self.failed)]
        )
