"""What the tests have other processes do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from perfkit.errors import DataError, Fault


def give(value):
    return value


def pid() -> int:
    return os.getpid()


def threads() -> int:
    status = Path(f"/proc/{os.getppid()}/status").read_text()
    return int(status.split("Threads:")[1].split()[0])


def fail(kind: str):
    if kind == "perfkit":
        raise DataError(Fault("wrong", "a.xlsx", got="x"))
    raise ValueError("not so")


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def take(size: int) -> int:
    return len(bytearray(size))


def end(status: int):
    sys.stderr.write("farewell\n")
    sys.stderr.flush()
    if status < 0:
        os.kill(os.getpid(), -status)
    os._exit(status)


def leave(marker: str, seconds: float = 0) -> str:
    """Leave a grandchild in a session of its own."""
    code = f"import time; time.sleep(600) #{marker}"
    subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    time.sleep(seconds)
    return "left"


def descriptors() -> list[str]:
    own = []
    for each in list(Path("/proc/self/fd").iterdir()):
        try:
            own.append(f"{each.name} {each.readlink()}")
        except OSError:
            continue
    return own
