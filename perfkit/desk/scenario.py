"""A scenario kept: the changed form and its params file beside the others, reported on like any project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from perfkit.errors import Fault, SettingsError
from perfkit.files import write_atomic
from perfkit.readers import write_form
from perfkit.workspace import find_workspace, shown

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.form import Form

_NAME = re.compile(r"[\w][\w.\- ]{0,79}")


def keep(
    form: Form, name: str, *, profile: str = "mof-2020", language: str = "zh", force: bool = False
) -> Path:
    """Write a form and its params file into the workspace and give the params file.

    Raises:
        SettingsError: where the name cannot be a file's name, or stands already and `force` is not set.
    """
    if not _NAME.fullmatch(name) or name.endswith((".", " ")):
        raise SettingsError(
            Fault("not a name for a scenario", got=repr(name), expected="letters, digits, '-', '_' and '.'")
        )
    folder = find_workspace() / "params"
    target, params = folder / "forms" / f"{name}.yaml", folder / f"{name}.yaml"
    if not force and (target.exists() or params.exists()):
        raise SettingsError(
            Fault("a project of this name is already there", shown(params), hint="force=True")
        )
    write_form(form, target)
    values = {"form": f"params/forms/{name}.yaml", "profile": profile, "language": language}
    write_atomic(params, yaml.safe_dump(values, allow_unicode=True, sort_keys=False).encode("utf-8"))
    return params
