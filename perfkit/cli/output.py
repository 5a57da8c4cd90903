"""What the commands share: options of the same name, what a PATH means, and how a result is printed."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfkit.errors import Fault, SettingsError
from perfkit.language import LANGUAGES, VARIABLE, Language, spoken
from perfkit.text import say
from perfkit.workspace import is_there, matching

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES))
PROFILE = click.option("--profile", metavar="NAME")


def formats_option(known: Callable[[], Sequence[str]], default: str, **more: Any) -> Callable[[Any], Any]:
    """Give the option `--to`: formats with commas between them; given several times, all of them count."""

    def chosen(_context: Any, _parameter: Any, values: Sequence[str]) -> tuple[str, ...]:
        wanted = tuple(dict.fromkeys(part.strip() for part in ",".join(values).split(",") if part.strip()))
        wrong = [part for part in wanted if part not in known()]
        if wrong or not wanted:
            got = ", ".join(wrong) or say("cli.nothing")
            raise click.BadParameter(say("cli.formats", got=got, known=", ".join(known()))[spoken()])
        return wanted

    shown: dict[str, Any] = {"metavar": "FORMATS", "show_default": True}
    return click.option("--to", multiple=True, default=(default,), callback=chosen, **shown, **more)


@dataclass(frozen=True, slots=True)
class Subject:
    """Hold what a PATH means: the form, and the profile and language that it is read with."""

    form: Path
    profile: str
    language: Language
    previous: Path | None = None


def subject(path: str | Path, profile: str | None = None, language: Language | None = None) -> Subject:
    """Find the form that a path names, itself or as a params file, with the settings that go with it.

    The profile is the option's, else the params file's, else that of `perfkit.yaml`, else `mof-2020`.
    """
    from perfkit.params import is_params, load_params
    from perfkit.shared import settings

    given = Path(path)
    if not is_params(given):
        return Subject(given, settings(profile=profile or "").profile, language or spoken())
    params = load_params(given)
    theirs: Language = "en" if params.language == "en" else "zh"
    said = language or (spoken() if os.environ.get(VARIABLE) else theirs)
    return Subject(params.form, profile or params.profile, said, params.previous)


def show(result: Any, language: Language) -> None:
    """Print a result on stdout as display lays it out for a terminal."""
    from rich.console import Console

    from perfkit.display.terminal import rich_of

    Console(highlight=False, soft_wrap=False).print(rich_of(result, language=language))


def show_json(data: Any) -> None:
    """Print data as JSON; where the console's encoding lacks a character, JSON's own escapes stand."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2)
    click.echo(text)


def expand(patterns: Sequence[str]) -> list[Path]:
    """Give the files that names and globs mean (a shell on Windows leaves globs to the program).

    Raises:
        SettingsError: for each name that means no file.
    """
    found: dict[Path, None] = {}
    faults = []
    for pattern in patterns:
        path = Path(pattern)
        matches = [path] if is_there(path) or not set(pattern) & set("*?[") else matching(path)
        if not matches:
            faults.append(Fault(say("cli.no_match"), pattern, hint=say("cli.no_match.hint")))
        found.update(dict.fromkeys(matches))
    if faults:
        raise SettingsError.of(faults)
    return list(found)


def wrong_ending(name: str, *endings: str) -> click.BadParameter:
    """Say which endings the name of a file to write may have."""
    known = f" {say('cli.or')[spoken()]} ".join(endings)
    return click.BadParameter(
        say("cli.expected_ending", name=name, endings=known)[spoken()], param_hint="--to"
    )
