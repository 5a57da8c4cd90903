"""`perfkit check` over many forms: each is read, scored and checked; the findings stream out.

A form that cannot be read is a fault of its own, and the others are checked all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.errors import Fault


def review(
    paths: list[Path],
    profile: str,
    form_of: str,
    select: list[str],
    ignore: list[str],
    target: Path | None,
    language: str,
) -> tuple[list[Fault], bool]:
    """Check every form, write the findings, give the unreadable files' faults and whether errors fired."""
    raise NotImplementedError
