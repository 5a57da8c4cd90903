"""One engine for a minute and for an hour: what Hypothesis makes, tried in a process with limits, kept when it breaks.

A case is the bytes of a file. It holds when perfkit takes it or refuses it with a `PerfkitError` that can be
told in both languages, within the target's seconds of CPU and its memory. Whatever else comes of it is a
finding, and its bytes are kept in tests/data/fuzz, where they are tried again for ever.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import signal
import tempfile
import traceback
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hypothesis import HealthCheck, Phase, given, seed, settings

from perfkit.errors import PerfkitError
from perfkit.processes import CallError, LostError, Process, shared

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "data" / "fuzz"
WARM = "tests.fuzz.targets:ready"
_CALLS = 200  # then a process is replaced, whatever the libraries have leaked
_SLOWER = 15  # as much longer may a case take by the clock than by the processor, on a machine that is busy
_FRAME = re.compile(r'File "([^"]+)", line (\d+), in (\S+)')


@dataclass(frozen=True, slots=True)
class Target:
    """Hold what is tried: a name, the ending of its files, how cases are made, what is done with one.

    `home` is the module whose TARGETS hold it. A case may take `seconds` of CPU and
    `memory` bytes; the small run tries `few` cases, the long one as many of each in turn, of slow ones one.
    """

    name: str
    suffix: str
    cases: Callable[[], SearchStrategy[bytes]]
    tried: Callable[[Path], object]
    few: int = 20
    seconds: float = 10.0
    home: str = "tests.fuzz.targets"
    memory: int = 700_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold what came of a case that did not hold: its bytes, and the last lines of what was said."""

    target: str
    case: bytes
    said: str

    @property
    def kind(self) -> str:
        """Tell findings of one cause from others: the error, and where in perfkit it came up."""
        own = [
            frame for frame in _FRAME.findall(self.said) if "perfkit" in frame[0] and "fuzz" not in frame[0]
        ]
        where = f"{Path(own[-1][0]).name}:{own[-1][2]}" if own else ""
        return f"{self.said.strip().splitlines()[-1].partition(':')[0]} {where}"

    def short(self) -> str:
        """Give the end of what was said."""
        return "\n".join(self.said.strip().splitlines()[-14:])

    def keep(self, suffix: str) -> Path:
        """Write the case where the tests find it."""
        path = KEPT / self.target / f"{hashlib.sha256(self.case).hexdigest()[:10]}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.case)
        return path


@dataclass
class Engine:
    """Try cases of one target, in a process that is replaced when it is lost or old."""

    target: Target
    count: int = 0
    findings: list[Finding] = field(default_factory=list)
    _process: Process | None = None
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        os.environ["PYTHONPATH"] = str(ROOT)
        self._folder = tempfile.TemporaryDirectory(prefix="perfkit-fuzz-")
        return self

    def __exit__(self, *_: object) -> None:
        self._replace()
        self._folder.cleanup()

    def said(self, case: bytes) -> str:
        """Try one case; give "" where it holds, else what was said.

        A process that was lost may have been worn by the cases before, so the case is tried in a new one.
        """
        worn = self._process is not None
        if self._process is None or self.count % _CALLS == 0:
            self._replace()
            self._process = shared(WARM).start(memory=self.target.memory)
        self.count += 1
        try:
            return self._process.call(
                attempt,
                self.target.home,
                self.target.name,
                case,
                self._folder.name,
                seconds=self.target.seconds * _SLOWER,
            )
        except LostError as lost:
            self._replace()
            if worn:
                self.count -= 1
                return self.said(case)
            late = lost.cause == "time" or lost.ended.status == -getattr(signal, "SIGPROF", 0)
            return f"{'TakesTooLong' if late else 'Lost'}: {lost} {lost.ended}"
        except CallError as error:
            return str(error)

    def run(self, number: int, most: int) -> None:
        """Try as many cases as Hypothesis makes of a number; each kind of finding is noted once."""

        @seed(number)
        @settings(
            max_examples=most, database=None, deadline=None, phases=[Phase.generate], derandomize=False,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(self.target.cases())
        def tried(case: bytes) -> None:
            if said := self.said(case):
                found = Finding(self.target.name, case, said)
                if found.kind not in {each.kind for each in self.findings}:
                    self.findings.append(found)

        tried()

    def _replace(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


def attempt(home: str, name: str, case: bytes, folder: str) -> str:
    """Try one case in this process; give the traceback of what should not have come up."""
    target = import_module(home).TARGETS[name]
    path = Path(folder) / f"case{target.suffix}"
    os.chdir(folder)
    path.write_bytes(case)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, target.seconds)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            target.tried(path)
    except PerfkitError as error:
        error.told("zh"), error.told("en")
    except (Exception, SystemExit):  # noqa: BLE001  # what comes up is what we look for
        return "".join(traceback.format_exc(limit=-12, chain=False))
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)
    return ""
