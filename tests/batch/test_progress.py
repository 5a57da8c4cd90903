"""A run shows itself: lines where there is no terminal, drawn over where there is one."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from perfkit.batch.plan import Faulty
from perfkit.display.progress import Lively, PlainLines, Quiet, progress_for
from perfkit.errors import DataError, Fault

MADE = {"name": "a[b]", "status": "made", "seconds": 0.5}
FAILED = {"name": "b", "status": "failed", "cause": "cell", "cell": 4, "error": "ValueError: x\nmore"}
FAULTS = [Fault("first fault", got="x"), Fault("second fault")]
FAULTY = [Faulty(name, Path(f"{name}.yaml"), DataError(*FAULTS)) for name in "cdefghi"]
SKIPPED = {"name": "d", "status": "skipped"}


def told(kind, *, terminal) -> str:
    file = io.StringIO()
    progress = kind(Console(file=file, force_terminal=terminal, width=100))
    progress.faulty([*FAULTY, Faulty("j", Path("j.yaml"), DataError(FAULTS[1], Fault("another")))])
    progress.ended(None, {"name": "c", "status": "failed", "cause": "input", "error": "first fault"})
    progress.ended(None, SKIPPED)
    progress.start(2, 1)
    progress.begun(0, "a[b]")
    progress.ended(0, MADE)
    progress.ended(0, FAILED)
    progress.close()
    progress.say("1 made, 2 failed: reports/index.html")
    return file.getvalue()


def without_colours(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", text)


@pytest.mark.parametrize(("kind", "terminal"), [(PlainLines, False), (Lively, True)])
def test_failures_and_the_total_are_told(kind, terminal):
    text = without_colours(told(kind, terminal=terminal))
    for word in (
        "c, d, e, f, g and 2 more: cannot be made\nfirst fault\n  got: x",
        "c, d, e, f, g and 3 more: cannot be made\nsecond fault",
        "j: cannot be made\nanother",
        "b: failed, cell (cell 4): ValueError: x …",
        "2/2",
        "left",
        "1 made, 2 failed: reports",
    ):
        assert word in text
    assert "a[b]" in text
    assert [text.count(fault) for fault in ("first fault", "second fault", "another")] == [1, 1, 1]


def test_plain_lines_are_plain():
    text = told(PlainLines, terminal=False)
    assert "\x1b" not in text
    assert "1/2 a[b]: made in 0.50 s" in text
    assert "\nd" not in text


def test_what_a_report_has_to_tell_stands_on_lines_of_its_own():
    file = io.StringIO()
    progress = PlainLines(Console(file=file, width=100))
    progress.start(1, 1)
    progress.ended(0, MADE | {"error": "no font has this character\nanother note"})
    first, *notes = file.getvalue().splitlines()[1:]
    assert re.fullmatch(r"1/1 a\[b\]: made in 0\.50 s, \d+\.\d/s, 0:00 left", first)
    assert notes == ["  no font has this character", "  another note"]


def test_where_nobody_asks_nothing_is_shown(capsys):
    assert isinstance(progress_for(False), Quiet)
    heard = []
    progress_for(heard.append).ended(0, MADE)
    assert heard == [MADE]
    assert isinstance(progress_for(True), PlainLines)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("kind", "terminal"), [(PlainLines, False), (Lively, True)])
def test_a_name_moves_nothing_on_the_terminal(kind, terminal):
    file = io.StringIO()
    progress = kind(Console(file=file, force_terminal=terminal, width=100))
    progress.start(1, 1)
    progress.ended(0, FAILED | {"name": "a\x1b[2Jb"})
    assert "a[U+001B][2Jb: failed" in file.getvalue()
