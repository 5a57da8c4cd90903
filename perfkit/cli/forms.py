"""Commands on forms: import, score, check, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfkit.cli.output import LANGUAGE, PROFILE, expand, show
from perfkit.errors import DataError
from perfkit.workspace import shown

if TYPE_CHECKING:
    from perfkit.language import Language


@click.command()
@click.argument("form", type=click.Path())
@PROFILE
@click.option("--format", "form_of", type=click.Choice(["table", "json"]), default="table", show_default=True)
@LANGUAGE
def score(form: str, profile: str, form_of: str, language: Language) -> None:
    """Score a form and explain each score.

    \b
    Examples:
      perfkit score params/forms/online-learning-2022.yaml --profile shanghai-2022
      perfkit score form.xlsx --format json
    """
    import perfkit

    card = perfkit.score(perfkit.read(form), profile=profile)
    if form_of == "json":
        click.echo(json.dumps(card.to_dict(language), ensure_ascii=False, indent=2))
    else:
        show(card, language)


@click.command()
@click.argument("forms", metavar="FORM...", nargs=-1, required=True, type=click.Path())
@PROFILE
@click.option(
    "--format",
    "form_of",
    type=click.Choice(["text", "json", "sarif", "xlsx"]),
    default="text",
    show_default=True,
)
@click.option("--select", multiple=True, metavar="CODES", help="Only these: codes, prefixes (PK2) or slugs.")
@click.option("--ignore", multiple=True, metavar="CODES", help="All but these.")
@click.option(
    "--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file (xlsx needs it)."
)
@LANGUAGE
def check(
    forms: tuple[str, ...],
    profile: str,
    form_of: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    target: Path | None,
    language: Language,
) -> None:
    """Find what a reviewer would find, on one form or a thousand. Exit status 1 with error findings.

    \b
    Examples:
      perfkit check params/forms/*.yaml
      perfkit check form.xlsx --ignore PK4,PK310 --format json
      perfkit check forms/*.docx --format xlsx --to worklist.xlsx
    """
    from perfkit.cli.review import Review

    review = Review(profile, form_of, _codes(select), _codes(ignore), target, language)
    unreadable, worst = review.run(expand(forms))
    if unreadable:
        raise DataError.of(unreadable)
    if worst:
        raise click.exceptions.Exit(1)


def _codes(values: tuple[str, ...]) -> list[str]:
    return [code.strip() for value in values for code in value.split(",") if code.strip()]


@click.command("import", short_help="Read forms (Excel, Word, PDF, …) into params files.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("params"),
              show_default=True, help="The folder for params files; the forms go to its forms/.")  # fmt: skip
@PROFILE
@click.option("--force", is_flag=True, help="Write over forms and params that are already there.")
def import_(files: tuple[str, ...], folder: Path, profile: str, *, force: bool) -> None:
    """Read forms from Excel, Word, PDF, HTML, text, YAML or JSON into params files.

    Prints a line a form with what it found and whether it adds up, and lists what it could not read.

    \b
    Examples:
      perfkit import forms/*.xlsx forms/*.docx
      perfkit import published.pdf --to params --profile shanghai-2022
    """
    from perfkit.cli.importing import import_files
    from perfkit.profile import load_profile

    load_profile(profile, near=folder)
    faults = import_files(expand(files), folder, profile, force=force)
    if faults:
        raise DataError.of(faults)


@click.command()
@click.argument("form", required=False, type=click.Path())
@click.option("--to", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="The file to write; its ending, .xlsx or .docx, says which kind.")  # fmt: skip
@click.option("--blank", is_flag=True, help="An empty form to send to units.")
def export(form: str | None, target: Path, *, blank: bool) -> None:
    """Write the official form, filled in, as Excel or Word.

    \b
    Examples:
      perfkit export params/forms/online-learning-2022.yaml --to form.xlsx
      perfkit export --blank --to empty.docx
    """
    import perfkit
    from perfkit.writers import write

    if target.suffix.lower() not in (".xlsx", ".docx"):
        raise click.BadParameter(
            f"{target.name}: expected a name that ends in .xlsx or .docx", param_hint="--to"
        )
    if form is None and not blank:
        raise click.UsageError("name a form, or ask for an empty one with --blank")
    write(perfkit.read(form) if form else perfkit.Form(), target, blank=blank)
    click.echo(shown(target))
