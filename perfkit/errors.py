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

import errno
import sys
import traceback
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.language import Text, spoken
from perfkit.text.catalogue import choose, place_in, say, words
from perfkit.text.folding import one_line
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Words = str | Text
"""What is told: a `Text` in the reader's language, a text as it stands (a value, another program's words)."""

_PARTS = ("got", "expected", "hint")
_QUOTED = 200  # characters of another program's words


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold one thing that is wrong with an input, told so that a colleague can mend it.

    `what` is a sentence without full stop; `file` and `place` say where (a line, a cell, a key);
    `got` and `expected` hold the value found and what would have been right; `hint` says how to mend it.
    It is told in the reader's language (`perfkit.language.spoken`), or in the one that `told` is given.
    """

    what: Words
    file: str = ""
    place: Words = ""
    got: Words = ""
    expected: Words = ""
    hint: Words = ""

    def __str__(self) -> str:
        return self.told(spoken())

    def told(self, language: str) -> str:
        """Tell the fault in a language: where and what, below it what was found and how to mend it."""
        place = place_in(_in(self.place, language), language)
        where = choose("faults.joint", language).join(filter(None, (self.file, place)))
        what = _in(self.what, language)
        lines = [choose("faults.at", language, where=where, what=what) if where else what]
        for part in _PARTS:
            text = _in(getattr(self, part), language)
            if text:
                lines.append("  " + choose(f"faults.{part}", language, text=text))
        return "\n".join(lines)


def _in(words: Words, language: str) -> str:
    return words[language] if isinstance(words, Text) else words


def refused(error: OSError) -> Words:
    """Say what the system refused, in the words of one who looks at a folder; else in the system's own."""
    told = error.args[1] if len(error.args) > 1 else ""
    if isinstance(told, Text):  # a refusal of ours
        return told
    key = next((key for kind, key in _REFUSALS.items() if isinstance(error, kind)), None)
    key = key or _REFUSED_BY_NUMBER.get(error.errno or 0)
    return say(f"faults.refused.{key}") if key else theirs(str(error.strerror or error))


def theirs(told: BaseException | str) -> Words:
    """Quote what another program said, or a library that raised an error: its words stand as they are.

    For what the libraries say that read files and keep the ledger our own stand.
    """
    if isinstance(told, BaseException):
        if key := _library(told):
            return say(f"faults.library.{key}")
        told = f"{type(told).__name__}: {told}"
    return say("faults.theirs", text=one_line(told)[:_QUOTED]) if told else ""


def _library(error: BaseException) -> str:
    """Give the key of what a library's error means; "" where only its own words tell."""
    if name := getattr(error, "sqlite_errorname", ""):
        return next((key for begin, key in _OF_SQLITE.items() if name.startswith(begin)), "")
    return _OF_LIBRARIES.get(type(error).__module__.partition(".")[0], "")


_OF_LIBRARIES = {
    "zipfile": "zip", "zlib": "zip", "lxml": "xml", "pypdfium2": "pdf", "python_calamine": "book",
    "docx": "word",
}  # fmt: skip
_OF_SQLITE = {
    "SQLITE_BUSY": "locked", "SQLITE_LOCKED": "locked", "SQLITE_FULL": "full", "SQLITE_READONLY": "read_only",
    "SQLITE_CANTOPEN": "shut", "SQLITE_PERM": "shut", "SQLITE_IOERR": "disk", "SQLITE_NOTADB": "no_database",
    "SQLITE_CORRUPT": "corrupt",
}  # fmt: skip


def misread(context: str | None, problem: str | None) -> Words:
    """Say what a library found wrong with a YAML or JSON text, in our words where the catalogue has them."""
    parts = [_of_parser(part) or theirs(part) for part in (context, problem) if part]
    if len(parts) > 1:
        return say("faults.misread", context=parts[0], problem=parts[1])
    return parts[0] if parts else ""


@cache
def _parsers() -> Mapping[str, str]:
    return {both["en"].format(): key for key, both in words("parsers").items()}


def _of_parser(told: str) -> Text | None:
    key = _parsers().get(told)
    return say(f"parsers.{key}") if key else None


def kind_of(value: object) -> Words:
    """Name what a YAML or JSON file holds where something else belongs: nothing, a text, a list."""
    key = _KINDS.get(type(value))
    return say(f"settings.params.kind.{key}") if key else type(value).__name__


def need(what: str, kind: type | tuple[type, ...], *values: object) -> None:
    """Hold that a function was given what it takes, by `what`: a `form`, a `card`, `findings`, a `path`.

    Raises:
        SettingsError: it was given something else.
    """
    for value in values:
        if not isinstance(value, kind):
            got: Words = kind_of(value)
            if isinstance(value, str | Path):
                got = say("faults.given.text", text=shown(value))
            hint = say(f"faults.given.{what}.hint")
            raise SettingsError(
                Fault(say("faults.given"), got=got, expected=say(f"faults.given.{what}"), hint=hint)
            )


_KINDS = {
    type(None): "nothing", str: "str", bool: "bool", int: "number", float: "number", Decimal: "number",
    list: "list", dict: "dict",
}  # fmt: skip


_REFUSALS: dict[type[OSError], str] = {
    FileExistsError: "no_folder",
    NotADirectoryError: "no_folder",
    FileNotFoundError: "not_found",
    PermissionError: "permission",
    IsADirectoryError: "folder",
}
_REFUSED_BY_NUMBER = {errno.ENOSPC: "full", errno.EROFS: "read_only"}


class PerfkitError(Exception):
    """Hold every fault of one input, each once; the root of all errors that perfkit raises on purpose."""

    def __init__(self, *faults: Fault | Words) -> None:
        each = (fault if isinstance(fault, Fault) else Fault(fault) for fault in faults)
        self.faults: tuple[Fault, ...] = tuple(dict.fromkeys(each))
        super().__init__(*self.faults)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> PerfkitError:
        """Build the error from faults gathered in a loop."""
        return cls(*faults)

    def __str__(self) -> str:
        return self.told(spoken())

    def told(self, language: str) -> str:
        """Tell every fault in a language."""
        return "\n".join(fault.told(language) for fault in self.faults)

    def _render_traceback_(self) -> list[str]:
        """Show the faults alone in a notebook: IPython asks for this in place of a traceback."""
        return str(self).splitlines()


class DataError(PerfkitError, ValueError):
    """Tell that a form, or a file that should hold one, has to be mended."""


class SettingsError(PerfkitError, ValueError):
    """Tell that params, a profile, a theme or a command has to be mended."""


class MachineError(PerfkitError, RuntimeError):
    """Tell that this machine lacks something: a font, disk space, a package."""


class BusyError(PerfkitError, RuntimeError):
    """Tell that the same thing may go through later: another run holds the place."""


def shadowing(error: Exception | str) -> Fault | None:
    """Tell of a file in the working directory that Python found in the place of one of its modules.

    That is one which the error, or its traceback as text, names; None where there is none.
    """
    text = error if isinstance(error, str) else "".join(traceback.format_exception(error))
    home = Path.cwd()
    elsewhere = [path for path in sys.path if path and Path(path) != home]
    for path in sorted({*home.glob("*.py"), *(each.parent for each in home.glob("*/__init__.py"))}):
        name = path.stem
        named = f"'{name}'" in text or path.name in text
        if named and (name in sys.stdlib_module_names or PathFinder.find_spec(name, elsewhere)):
            hint = say("faults.module_rename")
            return Fault(say("faults.module_shadowed", name=name), shown(path), hint=hint)
    return None
