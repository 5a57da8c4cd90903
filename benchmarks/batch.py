"""A batch of reports side by side: perfkit, the loops people write today, and the limit.

    python -m benchmarks.batch                      the table, into docs/benchmarks.md as well
    python -m benchmarks.batch --growth 10 100      time and memory as the batch grows
    python -m benchmarks.batch --way limit 20       one way alone, as JSON

Every way makes the HTML of the same projects from the same notebook, in a process of its own; rounds are
interleaved, medians are shown. `limit` runs the same cells as plain Python in one warm process and fills
the same template: what nothing that runs these cells can beat.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from types import CodeType

    Ended = Callable[[], None]

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" / "benchmarks.md"
COUNTS = {  # a smaller and a larger batch; what a command starts anew each time has no smaller one
    "loop": (0, 2),
    "python": (1, 3),
    "ploomber": (2, 8),
    "limit": (4, 24),
    "forked": (4, 36),
    "perfkit": (4, 52),
    "perfkit 1": (4, 36),
    "limit, figures": (2, 12),
    "perfkit 1, figures": (2, 12),
    "dask": (4, 52),
    "cold": (0, 3),
}
FASTER = {"loop": 100, "python": 40, "ploomber": 1.8}  # two workers are to be so many times as fast
IN_ONE_PROCESS = ("ploomber", "limit", "limit, figures")
OVER = 1.3  # CPU time of a report may be so many times the limit's
COLD = 0.5  # and one cold report take so much of the time of papermill and nbconvert
FIGURES = """\
import matplotlib.pyplot as plt

frame = card.to_frame()
for column in ("weight", "declared", "computed"):
    figure, axes = plt.subplots(figsize=(7, 3))
    axes.barh([str(name) for name in frame.index], frame[column].astype(float))
    axes.set_title(column)
    display(figure)
    plt.close(figure)"""  # a cell that an analyst might add, with figures as matplotlib draws them
TITLES = {
    "loop": "papermill, then jupyter nbconvert, as commands",
    "python": "papermill and HTMLExporter in one Python process",
    "ploomber": "ploomber-engine and HTMLExporter in one process, nothing isolated",
    "limit": "the limit: plain Python in one warm process, same template",
    "forked": "the limit, with the cells of each report in a fork of their own: isolation and nothing else",
    "perfkit": "perfkit report, two workers",
    "perfkit 1": "perfkit report, one worker",
    "limit, figures": "the limit, with three plain matplotlib figures added to the notebook",
    "perfkit 1, figures": "perfkit report, one worker, with the three figures",
    "dask": "perfkit report on a Dask cluster of two workers on this machine",
    "cold": "perfkit report as a command for each project, all of it cold",
}


def workspace(folder: Path, count: int, *, figures: bool = False) -> Path:
    """Make a workspace with so many copies of an example, and maybe an analyst's figures in the notebook."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    if figures:
        add_figures(folder / "notebooks" / "project_report.ipynb")
    (folder / "params" / "forms").mkdir(parents=True)
    form = (ROOT / "params/forms/online-learning-2022.yaml").read_text(encoding="utf-8")
    for number in range(count):
        (folder / f"params/forms/p{number}.yaml").write_text(f"# {number}\n{form}", encoding="utf-8")
        params = f"form: params/forms/p{number}.yaml\nprofile: shanghai-2022\nlanguage: zh\n"
        (folder / f"params/p{number}.yaml").write_text(params, encoding="utf-8")
    return folder


def add_figures(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    cell = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "execution_count": None}
    content["cells"].append({**cell, "source": FIGURES})
    path.write_text(json.dumps(content), encoding="utf-8")


def values(number: int) -> dict[str, str]:
    return {"form": f"params/forms/p{number}.yaml", "profile": "shanghai-2022", "language": "zh"}


def way_loop(count: int, ended: Ended) -> None:
    scripts = Path(sys.executable).parent
    for n in range(count):
        made = ["notebooks/project_report.ipynb", f"out{n}.ipynb", "-f", f"params/p{n}.yaml"]
        subprocess.run([scripts / "papermill", *made], check=True, capture_output=True)
        subprocess.run(
            [scripts / "jupyter", "nbconvert", "--to", "html", f"out{n}.ipynb"],
            check=True,
            capture_output=True,
        )
        ended()


def way_python(count: int, ended: Ended) -> None:
    import papermill
    from nbconvert import HTMLExporter

    exporter = HTMLExporter()
    for n in range(count):
        made = papermill.execute_notebook(
            "notebooks/project_report.ipynb",
            f"out{n}.ipynb",
            values(n),
            progress_bar=False,
            kernel_name="python3",
        )
        Path(f"out{n}.html").write_text(exporter.from_notebook_node(made)[0], encoding="utf-8")
        ended()


def way_ploomber(count: int, ended: Ended) -> None:
    from nbconvert import HTMLExporter
    from ploomber_engine import execute_notebook

    exporter = HTMLExporter()
    for n in range(count):
        made = execute_notebook(
            "notebooks/project_report.ipynb", f"out{n}.ipynb", parameters=values(n), progress_bar=False
        )
        Path(f"out{n}.html").write_text(exporter.from_notebook_node(made)[0], encoding="utf-8")
        ended()


def way_limit(count: int, ended: Ended) -> None:
    cells = cells_of()
    for n in range(count):
        publish_outputs(n, outputs_of(cells, n))
        ended()


def way_forked(count: int, ended: Ended) -> None:
    """Run the limit with the cells of each report in a fork of their own, of a process that only forks."""
    cells, fork = cells_of(), get_context("fork")
    publish_outputs(0, outputs_of(cells, 0))  # warm
    taken, given = fork.Pipe(duplex=False)
    publisher = fork.Process(target=publish_all, args=(taken, count))
    publisher.start()
    for n in range(count):
        report = fork.Process(target=lambda n=n: given.send((n, outputs_of(cells, n))))
        report.start()
        report.join()
        ended()
    publisher.join()


def publish_all(taken: Connection, count: int) -> None:
    for _ in range(count):
        publish_outputs(*taken.recv())


def cells_of() -> list[CodeType]:
    content = json.loads(Path("notebooks/project_report.ipynb").read_text(encoding="utf-8"))
    return [
        compile("".join(c["source"]), "cell", "exec")
        for c in content["cells"]
        if c["cell_type"] == "code" and "parameters" not in c["metadata"].get("tags", ())
    ]


def outputs_of(cells: Sequence[CodeType], number: int) -> list[dict[str, Any]]:
    """Run the cells as plain Python; give what they display."""
    import IPython.display

    outputs: list[dict[str, Any]] = []
    IPython.display.display = lambda *shown: outputs.extend(map(_output, shown))
    names = values(number)
    for cell in cells:
        exec(cell, names)
    return outputs


def publish_outputs(number: int, outputs: list[dict[str, Any]]) -> None:
    from nbformat.notebooknode import from_dict

    from perfkit.publish import publish

    page = {"cell_type": "code", "id": "all", "source": "", "execution_count": 1, "metadata": {},
            "outputs": outputs}  # fmt: skip
    told = {"papermill": {"parameters": values(number)}}  # nothing is left for the template to guess
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": told, "cells": [page]}
    Path(f"out{number}.html").write_bytes(publish(from_dict(made), ("html",), "report")["html"])


def _output(shown: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": _bundle(shown)}


def _bundle(shown: Any) -> dict[str, str]:
    if hasattr(shown, "savefig"):  # a figure, as Jupyter shows it
        from IPython.core.pylabtools import print_figure

        return {"image/png": print_figure(shown, base64=True)}
    if not hasattr(shown, "_repr_mimebundle_"):
        return {"text/html": shown._repr_html_()}
    bundle = shown._repr_mimebundle_()
    return bundle[0] if isinstance(bundle, tuple) else bundle


def way_perfkit(count: int, ended: Ended, jobs: int = 2) -> None:
    import perfkit

    run = perfkit.report("params", to=("html",), jobs=jobs, progress=lambda _: ended())
    assert len(run.made) == count, str(run)


def way_dask(count: int, ended: Ended) -> None:
    from distributed import LocalCluster

    import perfkit

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        run = perfkit.report(
            "params", to=("html",), cluster=cluster.scheduler_address, progress=lambda _: ended()
        )
    assert len(run.made) == count, str(run)


def way_cold(count: int, ended: Ended) -> None:
    command = [sys.executable, "-m", "perfkit", "report", "--to", "html"]
    for n in range(count):
        subprocess.run([*command, f"params/p{n}.yaml"], check=True, capture_output=True)
        ended()


WAYS = {"loop": way_loop, "python": way_python, "ploomber": way_ploomber, "limit": way_limit,
        "forked": way_forked, "perfkit": way_perfkit, "dask": way_dask, "cold": way_cold,
        "perfkit 1": lambda count, ended: way_perfkit(count, ended, 1),
        "limit, figures": way_limit,
        "perfkit 1, figures": lambda count, ended: way_perfkit(count, ended, 1)}  # fmt: skip


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
        os.chdir(workspace(Path(folder), count, figures=way.endswith("figures")))
        ends, spent = [time.perf_counter()], [time.process_time()]
        WAYS[way](count, lambda: (ends.append(time.perf_counter()), spent.append(time.process_time())))
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
        [sys.executable, __file__, "--way", way, str(count)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{way}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def side_by_side(rounds: int) -> dict[str, dict[str, float]]:
    """Measure every way in turn, a small and a larger batch; give what a further report costs.

    Its CPU time is the slope between the two; its time is taken from the ends of the larger one's reports,
    and so is the CPU time of a way that makes them in one process.
    """
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for number in range(rounds):
        for way, (few, many) in COUNTS.items():
            small, large = measured(way, few), measured(way, many)
            slope = {
                "wall": (large["ends"][-1] - large["ends"][few]) / (many - few),
                "cpu": (large["cpu"] - small["cpu"]) / (many - few),
            }
            if way in IN_ONE_PROCESS:
                slope["cpu"] = (large["spent"][-1] - large["spent"][few]) / (many - few)
            found[way].append(slope)
            print(
                f"round {number + 1}: {way}: {slope['wall']:.3f} s, {slope['cpu']:.3f} s CPU",
                file=sys.stderr,
                flush=True,
            )
    return {
        way: {key: statistics.median(one[key] for one in all_) for key in all_[0]}
        for way, all_ in found.items()
    }


def table(found: dict[str, dict[str, float]]) -> str:
    rate = found["perfkit"]["wall"]
    lines = [
        "| way | s a report | CPU s a report | perfkit is … times as fast |",
        "| --- | ---: | ---: | ---: |",
    ]
    for way, title in TITLES.items():
        one = found[way]
        times = "" if way.endswith("figures") else f"{one['wall'] / rate:.1f}"  # another notebook
        lines.append(f"| {title} | {one['wall']:.3f} | {one['cpu']:.3f} | {times} |")
    return "\n".join([*lines, "", *verdicts(found)])


def verdicts(found: dict[str, dict[str, float]]) -> list[str]:
    """Set each ratio beside its budget, and say whether it holds."""
    rate, budgets = found["perfkit"]["wall"], []
    for way, least in FASTER.items():
        ratio = found[way]["wall"] / rate
        budgets.append((f"times as fast as {TITLES[way]}", ratio, f"≥ {least:g}", ratio >= least))
    for title, kind in {"": "", ", three plain figures added": ", figures"}.items():
        over = found[f"perfkit 1{kind}"]["cpu"] / found[f"limit{kind}"]["cpu"]
        budgets.append((f"CPU time of a report over the limit's{title}", over, f"≤ {OVER:g}", over <= OVER))
    cold = found["cold"]["wall"] / found["loop"]["wall"]
    budgets.append(("one cold report over papermill and nbconvert", cold, f"≤ {COLD:g}", cold <= COLD))
    return [
        "| budget | measured | asked for | |",
        "| --- | ---: | ---: | --- |",
        *(f"| {what} | {ratio:.2f} | {asked} | {'holds' if holds else '**missed**'} |"
          for what, ratio, asked, holds in budgets),
    ]  # fmt: skip


def growth(sizes: Sequence[int]) -> str:
    lines = [
        "| projects | s | s a project | MB, largest process | MB, the run itself | s, run again |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for size in sizes:
        one = measured("perfkit", size)
        lines.append(
            f"| {size:,} | {one['wall']:.1f} | {one['wall'] / size:.3f} "
            f"| {one['memory']:.0f} | {one['own']:.0f} | {one['again']:.2f} |"
        )
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
    """Fill the ledger as if every report had been made."""
    from perfkit.batch.inputs import key_of, versions
    from perfkit.batch.job import stamp
    from perfkit.batch.ledger import Writer
    from perfkit.batch.results import Rows, rows_of
    from perfkit.params import load_params

    first = load_params(folder / "params/p0.yaml")
    inputs = key_of(first)
    one = rows_of("p0", str(first.form), first.profile, "zh", str(folder))
    indicators = [{**one.indicators[place % len(one.indicators)], "number": place + 1} for place in range(16)]
    old = 10**18
    with Writer.of(folder / "reports") as ledger:
        ledger.begin(versions())
        ledger.connection.execute("PRAGMA synchronous = OFF")  # nobody loses this one
        for number in range(size):
            name = f"p{number}"
            for path in (seen := [f"params/{name}.yaml", f"params/forms/{name}.yaml"]):
                os.utime(folder / path, ns=(old, old))
            files = {}
            for kind in ("html", "pdf", "ipynb"):
                place = folder / "reports" / f"{name}.{kind}"
                place.write_bytes(b"x")
                files[kind] = [*stamp(place), "0" * 32]
            rows = Rows(
                *(
                    [{**row, "name": name} for row in part]
                    for part in (one.projects, indicators, one.findings)
                )
            )
            made = {
                "name": name, "status": "made", "params": f"../params/{name}.yaml", "profile": first.profile,
                "language": "zh", "seconds": 0.1, "why": ["new"], "inputs": inputs, "files": files,
                "seen": {path: stamp(folder / path) for path in seen}, "seen_at": time.time_ns(),
            }  # fmt: skip
            ledger.record(made, rows=rows)
        ledger.end(size, 0, 0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", nargs=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", type=int, nargs="*")
    parser.add_argument("--unchanged", type=int)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(run_alone(options.way[0], int(options.way[1]))))
    elif options.growth is not None:
        show("growth", growth(options.growth or [10, 100, 1000]))
    elif options.unchanged:
        show("unchanged", unchanged(options.unchanged))
    else:
        show("batch", table(side_by_side(options.rounds)))


def show(section: str, made: str) -> None:
    """Print a table, and put it between its marks in docs/benchmarks.md."""
    print(made)
    begin, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    head, _, rest = DOCS.read_text(encoding="utf-8").partition(begin)
    DOCS.write_text(f"{head}{begin}\n{made}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
