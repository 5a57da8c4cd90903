"""The key of a report: everything that its pages depend on, part by part, so that a change can be named.

A report is unchanged when notebook, params, form, profile (with all it extends), theme, and the versions
of what draws it are the same. The parts stay in the journal; `why` compares them.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfkit.params import Params

DRAWN_WITH = (
    "matplotlib", "typst", "pandas", "nbconvert", "nbclient", "papermill", "ipykernel", "ipython",
    "nh3", "manimgx-fonts", "pylopdf-fonts-zh-cn",
)  # fmt: skip
Parts = Mapping[str, Any]


def key_of(params: Params) -> dict[str, Any]:
    """Give the key of a report, part by part."""
    return {
        "notebook": digest(params.notebook),
        "params": text_digest(
            json.dumps(dict(params.values), sort_keys=True, default=str, ensure_ascii=False)
        ),
        "form": digest(params.form),
        "profile": profile_digest(params.profile, params.workspace),
        "theme": digest(params.theme) if params.theme else "",
        "language": params.language,
        "versions": versions(),
    }


def changed(before: Parts, now: Parts) -> list[str]:
    """Name the parts that differ; for versions, what moved."""
    names = [part for part in now if part != "versions" and before.get(part) != now[part]]
    old, new = before.get("versions", {}), now["versions"]
    moved = [
        f"{tool} {old.get(tool, '—')} → {new.get(tool, '—')}"
        for tool in sorted({*old, *new})
        if old.get(tool) != new.get(tool)
    ]
    return [*names, *moved]


def digest(path: Path) -> str:
    """Give the hash of a file's bytes."""
    return _short(hashlib.sha256(path.read_bytes()))


def text_digest(text: str) -> str:
    """Give the hash of a text."""
    return _short(hashlib.sha256(text.encode("utf-8", "surrogatepass")))


def _short(hashed: Any) -> str:
    return str(hashed.hexdigest()[:32])


@cache
def profile_digest(name: str, workspace: Path) -> str:
    """Give the hash of a profile as it stands after everything it extends."""
    from perfkit.profile import load_profile

    return text_digest(repr(load_profile(name, near=workspace)))


@cache
def versions() -> dict[str, str]:
    """Give the versions of perfkit, Python and the packages that draw a report."""
    found = {"perfkit": _perfkit(), "python": ".".join(map(str, sys.version_info[:3]))}
    for package in DRAWN_WITH:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _perfkit() -> str:
    """Give perfkit's version with the hash of its sources, so that a checkout's edits count as well."""
    from perfkit import __version__

    home = Path(__file__).parent.parent
    hashed = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and not path.name.startswith("."):
            hashed.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{hashed.hexdigest()[:12]}"
