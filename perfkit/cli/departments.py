"""Commands on what a department hands in: rollup, summary, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from perfkit.cli.speaking import (
    LANGUAGE,
    PROFILE,
    at_workspace,
    expand,
    formats_option,
    show,
    show_json,
    subject,
    wrong_ending,
)
from perfkit.errors import DataError, Fault, PerfkitError, SettingsError, refused
from perfkit.language import spoken
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.cli.speaking import Subject
    from perfkit.errors import MachineError
    from perfkit.form import Form
    from perfkit.language import Language
    from perfkit.profile import Profile
    from perfkit.rollup import RollUp
    from perfkit.verify import Verification


@click.command(short_help="Roll up the forms of several units of one project (多单位汇总).")
@click.argument("forms", metavar="FORM...", nargs=-1, required=True, type=click.Path())
@PROFILE
@click.option("--format", "form_of", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--project", metavar="NAME", help="The project's name, where the units name one project differently."
)
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the summed form to a YAML file, which every other command takes.")  # fmt: skip
@click.option("--force", is_flag=True, help="Write over a form that is already there.")
@LANGUAGE
def rollup(
    forms: tuple[str, ...],
    profile: str | None,
    form_of: str,
    project: str | None,
    target: Path | None,
    language: Language | None,
    *,
    force: bool,
) -> None:
    """Roll up the forms of several units that carry out one project (多单位汇总).

    Prints the scorecard of the whole with what was combined how, and what was left blank. The profile says
    whether actuals are summed and then scored, or each form is scored and the totals become one.

    \b
    Examples:
      perfkit rollup units/*.xlsx --profile hubei
      perfkit rollup units/*.xlsx --profile hubei --to params/forms/all-units.yaml
    """
    import perfkit

    subjects = [subject(path, profile, language) for path in expand(forms)]
    result = perfkit.roll_up(_read([one.form for one in subjects]), subjects[0].profile, project=project)
    if target is not None:
        _write(result, target, force=force)
    if form_of == "json":
        show_json(result.to_dict(subjects[0].language))
    else:
        show(result, subjects[0].language)


def _read(paths: Sequence[Path]) -> list[Form]:
    """Read every form of every file; the faults of all files at once."""
    from perfkit.readers import read_all

    found: list[Form] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            found += read_all(path)
        except PerfkitError as error:
            faults += error.faults
    if faults:
        raise DataError.of(faults)
    return found


def _write(result: RollUp, target: Path, *, force: bool) -> None:
    """Write the summed form with where it comes from; nothing that is already there is lost."""
    from perfkit.files import write_atomic
    from perfkit.readers import form_yaml

    if target.suffix.lower() not in (".yaml", ".yml"):
        raise wrong_ending(target.name, ".yaml")
    if result.form is None:
        raise SettingsError(
            Fault(
                say("cli.no_sum"),
                result.profile.file or result.profile.name,
                "roll_up.order",
                got=result.profile.roll_up.order,
                expected="sum_then_score",
                hint=say("cli.no_sum.hint"),
            )
        )
    content = ("".join(_origin(result)) + form_yaml(result.form)).encode("utf-8")
    if target.exists() and not force and target.read_bytes() != content:
        hint = say("cli.another_form.file")
        raise DataError(Fault(say("cli.another_form"), shown(target), hint=hint))
    try:
        write_atomic(target, content)
    except OSError as error:
        raise PerfkitError(Fault(say("cli.cannot_write"), shown(target), got=refused(error))) from None
    click.echo(shown(target), err=True)


def _origin(result: RollUp) -> Iterator[str]:
    """Yield the lines of comment that say what a summed form was made of."""
    yield f"# rolled up by {_comment(result.profile.name)} from\n"
    for unit in result.units:
        yield f"#   {_comment(unit.name)}  {_comment(unit.form.source.file)}".rstrip() + "\n"
    for note in result.notes:
        yield f"# {_comment(note.said.zh)}\n"


def _comment(text: str) -> str:
    """Give a text on one line that no reader of YAML takes for anything but a comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


# the command that writes the department's summary


def _known() -> tuple[str, ...]:
    from perfkit.summary import Format

    return get_args(Format)


@click.command()
@formats_option(_known, "html,xlsx")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("reports"), show_default=True,
    callback=at_workspace,
)  # fmt: skip
@LANGUAGE
def summary(to: tuple[str, ...], out: Path, language: Language | None) -> None:
    """Write the department's summary over all reports (html, pdf, docx, xlsx).

    \b
    Examples:
      perfkit summary
      perfkit summary --to pdf,docx,xlsx --language en
    """
    from perfkit.params import settings
    from perfkit.summary import make

    said: Language = language or ("en" if settings().language == "en" else "zh")
    undone: list[MachineError] = []
    for path in make(out, to, said, undone=undone):  # type: ignore[arg-type]
        click.echo(shown(path))
    for error in undone:
        raise error


# the command that holds an edited report against its form


@click.command()
@click.argument("document", type=click.Path(path_type=Path))
@click.option(
    "--form",
    "forms",
    multiple=True,
    metavar="FORM",
    help="The form, or the params file with its profile.",
)
@click.option(
    "--reports",
    type=click.Path(file_okay=False, path_type=Path),
    help="For a department's summary: the folder of reports whose ledger it tells of.",
)
@click.option(
    "--profile", metavar="NAME", help="The profile by which the report was made; else the params file's."
)
@click.option("--format", "form_of", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--to",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A copy of the Word file with each place as a comment.",
)
@LANGUAGE
def verify(
    document: Path,
    forms: tuple[str, ...],
    reports: Path | None,
    profile: str | None,
    form_of: str,
    target: Path | None,
    language: Language | None,
) -> None:
    """Hold a report edited by hand against its form: figures, units, names, directions.

    Exit status 1 where one contradicts the form.

    \b
    Examples:
      perfkit verify report.docx --form params/online-learning-2022.yaml
      perfkit verify report.docx --form form.xlsx --profile hubei --to checked.docx
      perfkit verify report.pdf --form form.xlsx --format json
      perfkit verify summary.docx --reports reports
    """
    if target is not None and document.suffix.lower() != ".docx":
        raise SettingsError(
            Fault(say("cli.comments_in_word"), str(document), expected=say("cli.comments_in_word.expected"))
        )
    from perfkit.verify import OTHER_RULES

    if bool(forms) == (reports is not None):
        raise click.UsageError(say("cli.form_or_reports")[spoken()])
    if reports is not None:
        from perfkit.verify import verify_summary

        found, said = verify_summary(document, reports), language or spoken()
    else:
        found, said = _verified(document, forms, profile, language)
    if form_of == "json":
        show_json(found.to_dict(said))
    else:
        for one in found:
            click.echo(one.told(said))
        counts = {kind: len(found.of(kind)) for kind in ("contradicts", "unsupported", "unjudged")}
        click.echo(say("cli.verify.sum", compared=found.compared, **counts)[said])
        if not any(counts.values()):
            click.echo(say("cli.verify.nothing")[said])
    if any(one.what is OTHER_RULES for one in found):
        click.echo(say("cli.verify.other_rules")[said], err=True)
    if target is not None:
        from perfkit.verify.documents import commented

        commented(found, target, said)
    if found.contradicted:
        raise click.exceptions.Exit(1)


def _its_rules(document: Path, one: Subject) -> Profile | None:
    """Give the rules that the report names, where nobody else names any and they are known here."""
    from perfkit.profiles import load_profile
    from perfkit.verify import rules_named

    named = rules_named(document)
    try:
        found = load_profile(named, near=one.form.parent) if named else None
    except SettingsError:
        return None  # the verification tells that it cannot be held against them
    if found and named != one.profile:
        click.echo(say("cli.verify.by_its_rules", name=named)[spoken()], err=True)
    return found


def _verified(
    document: Path, forms: tuple[str, ...], profile: str | None, language: Language | None
) -> tuple[Verification, Language]:
    import perfkit
    from perfkit.params import is_params
    from perfkit.verify import verify as verify_document

    subjects = [subject(path, profile, language) for path in expand(forms)]
    stated = {one.profile for one in subjects}
    if len(stated) > 1:
        raise SettingsError(Fault(say("cli.several_profiles"), got=", ".join(sorted(stated))))
    read = [perfkit.read(one.form) for one in subjects]
    before = [perfkit.read(one.previous) if one.previous else None for one in subjects]
    rules: Any = subjects[0].profile
    if not profile and not any(is_params(one) for one in expand(forms)):
        rules = _its_rules(document, subjects[0]) or rules
    theme = subjects[0].theme
    found = verify_document(document, read, profile=rules, previous=before, theme=theme)
    return found, subjects[0].language
