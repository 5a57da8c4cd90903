"""index.html: every project on one page. (Thin; the page follows.)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_index(folder: Path) -> None:
    """Write the page."""
