"""Where a report comes from: the form file and its hash, the rules, the software, the time."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit import __version__
from perfkit.display.views import label
from perfkit.text.figures import moment
from perfkit.workspace import find_workspace

if TYPE_CHECKING:
    from perfkit.language import Language
    from perfkit.scoring import Scorecard

_SOFTWARE = ("matplotlib", "pandas", "typst")


def facts(card: Scorecard, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give each fact by its label, with one value or several."""
    source, profile = card.form.source, card.profile
    told = {
        "form_file": (relative(source.file),),
        "sha256": (source.sha256,),
        "rules": (profile.name, profile.title[language], profile.source[language]),
        "versions": (", ".join(versions()),),
        "made": (moment(made()),),
    }
    return tuple((label(key, language), tuple(filter(None, values)) or ("",)) for key, values in told.items())


def relative(file: str) -> str:
    """Give a path as seen from the workspace, or its name alone: no path of the machine leaves it."""
    path = Path(file)
    if not path.is_absolute():
        return file
    here = find_workspace()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.name


@cache
def versions() -> tuple[str, ...]:
    """Give the versions of what made the report."""
    return (
        f"perfkit {__version__}",
        *filter(None, map(_version, _SOFTWARE)),
        f"Python {platform.python_version()}",
    )


def _version(package: str) -> str | None:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return None


def made() -> datetime:
    """Give the time of making, local; SOURCE_DATE_EPOCH where it is set, so that a page can be made again."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now().astimezone()
