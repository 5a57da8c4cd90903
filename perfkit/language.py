"""The two languages perfkit speaks, and a text that exists in both.

Whatever perfkit says to a reader (an explanation, a finding, a heading) is made in Chinese and in
English at once, from the same data, so that the two can never tell different stories.

Messages speak the reader's language (`spoken`): what `speak` was told (`--language`), else the variable
`PERFKIT_LANGUAGE`, else `perfkit.yaml`, else the system's. Pages and documents never ask for it: theirs is
that of the params file.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from perfkit.workspace import SHARED, find_workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """Hold one statement in Chinese (`zh`) and in English (`en`); `text["zh"]` picks one."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        if language not in LANGUAGES:
            raise KeyError(language)  # Python asks for 0, 1 and so on to look through what has no iterator
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.zh

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


VARIABLE = "PERFKIT_LANGUAGE"
_SHARED = re.compile(r"""^language:[ \t]*["']?(zh|en)\b""", re.MULTILINE)
_CHINESE_ON_WINDOWS = 0x04  # the primary language identifier of every Chinese display language
_PRIMARY = 0x3FF
_told: list[Language] = []


def speak(language: Language | None) -> None:
    """Tell messages in a language from now on, in this process; None asks the environment again."""
    _told[:] = [] if language is None else [language]


def spoken() -> Language:
    """Give the language of messages to the person at this machine."""
    if _told:
        return _told[0]
    wanted = os.environ.get(VARIABLE, "").strip().lower()[:2]
    return _known(wanted) or _of_workspace() or system_language()


def _known(language: str) -> Language | None:
    return next((each for each in LANGUAGES if each == language), None)


def _of_workspace() -> Language | None:
    """Give the language that `perfkit.yaml` names; one that cannot be read is told by who needs the rest."""
    try:
        found = _SHARED.search((find_workspace() / SHARED).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None
    return _known(found[1]) if found else None


def system_language(environ: Mapping[str, str] | None = None) -> Language:
    """Give the system's language: of Windows the user's display language, elsewhere that of the locale."""
    if environ is None and sys.platform == "win32":
        import ctypes

        shown = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return "zh" if shown & _PRIMARY == _CHINESE_ON_WINDOWS else "en"
    variables = os.environ if environ is None else environ
    locale = next(filter(None, (variables.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if locale.split(".")[0] not in ("", "C", "POSIX") and variables.get("LANGUAGE"):
        locale = variables["LANGUAGE"].split(":")[0]
    return "zh" if locale.lower().startswith("zh") else "en"
