"""Hold still what moves while perfkit itself is worked on."""

from __future__ import annotations

import pytest

from perfkit.batch import inputs


@pytest.fixture(scope="package", autouse=True)
def one_perfkit():
    """Let perfkit's sources be the same from the first test to the last, though somebody edits them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "_perfkit", lambda: "0.1.0+test")
        yield
