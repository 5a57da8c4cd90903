"""Commands that print the rules: profiles, the findings' meaning, the schema of a form file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from perfkit.cli.output import LANGUAGE, show, show_json
from perfkit.errors import Fault, SettingsError
from perfkit.language import spoken
from perfkit.text import say

if TYPE_CHECKING:
    from perfkit.language import Language


@click.command()
@click.argument("name", required=False)
@LANGUAGE
def profiles(name: str | None, language: Language | None) -> None:
    """List the profiles, or show one with its formulas and sources.

    \b
    Examples:
      perfkit profiles
      perfkit profiles shanghai-2022
    """
    from perfkit.profiles import load_profile, profile_names

    language = language or spoken()
    if name:
        show(load_profile(name), language)
        return
    names = profile_names()
    width = max(len(each) for each in names)
    for each in names:
        click.echo(f"{each:<{width}}  {load_profile(each).title[language]}")


@click.command()
@click.argument("code")
@LANGUAGE
def explain(code: str, language: Language | None) -> None:
    """Tell what a finding means, why it matters and how to mend it.

    \b
    Example:
      perfkit explain PK210
    """
    from rich.console import Console
    from rich.markdown import Markdown

    from perfkit.checks import explain as section

    Console(highlight=False).print(Markdown(section(code, language or spoken())))


@click.command()
@click.argument("key", required=False)
@LANGUAGE
def words(key: str | None, language: Language | None) -> None:
    """List the phrases of the story by their keys, to be put in an office's own words.

    \b
    Examples:
      perfkit words
      perfkit words summary --language zh
    """
    from perfkit.narrative.voice import phrases

    found = {
        name: phrase for name, phrase in phrases(language or spoken()).items() if name.startswith(key or "")
    }
    if not found:
        raise SettingsError(Fault(say("cli.no_phrase"), got=key or "", hint=say("cli.no_phrase.hint")))
    for name, phrase in found.items():
        click.echo(f"{name}: {phrase}")


@click.command(short_help="Print the JSON Schema of a form file, for editors.")
def schema() -> None:
    """Print the JSON Schema of a form file, for editors to complete and check it.

    \b
    Example:
      perfkit schema > form.schema.json
    """
    from perfkit.readers import form_schema

    show_json(form_schema())
