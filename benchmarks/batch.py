"""A batch of reports side by side: perfkit, the loops people write today, and what isolation costs by itself.

    python -m benchmarks batch                      the table and its chart, into docs as well
    python -m benchmarks growth                     time and memory as a batch grows to ten thousand
    python -m benchmarks.batch perfkit 20           one way alone, as JSON

Every way runs in a process of its own; rounds are interleaved, medians are shown.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.ways import PEERS, ROOT, WAYS, chromium_here, workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DOCS = ROOT / "docs" / "benchmarks.md"


class Budget(NamedTuple):
    """Hold what is asked of two ways: a ratio of them, or their difference, at most or at least."""

    what: str
    short: str
    over: str
    under: str
    kind: str
    limit: float
    least: bool = False

    def measured(self, found: dict[str, dict[str, float]]) -> float:
        over, under = found[self.over][self.kind], found[self.under][self.kind]
        return over - under if self.over == "word" else over / under

    def holds(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit


BUDGETS = (
    Budget(
        "the command loop over perfkit with two workers, time",
        "command loop", "loop", "perfkit", "wall", 90, least=True,
    ),
    Budget(
        "papermill and HTMLExporter in Python over perfkit with two workers, time",
        "papermill in Python", "python", "perfkit", "wall", 25, least=True,
    ),
    Budget(
        "ploomber-engine over perfkit with two workers, time",
        "ploomber-engine", "ploomber", "perfkit", "wall", 1.8, least=True,
    ),
    Budget(
        "an HTML report over isolation and nothing else, CPU",
        "HTML over isolation", "one", "forked", "cpu", 1.8,
    ),
    Budget(
        "the default report (HTML and PDF) over HTML alone, CPU",
        "default over HTML", "default", "one", "cpu", 1.7,
    ),
    Budget(
        "Word beside HTML and PDF, CPU seconds, its pictures' drawing included",
        "Word, s", "word", "default", "cpu", 0.15,
    ),
    Budget(
        "one cold report over papermill and nbconvert, time",
        "cold over commands", "cold", "loop", "wall", 0.5,
    ),
)  # fmt: skip


def time_unchanged() -> float:
    """Give the seconds in which a run that made every report finds, run again, that nothing is to be done."""
    import perfkit

    begun = time.perf_counter()
    run = perfkit.report("params", to=("html",))
    assert not run.made, str(run)
    return time.perf_counter() - begun


def run_alone(way: str, count: int) -> dict[str, Any]:
    """Run one way in this process; give wall and CPU seconds and the most memory a process took (MB).

    `ends` holds when the run began and each report ended, `spent` the CPU seconds of this process by then.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(workspace(Path(folder), count))
        ends, spent = [time.perf_counter()], [time.process_time()]
        WAYS[way].make(count, lambda: (ends.append(time.perf_counter()), spent.append(time.process_time())))
        wall = time.perf_counter() - ends[0]
        own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        again = time_unchanged() if way == "perfkit" else None
        os.chdir(ROOT)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return {
        "ends": ends,
        "spent": spent,
        "wall": wall,
        "cpu": cpu,
        "again": again,
        "memory": max(own.ru_maxrss, children.ru_maxrss) / 1024,
        "own": own.ru_maxrss / 1024,
    }


def measured(way: str, count: int) -> dict[str, Any]:
    """Run one way in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.batch", way, str(count)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{way}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def side_by_side(rounds: int) -> dict[str, dict[str, float]]:
    """Measure every way in turn, a small and a larger batch; give what a further report costs.

    Its CPU time is the slope between the two; its time is taken from the ends of the larger one's reports,
    and so is the CPU time of a way that makes them in one process.
    """
    ways = {name: way for name, way in WAYS.items() if name != "webpdf" or chromium_here()}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            small, large = measured(name, way.few), measured(name, way.many)
            further = way.many - way.few
            cpu = large["spent"][-1] - large["spent"][way.few] if way.alone else large["cpu"] - small["cpu"]
            one = {
                "wall": (large["ends"][-1] - large["ends"][way.few]) / further,
                "cpu": cpu / further,
            }
            found[name].append(one)
            told = f"round {number + 1}: {name}: {one['wall']:.3f} s, {one['cpu']:.3f} s CPU"
            print(told, file=sys.stderr, flush=True)
    return {
        name: {key: statistics.median(one[key] for one in rounds_) for key in rounds_[0]}
        for name, rounds_ in found.items()
    }


def batch(rounds: int) -> str:
    """Measure every way; give the tables, and draw the chart."""
    from benchmarks.chart import draw_ratios

    found = side_by_side(rounds)
    draw_ratios([(each, each.measured(found)) for each in BUDGETS])
    return table(found)


def table(found: dict[str, dict[str, float]]) -> str:
    rate = found["perfkit"]["wall"]
    lines = [
        "| way | s a report | CPU s a report | perfkit (two workers, HTML) is … times as fast |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, one in found.items():
        lines.append(
            f"| {WAYS[name].title} | {one['wall']:.3f} | {one['cpu']:.3f} | {one['wall'] / rate:.1f} |"
        )
    lines += [
        "",
        "| budget | measured | asked for | |",
        "| --- | ---: | ---: | --- |",
    ]
    for each in BUDGETS:
        value = each.measured(found)
        asked = f"{'≥' if each.least else '≤'} {each.limit:g}"
        lines.append(
            f"| {each.what} | {value:.2f} | {asked} | {'holds' if each.holds(value) else '**missed**'} |"
        )
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False, cwd=ROOT
    ).stdout.strip()
    peers = ", ".join(f"{name} {version(name)}" for name in PEERS)
    return "\n".join([*lines, "", f"Commit {commit}; Python {sys.version.split()[0]}; {peers}."])


def growth(sizes: Sequence[int]) -> str:
    from benchmarks.chart import draw_growth

    lines = [
        "| projects | s | s a project | MB, largest process | MB, the run itself | s, run again |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    made = {}
    for size in sizes:
        one = made[size] = measured("perfkit", size)
        lines.append(
            f"| {size:,} | {one['wall']:.1f} | {one['wall'] / size:.3f} "
            f"| {one['memory']:.0f} | {one['own']:.0f} | {one['again']:.2f} |"
        )
    draw_growth(made)
    return "\n".join(lines)


def unchanged(size: int) -> str:
    """Time how long a run takes to find that nothing is to be done for so many projects.

    The ledger of a run that made them all is written straight away, with the digests, files and rows it would
    have. The run's own memory is what it grows by, over a run of one.
    """
    import perfkit

    with tempfile.TemporaryDirectory() as name:
        folder = workspace(Path(name), size)
        os.chdir(folder)
        reports = folder / "reports"
        reports.mkdir()
        (reports / "index.html").write_text("", encoding="utf-8")
        as_made(folder, size)
        kilobytes = (reports / "perfkit.db").stat().st_size / size / 1000
        perfkit.report("params/p0.yaml")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun, spent = time.perf_counter(), time.process_time()
        run = perfkit.report("params")
        took, spent = time.perf_counter() - begun, time.process_time() - spent
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / size
        os.chdir(ROOT)
    assert len(run.skipped) == size, str(run)[:500]
    return (
        f"{size:,} unchanged projects: {took:.1f} s, {spent:.1f} s of it CPU time; the run's own memory "
        f"{max(grown, 0):.1f} kB a project, the ledger {kilobytes:.1f} kB a report of 16 rows."
    )


def as_made(folder: Path, size: int) -> None:
    """Fill the ledger as if every report had been made, all of one form of 16 rows."""
    from perfkit.batch.inputs import key_of
    from perfkit.batch.job import stamp
    from perfkit.batch.results import Rows, rows_of
    from perfkit.params import load_params

    first = load_params(folder / "params/p0.yaml")
    inputs = key_of(first)
    one = rows_of("p0", str(first.form), first.profile, "zh", str(folder))
    indicators = [{**one.indicators[place % len(one.indicators)], "number": place + 1} for place in range(16)]
    old = 10**18

    def outcomes() -> Iterator[tuple[dict[str, Any], Rows]]:
        for number in range(size):
            name = f"p{number}"
            for path in (seen := [f"params/{name}.yaml", f"params/forms/{name}.yaml"]):
                os.utime(folder / path, ns=(old, old))
            files = {}
            for kind in ("html", "pdf", "ipynb"):
                place = folder / "reports" / f"{name}.{kind}"
                place.write_bytes(b"x")
                files[kind] = [*stamp(place), "0" * 32]
            parts = (one.projects, indicators, one.findings)
            made = {
                "name": name, "status": "made", "params": f"../params/{name}.yaml", "profile": first.profile,
                "language": "zh", "seconds": 0.1, "why": ["new"], "inputs": inputs, "files": files,
                "seen": {path: stamp(folder / path) for path in seen}, "seen_at": time.time_ns(),
            }  # fmt: skip
            yield made, Rows(*([{**row, "name": name} for row in part] for part in parts))

    record(folder / "reports", outcomes())


def record(reports: Path, outcomes: Iterable[tuple[dict[str, Any], Any]]) -> None:
    """Write outcomes with their rows straight to the ledger of a folder of reports."""
    from perfkit.batch.inputs import versions
    from perfkit.batch.ledger import Writer

    with Writer.of(reports) as ledger:
        ledger.begin(versions())
        ledger.connection.execute("PRAGMA synchronous = OFF")  # nobody loses this one
        count = 0
        for made, rows in outcomes:
            ledger.record(made, rows=rows)
            count += 1
        ledger.end(count, 0, 0)


def show(section: str, made: str) -> None:
    """Print a table, and put it between its marks in docs/benchmarks.md."""
    print(made)
    begin, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    head, _, rest = DOCS.read_text(encoding="utf-8").partition(begin)
    DOCS.write_text(f"{head}{begin}\n{made}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    print(json.dumps(run_alone(sys.argv[1], int(sys.argv[2]))))
