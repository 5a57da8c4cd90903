"""What is on the desk: a project of the workspace or a folder, or a scenario kept beside the projects.

A scenario is a params file in `scenarios/` with its form in `scenarios/forms/`: a snapshot that is scored,
compared and, where somebody asks for it (`perfkit report scenarios/NAME.yaml`), reported on like a project.
It does not stand in `params/`, since a department's summary counts what lies there.

A workspace offers its projects (`params/`) and the forms that lie in `forms/` and were not imported yet; so
the list is never empty where there is anything to look at, and where there is nothing it says what to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import yaml

from perfkit.desk.whatif import compare
from perfkit.display.frames import named
from perfkit.errors import Fault, PerfkitError, SettingsError, need, refused
from perfkit.files import write_atomic
from perfkit.form import Form
from perfkit.params import is_params, load_params, settings
from perfkit.readers import read, read_all, write_form
from perfkit.readers.structured import DOCUMENTS, PICTURES, SUFFIXES
from perfkit.scoring import Scorecard, score
from perfkit.text import choose, say
from perfkit.workspace import PARAMS, SHARED, find_workspace, resolve, shown

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from perfkit.language import Language


FOLDER = "scenarios"
_COMPARED = ("target", "actual", "score")
_NAME = re.compile(r'[^\s.~<>:"/\\|?*][^<>:"/\\|?*]{0,79}(?<![. ])')
_OF_WINDOWS = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # no file can be called so there


@dataclass(frozen=True)
class Scenario:
    """Hold a scenario that was kept: its `name` and its params file; it is read when it is looked at."""

    name: str
    path: Path

    @cached_property
    def form(self) -> Form:
        """Read the form as it was kept."""
        return read(load_params(self.path).form)

    @cached_property
    def card(self) -> Scorecard:
        """Score it by the profile that it was kept with."""
        return score(self.form, load_params(self.path).profile)


def keep(form: Form, name: str, *, profile: str = "", language: str = "", force: bool = False) -> Path:
    """Write a form and its params file into the workspace's `scenarios/` and give the params file.

    Profile and language are those of `perfkit.yaml` unless named.

    Raises:
        SettingsError: where the name cannot be a file's name, or stands already and `force` is not set.
    """
    need("form", Form, form)
    if not _NAME.fullmatch(name) or not name.isprintable() or _OF_WINDOWS.fullmatch(name):
        raise SettingsError(
            Fault(say("faults.not_name_for_scenario"), got=repr(name), expected=say("faults.letters_digits"))
        )
    folder = find_workspace() / FOLDER
    target, params = folder / "forms" / f"{name}.yaml", folder / f"{name}.yaml"
    if not force and (target.exists() or params.exists()):
        raise SettingsError(Fault(say("faults.scenario_already_there"), shown(params), hint="force=True"))
    write_form(form, target)
    common = settings(profile, language)
    values = {
        "form": f"{FOLDER}/forms/{name}.yaml",
        "profile": common.profile,
        "language": common.language,
    }
    write_atomic(params, yaml.safe_dump(values, allow_unicode=True, sort_keys=False).encode("utf-8"))
    return params


def kept() -> list[Scenario]:
    """Give the workspace's scenarios by name; none is read yet."""
    files = sorted((find_workspace() / FOLDER).glob("*.yaml"))
    return [Scenario(path.stem, path) for path in files if is_params(path)]


def kept_of(form: Form) -> Iterator[Scenario]:
    """Yield the scenarios of a form's project and year; one that cannot be read any more is left out."""
    for scenario in kept():
        try:
            other = scenario.form
        except PerfkitError:
            continue
        if (other.project, other.year, other.unit) == (form.project, form.year, form.unit):
            yield scenario


def scenario(name: str) -> Scenario:
    """Give a scenario by its name; `scenario(name).card` is its scorecard.

    Raises:
        SettingsError: no scenario was kept under this name.
    """
    known = {each.name: each for each in kept()}
    if name not in known:
        expected = ", ".join(known) or say("desk.no_scenarios")
        raise SettingsError(Fault(say("faults.no_such_scenario"), got=repr(name), expected=expected))
    return known[name]


def scenarios(language: Language | None = None) -> pd.DataFrame:
    """List the scenarios that were kept, each as it is scored now.

    One row each: `scenario` (its name), `project`, `year`, `profile`, `score` (points), `grade` and `kept`
    (when); what cannot be read any more has its name alone. With a `language` the columns are named in it.
    """
    import pandas as pd

    columns = ["scenario", "project", "year", "profile", "score", "grade", "kept"]
    frame = pd.DataFrame([_row(each) for each in kept()], columns=columns, dtype=object)
    return frame if language is None else named(frame, language)


def _row(scenario: Scenario) -> dict[str, object]:
    when = datetime.fromtimestamp(scenario.path.stat().st_mtime).astimezone()
    told: dict[str, object] = {"scenario": scenario.name, "kept": f"{when:%Y-%m-%d %H:%M}"}
    try:
        form, card = scenario.form, scenario.card
    except PerfkitError:
        return told
    return told | {
        "project": form.project,
        "year": form.year,
        "profile": card.profile.name,
        "score": card.total.score,
        "grade": card.total.grade,
    }


def differences(one: Scorecard, two: Scorecard) -> list[dict[str, Any]]:
    """Give the rows of `compare` in which two scorecards differ: in target, actual or score."""
    import pandas as pd

    records = compare(one, two).to_dict("records")
    rows = [{str(key): None if pd.isna(value) else value for key, value in row.items()} for row in records]
    return [row for row in rows if any(row[f"{name}_1"] != row[f"{name}_2"] for name in _COMPARED)]


# which project is on the desk: a dropdown of what the workspace, or a folder, holds


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
