"""Commands on reports: report, why, diff, query."""

from __future__ import annotations

from pathlib import Path

import click

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
OUT = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("reports"), show_default=True,
    help="The folder for reports, journal and index.",
)  # fmt: skip
TO = click.option(
    "--to", default="html,pdf", show_default=True, callback=_formats, help="The formats to make."
)


@click.command()
@PATHS
@TO
@OUT
@click.option("--jobs", type=click.IntRange(min=1), help="Reports made at a time; one a core unless given.")
@click.option("--force", is_flag=True, help="Make every report again, changed or not.")
@click.option("--strict", is_flag=True, help="Make no report at all while any file has a fault.")
@click.option(
    "--cluster", metavar="ADDRESS", help="Give the work to a Dask cluster, such as tcp://host:8786."
)
def report(
    paths: tuple[str, ...],
    to: tuple[str, ...],
    out: Path,
    jobs: int | None,
    *,
    force: bool,
    strict: bool,
    cluster: str | None,
) -> None:
    """Make a report for each params file; a PATH is a file, a folder or a glob.

    Unchanged reports are skipped, an interrupted run goes on where it stopped.
    Exit status 1 where a report failed.

    \b
    Examples:
      perfkit report params
      perfkit report params/online-learning-2022.yaml --to html
    """
    from perfkit.batch import report as make

    run = make(paths, to=to, out=out, jobs=jobs, force=force, strict=strict, cluster=cluster, progress=True)
    raise click.exceptions.Exit(run.exit_status)


@click.command()
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


@click.command()
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


@click.command()
@click.argument("sql")
@OUT
def query(sql: str, out: Path) -> None:
    """Ask the results store (tables: projects, indicators, findings) in SQL; prints CSV.

    \b
    Example:
      perfkit query "select project, score, grade from projects order by score desc"
    """
    from perfkit.batch import query as ask

    click.echo(ask(sql, out=out).to_csv(index=False), nl=False)
