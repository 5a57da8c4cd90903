"""What all projects of a workspace share: `perfkit.yaml`, beside params/.

It may name the profile, the language of pages and documents, the theme and the notebook. A params file goes
before it, and a notebook whose parameter is empty asks for it (`settings`), so that plain papermill gives the
same report as `perfkit report`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from perfkit.errors import Fault, PerfkitError, SettingsError, refused
from perfkit.files import read_written
from perfkit.language import LANGUAGES
from perfkit.readers.document import Document, parse
from perfkit.text import say
from perfkit.workspace import SHARED, find_workspace, is_file, resolve, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from perfkit.language import Text

PROFILE = "mof-2020"
LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class Shared:
    """Hold what `perfkit.yaml` says; "" is what it leaves to others."""

    profile: str = ""
    language: str = ""
    theme: str = ""
    notebook: str = ""
    words: str = ""

    def given(self) -> dict[str, str]:
        """Give the settings that it names."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


def shared(workspace: Path | None = None) -> Shared:
    """Read what the workspace's projects share; nothing where there is no `perfkit.yaml`.

    Raises:
        SettingsError: with every fault of the file.
    """
    path = (workspace or find_workspace()) / SHARED
    try:
        stat = path.stat()
    except OSError:
        return Shared()
    return _read(path, stat.st_mtime_ns, stat.st_size)


def settings(profile: str = "", language: str = "", theme: str = "", workspace: Path | None = None) -> Shared:
    """Give the settings of a notebook: what its parameters name, else `perfkit.yaml`, else perfkit's own."""
    whole = shared(workspace)
    return Shared(
        profile or whole.profile or PROFILE,
        language or whole.language or LANGUAGE,
        theme or whole.theme,
        whole.notebook,
        whole.words,
    )


@lru_cache(maxsize=8)
def _read(path: Path, _modified: int, _size: int) -> Shared:
    file = shown(path)
    try:
        document = parse(read_written(path), file)
    except OSError as error:
        raise SettingsError(Fault(say("settings.unreadable"), file, got=refused(error))) from None
    except PerfkitError as error:
        raise SettingsError(*error.faults) from None
    values = document.data or {}
    if not isinstance(values, dict):
        raise SettingsError(Fault(say("settings.no_mapping"), file, expected="profile: mof-2020"))
    faults = list(_faults(values, document, path.parent))
    if faults:
        raise SettingsError.of(faults)
    return Shared(**{key: str(value) for key, value in values.items() if value is not None})


def _faults(values: Mapping[str, object], document: Document, workspace: Path) -> Iterator[Fault]:
    known = [each.name for each in fields(Shared)]
    for key, value in values.items():
        place = document.place(key)
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = say("settings.did_you_mean", name=near[0]) if near else ""
            yield Fault(
                say("settings.unknown", name=key), document.file, place, expected=", ".join(known), hint=hint
            )
        elif value is not None and not isinstance(value, str):
            yield Fault(say("settings.no_text"), document.file, place, got=repr(value))
        elif key == "language" and value and value not in LANGUAGES:
            expected = say("settings.zh_or_en")
            yield Fault(say("settings.language"), document.file, place, got=repr(value), expected=expected)
        elif key in {"theme", "notebook", "words"} and value and not is_file(resolve(str(value), workspace)):
            hint = paths_start(workspace)
            yield Fault(say(f"settings.no_{key}"), document.file, place, got=str(value), hint=hint)
        elif key == "profile" and value:
            yield from profile_faults(str(value), workspace, document)


def paths_start(workspace: Path) -> Text:
    """Say where the paths of a settings file start."""
    here = shown(workspace)
    return say("settings.paths_start", folder=say("settings.this_folder") if here == "." else here)


def profile_faults(name: str, workspace: Path, document: Document) -> Iterator[Fault]:
    """Yield what is wrong with the profile that a file names, with the place where it is named."""
    from dataclasses import replace

    from perfkit.profiles import load_profile

    own = resolve(name, workspace)
    try:
        load_profile(str(own) if is_file(own) else name)
    except PerfkitError as error:
        for fault in error.faults:
            file, place = fault.file or document.file, fault.place or document.place("profile")
            yield replace(fault, file=file, place=place)
