"""Scenarios kept: a changed form under a name, beside the projects and never among them.

A scenario is a params file in `scenarios/` with its form in `scenarios/forms/`: a snapshot that is scored,
compared and, where somebody asks for it (`perfkit report scenarios/NAME.yaml`), reported on like a project.
It does not stand in `params/`, since a department's summary counts what lies there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from perfkit.desk.compare import compare
from perfkit.display.frames import named
from perfkit.errors import Fault, PerfkitError, SettingsError
from perfkit.files import write_atomic
from perfkit.params import is_params, load_params
from perfkit.readers import read, write_form
from perfkit.scoring import Scorecard, score
from perfkit.shared import settings
from perfkit.text import say
from perfkit.workspace import find_workspace, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from perfkit.form import Form
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
