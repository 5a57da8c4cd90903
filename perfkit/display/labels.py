"""The words of tables and figures in the reader's language, kept apart from code in `data/labels.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfkit.language import Language


@cache
def _words(language: Language) -> Mapping[str, str]:
    """Give every word of one language by its key."""
    text = (files("perfkit.display") / "data" / "labels.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return MappingProxyType({key: both[language] for key, both in yaml.load(text, loader).items()})  # noqa: S506


def label(key: str, language: Language, **values: object) -> str:
    """Say a word or phrase in a language, its places filled; a count `n` picks singular or plural."""
    phrase = _words(language)[key]
    if "|" in phrase and "n" in values:
        one, many = phrase.split("|")
        phrase = one if values["n"] == 1 else many
    return phrase.format(**values) if values else phrase


def has_label(key: str) -> bool:
    """Tell whether there are words for a key."""
    return key in _words("zh")


def listed(items: Iterable[str], language: Language) -> str:
    """Join the members of a list as a language separates them."""
    return ("；" if language == "zh" else "; ").join(items)
