"""The ways to make a batch of reports that are measured side by side: perfkit's, its peers', bare isolation.

Every way makes the same projects from the same notebook (`notebooks/project_report.ipynb`), HTML unless its
title says more. `forked` runs the same cells as plain Python in a fork for each report and fills the same
template: what isolation costs by itself.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from types import CodeType

    from perfkit.publish import Format

    Ended = Callable[[], None]

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("papermill", "nbconvert", "nbclient", "ploomber-engine", "ipykernel", "jupyter-client")


def workspace(folder: Path, count: int) -> Path:
    """Make a workspace with so many copies of an example."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "params" / "forms").mkdir(parents=True)
    form = (ROOT / "params/forms/online-learning-2022.yaml").read_text(encoding="utf-8")
    for number in range(count):
        (folder / f"params/forms/p{number}.yaml").write_text(f"# {number}\n{form}", encoding="utf-8")
        params = f"form: params/forms/p{number}.yaml\nprofile: shanghai-2022\nlanguage: zh\n"
        (folder / f"params/p{number}.yaml").write_text(params, encoding="utf-8")
    return folder


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


def executed(number: int) -> Any:
    """Run the notebook of one project by papermill, in a kernel of its own."""
    import papermill

    return papermill.execute_notebook(
        "notebooks/project_report.ipynb",
        f"out{number}.ipynb",
        values(number),
        progress_bar=False,
        kernel_name="python3",
    )


def way_python(count: int, ended: Ended) -> None:
    from nbconvert import HTMLExporter

    exporter = HTMLExporter()
    for n in range(count):
        made = executed(n)
        Path(f"out{n}.html").write_text(exporter.from_notebook_node(made)[0], encoding="utf-8")
        ended()


def way_webpdf(count: int, ended: Ended) -> None:
    """Make HTML and PDF as nbconvert alone does; its Chromium is the machine's."""
    from nbconvert import HTMLExporter, WebPDFExporter
    from playwright.async_api import BrowserType

    launch, chromium = BrowserType.launch, chromium_here()
    BrowserType.launch = lambda browser, **options: launch(browser, executable_path=chromium, **options)
    html, pdf = HTMLExporter(), WebPDFExporter(disable_sandbox=True)
    for n in range(count):
        made = executed(n)
        Path(f"out{n}.html").write_text(html.from_notebook_node(made)[0], encoding="utf-8")
        Path(f"out{n}.pdf").write_bytes(pdf.from_notebook_node(made)[0])
        ended()


def chromium_here() -> str:
    """Give where Chromium stands on this machine; empty where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


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
    """Compile the notebook's cells, its parameters the first of them."""
    content = json.loads(Path("notebooks/project_report.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    assert "parameters" in code[0]["metadata"].get("tags", ())
    return [compile("".join(cell["source"]), "cell", "exec") for cell in code]


def outputs_of(cells: Sequence[CodeType], number: int) -> list[dict[str, Any]]:
    """Run the cells as plain Python; give what they display."""
    import IPython.display

    outputs: list[dict[str, Any]] = []
    IPython.display.display = lambda *shown: outputs.extend(map(_output, shown))
    names: dict[str, Any] = {}
    exec(cells[0], names)
    names |= values(number)
    for cell in cells[1:]:
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
    if not hasattr(shown, "_repr_mimebundle_"):
        return {"text/html": shown._repr_html_()}
    bundle = shown._repr_mimebundle_()
    return bundle[0] if isinstance(bundle, tuple) else bundle


def way_perfkit(count: int, ended: Ended, jobs: int = 1, to: tuple[Format, ...] = ("html",)) -> None:
    import perfkit

    run = perfkit.report("params", to=to, jobs=jobs, progress=lambda _: ended())
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


@dataclass(frozen=True, slots=True)
class Way:
    """Hold a way to make reports, its title, and the sizes of a smaller and a larger batch.

    What starts everything anew for each report has no smaller one. `alone` where all is done in one process.
    """

    title: str
    few: int
    many: int
    make: Callable[[int, Ended], None]
    alone: bool = False


_TWO = partial(way_perfkit, jobs=2)
_DEFAULT = partial(way_perfkit, to=("html", "pdf"))
_WORD = partial(way_perfkit, to=("html", "pdf", "docx"))
_ENGINE = "ploomber-engine and HTMLExporter in one process, nothing isolated"
_WEBPDF = "papermill, HTMLExporter and WebPDFExporter in one Python process, HTML and PDF"
_FORKED = "isolation and nothing else: plain cells, each report in a fork, the same template"
WAYS = {
    "loop": Way("papermill, then jupyter nbconvert, as commands", 0, 2, way_loop),
    "python": Way("papermill and HTMLExporter in one Python process", 1, 3, way_python),
    "ploomber": Way(_ENGINE, 2, 8, way_ploomber, alone=True),
    "forked": Way(_FORKED, 4, 100, way_forked),
    "perfkit": Way("perfkit report, two workers", 4, 100, _TWO),
    "one": Way("perfkit report, one worker", 4, 100, way_perfkit),
    "cold": Way("perfkit report as a command for each project, all of it cold", 0, 3, way_cold),
    "dask": Way("perfkit report on a Dask cluster of two workers on this machine", 4, 52, way_dask),
    "webpdf": Way(_WEBPDF, 1, 3, way_webpdf),
    "default": Way("perfkit report, one worker, HTML and PDF (the default)", 4, 68, _DEFAULT),
    "word": Way("perfkit report, one worker, HTML, PDF and Word", 4, 68, _WORD),
}
