"""The command on several units' forms of one project: rollup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfkit.cli.output import LANGUAGE, PROFILE, expand, show, show_json, subject, wrong_ending
from perfkit.errors import DataError, Fault, PerfkitError, SettingsError, refused
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.form import Form
    from perfkit.language import Language
    from perfkit.rollup import RollUp


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
