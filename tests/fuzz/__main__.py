"""An hour of it (`make fuzz`): every target in turn, a finding kept as it comes, then the number of cases.

`make fuzz ARGS="600 xlsx docx"` takes 600 seconds on two targets. `FUZZ_SEED` begins with another number than
the clock's. The exit status is 1 where anything was found.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack

from tests.fuzz.engine import ROOT, Engine
from tests.fuzz.targets import TARGETS

HOUR = 3600.0
SLOW = 60  # seconds: of a target that takes as long there is one case a round


def main(seconds: float = HOUR, *names: str) -> int:
    """Try the targets until the time is over; give the exit status."""
    number = int(os.environ.get("FUZZ_SEED", time.time_ns() // 1_000_000))
    end = time.monotonic() + seconds
    print(f"seed {number}", flush=True)
    with ExitStack() as stack:
        engines = [stack.enter_context(Engine(TARGETS[name])) for name in names or TARGETS]
        while time.monotonic() < end:
            for engine in engines:
                number += 1
                known = len(engine.findings)
                engine.run(number, engine.target.few if engine.target.seconds < SLOW else 1)
                for found in engine.findings[known:]:
                    path = found.keep(engine.target.suffix).relative_to(ROOT)
                    print(f"\n{path}: {found.kind}\n{found.short()}", flush=True)
                if time.monotonic() > end:
                    break
        for engine in engines:
            print(f"{engine.target.name:14}{engine.count:8,} cases  {len(engine.findings)} findings")
        found = sum(len(engine.findings) for engine in engines)
        print(f"{sum(engine.count for engine in engines):22,} cases  {found} findings")
    return int(bool(found))


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(float(given[0]) if given else HOUR, *given[1:]))
