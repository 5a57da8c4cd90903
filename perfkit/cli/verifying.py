"""The command that holds an edited report against its form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfkit.cli.output import LANGUAGE, expand, show_json, subject
from perfkit.errors import Fault, SettingsError
from perfkit.language import spoken
from perfkit.text import say

if TYPE_CHECKING:
    from perfkit.cli.output import Subject
    from perfkit.language import Language
    from perfkit.profile import Profile
    from perfkit.verify import Verification


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
        from perfkit.verify.comments import commented

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
    found = verify_document(document, read, profile=rules, previous=before)
    return found, subjects[0].language
