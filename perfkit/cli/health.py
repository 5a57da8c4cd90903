"""What `perfkit doctor` examines: each part is really used once, not merely looked for."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from perfkit import __version__
from perfkit.workspace import find_workspace, shown

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Health:
    """Hold one part of the machine: whether it is well, what was seen, and how to mend it."""

    topic: str
    well: bool
    detail: str
    hint: str = ""


def examine() -> list[Health]:
    """Try every part that a report needs; no part's failure keeps the others from being tried."""
    parts: list[tuple[str, Callable[[], str], str]] = [
        ("perfkit", lambda: f"{__version__} on Python {sys.version.split()[0]}", ""),
        ("packages", _packages, "install perfkit again: pip install --force-reinstall perfkit"),
        ("fonts", _fonts, "pip install --force-reinstall pylopdf-fonts-zh-cn"),
        ("PDF", _pdf, "pip install --force-reinstall typst"),
        ("kernel", _kernel, "pip install --force-reinstall ipykernel"),
        ("workers", _workers, ""),
        ("optional", _optional, ""),
        ("workspace", _workspace, "make one here: perfkit init"),
    ]
    return [_try(*part) for part in parts]


def _try(topic: str, look: Callable[[], str], hint: str) -> Health:
    try:
        return Health(topic, well=True, detail=look())
    except Exception as error:  # noqa: BLE001  whatever is broken is what the user asked about
        return Health(topic, well=False, detail=f"{type(error).__name__}: {error}".splitlines()[0], hint=hint)


def _packages() -> str:
    names = ("papermill", "nbconvert", "jupyterlab", "pandas", "matplotlib")
    return ", ".join(f"{name} {version(name)}" for name in names)


def _fonts() -> str:
    from perfkit.display.fonts import families, missing_glyphs

    missing = missing_glyphs("财政绩效自评镕喆堃玥珺祎昇旻")
    if missing:
        raise LookupError(f"no glyph for {''.join(sorted(missing))}")
    return f"Chinese: {', '.join(families)}"


def _pdf() -> str:
    import typst

    typst.compile(b"= perfkit")
    return f"typst {version('typst')}"


def _kernel() -> str:
    from jupyter_client.kernelspec import KernelSpecManager

    KernelSpecManager().get_kernel_spec("python3")
    return f"python3, ipykernel {version('ipykernel')}"


def _workers() -> str:
    how = (
        "forked for each report"
        if hasattr(os, "fork") and sys.platform != "darwin"
        else "one process a report"
    )
    return f"{os.cpu_count()} cores, {how}"


def _optional() -> str:
    found = {"duckdb": "perfkit query", "distributed": "report --cluster"}
    return ", ".join(f"{use}: {_installed(name)}" for name, use in found.items())


def _installed(name: str) -> str:
    try:
        return f"{name} {version(name)}" if find_spec(name) else f"needs {name}"
    except PackageNotFoundError:
        return f"needs {name}"


def _workspace() -> str:
    root = find_workspace()
    params = sorted((root / "params").glob("*.yaml"))
    if not params:
        raise FileNotFoundError(f"no params files in {shown(root / 'params')}")
    return f"{root}: {len(params)} params files"
