"""`perfkit check` over many forms: each is read, scored and checked; the findings stream out.

A form that cannot be read is a fault of its own, and the others are checked all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from perfkit.checks import Findings, check, check_all
from perfkit.errors import Fault, PerfkitError
from perfkit.profile import load_profile
from perfkit.readers import read_all
from perfkit.scoring import Scorecard, score


def review(
    paths: list[Path],
    profile: str,
    form_of: str,
    select: list[str],
    ignore: list[str],
    target: Path | None,
    language: str,
) -> tuple[list[Fault], bool]:
    """Check every form, write the findings, and give the unreadable files' faults and whether errors fired."""
    raise NotImplementedError
