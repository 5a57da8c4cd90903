"""What `perfkit doctor` examines: each part is really used once, not merely looked for."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from perfkit import __version__
from perfkit.language import Text
from perfkit.text import listed, say
from perfkit.workspace import find_workspace, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfkit.errors import Words


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
    from perfkit.kernel.warming import WARM
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
    from perfkit.batch.cluster import EXTRA

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
