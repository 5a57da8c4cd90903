"""Reports on a store: a run works in a folder of this machine, and what has ended is put there at once.

A store knows neither renaming nor appending, but each object is put as a whole. So pages go first, then
the journal lines that tell of them, a small object each time below `journal/`; at the end of a run they
become the one `journal.jsonl`. A run that is killed loses what it was just putting, and no more.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any, Self

from perfkit.batch.journal import FILE, encoded
from perfkit.batch.lease import BEAT, Lease
from perfkit.batch.records import FOLDER, PIECES, bring_records, content_of
from perfkit.errors import Fault, MachineError, PerfkitError
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from perfkit.stores.mount import Mount

    Line = Mapping[str, Any]

AT_ONCE = 64  # reports that are put together
END: Sequence[Line] = ()


class Depot:
    """Hold the folder of a run whose reports are on a store; entered, nobody else writes there."""

    def __init__(self, folder: Path, mount: Mount) -> None:
        self.folder = folder
        self.mount = mount
        self.lease = Lease(folder, mount)
        self.pieces = 0
        self.error: PerfkitError | None = None
        self._whole = folder / ".journal-put"
        self._ended: queue.Queue[Sequence[Line]] = queue.Queue()
        self._thread = threading.Thread(target=self._serve, name="perfkit-depot", daemon=True)

    def __enter__(self) -> Self:
        self.mount.look(self.folder)
        self.lease.take()
        try:
            bring_records(self.folder, self.mount)
            self._whole.write_bytes(content_of(self.folder / FILE))
        except BaseException:
            self.lease.give_back()
            raise
        self._thread.start()
        return self

    def note(self, lines: Sequence[Line]) -> None:
        """Hear which reports have ended; they are put while the run goes on.

        Raises:
            PerfkitError: putting has failed before, or another run has taken the place.
        """
        if self.error is not None:
            raise self.error
        if lines:
            self._ended.put(lines)

    def __exit__(self, *_: object) -> None:
        self._ended.put(END)
        self._thread.join()
        try:
            if self.error is not None:
                raise self.error
            self._put_records()
        finally:
            self.lease.give_back()

    def _serve(self) -> None:
        """Put what has ended, until the run is over; keep the lease alive."""
        over = False
        while not over:
            try:
                lines, over = self._next()
                self.lease.renew()
                if lines and self.error is None:
                    self._put(lines)
            except Exception as error:  # noqa: BLE001  # the run hears of it with the next report that ends
                self.error = self.error or _as_ours(error, self.folder)

    def _next(self) -> tuple[list[Line], bool]:
        """Wait for reports that have ended; give them, and whether they are the last."""
        found: list[Line] = []
        try:
            lines = self._ended.get(timeout=BEAT)
            while lines is not END:
                found += lines
                if len(found) >= AT_ONCE:
                    return found, False
                lines = self._ended.get_nowait()
        except queue.Empty:
            return found, False
        return found, True

    def _put(self, lines: Sequence[Line]) -> None:
        """Put the files of reports, then the lines that tell of them."""
        files = [path for line in lines for path in self._files(line) if path.is_file()]
        self.mount.send(files)
        for path in files:
            path.unlink()
        piece = self.folder / PIECES / f"{lines[0]['run']}-{self.pieces:04}.jsonl"
        self.pieces += 1
        content = b"".join(encoded(self._as_put(line)) for line in lines)
        piece.parent.mkdir(exist_ok=True)
        piece.write_bytes(content)
        self.mount.send([piece])
        with self._whole.open("ab") as whole:
            whole.write(content)
        failed = [self.folder / f"{line['name']}.failed.ipynb" for line in lines if line["status"] == "made"]
        self.mount.drop(path for path in failed if self.mount.there(path))

    def _files(self, line: Line) -> list[Path]:
        if line["status"] == "made":
            return [self.folder / f"{line['name']}.{kind}" for kind in line["files"]]
        return [self.folder / line["notebook"]] if line.get("notebook") else []

    def _as_put(self, line: Line) -> Line:
        """Give a line with the stamps that its files have on the store."""
        if line["status"] != "made":
            return line
        files = {
            kind: [*self.mount.stamp(self.folder / f"{line['name']}.{kind}"), left[2]]
            for kind, left in line["files"].items()
        }
        return {**line, "files": files}

    def _put_records(self) -> None:
        """Put results and index, then the journal as one; what it replaces goes last."""
        results = [path for path in (self.folder / FOLDER).rglob("*.parquet") if path.name[0] != "."]
        there = set(self.mount.seen(self.folder / FOLDER))
        index = self.folder / "index.html"
        self.mount.send(
            [*(path for path in results if path not in there), *([index] if index.is_file() else [])]
        )
        self.mount.drop(there.difference(results))
        pieces = self.mount.seen(self.folder / PIECES)
        if pieces:
            self._whole.replace(self.folder / FILE)
            self.mount.send([self.folder / FILE])
            self.mount.drop(pieces)


def _as_ours(error: Exception, folder: Path) -> PerfkitError:
    if isinstance(error, PerfkitError):
        return error
    return MachineError(Fault("the reports cannot be put where they belong", shown(folder), got=repr(error)))
