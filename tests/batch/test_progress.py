"""A run shows itself: lines where there is no terminal, drawn over where there is one."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from perfkit.batch.progress import Lively, PlainLines, Quiet, progress_for

MADE = {"name": "a[b]", "status": "made", "seconds": 0.5}
FAILED = {"name": "b", "status": "failed", "cause": "cell", "cell": 4, "error": "ValueError: x\nmore"}
FAULTY = {"name": "c", "status": "failed", "cause": "input", "error": "first fault\n  got: x\nsecond fault"}
SKIPPED = {"name": "d", "status": "skipped"}


def told(kind, *, terminal) -> str:
    file = io.StringIO()
    progress = kind(Console(file=file, force_terminal=terminal, width=100))
    progress.ended(None, FAULTY)
    progress.ended(None, SKIPPED)
    progress.start(2, 1)
    progress.begun(0, "a[b]")
    progress.ended(0, MADE)
    progress.ended(0, FAILED)
    progress.close()
    progress.sum_up("1 made, 2 failed: reports/index.html")
    return file.getvalue()


@pytest.mark.parametrize(("kind", "terminal"), [(PlainLines, False), (Lively, True)])
def test_failures_and_the_total_are_told(kind, terminal):
    text = told(kind, terminal=terminal)
    for word in (
        "second fault",
        "b: failed, cell (cell 4): ValueError: x …",
        "2/2",
        "left",
        "1 made, 2 failed: reports",
    ):
        assert word in text
    assert "a[b]" in text


def test_plain_lines_are_plain():
    text = told(PlainLines, terminal=False)
    assert "\x1b" not in text
    assert "1/2 a[b]: made in 0.50 s" in text
    assert "\nd" not in text


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
    progress.ended(None, FAILED | {"name": "a\x1b[2Jb"})
    assert "a[U+001B][2Jb: failed" in file.getvalue()
