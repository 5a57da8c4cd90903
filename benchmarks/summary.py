"""The summary of a department: 3,000 projects of 40 departments, no two alike, in each pair of formats.

Their forms are drawn at random, scored and checked as any form is; their ledger is written straight away. A
process of its own makes each pair, as the command does.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.batch import record
from benchmarks.ways import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.form import Form, Indicator

DEPARTMENTS = 40
PAIRS = (("HTML and Excel", ("html", "xlsx"), 10), ("Word and PDF", ("docx", "pdf"), 60))
LARGEST = 5  # MB a file
_PLACES = "东西南北河山湖桥田林石柳杨梅竹松泉溪江川"
_SHARES = ("1", "1", "0.8", "0.5", "0")  # of its points, that a row keeps which lost some
_KINDS = ["交通运输", "卫生健康", "文化旅游", "水利", "教育", "农业农村", "民政", "住房建设"]


def summary(size: int) -> str:
    """Give what the summary of so many projects takes, a row a pair of formats."""
    lines = [
        "| formats | s | s of CPU time | MB | budget | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    with tempfile.TemporaryDirectory() as name:
        reports = Path(name) / "reports"
        (Path(name) / "params").mkdir()
        reports.mkdir()
        record(reports, _outcomes(size))
        for number in range(size):
            (reports / f"p{number}.html").touch()
        for told, formats, most in PAIRS:
            wall, spent = _timed(Path(name), formats)
            sizes = [(reports / f"summary.{each}").stat().st_size / 1e6 for each in formats]
            printed = " and ".join(f"{size:.1f}" for size in sizes)
            holds = wall <= most and max(sizes) <= LARGEST
            lines.append(
                f"| {told} | {wall:.1f} | {spent:.1f} | {printed} | ≤ {most} s, {LARGEST} MB "
                f"| {'holds' if holds else '**missed**'} |"
            )
    load = os.getloadavg()[0]
    return "\n".join(
        [*lines, "", f"{size:,} projects of {DEPARTMENTS} departments; load {load:.1f} meanwhile."]
    )


def _timed(folder: Path, formats: tuple[str, ...]) -> tuple[float, float]:
    """Give the seconds, and those of CPU time in all its processes, that a run of the command takes."""
    before, begun = os.times(), time.perf_counter()
    command = [sys.executable, "-m", "perfkit", "summary", "--to", ",".join(formats)]
    subprocess.run(
        command, check=True, capture_output=True, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    wall, after = time.perf_counter() - begun, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, spent


def _outcomes(size: int) -> Iterator[tuple[dict[str, Any], Any]]:
    """Draw the projects, with the rows that their reports would have left."""
    import perfkit
    from perfkit.batch.results import of_results

    for number in range(size):
        card = perfkit.score(drawn(number))
        name = f"p{number}"
        made = {"name": name, "status": "made", "profile": "mof-2020", "language": "zh", "seconds": 0.1}
        yield made, of_results(name, card, perfkit.check(card.form, card), "zh")


def drawn(number: int) -> Form:
    """Draw a form of 14 rows whose project, bodies and indicators bear names of their own."""
    from tests.verify.edits import form

    draw = random.Random(number)
    town = "".join(draw.sample(_PLACES, 2))
    department = number % DEPARTMENTS
    office = f"{_PLACES[department // 2]}{'市县'[department % 2]}{_KINDS[department % len(_KINDS)]}局"
    one, other = form(2 * number), form(2 * number + 1)
    share = Decimal(draw.choice(_SHARES))
    rows = [
        _halved(row, place, share)
        for place, half in ((town, one), (f"{town}新增", other))
        for row in half.indicators
    ]
    return replace(
        one,
        project=f"{town}镇{one.project}（{number + 1}期）",
        department=office,
        unit=f"{town}镇{one.unit[1:]}",
        indicators=tuple(rows),
        total=one.budget.total.score + sum(row.score for row in rows),
    )


def _halved(row: Indicator, place: str, share: Decimal) -> Indicator:
    """Give a row half its points, and its unit's score a share of them where points are lost."""
    score = row.score if row.score == row.weight else row.score * share
    reason = row.reason and f"{place}片区{row.reason}"
    return replace(row, name=place + row.name, weight=row.weight / 2, score=score / 2, reason=reason)
