"""The command that shows a report in the browser as its files are saved."""

from __future__ import annotations

from pathlib import Path

import click

from perfkit.cli.output import LANGUAGE, PROFILE
from perfkit.language import Language, spoken
from perfkit.text import say

_HIGHEST = 65535


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PROFILE
@click.option("--port", type=click.IntRange(0, _HIGHEST), default=0)
@click.option("--open/--no-open", "opens", default=True)
@LANGUAGE
def preview(path: Path, profile: str | None, port: int, language: Language | None, *, opens: bool) -> None:
    """Show a report in the browser, made anew on each save.

    \b
    Examples:
      perfkit preview params/online-learning-2022.yaml
      perfkit preview form.xlsx --profile shanghai-2022
    """
    from perfkit.preview import preview as show

    def begun(address: str) -> None:
        click.echo(say("preview.at", address=address)[language or spoken()], err=True)
        if opens:
            click.launch(address)

    show(path, profile or "", port, begun)
