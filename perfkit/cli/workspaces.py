"""Commands on the place one works in: init, doctor, completion; and what `perfkit` alone says."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfkit import __version__
from perfkit.files import write_atomic
from perfkit.language import Text, spoken
from perfkit.text import listed, say
from perfkit.workspace import SHARED, find_workspace, shipped, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfkit.errors import Words
    from perfkit.language import Language


PACKAGES = ("papermill", "nbconvert", "jupyterlab", "pandas", "matplotlib")


@dataclass(frozen=True, slots=True)
class Health:
    """Hold one part of the machine: whether it is well, what was seen, and how to mend it."""

    topic: str
    well: bool
    detail: Words
    hint: Text | None = None

    def said(self, language: str) -> str:
        """Say in a language what was seen; another program's words stand as they are."""
        return self.detail[language] if isinstance(self.detail, Text) else self.detail


def examine() -> list[Health]:
    """Try every part that a report needs; no part's failure keeps the others from being tried."""
    again = "pip install --force-reinstall"
    parts: list[tuple[str, Callable[[], Words], Text | None]] = [
        ("version", _version, None),
        ("packages", _packages, say("cli.doctor.again", command=f"{again} {' '.join(PACKAGES)}")),
        ("fonts", _fonts, say("cli.doctor.again", command=f"{again} pylopdf-fonts-zh-cn")),
        ("pdf", _pdf, say("cli.doctor.again", command=f"{again} typst")),
        ("kernel", _kernel, say("cli.doctor.again", command=f"{again} ipykernel")),
        ("workers", _workers, None),
        ("scans", _scans, say("cli.doctor.again", command=f'{again} "perfkit[ocr]"')),
        ("office", _office, say("cli.doctor.office.mend")),
        ("optional", _optional, None),
        ("language", lambda: say("cli.doctor.language.of"), None),
        ("console", lambda: say("cli.doctor.console.of", encoding=sys.stdout.encoding), None),
        ("workspace", _workspace, say("cli.doctor.init", command="perfkit init")),
    ]
    return [_try(*part) for part in parts]


def _version() -> Text:
    return say("cli.doctor.version_of", version=__version__, python=sys.version.split()[0])


def _try(topic: str, look: Callable[[], Words], hint: Text | None) -> Health:
    try:
        return Health(topic, well=True, detail=look())
    except Exception as error:  # noqa: BLE001  whatever is broken is what the user asked about
        told = error.args[0] if error.args and isinstance(error.args[0], Text) else None
        detail = told or f"{type(error).__name__}: {error}".splitlines()[0]
        return Health(topic, well=False, detail=detail, hint=hint)


def _packages() -> str:
    return ", ".join(f"{name} {version(name)}" for name in PACKAGES)


def _fonts() -> Text:
    from perfkit.display.fonts import families, missing_glyphs

    missing = missing_glyphs("财政绩效自评镕喆堃玥珺祎昇旻")
    if missing:
        raise LookupError(say("cli.doctor.fonts.missing", glyphs="".join(sorted(missing))))
    return say("cli.doctor.fonts.found", families=", ".join(families))


def _pdf() -> str:
    import typst

    typst.compile(b"= perfkit")
    return f"typst {version('typst')}"


def _kernel() -> str:
    from jupyter_client.kernelspec import KernelSpecManager

    KernelSpecManager().get_kernel_spec("python3")
    return f"python3, ipykernel {version('ipykernel')}"


def _workers() -> Text:
    from perfkit.kernel import canary
    from perfkit.kernel.app import WARM
    from perfkit.processes import FORKS, shared

    if not FORKS:
        return say("cli.doctor.workers.fresh", cores=os.cpu_count())
    if wrong := canary.verdict(shared(WARM)):
        raise RuntimeError(
            say("cli.doctor.workers.standard", cores=os.cpu_count(), wrong=wrong, versions=canary.versions())
        )
    return say("cli.doctor.workers.forked", cores=os.cpu_count())


def _scans() -> Text:
    """Recognise a picture, where the extra is installed."""
    from perfkit.readers.scans import recognition

    if not recognition.available():
        return say("cli.doctor.scans.none", command=recognition.EXTRA)
    return say("cli.doctor.scans.read", version=version("rapidocr"), text=recognition.tried())


def _office() -> Text:
    """Ask LibreOffice for its version, where it is installed."""
    from perfkit.readers import office

    if office.program() is None:
        return say("cli.doctor.office.none")
    return say("cli.doctor.office.found", version=office.version())


def _optional() -> Text:
    found = {"distributed": "report --cluster"}
    return listed(say("cli.doctor.use", use=use, state=_installed(name)) for name, use in found.items())


def _installed(name: str) -> Words:
    from perfkit.batch.workers import EXTRA

    try:
        return f"{name} {version(name)}" if find_spec(name) else say("cli.doctor.needs", command=EXTRA)
    except PackageNotFoundError:
        return say("cli.doctor.needs", command=EXTRA)


def _workspace() -> Text:
    root = find_workspace()
    params = sorted((root / "params").glob("*.yaml"))
    if not params:
        raise FileNotFoundError(say("cli.doctor.params.none", folder=shown(root / "params")))
    return say("cli.doctor.params", root=root, n=len(params))


# commands on the place one works in: init, doctor, completion; and what `perfkit` alone says


EXAMPLE = "online-learning-2022.yaml"
SECOND = "leadership-training-2022.yaml"
FORM = "领导干部培训经费.xlsx"
_BOTH = re.compile(r"# (?P<zh>[^|\n]*?) \| (?P<en>[^|\n]*)")


def three_steps() -> None:
    """Say what to do next: from nothing to a report, with one's own forms, and where all the rest is."""
    steps = (
        ("perfkit init", "init"),
        ("perfkit report forms/*.xlsx --profile shanghai-2022", "report"),
        ("perfkit --help", "help"),
    )
    _next(steps, err=False)


def _next(steps: tuple[tuple[str, str], ...], *, err: bool = True) -> None:
    """Print commands with what they do; each stands on a line of its own, which every shell takes."""
    from rich.cells import cell_len

    language = spoken()
    click.echo(say("cli.next")[language], err=err)
    width = max(cell_len(command) for command, _ in steps)
    for command, key in steps:
        told = f"   {say(f'cli.next.{key}')[language]}" if key else ""
        click.echo(f"  {command}{' ' * (width - cell_len(command))}{told}".rstrip(), err=err)


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make a workspace.

    \b
    Examples:
      perfkit init
      perfkit init my-office
    """
    language = spoken()
    made = [_notebook(source, folder / "notebooks" / source.name, language) for source in _notebooks()]
    made.append(_copy(shipped("params", EXAMPLE), folder / "params" / EXAMPLE))
    made.append(_copy(shipped("params", "forms", EXAMPLE), folder / "params" / "forms" / EXAMPLE))
    own = Path(__file__).parent.parent / "workspace_files"
    made.append(_copy(own / f"perfkit.{language}.yaml", folder / SHARED))
    made.append(_copy(own / f"README.{language}.md", folder / "README.md"))
    made.append(_example_in_excel(folder / "forms" / FORM))
    (folder / "reports").mkdir(exist_ok=True)
    for path, new in made:
        click.echo(say("cli.made" if new else "cli.kept", path=shown(path))[language], err=True)
    here = folder.resolve() == Path.cwd()
    step = () if here else ((f'cd "{shown(folder)}"', ""),)
    _next((
        *step,
        ("perfkit report params", "see"),
        ("perfkit report forms/*.xlsx", "form"),
        ("jupyter lab notebooks", "lab"),
    ))  # fmt: skip


def _notebooks() -> list[Path]:
    return sorted(shipped("notebooks").glob("*.ipynb"))


def _notebook(source: Path, target: Path, language: Language) -> tuple[Path, bool]:
    """Make a notebook of the workspace in one language; the one it is made from speaks both.

    Of its notes (`lang` in a cell's metadata) and of its comments (`# 中文 | English`) one is left.
    """
    if target.exists():
        return target, False
    notebook = json.loads(source.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["metadata"].pop("lang", language) == language]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["source"] = [_BOTH.sub(rf"# \g<{language}>", line) for line in cell["source"]]
    text = json.dumps(notebook | {"cells": cells}, ensure_ascii=False, indent=1) + "\n"
    write_atomic(target, text.encode("utf-8"))
    return target, True


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
    """Tell what this machine can do.

    \b
    Example:
      perfkit doctor
    """
    from rich.cells import cell_len as columns

    language = spoken()
    results = examine()
    topics = [say(f"cli.doctor.{result.topic}")[language] for result in results]
    marks = {well: say(f"cli.doctor.{'well' if well else 'mend'}")[language] for well in (True, False)}
    width, wide = max(map(columns, topics)), max(map(columns, marks.values()))
    for result, topic in zip(results, topics, strict=True):
        mark = marks[result.well] + " " * (wide - columns(marks[result.well]))
        name = topic + " " * (width - columns(topic))
        click.echo(
            f"{click.style(mark, fg='green' if result.well else 'red')}  {name}  {result.said(language)}"
        )
        if not result.well and result.hint:
            click.echo(f"{'':<{wide}}  {'':<{width}}  -> {result.hint[language]}")
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

    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(
            kind(click.get_current_context().find_root().command, {}, "perfkit", "_PERFKIT_COMPLETE").source()
        )
