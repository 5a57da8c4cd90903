"""The real notebook, killed with -9 in the middle: what is there is whole, and nothing done is done again.

PERFKIT_REAL_KILLS and PERFKIT_REAL_REPORTS ask for more than CI has time for.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest

from tests.batch.light import outcomes

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("PERFKIT_REAL_KILLS", "6"))
REPORTS = int(os.environ.get("PERFKIT_REAL_REPORTS", "12"))
SCRIPT = """
from perfkit.batch import inputs
inputs._perfkit = lambda: "0.1.0+test"  # somebody may be working on perfkit meanwhile
import perfkit
perfkit.report("params", to=["html"], jobs=2)
"""


@pytest.fixture
def office(tmp_path):
    """Copies of the example that perfkit ships, each of another name."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    (tmp_path / "params/forms").mkdir(parents=True)
    form = (ROOT / "params/forms/online-learning-2022.yaml").read_text(encoding="utf-8")
    for number in range(REPORTS):
        place = f"params/forms/p{number:02}.yaml"
        (tmp_path / place).write_text(f"# {number}\n{form}", encoding="utf-8")
        params = f"form: {place}\nprofile: shanghai-2022\nlanguage: zh\n"
        (tmp_path / f"params/p{number:02}.yaml").write_text(params, encoding="utf-8")
    return tmp_path


def start(office) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=office, env=environment)


def count(reports) -> int:
    return sum(1 for _ in reports.iterdir()) if reports.exists() else 0


def whole(reports) -> set[str]:
    """Find each report that the ledger calls made whole, on the disk as it was left, and made once."""
    lines = outcomes(reports)
    made = {line["name"] for line in lines}
    assert len(made) == len(lines)
    assert {line["status"] for line in lines} <= {"made"}
    for line in lines:
        for kind, (size, _, digest) in json.loads(line["files"]).items():
            content = (reports / f"{line['name']}.{kind}").read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()[:32]) == (size, digest)
    for page in reports.glob("p*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    for notebook in reports.glob("p*.ipynb"):
        nbformat.validate(json.loads(notebook.read_text(encoding="utf-8")))
    return made


def test_real_reports_killed_at_random_moments(office):
    reports, moments = office / "reports", random.Random(11)
    met = set()
    for _ in range(KILLS):
        if len(whole(reports)) == REPORTS:
            shutil.rmtree(reports)
        run = start(office)
        kill_at = count(reports) + moments.randrange(REPORTS)  # files: drafts, pages, notebooks
        while run.poll() is None and count(reports) < kill_at:
            try:
                run.wait(0.002)
            except subprocess.TimeoutExpired:
                continue
        family = psutil.Process(run.pid).children(recursive=True) if run.returncode is None else []
        run.kill()
        run.wait()
        assert not psutil.wait_procs(family, timeout=10)[1]
        met.add(len(whole(reports)))
    assert start(office).wait() == 0
    assert len(whole(reports)) == REPORTS
    assert not list(reports.glob(".draft*"))
    assert len(list(reports.glob("p*.html"))) == REPORTS
    assert met - {0, REPORTS}
