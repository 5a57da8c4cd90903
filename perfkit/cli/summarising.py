"""The command that writes the department's summary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from perfkit.cli.output import LANGUAGE
from perfkit.language import spoken
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from perfkit.language import Language


def _formats(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    from perfkit.summary.make import Format

    wanted = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    known = get_args(Format)
    wrong = [part for part in wanted if part not in known]
    if wrong or not wanted:
        got = ", ".join(wrong) or say("cli.nothing")
        raise click.BadParameter(say("cli.formats", got=got, known=", ".join(known))[spoken()])
    return wanted


@click.command()
@click.option("--to", "formats", default="html,xlsx", show_default=True, callback=_formats, metavar="FORMATS")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("reports"), show_default=True
)
@LANGUAGE
def summary(formats: tuple[str, ...], out: Path, language: Language | None) -> None:
    """Write the department's summary over all reports (html, pdf, docx, xlsx).

    \b
    Examples:
      perfkit summary
      perfkit summary --to pdf,docx,xlsx --language en
    """
    from perfkit.shared import settings
    from perfkit.summary import make

    said: Language = language or ("en" if settings().language == "en" else "zh")
    for path in make(out, formats, said):  # type: ignore[arg-type]
        click.echo(shown(path))
