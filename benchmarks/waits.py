"""What one person waits for: a saved form to its page in `perfkit preview`; a scanned page on one core."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.ways import ROOT, chromium_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FrameLocator

SAVES = 8
FORM = "params/forms/online-learning-2022.yaml"


def main() -> None:
    """Print the seconds beside their budgets."""
    print("| one person waits | measured | asked for | |\n| --- | ---: | ---: | --- |")
    waits = [*previews(), ("a scanned page, on one core, models loaded", scan(), 20.0)]
    for what, took, most in waits:
        print(f"| {what} | {took:.2f} s | ≤ {most:g} s | {'holds' if took <= most else '**missed**'} |")


def previews() -> list[tuple[str, float, float]]:
    """Give the middle of some saves of a form file and of an Excel form, to the new page in Chromium."""
    from playwright.sync_api import sync_playwright

    from perfkit.readers import read
    from perfkit.writers import write

    if not chromium_here():
        return []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        shutil.copytree(ROOT / "params", folder / "params")
        form = read(folder / FORM)
        text = (folder / FORM).read_text(encoding="utf-8")
        book, spare = folder / "unit.xlsx", folder / "spare"
        write(form, book)

        def save_text(project: str) -> None:
            (folder / FORM).write_text(text.replace(form.project, project), encoding="utf-8")

        def save_book(project: str) -> None:
            write(replace(form, project=project), spare.with_suffix(".xlsx"))
            begun[0] = time.perf_counter()  # the program that saves is not what is measured
            spare.with_suffix(".xlsx").replace(book)

        begun = [0.0]
        browser = playwright.chromium.launch(executable_path=chromium_here(), args=["--no-sandbox"])
        found = []
        for path, save, title in (
            ("params/online-learning-2022.yaml", save_text, "a saved form file, to the page in preview"),
            (book.name, save_book, "a saved Excel form, to the page in preview"),
        ):
            command = [sys.executable, "-m", "perfkit", "preview", path, "--no-open", "--language", "zh"]
            with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder) as process:
                assert process.stderr
                address = re.search(r"http://\S+/", process.stderr.readline())
                assert address
                page = browser.new_page()
                page.goto(address[0])
                report = page.frame_locator("#report")
                report.get_by_role("heading", name=form.project).wait_for(timeout=120_000)
                times = [_time_save(save, report, f"项目{number}号", begun) for number in range(SAVES)]
                process.terminate()
            found.append((title, statistics.median(times), 1.0))
        browser.close()
    return found


def _time_save(save: Callable[[str], None], report: FrameLocator, project: str, begun: list[float]) -> float:
    begun[0] = time.perf_counter()
    save(project)
    report.get_by_role("heading", name=project).wait_for(timeout=60_000)
    return time.perf_counter() - begun[0]


def scan() -> float:
    """Give the seconds of CPU in which a page with noise is read, its models loaded."""
    from perfkit.processes import shared
    from perfkit.readers.bulk import FULL_MEMORY, read_in_full
    from tests.readers import scanning

    with tempfile.TemporaryDirectory() as folder, shared().start(memory=FULL_MEMORY) as process:
        times = []
        for number in range(3):
            path = Path(folder) / f"{number}.png"
            path.write_bytes(scanning.spoiled(next(iter(scanning.LAYOUTS)), "noisy", seed=number))
            before = process.call(time.process_time)
            process.call(read_in_full, str(path), path.name)
            times.append(process.call(time.process_time) - before)
    return statistics.median(times[1:])


if __name__ == "__main__":
    main()
