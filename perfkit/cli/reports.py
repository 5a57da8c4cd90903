"""Commands on reports: report, preview, why, diff, query."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfkit.cli.speaking import LANGUAGE, PROFILE, at_workspace, expand, formats_option
from perfkit.errors import DataError, Fault
from perfkit.language import Language, spoken
from perfkit.readers.structured import DOCUMENTS, PICTURES, SUFFIXES
from perfkit.text import listed, say
from perfkit.workspace import SHARED, find_workspace, shown

if TYPE_CHECKING:
    from collections.abc import Sequence


FORMATS = ("html", "pdf", "docx")
_NAMED = 8  # files of one kind that are told by name


PATHS = click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())


class Folder(click.Path):
    """Take a folder; nothing, such as a variable of the shell that is not set, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the path."""
        if value == "":
            self.fail(say("cli.a_folder")[spoken()], param, ctx)
        return super().convert(value, param, ctx)


def _bytes(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    """Take an amount of memory, such as 500MB or 2G; give bytes."""
    if value is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?) *([KMGT]?)(?:I?B)?", value.strip(), re.IGNORECASE)
    if match is None or not float(match[1]):
        raise click.BadParameter(say("cli.amount_of_memory", got=repr(value))[spoken()])
    return int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " "))


OUT = click.option(
    "--out", type=Folder(file_okay=False, path_type=Path), default=Path("reports"), show_default=True,
    callback=at_workspace, help="The folder for reports, ledger and index.",
)  # fmt: skip
TO = formats_option(lambda: FORMATS, "html,pdf", help="The formats to make.")


@click.command()
@PATHS
@PROFILE
@TO
@OUT
@click.option("--jobs", type=click.IntRange(min=1), help="Reports made at a time; one a core unless given.")
@click.option("--force", is_flag=True, help="Make every report again, changed or not.")
@click.option("--strict", is_flag=True, help="Make no report at all while any file has a fault.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=600,
    show_default=True,
    help="What one report may take.",
)
@click.option(
    "--memory",
    metavar="SIZE",
    callback=_bytes,
    help="What the cells of one report may use, such as 2GB; no limit unless given.",
)
@click.option(
    "--cluster", metavar="ADDRESS", help="Give the work to a Dask cluster, such as tcp://host:8786."
)
def report(
    paths: tuple[str, ...],
    profile: str | None,
    to: tuple[str, ...],
    out: Path,
    jobs: int | None,
    *,
    force: bool,
    strict: bool,
    seconds: float,
    memory: int | None,
    cluster: str | None,
) -> None:
    """Make a report for each params file or form.

    \b
    Examples:
      perfkit report params
      perfkit report params/online-learning-2022.yaml --to html
      perfkit report forms/*.xlsx --profile shanghai-2022
    """
    from perfkit.batch import report as make
    from perfkit.profiles import load_profile

    if profile:
        load_profile(profile, near=find_workspace())
    taken, faults = params_for(paths, profile)
    if faults and (strict or not taken):
        raise DataError.of(faults)
    run = make(
        taken, to=to, out=out, jobs=jobs, force=force, strict=strict, cluster=cluster, progress=True,
        seconds=seconds, memory=memory, profile=profile or "",
    )  # fmt: skip
    if faults:
        click.echo(say("cli.failed", error=DataError.of(faults))[spoken()], err=True)
    raise click.exceptions.Exit(run.exit_status or int(bool(faults)))


def params_for(paths: Sequence[str], profile: str | None) -> tuple[list[str | Path], list[Fault]]:
    """Give the params files that paths mean; forms among them are imported first, hand edits kept.

    A folder stands for its params files and for the forms that lie in it; its YAML and JSON files are forms
    where one is and none is a params file. What lies there else is told.

    Raises:
        DataError: a folder holds nothing that is read.
    """
    from perfkit.cli.importing import Import
    from perfkit.params import is_form_file, is_params

    params: list[str | Path] = []
    forms: list[Path] = []
    for path in expand(paths):
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.is_file() and each.name[0] not in ".~")
            found = [each for each in inside if each.suffix.lower() in DOCUMENTS]
            holds_params = any(map(is_params, inside))
            if not holds_params and any(map(is_form_file, inside)):
                found += [each for each in inside if each.suffix.lower() in SUFFIXES and each.name != SHARED]
            settings = [each for each in inside if each.suffix.lower() in SUFFIXES]
            if not found and not settings:
                raise DataError(_no_form(path, inside))
            taken_here = {*found, *(settings if holds_params or not found else [])}
            _tell_rest(path, [each for each in inside if each not in taken_here and each.name != SHARED])
            forms += found
            params += [path] if not found or holds_params else []
        elif is_params(path):
            params.append(path)
        else:
            forms.append(path)
    if not forms:
        return params, []
    taken = Import(find_workspace() / "params", profile, hint="report")
    taken.take(forms)
    return [*params, *taken.params], taken.faults


def _tell_rest(folder: Path, files: list[Path]) -> None:
    """Tell the files of a folder that are not read, a line a kind."""
    for kind, names in _kinds(files).items():
        more = [say("cli.newer_form.more", n=len(names) - _NAMED)] if len(names) > _NAMED else []
        told = listed([*names[:_NAMED], *more])
        key = "cli.left_pictures" if kind in PICTURES else "cli.left"
        click.echo(say(key, folder=shown(folder), n=len(names), names=told)[spoken()], err=True)


def _no_form(folder: Path, files: list[Path]) -> Fault:
    """Say that a folder holds no form, what it holds, and what is read."""
    got = listed([f"{kind or names[0]} ({len(names)})" for kind, names in _kinds(files).items()])
    return Fault(
        say("cli.no_form_here"),
        shown(folder),
        got=got if files else say("cli.nothing"),
        expected=" ".join(sorted(DOCUMENTS | SUFFIXES)),
        hint=say("cli.no_form_here.hint"),
    )


def _kinds(files: list[Path]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for each in files:
        kinds.setdefault(each.suffix.lower(), []).append(each.name)
    return kinds


@click.command(short_help="Tell for each report whether it would be made again, and why.")
@PATHS
@TO
@OUT
def why(paths: tuple[str, ...], to: tuple[str, ...], out: Path) -> None:
    """Tell for each report whether it would be made again, and because of which input.

    \b
    Example:
      perfkit why params
    """
    from perfkit.batch import why as reasons

    for reason in reasons(paths, to=to, out=out):
        click.echo(str(reason))


@click.command(short_help="Tell what moved between two runs, and its effect on the score.")
@click.argument("before", metavar="RUN")
@click.argument("after", metavar="RUN")
@OUT
def diff(before: str, after: str, out: Path) -> None:
    """Tell what moved between two runs, and what it did to the score.

    \b
    Example:
      perfkit diff previous latest
    """
    from perfkit.batch import diff as moved

    for line in moved(before, after, out=out):
        click.echo(str(line))


@click.command(short_help="Ask the results of all reports in SQL; prints CSV.")
@click.argument("sql")
@OUT
@click.option(
    "--to", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the answer to FILE.csv or FILE.xlsx, as Excel opens it right.",
)  # fmt: skip
def query(sql: str, out: Path, to: Path | None) -> None:
    """Ask the ledger in SQL, read-only; prints CSV.

    The views current_projects, current_indicators, current_findings and current_reports hold the present.

    \b
    Examples:
      perfkit query "select project, score, grade from current_projects order by score desc"
      perfkit query "select * from current_findings" --to findings.xlsx
    """
    from perfkit.batch import query as ask

    answer = ask(sql, out=out)
    if to is None:
        click.echo(answer.to_csv(), nl=False)
    else:
        answer.write(to)


# the command that shows a report in the browser as its files are saved


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
