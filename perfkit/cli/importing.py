"""`perfkit import`: every form of every file becomes a form file and a params file.

Files are read side by side, each within bounds; one that cannot be read never stops the others. Names
come from the file's own name, never from text inside it, and nothing that is already there is lost.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click
import yaml

from perfkit.errors import Fault, PerfkitError
from perfkit.files import write_atomic
from perfkit.readers import form_yaml
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from perfkit.form import Form

_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*\s]+')
_LONGEST = 80
_MANY = 5


def import_files(paths: list[Path], folder: Path, profile: str, *, force: bool) -> list[Fault]:
    """Import every file into `folder`; print a line a form on stdout, give the faults of the others."""
    faults: list[Fault] = []
    used: set[str] = set()
    for path, result in _read(paths):
        if isinstance(result, PerfkitError):
            faults += result.faults
            continue
        for number, form in enumerate(result, start=1):
            name = _free(_stem(path) + (f"-{number}" if len(result) > 1 else ""), used)
            fault = _write(form, name, folder, profile, force=force)
            if fault:
                faults.append(fault)
            else:
                _tell(form, folder / f"{name}.yaml")
    return faults


def _read(paths: list[Path]) -> Iterator[tuple[Path, list[Form] | PerfkitError]]:
    """Read the files, with a progress bar where there are many and somebody watches."""
    from perfkit.readers.bulk import read_many

    with click.progressbar(
        length=len(paths),
        label="reading",
        file=sys.stderr,
        hidden=len(paths) < _MANY or not sys.stderr.isatty(),
    ) as bar:
        for path, result in read_many(paths):
            bar.update(1)
            yield path, result


def _stem(path: Path) -> str:
    return _UNSAFE.sub("-", path.stem).strip(".-")[:_LONGEST] or "form"


def _free(name: str, used: set[str]) -> str:
    """Give a name that this run has not used, on systems that fold case as well."""
    candidate, count = name, 1
    while candidate.casefold() in used:
        count += 1
        candidate = f"{name}-{count}"
    used.add(candidate.casefold())
    return candidate


def _write(form: Form, name: str, folder: Path, profile: str, *, force: bool) -> Fault | None:
    target = folder / "forms" / f"{name}.yaml"
    content = form_yaml(form).encode("utf-8")
    if target.exists() and not force and target.read_bytes() != content:
        return Fault(
            "another form is already there",
            shown(target),
            hint="--force writes over it, --to names another folder",
        )
    write_atomic(target, content)
    params = folder / f"{name}.yaml"
    if force or not params.exists():
        values = {
            "form": f"{_from_workspace(folder)}/forms/{name}.yaml",
            "profile": profile,
            "language": "zh",
        }
        write_atomic(params, yaml.safe_dump(values, allow_unicode=True, sort_keys=False).encode("utf-8"))
    return None


def _from_workspace(folder: Path) -> str:
    """Give the folder as a params file names it: from the workspace where it lies in one, else in full."""
    full = folder.absolute()
    return full.name if full.name == "params" else shown(full)


def _tell(form: Form, params: Path) -> None:
    from perfkit.readers.layout import summary

    click.echo(f"{shown(params)}  {summary(form)}")
    for cell in form.unread:
        place = ", ".join(part for part in (form.source.file, cell.place) if part)
        click.echo(f"  not read: {place}: {cell.text!r} (expected {cell.expected})", err=True)
