"""The journal outlives whatever happens to the one who writes it."""

from __future__ import annotations

import errno
import os

import pytest

from perfkit.batch.journal import Journal, latest, read_journal

MADE = {"name": "a", "status": "made", "seen": {"params/a.yaml": [1, 2]}}


def test_lines_come_back_in_order(tmp_path):
    journal = Journal(tmp_path)
    journal.append({"name": "项目 <b>"}, {"name": "\ud800"})
    journal.append({"name": "c\nd"})
    assert [line["name"] for line in read_journal(tmp_path)] == ["项目 <b>", "\ud800", "c\nd"]


@pytest.mark.parametrize(
    "torn",
    [
        b'{"name":"b","sta', b"\xff\xfe", b"[1,2]", b'{"name":', b"null\n", b'{"no":"name"}\n', b"\n",
        b'{"name":["b"]}\n', b'{"name":null}\n', b'{"name":"b","status":"made","key":5}\n', b"[" * 100_000 + b"\n",
        b'{"name":"b","status":"made","key":{}}\n', b'{"name":"b","seen":3}\n',
    ],
)  # fmt: skip
def test_a_torn_line_is_passed_over_and_the_next_is_whole(tmp_path, torn):
    Journal(tmp_path).append(MADE)
    with (tmp_path / "journal.jsonl").open("ab") as file:
        file.write(torn)
    Journal(tmp_path).append({"name": "c", "status": "made"})
    assert [line["name"] for line in read_journal(tmp_path)] == ["a", "c"]


@pytest.mark.parametrize("kept", range(1, 60, 7))
def test_a_journal_cut_anywhere_can_be_read_and_goes_on(tmp_path, kept):
    journal = Journal(tmp_path)
    journal.append(*[{"name": f"p{n}", "status": "made"} for n in range(3)])
    os.truncate(journal.path, journal.path.stat().st_size - kept)
    whole = [line["name"] for line in read_journal(tmp_path)]
    Journal(tmp_path).append({"name": "next"})
    assert [line["name"] for line in read_journal(tmp_path)] == [*whole, "next"]


def test_a_full_disk_keeps_lines_for_later(tmp_path, monkeypatch):
    journal = Journal(tmp_path)
    journal.append(MADE)

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        journal.append({"name": "b"})
        with pytest.raises(OSError, match="No space"):
            journal.close()
    assert [line["name"] for line in read_journal(tmp_path)] == ["a"]
    journal.append({"name": "c"})
    assert [line["name"] for line in read_journal(tmp_path)] == ["a", "b", "c"]


def test_the_latest_state_is_the_last_made_with_what_came_after(tmp_path):
    failed = {"name": "a", "status": "failed", "cause": "cell"}
    touched = {"name": "a", "status": "skipped", "seen": {"params/a.yaml": [1, 3]}, "at": 9}
    Journal(tmp_path).append(MADE, touched, failed)
    state = latest(tmp_path)["a"]
    assert (state["status"], state["seen"], state["at"], state["last"]["status"]) == (
        "made",
        touched["seen"],
        9,
        "failed",
    )


def test_there_is_no_journal_yet(tmp_path):
    assert latest(tmp_path) == {}
