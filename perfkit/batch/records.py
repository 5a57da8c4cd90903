"""The journal and the results of a folder of reports, wherever it is: brought to be read where on a store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from perfkit import stores
from perfkit.batch.journal import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from perfkit.stores.mount import Mount

FOLDER = "results"
PIECES = "journal"  # on a store: what is not yet in the one journal


@contextmanager
def readable(out: str | Path) -> Iterator[Path]:
    """Give a folder of reports to read journal and results from: itself, or a copy where it is on a store."""
    if not stores.is_remote(out):
        yield stores.local_path(out)
        return
    with stores.mounted() as mount:
        folder = mount.path(out)
        mount.look(folder)
        bring_records(folder, mount)
        yield folder


def bring_records(folder: Path, mount: Mount) -> None:
    """Bring a folder's journal and results; the pieces of a run that was killed are put to its journal."""
    journal, pieces = folder / FILE, sorted(mount.seen(folder / PIECES))
    mount.bring([journal, *pieces, *mount.seen(folder / FOLDER)])
    if pieces:
        lines = [content_of(path).splitlines(keepends=True) for path in (journal, *pieces)]
        journal.write_bytes(b"".join(dict.fromkeys(line for found in lines for line in found)))


def content_of(path: Path) -> bytes:
    """Give what is in a file, nothing where there is none."""
    return path.read_bytes() if path.is_file() else b""
