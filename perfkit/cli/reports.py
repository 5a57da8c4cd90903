"""Commands on reports: report, why, diff, query."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from perfkit.stores.urls import is_url

FORMATS = ("html", "pdf")


def _formats(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    unknown = [part for part in formats if part not in FORMATS]
    if unknown or not formats:
        raise click.BadParameter(
            f"{', '.join(unknown) or 'nothing'}: expected {' or '.join(FORMATS)}, or both"
        )
    return formats


PATHS = click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())


class Folder(click.Path):
    """Take a folder, or the URL of one on a store as it stands."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the path, or the URL."""
        if value == "":  # such as a variable of the shell that is not set
            self.fail("nothing: expected a folder, or the URL of one", param, ctx)
        return value if is_url(value) else super().convert(value, param, ctx)


def _bytes(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    """Take an amount of memory, such as 500MB or 2G; give bytes."""
    if value is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?) *([KMGT]?)(?:I?B)?", value.strip(), re.IGNORECASE)
    if match is None or not float(match[1]):
        raise click.BadParameter(f"{value!r}: expected an amount such as 500MB or 2GB")
    return int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " "))


OUT = click.option(
    "--out", type=Folder(file_okay=False, path_type=Path), default=Path("reports"), show_default=True,
    help="The folder for reports, journal and index; or the URL of one, such as s3://bucket/reports.",
)  # fmt: skip
TO = click.option(
    "--to", default="html,pdf", show_default=True, callback=_formats, help="The formats to make."
)


@click.command(short_help="Make a report for each params file, HTML and PDF.")
@PATHS
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
    to: tuple[str, ...],
    out: Path | str,
    jobs: int | None,
    *,
    force: bool,
    strict: bool,
    seconds: float,
    memory: int | None,
    cluster: str | None,
) -> None:
    """Make a report for each params file; a PATH is a file, a folder or a glob, or the URL of one.

    Unchanged reports are skipped, an interrupted run goes on where it stopped.
    Exit status 1 where a report failed.

    \b
    Examples:
      perfkit report params
      perfkit report params/online-learning-2022.yaml --to html
      perfkit report s3://bucket/params --out s3://bucket/reports
    """
    from perfkit.batch import report as make

    run = make(
        paths, to=to, out=out, jobs=jobs, force=force, strict=strict, cluster=cluster, progress=True,
        seconds=seconds, memory=memory,
    )  # fmt: skip
    raise click.exceptions.Exit(run.exit_status)


@click.command(short_help="Tell for each report whether it would be made again, and why.")
@PATHS
@TO
@OUT
def why(paths: tuple[str, ...], to: tuple[str, ...], out: Path | str) -> None:
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
def diff(before: str, after: str, out: Path | str) -> None:
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
def query(sql: str, out: Path | str) -> None:
    """Ask the results store (tables: projects, indicators, findings) in SQL; prints CSV.

    \b
    Example:
      perfkit query "select project, score, grade from projects order by score desc"
    """
    from perfkit.batch import query as ask

    click.echo(ask(sql, out=out).to_csv(index=False), nl=False)
