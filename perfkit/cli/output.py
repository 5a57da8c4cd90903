"""What the commands share: options of the same name, and how a result is put on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfkit.errors import Fault, SettingsError
from perfkit.language import LANGUAGES

LANGUAGE = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="zh",
    show_default=True,
    help="The language of the output.",
)
PROFILE = click.option(
    "--profile",
    default="mof-2020",
    show_default=True,
    help="A profile by name (perfkit profiles), or a YAML file.",
)

if TYPE_CHECKING:
    from perfkit.language import Language


def show(result: Any, language: Language) -> None:
    """Print a result on stdout as display lays it out for a terminal."""
    from rich.console import Console

    from perfkit.display.terminal import rich_of

    Console(highlight=False, soft_wrap=False).print(rich_of(result, language=language))


def expand(patterns: tuple[str, ...]) -> list[Path]:
    """Give the files that names and globs mean (a shell on Windows leaves globs to the program).

    Raises:
        SettingsError: for each name that means no file.
    """
    found: dict[Path, None] = {}
    faults = []
    for pattern in patterns:
        path = Path(pattern)
        matches = [path] if path.exists() or not set(pattern) & set("*?[") else sorted(_glob(path))
        if not matches:
            faults.append(Fault("no file matches", pattern, hint="check the folder and the ending"))
        found.update(dict.fromkeys(matches))
    if faults:
        raise SettingsError.of(faults)
    return list(found)


def _glob(pattern: Path) -> list[Path]:
    root = Path(pattern.anchor) if pattern.is_absolute() else Path()
    return list(root.glob(str(pattern.relative_to(pattern.anchor) if pattern.is_absolute() else pattern)))
