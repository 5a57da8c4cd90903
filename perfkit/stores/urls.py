"""Places given as URLs: which they are, and what they are made of."""

from __future__ import annotations

import os
import re
from pathlib import Path

from perfkit.errors import Fault, SettingsError

Place = str | os.PathLike[str]

SCHEME = "[A-Za-z][A-Za-z0-9+.-]+"  # of two letters at least: a single one is a drive of Windows
URL = re.compile(rf"({SCHEME}(?:::{SCHEME})*)://?(.*)", re.DOTALL)
HERE = ("file", "local")


def is_url(place: Place) -> bool:
    """Tell whether a place is given as a URL; pathlib makes one slash of two."""
    text = str(place)
    return bool(URL.match(text)) and ("://" in text or isinstance(place, Path))


def is_remote(place: Place) -> bool:
    """Tell whether a place is a URL that is not this machine's disk."""
    return is_url(place) and parts_of(place)[0] not in HERE


def parts_of(url: Place) -> tuple[str, str]:
    """Give the scheme of a URL, and the rest.

    Raises:
        SettingsError: it is none.
    """
    match = URL.match(str(url))
    if match is None:
        raise SettingsError(Fault("not a URL", str(url)))
    return match[1].lower(), match[2]
