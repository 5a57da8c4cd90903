"""A profile of one's own, made from settings as a user's file holds them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfkit.profile import Profile
from perfkit.profiles import load_profile


@pytest.fixture
def make_profile(tmp_path: Path) -> Callable[..., Profile]:
    """Write a profile file that extends mof-2020, and load it."""

    def make(extends: str = "mof-2020", **settings: Any) -> Profile:
        path = tmp_path / "own.yaml"
        path.write_text(
            yaml.safe_dump({"extends": extends, **settings}, allow_unicode=True), encoding="utf-8"
        )
        return load_profile(path)

    return make
