"""Where things lie: the workspace is the folder that holds `params/`.

Paths in a params file start there. An analyst's kernel runs in `notebooks/`, a batch in the workspace
itself; `resolve` finds the same file from both, and the working directory is never changed. What a path names
is asked here as well, so that a name that no file can have names nothing, on every Python.
"""

from __future__ import annotations

import glob
import os
from contextlib import suppress
from pathlib import Path

PARAMS = "params"
SHARED = "perfkit.yaml"
NOTEBOOK = "project_report.ipynb"


def find_workspace(start: str | os.PathLike[str] | None = None) -> Path:
    """Find the folder that holds `params/`: at `start` or above it, else above the working directory.

    Where neither has one, the working directory itself is the workspace.
    """
    here = Path.cwd()
    for origin in (Path(start).absolute() if start is not None else here, here):
        for folder in (origin, *origin.parents):
            if is_folder(folder / PARAMS):
                return folder
    return here


def resolve(path: str | os.PathLike[str], workspace: Path | None = None) -> Path:
    """Give the file that `path` means: as it stands, or from the workspace.

    A path that exists nowhere is given from the workspace, so that the error names the likeliest place.
    """
    given = _at_home(Path(path))
    if given.is_absolute():
        return given
    root = workspace or find_workspace()
    in_workspace = root / given
    return in_workspace if is_there(in_workspace) or not is_there(given) else Path.cwd() / given


def _at_home(path: Path) -> Path:
    """Give a path with its `~` as the user's home; one whose user nobody knows stands as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def shown(path: str | os.PathLike[str]) -> str:
    """Give a path as a reader should see it: from the working directory where it lies below, with `/`."""
    full, here = Path(path).absolute(), Path.cwd()
    return name_meant((full.relative_to(here) if full.is_relative_to(here) else full).as_posix())


def shipped(*parts: str) -> Path:
    """Find a file that a new workspace is made of: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package.joinpath("workspace_files", *parts)
    return installed if installed.exists() else package.parent.joinpath(*parts)


def report_notebook(workspace: Path) -> Path:
    """Give the notebook that reports are made from: the workspace's own, else the one perfkit ships."""
    return notebook_of(workspace, NOTEBOOK)


def notebook_of(workspace: Path, name: str) -> Path:
    """Give a notebook by its file's name: the workspace's own, else the one perfkit ships."""
    own = workspace / "notebooks" / name
    return own if own.is_file() else shipped("notebooks", name)


def is_file(path: str | os.PathLike[str]) -> bool:
    """Tell whether a path names a file; a name that no file can have, such as one too long, names none."""
    return os.path.isfile(path)  # noqa: PTH113  # pathlib raises before Python 3.14, and so below


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Tell whether a path names a folder."""
    return os.path.isdir(path)  # noqa: PTH112


def is_there(path: str | os.PathLike[str]) -> bool:
    """Tell whether a path names anything at all."""
    return os.path.exists(path)  # noqa: PTH110


def matching(pattern: str | os.PathLike[str]) -> list[Path]:
    """Give what a glob matches, by name, `**` over folders; a pattern that makes no sense matches nothing."""
    return sorted(Path(name) for name in glob.glob(os.fspath(pattern), recursive=True))  # noqa: PTH207


def name_meant(name: str | bytes) -> str:
    """Give a file's name, or its path, as it was meant: in UTF-8, else in GBK, else with its bytes' codes.

    Where a system gives names as bytes, an archive that an old program made leaves such names.
    """
    if isinstance(name, str):
        if name.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in name):
            return name
        name = _bytes_of(name)
    return "/".join(map(_part_meant, name.split(b"/")))


def _part_meant(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    told = raw.decode("utf-8", "surrogateescape")
    return "".join(f"[U+{ord(sign):04X}]" if "\ud800" <= sign <= "\udfff" else sign for sign in told)


def _bytes_of(name: str) -> bytes:
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, from a program that is no file system
        return name.encode("utf-8", "surrogatepass")
