"""Commands that print the rules: profiles, the findings' meaning, the schema of a form file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from perfkit.cli.output import LANGUAGE, show

if TYPE_CHECKING:
    from perfkit.language import Language


@click.command()
@click.argument("name", required=False)
@LANGUAGE
def profiles(name: str | None, language: Language) -> None:
    """List the profiles, or show one with its formulas and sources.

    \b
    Examples:
      perfkit profiles
      perfkit profiles shanghai-2022
    """
    from perfkit.profile import load_profile, profile_names

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
def explain(code: str, language: Language) -> None:
    """Tell what a finding means, why it matters and how to mend it.

    \b
    Example:
      perfkit explain PK210
    """
    from perfkit.checks import explain as section

    click.echo(section(code, language))


@click.command(short_help="Print the JSON Schema of a form file, for editors.")
def schema() -> None:
    """Print the JSON Schema of a form file, for editors to complete and check it.

    \b
    Example:
      perfkit schema > form.schema.json
    """
    from perfkit.readers import form_schema

    click.echo(json.dumps(form_schema(), ensure_ascii=False, indent=2))
