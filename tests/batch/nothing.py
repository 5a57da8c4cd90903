"""A report that costs nothing: drafts written in two goes; it imports next to nothing."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from perfkit.batch.job import Job, Outcome


def nothing(job: Job, rows: bool | str) -> Outcome:
    """Stand for `make`."""
    files = {}
    for kind, draft in job.drafts.items():
        half = f"{job.name} {kind}\n".encode() * 500
        with Path(draft).open("wb") as file:
            for _ in range(2):
                file.write(half)
                file.flush()
                time.sleep(0.0005)
        files[kind] = (draft, hashlib.sha256(half + half).hexdigest()[:32])
    return Outcome(files, None, 0.0, _rows(job, rows) if rows else None)


def _rows(job: Job, rows: bool | str):
    if rows == "fixed":
        from tests.batch.filled import project

        return project(job.name)
    from perfkit.batch.results import rows_of

    return rows_of(job.name, job.form, job.profile, job.language, job.folder)


def ready() -> None:
    """Have nothing more to import."""
