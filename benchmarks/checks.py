"""Time to check a form with everything wrong, and a thousand forms in flat memory, on one core.

Run: python -m benchmarks.checks
"""

from __future__ import annotations

import tracemalloc
from decimal import Decimal
from statistics import median
from time import process_time

import perfkit
from benchmarks.scoring import forms
from perfkit.checks import Across, check
from perfkit.form import Budget, Form, Fund, Goals, Indicator

BUDGET_MS = 100
BUDGET_S = 30
FORMS = 1_000
WATCHED = 600
TIMES = 10


def wrong(text: str, rows: int) -> Form:
    """Give a form with the same text in every cell and figures that cannot be."""
    row = Indicator(*[text] * 5, Decimal(-1), Decimal(7), text)
    budget = Budget(Fund(Decimal(0), Decimal(0), Decimal(5), Decimal(10), text, Decimal(99)))
    return Form(
        text, 2022, budget=budget, goals=Goals(text, text), indicators=(row,) * rows, total=Decimal(7)
    )


def once(form: Form) -> float:
    """Give the milliseconds of CPU to check a form that has been scored."""
    card = perfkit.score(form)
    check(form, card)
    times = []
    for _ in range(TIMES):
        start = process_time()
        check(form, card)
        times.append((process_time() - start) * 1000)
    return median(times)


def stream(given: list[Form], *, watch: bool = False) -> tuple[float, int, int, int]:
    """Check forms one by one; give seconds, findings, and (watched) bytes held early and late."""
    across, found, early, held = Across(), 0, 0, 0
    if watch:
        tracemalloc.start()
    start = process_time()
    for number, form in enumerate(given, start=1):
        card = perfkit.score(form)
        found += len(check(form, card))
        across.add(card)
        if watch and number == len(given) // 2:
            early = tracemalloc.get_traced_memory()[0]
    seconds = process_time() - start
    if watch:
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    return seconds, found + len(across.findings()), early, held


def main() -> None:
    """Print the table."""
    print("| form | measured | budget |\n| --- | ---: | ---: |")
    for name, form in (("blank, checked", Form()), ("500 rows of one emoji, checked", wrong("🙂", 500))):
        print(f"| {name} | {once(form):.1f} ms | ≤ {BUDGET_MS} ms |")
    given = forms(FORMS)
    seconds, found, _, _ = stream(given)
    print(f"| {FORMS:,} forms of 30 rows, scored and checked | {seconds:.1f} s | ≤ {BUDGET_S} s |")
    _, _, early, held = stream(given[:WATCHED], watch=True)
    grown = (held - early) / (WATCHED / 2) / 1000
    print(f"\n{found:,} findings; each further form leaves {grown:.1f} kB behind.")


if __name__ == "__main__":
    main()
