"""Commands on the place one works in: init, doctor, completion."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from perfkit.workspace import shipped, shown

EXAMPLE = "online-learning-2022.yaml"
SECOND = "leadership-training-2022.yaml"


@click.command(short_help="Make a workspace with notebooks and an example.")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make a workspace: notebooks, params with an example, a form in Excel to import, reports.

    Files that are already there are kept as they are.

    \b
    Examples:
      perfkit init
      perfkit init my-office
    """
    made = [_copy(shipped("notebooks", path.name), folder / "notebooks" / path.name) for path in _notebooks()]
    made.append(_copy(shipped("params", EXAMPLE), folder / "params" / EXAMPLE))
    made.append(_copy(shipped("params", "forms", EXAMPLE), folder / "params" / "forms" / EXAMPLE))
    made.append(_copy(Path(__file__).parent.parent / "workspace_files" / "README.md", folder / "README.md"))
    made.append(_example_in_excel(folder / "forms" / "领导干部培训经费.xlsx"))
    (folder / "reports").mkdir(exist_ok=True)
    for path, new in made:
        click.echo(f"{'made' if new else 'kept'}  {shown(path)}", err=True)
    place = "" if folder.resolve() == Path.cwd() else f"cd {folder} && "
    click.echo(f"Next: {place}perfkit import forms/*.xlsx && perfkit report params", err=True)


def _notebooks() -> list[Path]:
    return sorted(shipped("notebooks").glob("*.ipynb"))


def _copy(source: Path, target: Path) -> tuple[Path, bool]:
    if target.exists():
        return target, False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target, True


def _example_in_excel(target: Path) -> tuple[Path, bool]:
    if target.exists():
        return target, False
    from perfkit.readers import read
    from perfkit.writers import write

    target.parent.mkdir(parents=True, exist_ok=True)
    write(read(shipped("params", "forms", SECOND)), target)
    return target, True


@click.command()
def doctor() -> None:
    """Tell what this machine can do, and how to mend what it cannot.

    \b
    Example:
      perfkit doctor
    """
    from perfkit.cli.health import examine

    results = examine()
    width = max(len(result.topic) for result in results)
    for result in results:
        mark = click.style("ok  ", fg="green") if result.well else click.style("mend", fg="red")
        click.echo(f"{mark}  {result.topic:<{width}}  {result.detail}")
        if not result.well and result.hint:
            click.echo(f"      {'':<{width}}  -> {result.hint}")
    if not all(result.well for result in results):
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Example:
      perfkit completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    from perfkit.cli import cli

    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(cli, {}, "perfkit", "_PERFKIT_COMPLETE").source())
