"""Commands on forms and their rules: import, score, check, export, profiles, explain, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfkit.cli.speaking import (
    LANGUAGE,
    PROFILE,
    at_workspace,
    expand,
    show,
    show_json,
    subject,
    wrong_ending,
)
from perfkit.errors import DataError, Fault, SettingsError
from perfkit.language import spoken
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from perfkit.form import Form
    from perfkit.language import Language


@click.command()
@click.argument("form", type=click.Path())
@PROFILE
@click.option("--format", "form_of", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--why", "row", type=click.IntRange(1), metavar="ROW", help="How the cells of one row are read."
)
@LANGUAGE
def score(form: str, profile: str | None, form_of: str, row: int | None, language: Language | None) -> None:
    """Score a form and explain each score.

    \b
    Examples:
      perfkit score params/forms/online-learning-2022.yaml --profile shanghai-2022
      perfkit score form.xlsx --format json
      perfkit score form.xlsx --why 3
    """
    import perfkit

    chosen = subject(form, profile, language)
    if row is not None:
        _tell_why(perfkit.read(chosen.form), row, chosen.language)
        return
    card = perfkit.score(perfkit.read(chosen.form), profile=chosen.profile)
    if form_of == "json":
        show_json(card.to_dict(chosen.language))
    else:
        show(card, chosen.language)


def _tell_why(form: Form, row: int, language: Language) -> None:
    """Print both cells of a row token by token, the rule that judged them and the words that decided."""
    from perfkit.values import explain_row

    rows = form.indicators
    if row > len(rows):
        raise DataError(say("values.no_row", row=row, n=len(rows)))
    indicator = rows[row - 1]
    head = say("values.head", row=row, name=indicator.name or "")
    click.echo("\n".join(explain_row(indicator, form.year).lines(language, head)))


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
    "--to", "target", type=click.Path(path_type=Path), help="Write to a file (xlsx needs it), or to a folder."
)
@click.option("--by", type=click.Choice(["unit"]), help="A work list for each unit, in the folder of --to.")
@LANGUAGE
def check(
    forms: tuple[str, ...],
    profile: str | None,
    form_of: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    target: Path | None,
    by: str | None,
    language: Language | None,
) -> None:
    """Find what a reviewer would find, on one form or a thousand. Exit status 1 with error findings.

    \b
    Examples:
      perfkit check params/forms/*.yaml
      perfkit check form.xlsx --ignore PK4,PK310 --format json
      perfkit check forms/*.docx --format xlsx --to worklist.xlsx
      perfkit check params/*.yaml --by unit --to worklists
    """
    from perfkit.cli.review import Review

    subjects = [subject(path, profile, language) for path in expand(forms)]
    review = Review(form_of, _codes(select), _codes(ignore), target, subjects[0].language, by == "unit")
    unreadable, worst = review.run(subjects)
    if unreadable:
        raise DataError.of(unreadable)
    if worst:
        raise click.exceptions.Exit(1)


def _codes(values: tuple[str, ...]) -> list[str]:
    return [code.strip() for value in values for code in value.split(",") if code.strip()]


@click.command("import", short_help="Read forms (Excel, Word, PDF, …) into params files.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--to", "target", type=click.Path(path_type=Path), default=Path("params"), show_default=True,
              callback=at_workspace,
              help="The folder for params files; forms go to its forms/. "
                   "With --explain, a page (.html).")  # fmt: skip
@PROFILE
@click.option("--force", is_flag=True, help="Write over forms and params that are already there.")
@click.option("--explain", "shows", is_flag=True, help="Show each cell with its role, and write no form.")
def import_(files: tuple[str, ...], target: Path, profile: str | None, *, force: bool, shows: bool) -> None:
    """Read forms from Excel, Word, PDF, HTML, text, YAML or JSON into params files.

    Prints a line a form with what it found and whether it adds up, and lists what it could not read.

    \b
    Examples:
      perfkit import forms/*.xlsx forms/*.docx
      perfkit import published.pdf --to params --profile shanghai-2022
      perfkit import scan.png --explain --to scan.html
    """
    from perfkit.cli.importing import Import, explain
    from perfkit.profiles import load_profile

    if profile:
        load_profile(profile, near=target)
    if shows:
        if faults := explain(expand(files), _page_of(target)):
            raise DataError.of(faults)
        return
    taken = Import(target, profile, force)
    taken.take(expand(files))
    if taken.faults:
        raise DataError.of(taken.faults)


def _page_of(target: Path) -> Path | None:
    """Give the page that is to be written; None where no --to names one."""
    source = click.get_current_context().get_parameter_source("target")
    if source is click.core.ParameterSource.DEFAULT:
        return None
    if target.suffix.lower() not in {".html", ".htm"}:
        raise wrong_ending(str(target), ".html")
    return target


@click.command()
@click.argument("form", required=False, type=click.Path())
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path),
              help="The file to write; its ending, .xlsx or .docx, says which kind.")  # fmt: skip
@click.option("--blank", is_flag=True, help="An empty form to send to units.")
@click.option("--results", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("reports"), show_default=True,
    callback=at_workspace,
)  # fmt: skip
def export(form: str | None, target: Path | None, results: Path | None, out: Path, *, blank: bool) -> None:
    """Write the official form, filled in, as Excel or Word; or all results, ready for a pivot table.

    \b
    Examples:
      perfkit export params/forms/online-learning-2022.yaml --to form.xlsx
      perfkit export --blank --to empty.docx
      perfkit export --results results.xlsx
    """
    if results is not None:
        if form is not None or target is not None or blank:
            raise click.UsageError(say("cli.results_alone")[spoken()])
        from perfkit.batch import export_results

        export_results(results, out)
        click.echo(shown(results))
        return
    if target is None:
        raise click.UsageError(say("cli.name_a_file")[spoken()])
    import perfkit
    from perfkit.writers import write

    if target.suffix.lower() not in (".xlsx", ".docx"):
        raise wrong_ending(target.name, ".xlsx", ".docx")
    if form is None and not blank:
        raise click.UsageError(say("cli.name_a_form")[spoken()])
    write(perfkit.read(subject(form).form) if form else perfkit.Form(), target, blank=blank)
    click.echo(shown(target))


# commands that print the rules: profiles, the findings' meaning, the schema of a form file


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
