"""Every benchmark, one after another, its table printed and put into docs/benchmarks.md.

python -m benchmarks            all but growth, at most twenty minutes on two quiet cores
python -m benchmarks growth     those that are named
"""

from __future__ import annotations

import argparse
import io
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from benchmarks import batch, checks, scoring, startup, summary, waits

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
SIZES = (10, 100, 1_000, 10_000)
UNCHANGED = 10_000
PROJECTS = 3_000  # of a department
APART = "growth"  # it takes as long as all the others


def printed(main: Callable[[], None]) -> str:
    """Give what a benchmark prints."""
    said = io.StringIO()
    with redirect_stdout(said):
        main()
    return said.getvalue().strip()


PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "startup": ("Import", lambda: printed(startup.main)),
    "scoring": ("Score", lambda: printed(scoring.main)),
    "checks": ("Check", lambda: printed(checks.main)),
    "batch": ("A batch beside the loops people write", lambda: batch.batch(ROUNDS)),
    "waits": ("What one person waits for", lambda: printed(waits.main)),
    "growth": ("As a batch grows", lambda: batch.growth(SIZES)),
    "unchanged": ("Nothing to be done", lambda: batch.unchanged(UNCHANGED)),
    "summary": ("The summary of a department", lambda: summary.summary(PROJECTS)),
}


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)}; all but {APART} unless named")
    wanted = parser.parse_args().parts or [name for name in PARTS if name != APART]
    if unknown := set(wanted) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    for name in wanted:
        heading, measure = PARTS[name]
        print(f"\n## {heading}\n", flush=True)
        batch.show(name, measure())


if __name__ == "__main__":
    main()
