"""A target that breaks in every way there is, for the test of the engine itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from perfkit.errors import DataError
from tests.fuzz.engine import Target

if TYPE_CHECKING:
    from pathlib import Path


def tried(path: Path) -> None:
    """Do what the case says."""
    match path.read_bytes():
        case b"raise":
            raise ValueError("not perfkit's own")
        case b"loop":
            while True:
                pass
        case b"eat":
            bytearray(10**10)
        case b"end":
            os._exit(3)
        case b"refuse":
            raise DataError("no form")


TARGET = Target("broken", ".txt", st.binary, tried, seconds=0.3, home=__name__, memory=200_000_000)
TARGETS = {TARGET.name: TARGET}
