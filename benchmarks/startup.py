"""What it costs to import perfkit, over bare Python, in seconds of a fresh process.

Run: python -m benchmarks.startup
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

AGAIN = 15
BUDGET = 0.15
STATEMENTS = {
    "bare Python": "pass",
    "import perfkit": "import perfkit",
    "… and read, score, check, narrate one form": (
        "import perfkit; form = perfkit.read('params/forms/online-learning-2022.yaml');"
        "card = perfkit.score(form, 'shanghai-2022'); perfkit.narrate(form, card, perfkit.check(form, card))"
    ),
}


def measure() -> dict[str, float]:
    """Give the median seconds of a fresh process for each statement, taken in turns."""
    times: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(AGAIN):
        for name, statement in STATEMENTS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True)
            times[name].append(time.perf_counter() - start)
    return {name: median(taken) for name, taken in times.items()}


def main() -> None:
    """Print the table."""
    taken = measure()
    bare = taken["bare Python"]
    print("| a fresh process | seconds | over bare Python |\n| --- | --- | --- |")
    for name, seconds in taken.items():
        print(f"| {name} | {seconds:.3f} | {seconds - bare:.3f} |")
    print(f"\nBudget: import perfkit at most {BUDGET} s over bare Python.")


if __name__ == "__main__":
    main()
