"""`perfkit bundle`: all that a machine without a network needs, in one folder.

The wheels come from the package index of this machine, for the Python and the platform of the other; that of
perfkit is given, or built where this is a checkout. pip asks this machine which requirements hold, so what
only the other system needs (such as colorama on Windows) is looked up in the wheels and fetched as well. The
scripts in the folder ask no index.
"""

from __future__ import annotations

import re
import sys
import zipfile
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

import click
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from perfkit.errors import Fault, MachineError, SettingsError
from perfkit.files import write_atomic
from perfkit.language import spoken
from perfkit.processes import program
from perfkit.text import say
from perfkit.workspace import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CHECKOUT = Path(__file__).parents[2]
ENVIRONMENT = "perfkit-env"
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
_SYSTEMS = {  # the beginning of a platform tag: os_name, sys_platform, platform_system
    "win": ("nt", "win32", "Windows"),
    "macosx": ("posix", "darwin", "Darwin"),
    "": ("posix", "linux", "Linux"),
}
_MACHINES = {"win32": "x86", "win_amd64": "AMD64", "win_arm64": "ARM64"}
_SHELL = """#!/bin/sh
# {title}
set -e
cd "$(dirname "$0")"
for python in "${{PYTHON:-}}" python{version} python3 python; do
  if [ -n "$python" ] && "$python" -c "{check}" 2>/dev/null; then
    "$python" -m venv {environment}
    {environment}/bin/python -m pip install {offline} wheels/{wheel}
    {environment}/bin/perfkit doctor || true
    exit 0
  fi
done
echo "{needed}" >&2
exit 1
"""
_WINDOWS = """@echo off
for /f "tokens=2 delims=:." %%c in ('chcp') do set "page=%%c"
chcp 65001 >nul
set "failed=1"
cd /d "%~dp0" || goto end
set "python=py -{version}"
%python% -c "" 2>nul || set "python=python"
%python% -c "{check}" 2>nul || goto needed
%python% -m venv {environment} || goto end
{environment}\\Scripts\\python -m pip install {offline} wheels\\{wheel} || goto end
{environment}\\Scripts\\perfkit doctor
set "failed=0"
goto end
:needed
echo {needed}
:end
chcp %page% >nul
if "%~1"=="" pause
exit /b %failed%
"""


def _version(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Take the version of a Python by its first two numbers."""
    match = re.fullmatch(r"(3\.\d+)(?:\.\d+)?", value)
    if match is None:
        raise click.BadParameter(say("cli.bundle.version", got=repr(value))[spoken()])
    return match[1]


@click.command()
@click.option("--python", metavar="VERSION", required=True, callback=_version)
@click.option("--platform", "platform", metavar="TAG", multiple=True, required=True)
@click.option("--wheel", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", type=click.Path(file_okay=False, path_type=Path),
              default=Path("perfkit-bundle"), show_default=True)  # fmt: skip
def bundle(python: str, platform: tuple[str, ...], wheel: Path | None, target: Path) -> None:
    """Make a folder of wheels for a machine without a network.

    \b
    Examples:
      perfkit bundle --python 3.12 --platform win_amd64
      perfkit bundle --python 3.11 --platform manylinux2014_aarch64 --to for-kylin
    """
    wheels = target / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    own = wheel or _built(wheels)
    click.echo(say("cli.bundle.fetching")[spoken()], err=True)
    tags = [part for tag in platform for part in ("--platform", tag)]
    asked = ("--only-binary=:all:", "--python-version", python, "--implementation", "cp", *tags)
    wanted: set[str] = set()
    more = {str(own)}
    while not more <= wanted:
        wanted |= more
        _pip("download", "--quiet", *asked, "--dest", str(wheels), *sorted(wanted))
        more = lacking(wheels.glob("*.whl"), own.name, environment_of(python, platform[0]))
    _write_scripts(target, own.name, python)
    told = say("cli.bundle.made", folder=shown(target), n=len(list(wheels.glob("*.whl"))))
    click.echo(told[spoken()], err=True)


def _write_scripts(target: Path, wheel: str, python: str) -> None:
    values = {
        "title": say("cli.bundle.title")[spoken()],
        "needed": say("cli.bundle.needed", version=python)[spoken()],
        "wheel": wheel,
        "version": python,
        "check": f"import sys; sys.exit(sys.version_info[:2] != ({python.replace('.', ', ')}))",
        "environment": ENVIRONMENT,
        "offline": "--disable-pip-version-check --no-index --find-links wheels",
    }
    write_atomic(target / "install.sh", _SHELL.format(**values).encode("utf-8"))
    write_atomic(target / "install.cmd", _WINDOWS.format(**values).replace("\n", "\r\n").encode("utf-8"))
    (target / "install.sh").chmod(0o755)


def environment_of(python: str, platform: str) -> dict[str, str]:
    """Give what requirements may ask of a machine with a Python (`3.12`) and a platform tag (PEP 508)."""
    names = next(names for begin, names in _SYSTEMS.items() if platform.startswith(begin))
    machine = re.search(r"(?:x86_64|i686|arm64|aarch64|armv7l|ppc64le|s390x|riscv64|loongarch64)$", platform)
    return {
        "os_name": names[0], "sys_platform": names[1], "platform_system": names[2],
        "platform_machine": _MACHINES.get(platform) or (machine[0] if machine else ""),
        "python_version": python, "python_full_version": f"{python}.0", "platform_release": "",
        "platform_version": "", "implementation_name": "cpython", "implementation_version": f"{python}.0",
        "platform_python_implementation": "CPython",
    }  # fmt: skip


def lacking(wheels: Iterable[Path], own: str, environment: Mapping[str, str]) -> set[str]:
    """Give what the wheel `own` needs on a machine, directly or by others, and no wheel is there for."""
    known: dict[str, Path] = {parse_wheel_filename(path.name)[0]: path for path in wheels}
    missing: set[str] = set()
    seen: set[tuple[str, str]] = set()
    left = [(str(parse_wheel_filename(own)[0]), "")]
    while left:
        name, extra = left.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for needed in _requirements(known[name]):
            if needed.marker and not needed.marker.evaluate({**environment, "extra": extra}):
                continue
            if canonicalize_name(needed.name) in known:
                left += [(canonicalize_name(needed.name), each) for each in ("", *needed.extras)]
            else:
                needed.marker = None
                missing.add(str(needed))
    return missing


def _requirements(wheel: Path) -> Iterator[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        told = BytesHeaderParser().parsebytes(archive.read(name))
    yield from (Requirement(line) for line in told.get_all("Requires-Dist", ()))


def _built(wheels: Path) -> Path:
    """Build perfkit's own wheel from the checkout that this is."""
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise SettingsError(Fault(say("cli.bundle.no_wheel"), hint=say("cli.bundle.no_wheel.hint")))
    _pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(CHECKOUT))
    return max(wheels.glob("perfkit-*.whl"), key=lambda path: path.stat().st_mtime)


def _pip(*arguments: str) -> None:
    status, said = program([*_PIP, *arguments])
    if status:
        told = [line for line in said.splitlines() if line.startswith("ERROR")] or said.splitlines()
        raise MachineError(
            Fault(say("cli.bundle.failed"), got="\n".join(told[-3:]), hint=say("cli.bundle.failed.hint"))
        )
