"""One run at a time on a store: an object that says who writes there, made anew every half minute.

It is created so that only one can (where the driver offers that: S3, Google, Azure, disks), and a run that
finds another's name in it stops. A run that was killed leaves it behind: whoever comes after it takes the
place at once on the same machine, else when it has not been renewed for two minutes.
"""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from perfkit.errors import BusyError, Fault, PerfkitError
from perfkit.stores.mount import reaching

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.stores.mount import Mount

NAME = ".lock"
BEAT = 30.0  # seconds between two renewals
DEAD = 120.0  # seconds after which one that was not renewed counts no more


class Lease:
    """Hold the right to write to a folder of a store."""

    def __init__(self, folder: Path, mount: Mount) -> None:
        self.url = mount.url(folder)
        self.fs, self.place = mount.opened(folder / NAME)
        self.owner = uuid.uuid4().hex
        self.renewed = 0.0

    def take(self) -> None:
        """Take the place.

        Raises:
            BusyError: another run has it.
        """
        with reaching(self.url):
            try:
                self.fs.pipe_file(self.place, self._said(), mode="create")
            except FileExistsError:
                holder = self._holder()
                if _is_alive(holder):
                    raise self._busy(holder, "another run is writing reports here") from None
                self.fs.pipe_file(self.place, self._said())
        self._check()
        self.renewed = time.monotonic()

    def renew(self) -> None:
        """Say that this run still goes on, if it is time to.

        Raises:
            BusyError: another run has taken the place meanwhile.
        """
        if time.monotonic() - self.renewed >= BEAT:
            self._check()
            with reaching(self.url):
                self.fs.pipe_file(self.place, self._said())
            self.renewed = time.monotonic()

    def give_back(self) -> None:
        """Leave the place to others; one that cannot be told so finds out by itself."""
        with suppress(PerfkitError, FileNotFoundError), reaching(self.url):
            if self._holder().get("owner") == self.owner:
                self.fs.rm_file(self.place)

    def _check(self) -> None:
        with reaching(self.url):
            holder = self._holder()
        if holder.get("owner") != self.owner:
            raise self._busy(holder, "another run has begun to write reports here")

    def _said(self) -> bytes:
        said = {"owner": self.owner, "host": socket.gethostname(), "pid": os.getpid(), "time": time.time()}
        return json.dumps(said).encode()

    def _holder(self) -> dict[str, Any]:
        self.fs.invalidate_cache()
        try:
            said = json.loads(self.fs.cat_file(self.place))
        except (FileNotFoundError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    def _busy(self, holder: dict[str, Any], what: str) -> BusyError:
        hint = f"wait until it has ended ({DEAD:.0f} s after a crash elsewhere), or choose another --out"
        return BusyError(
            Fault(what, self.url, got=f"process {holder.get('pid')} on {holder.get('host')}", hint=hint)
        )


def _is_alive(holder: dict[str, Any]) -> bool:
    """Tell whether the run that holds a place goes on, as far as can be known."""
    if time.time() - float(holder.get("time", 0)) > DEAD:
        return False
    if holder.get("host") != socket.gethostname() or os.name != "posix":
        return True
    try:
        os.kill(int(holder.get("pid", 0)), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True
