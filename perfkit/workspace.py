"""Where things lie: the workspace is the folder that holds `params/`.

Paths in a params file start there. An analyst's kernel runs in `notebooks/`, a batch in the workspace
itself; `resolve` finds the same file from both, and the working directory is never changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfkit import stores

if TYPE_CHECKING:
    import os

PARAMS = "params"
NOTEBOOK = "project_report.ipynb"


def find_workspace(start: str | os.PathLike[str] | None = None) -> Path:
    """Find the folder that holds `params/`: at `start` or above it, else above the working directory.

    Where neither has one, the working directory itself is the workspace.
    """
    here = Path.cwd()
    for origin in (Path(start).absolute() if start is not None else here, here):
        for folder in (origin, *origin.parents):
            if (folder / PARAMS).is_dir():
                return folder
    return here


def resolve(path: str | os.PathLike[str], workspace: Path | None = None) -> Path:
    """Give the file that `path` means: as it stands, or from the workspace.

    A path that exists nowhere is given from the workspace, so that the error names the likeliest place. The
    URL of an object on a store means its copy, and so does a path in a workspace that lies on a store.
    """
    if stores.is_url(path):
        return stores.fetched(path)
    given = Path(path).expanduser()
    if given.is_absolute():
        return given
    root = workspace or find_workspace()
    in_workspace = root / given
    if mount := stores.mount_of(root):
        mount.bring([in_workspace])
        return in_workspace
    return in_workspace if in_workspace.exists() or not given.exists() else Path.cwd() / given


def shown(path: str | os.PathLike[str]) -> str:
    """Give a path as a reader should see it: from the working directory where it lies below, with `/`.

    The copy of an object on a store is shown as its URL.
    """
    if stores.is_remote(path):
        return str(path)
    full, here = Path(path).absolute(), Path.cwd()
    url = stores.url_of(full)
    if url and not stores.url_of(here):
        return url
    return full.relative_to(here).as_posix() if full.is_relative_to(here) else url or full.as_posix()


def shipped(*parts: str) -> Path:
    """Find a file that a new workspace is made of: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package.joinpath("workspace_files", *parts)
    return installed if installed.exists() else package.parent.joinpath(*parts)


def report_notebook(workspace: Path) -> Path:
    """Give the notebook that reports are made from: the workspace's own, else the one perfkit ships."""
    own = workspace / "notebooks" / NOTEBOOK
    return own if own.is_file() else shipped("notebooks", NOTEBOOK)
