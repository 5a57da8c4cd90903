"""The command that writes the department's summary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from perfkit.cli.output import LANGUAGE, formats_option
from perfkit.workspace import shown

if TYPE_CHECKING:
    from perfkit.language import Language


def _known() -> tuple[str, ...]:
    from perfkit.summary.make import Format

    return get_args(Format)


@click.command()
@formats_option(_known, "html,xlsx")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("reports"), show_default=True
)
@LANGUAGE
def summary(to: tuple[str, ...], out: Path, language: Language | None) -> None:
    """Write the department's summary over all reports (html, pdf, docx, xlsx).

    \b
    Examples:
      perfkit summary
      perfkit summary --to pdf,docx,xlsx --language en
    """
    from perfkit.shared import settings
    from perfkit.summary import make

    said: Language = language or ("en" if settings().language == "en" else "zh")
    for path in make(out, to, said):  # type: ignore[arg-type]
        click.echo(shown(path))
