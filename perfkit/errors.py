"""What can go wrong, and who can mend it.

Every error that perfkit raises for a user's mistake is a `PerfkitError`; its branches say what to
do next. An error carries *all* faults found in one input, each with its place, so that nobody mends
a file one message at a time.

    PerfkitError
    ├── DataError      (ValueError)    mend the form: a file, a cell, an amount
    ├── SettingsError  (ValueError)    mend the params, the profile, the theme or the command
    ├── MachineError   (RuntimeError)  mend the machine: a font, the disk, a missing package
    └── BusyError      (RuntimeError)  try again: somebody else is at it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold one thing that is wrong with an input, told so that a colleague can mend it.

    `what` is a sentence without full stop; `file` and `place` say where (a line, a cell, a key);
    `got` and `expected` hold the value found and what would have been right; `hint` says how to mend it.
    """

    what: str
    file: str = ""
    place: str = ""
    got: str = ""
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        lines = [f"{where}: {self.what}" if where else self.what]
        lines += [
            f"  {label}: {text}"
            for label, text in (("got", self.got), ("expected", self.expected), ("hint", self.hint))
            if text
        ]
        return "\n".join(lines)


def refused(error: OSError) -> str:
    """Say what the system refused, in the words of one who looks at a folder."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file where a folder is needed"
    return str(error.strerror or error)


class PerfkitError(Exception):
    """Hold every fault of one input; the root of all errors that perfkit raises on purpose."""

    def __init__(self, *faults: Fault | str) -> None:
        self.faults: tuple[Fault, ...] = tuple(
            fault if isinstance(fault, Fault) else Fault(fault) for fault in faults
        )
        super().__init__(*self.faults)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> PerfkitError:
        """Build the error from faults gathered in a loop."""
        return cls(*faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class DataError(PerfkitError, ValueError):
    """Tell that a form, or a file that should hold one, has to be mended."""


class SettingsError(PerfkitError, ValueError):
    """Tell that params, a profile, a theme or a command has to be mended."""


class MachineError(PerfkitError, RuntimeError):
    """Tell that this machine lacks something: a font, disk space, a package."""


class BusyError(PerfkitError, RuntimeError):
    """Tell that the same thing may go through later: another run holds the place."""
