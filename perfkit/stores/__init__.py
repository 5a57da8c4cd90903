"""Files on a store (s3://, gs://, memory://, whatever fsspec opens) as files of this machine.

An object is brought to `ROOT/s3/bucket/params/a.yaml` below a temporary folder; from there every room
reads a path as ever, and `shown` gives the URL back. What has been seen of a store is known by stamps, so
that nothing is brought that has not changed. file:// is this machine's disk, and means the path itself.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.stores.stamps import stat
from perfkit.stores.urls import HERE, is_remote, is_url, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.stores.mount import Mount
    from perfkit.stores.urls import Place

__all__ = ["current", "fetched", "in_use", "is_folder", "is_remote", "is_url", "local_path", "mount_of",
           "mounted", "placed", "relative", "share", "stamp", "there", "url_of"]  # fmt: skip

COPIES = "PERFKIT_STORES"  # tells the processes of a run where the run's copies are
NEAR = ".stores"  # where they are in a workspace that was laid out for one report

_mounts: list[Mount] = []


def in_use() -> bool:
    """Tell whether anything was asked of a store."""
    return any(mount.in_use for mount in _mounts)


def current() -> Mount:
    """Give the mount of the run that goes on, else this process's own, whose copies go when it ends."""
    if not _mounts:
        import atexit

        from perfkit.stores.mount import Mount

        _mounts.append(Mount())
        atexit.register(_mounts[0].close)
    return _mounts[-1]


@contextmanager
def mounted() -> Iterator[Mount]:
    """Bring objects below a folder of their own while a run goes on; what was seen stays as it was seen."""
    from perfkit.stores.mount import Mount

    mount, before = Mount(steady=True), os.environ.get(COPIES)
    _mounts.append(mount)
    try:
        yield mount
    finally:
        _mounts.remove(mount)
        mount.close()
        os.environ.pop(COPIES, None)
        if before is not None:
            os.environ[COPIES] = before


def share() -> None:
    """Let processes that are started from now on read the copies that this one has brought."""
    if in_use():
        os.environ[COPIES] = str(_mounts[-1].root)


def _given() -> list[Mount]:
    """Give the mounts of the run that this process is part of."""
    near = Path.cwd() / NEAR
    places = [Path(os.environ[COPIES])] if COPIES in os.environ else []
    places += [near] if near.is_dir() else []
    if not places:
        return []
    from perfkit.stores.mount import Mount

    return [Mount(place) for place in places]


def local_path(place: Place) -> Path:
    """Give the path of a place: as it stands, or where the copy of an object belongs."""
    if not is_url(place):
        return Path(place)
    scheme, rest = parts_of(place)
    if scheme not in HERE:
        return current().path(place)
    from urllib.request import url2pathname

    return Path(url2pathname(rest.removeprefix("localhost")))


def fetched(url: Place) -> Path:
    """Give the path of an object's copy, brought now where a run has not brought it; it may be missing."""
    if not is_remote(url):
        return local_path(url)
    for given in _given():
        if (copy := given.path(url)).is_file():
            return copy
    mount = current()
    path = mount.path(url)
    mount.bring([path], anew=not mount.steady)
    return path


def mount_of(path: Path) -> Mount | None:
    """Give the mount that a path is below, if any."""
    return next((mount for mount in _mounts if mount.holds(path)), None)


def url_of(path: Path) -> str | None:
    """Give the URL that a path stands for, if it stands for one."""
    known = mount_of(path) or next((mount for mount in _given() if mount.holds(path)), None)
    return known.url(path) if known else None


def stamp(path: Path) -> list[int]:
    """Give the size and the time of change of a file, the cheap sign that it is the same."""
    mount = mount_of(path)
    return mount.stamp(path) if mount else stat(path)


def there(path: Path) -> bool:
    """Tell whether there is such a file."""
    mount = mount_of(path)
    return mount.there(path) if mount else path.exists()


def is_folder(path: Path) -> bool:
    """Tell whether there is such a folder."""
    mount = mount_of(path)
    return mount.is_folder(path) if mount else path.is_dir()


def relative(path: Path, folder: Path) -> str:
    """Give a path as seen from a folder; where only one of the two is on a store, as it stands."""
    mount = mount_of(path)
    if mount is not mount_of(folder):
        return mount.url(path) if mount else path.as_posix()
    return os.path.relpath(path, folder)


def placed(left: str, folder: Path) -> Path:
    """Give the path that `relative` has told of."""
    return local_path(left) if is_url(left) else Path(os.path.normpath(folder / left))
