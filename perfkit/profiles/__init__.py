"""The rule sets that perfkit ships, a YAML file each, and how such a file becomes a `Profile`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.profile import Profile

__all__ = ["load_profile", "profile_names"]


def load_profile(name: str | Path, *, near: str | Path = "") -> Profile:
    """Load a profile by its name, or from a path to a user's YAML file.

    A name that perfkit does not ship is looked for as `profiles/NAME.yaml` in `near` (the folder of a form
    or params file), in the workspace it lies in, and in the current folder; so is a relative path.

    Raises:
        SettingsError: the name is unknown, or the file has faults; all of them are listed.
    """
    from perfkit.profiles.load import load

    return load(name, near)


def profile_names() -> tuple[str, ...]:
    """Give the names of the profiles that perfkit ships, in the order of the documentation."""
    from perfkit.profiles.load import SHIPPED

    return SHIPPED
