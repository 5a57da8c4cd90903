"""reports/journal.jsonl: one line for each report made, skipped or failed, appended as it happens.

The journal is the only memory between runs: what was made, from which inputs, and what went wrong. A line
is on the disk before the next report counts as done; a line torn by a power cut is passed over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from perfkit import stores

if TYPE_CHECKING:
    from pathlib import Path

Status = Literal["made", "skipped", "failed"]
Line = Mapping[str, Any]

FILE = "journal.jsonl"
SHAPES = {
    "name": str,
    "status": str,
    "run": str,
    "from": str,
    "key": dict,
    "seen": dict,
    "files": dict,
    "at": int,
}
WITH_KEY = frozenset({"seen", "files", "at", "run", "profile"})  # what a line that has a key has as well


class Journal:
    """Append lines to a journal, and read them back."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._unwritten: list[bytes] = []
        self._torn = _is_torn(self.path)

    def append(self, *lines: Line) -> None:
        """Append lines and wait until the disk has them.

        On a full disk the lines are kept and written with the next ones; `close` raises if they never were.
        """
        self._unwritten += [encoded(line) for line in lines]
        try:
            self._flush()
        except OSError:
            self._torn = _is_torn(self.path)

    def _flush(self) -> None:
        if not self._unwritten:
            return
        content = b"".join([b"\n" if self._torn else b"", *self._unwritten])
        with self.path.open("ab") as file:
            before = file.tell()
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.truncate(self.path, before)
                raise
        self._unwritten.clear()
        self._torn = False

    def close(self) -> None:
        """Write what a full disk refused.

        Raises:
            OSError: it still refuses.
        """
        self._flush()


def encoded(line: Line) -> bytes:
    """Give a line as the journal holds it."""
    return (json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n").encode(
        "utf-8", "surrogatepass"
    )


def _is_torn(path: Path) -> bool:
    """Tell whether the last line has no end, as after a power cut."""
    try:
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:
        return False


def read_journal(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a journal in order; a line that is not whole, or not ours, is passed over."""
    try:
        file = (folder / FILE).open("rb")
    except FileNotFoundError:
        return
    with file:
        for raw in file:
            try:
                line = json.loads(raw)
            except (ValueError, RecursionError):
                continue
            if _is_sound(line):
                yield line


def _is_sound(line: Any) -> bool:
    """Tell whether a line has the shape that its readers rely on: other hands may have been in the file."""
    return (
        isinstance(line, dict)
        and "name" in line
        and all(isinstance(line[part], kind) for part, kind in SHAPES.items() if part in line)
        and ("key" not in line or line.keys() >= WITH_KEY)
    )


def latest(folder: Path) -> dict[str, dict[str, Any]]:
    """Give for each report its last `made` line, brought up to date by what later lines say of it.

    `last` in it is the status of the report's last line of all.
    """
    states: dict[str, dict[str, Any]] = {}
    for line in read_journal(folder):
        name, status = line["name"], line.get("status")
        if status == "made":
            states[name] = line
        elif status == "skipped" and name in states and "seen" in line:
            states[name] |= {key: line[key] for key in ("seen", "at", "from") if key in line}
        states.setdefault(name, {"name": name})["last"] = line
    return states


def is_gone(known: Mapping[str, Any], folder: Path) -> bool:
    """Tell whether a report's params file is no longer in the folder it was in.

    Where that folder is missing as well, as beside a copy of the reports, nothing is known to be gone.
    """
    left = known["last"].get("from") or known.get("from")
    if left is None:
        return False
    path = stores.placed(left, folder)
    return not stores.there(path) and stores.is_folder(path.parent)
