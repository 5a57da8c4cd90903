"""Which project is on the desk: a dropdown of what the workspace, or a folder, holds.

A workspace offers its projects (`params/`) and the forms that lie in `forms/` and were not imported yet; so
the list is never empty where there is anything to look at, and where there is nothing it says what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

from perfkit.errors import Fault, SettingsError, refused
from perfkit.params import is_params, load_params
from perfkit.readers import read_all
from perfkit.readers.structured import DOCUMENTS, PICTURES, SUFFIXES
from perfkit.shared import settings
from perfkit.text import choose, say
from perfkit.workspace import PARAMS, SHARED, find_workspace, resolve, shown

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from perfkit.form import Form
    from perfkit.language import Language

FORMS = "forms"


@dataclass(frozen=True, slots=True)
class Project:
    """Hold one line of the list: a params file (`is_params`), or a form that no params file names yet."""

    name: str
    path: Path
    is_params: bool

    @property
    def form(self) -> Form:
        """Read the form; of a file that holds several, the first."""
        return read_all(load_params(self.path).form if self.is_params else self.path)[0]

    @property
    def profile(self) -> str:
        """Give the profile that the params name; of a bare form that of `perfkit.yaml`, else the default."""
        return load_params(self.path).profile if self.is_params else settings().profile


class Picker(widgets.VBox):  # type: ignore[misc]
    """Choose a project: `form` is the chosen one as read, `profile` the rule set that it is scored by."""

    def __init__(
        self,
        language: Language | None = None,
        folder: str | os.PathLike[str] | None = None,
        after: Picker | None = None,
    ) -> None:
        language = at_the_desk(language)
        place = find_workspace() if folder is None else resolve(folder)
        found = _of_workspace(place) if folder is None else _of_folder(place)
        self.projects = {project.name: project for project in found}
        self._nothing = Fault(
            say("desk.nothing"),
            shown(place),
            hint=say("desk.nothing.workspace") if folder is None else say("desk.nothing.folder"),
        )
        names = list(self.projects)
        self.choice = widgets.Dropdown(
            options=names, value=_start(names, after), description=choose("labels.project", language)
        )
        self.choice.add_class("pk-project")
        told = escape(self._nothing.told(language)).replace("\n", "<br>")
        super().__init__([self.choice] if names else [widgets.HTML(f'<p role="status">{told}</p>')])

    @property
    def chosen(self) -> Project:
        """Give what is chosen now.

        Raises:
            SettingsError: there is nothing to choose from; it says what to do.
        """
        if not self.projects:
            raise SettingsError(self._nothing)
        return self.projects[self.choice.value]

    @property
    def form(self) -> Form:
        """Give the chosen project's form; of a file that holds several, the first."""
        return self.chosen.form

    @property
    def profile(self) -> str:
        """Give the profile that the chosen project is scored by."""
        return self.chosen.profile


def at_the_desk(language: Language | None) -> Language:
    """Give the language that is asked for, else that of `perfkit.yaml`, else Chinese."""
    told: Language = "en" if (language or settings().language) == "en" else "zh"
    return told


def _of_workspace(workspace: Path) -> list[Project]:
    """Give the projects of params/, then the forms of forms/ that none of them is named after."""
    params = [
        Project(path.stem, path, is_params=True) for path in _files(workspace / PARAMS) if is_params(path)
    ]
    named = {project.name for project in params}
    forms = [each for each in _files(workspace / FORMS) if each.stem not in named and _is_form(each)]
    return params + [Project(f"{FORMS}/{path.name}", path, is_params=False) for path in forms]


def _of_folder(folder: Path) -> list[Project]:
    if not folder.is_dir():
        error: OSError = NotADirectoryError() if folder.exists() else FileNotFoundError()
        raise SettingsError(Fault(refused(error), shown(folder)))
    return [Project(path.name, path, is_params=False) for path in _files(folder) if _is_form(path)]


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name[0] not in ".~")


def _is_form(path: Path) -> bool:
    known = path.suffix.lower() in DOCUMENTS | PICTURES | SUFFIXES and path.name != SHARED
    return known and not is_params(path)


def _start(names: list[str], after: Picker | None) -> str | None:
    """Give the first name, or the one that follows what another picker shows."""
    if not names:
        return None
    shown_there = after.choice.value if after is not None else None
    return names[(names.index(shown_there) + 1) % len(names)] if shown_there in names else names[0]


def pick(
    language: Language | None = None,
    folder: str | os.PathLike[str] | None = None,
    *,
    after: Picker | None = None,
) -> Picker:
    """Show the projects of the workspace to choose from, or the forms of a folder (Excel, Word, PDF, …).

    With `after`, the list starts at the project that follows what the other picker shows, so that two can
    stand side by side.

    Raises:
        SettingsError: there is no such folder.
    """
    return Picker(language, folder, after)
