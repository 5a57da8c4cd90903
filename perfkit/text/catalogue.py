"""The one catalogue of the words that perfkit says to a person, in Chinese and in English.

The files of `words/` all have one shape, `key: {zh: …, en: …}`; the file's name stands before the key
(`say("index.title")`). `{name}` in a phrase is a value given to `say`; in English `one|many` is picked by
the count `{n}`. A `Text` is made of them at once and each language only when somebody reads it, so that a
sentence that nobody looks at costs nothing. Readers note where a cell stood in codes (`page 3, row 2`),
which `place_in` puts into the reader's language (第3页第2行).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from perfkit.language import Text
from perfkit.text.folding import one_line, own_yaml

Entry = Mapping[str, str]


class Said(Text):
    """Hold a key of the catalogue with its values; `zh` and `en` are told when they are asked for."""

    __slots__ = ("_key", "_values")

    _key: str
    _values: dict[str, Any]

    def __init__(self, key: str, values: dict[str, Any]) -> None:
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "_values", values)

    @property
    def zh(self) -> str:
        """Tell it in Chinese."""
        return choose(self._key, "zh", **self._values)

    @property
    def en(self) -> str:
        """Tell it in English."""
        return choose(self._key, "en", **self._values)

    @property
    def key(self) -> str:
        """Give the key that the phrase stands under."""
        return self._key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.zh, self.en) == (other.zh, other.en)

    def __hash__(self) -> int:
        return hash((self.zh, self.en))

    def __repr__(self) -> str:
        return f"Text(zh={self.zh!r}, en={self.en!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Said, (self._key, self._values))


def say(key: str, /, **values: Any) -> Text:
    """Say a phrase of the catalogue in both languages; raises KeyError at once for an unknown key.

    A value that is itself a `Text` stands in the language of the phrase.
    """
    entry(key)
    return Said(key, values)


def choose(key: str, language: str, /, **values: Any) -> str:
    """Say a phrase in one language."""
    phrase = entry(key)[language]
    if "n" in values and "|" in phrase:
        one, many = phrase.split("|")
        phrase = one if values["n"] == 1 else many
    if not values:
        return phrase
    said = {name: value[language] if isinstance(value, Text) else value for name, value in values.items()}
    return phrase.format_map(said)


def listed(items: Iterable[str | Text]) -> Text:
    """Join the members of a list as each language separates them."""
    members = list(items)
    return Text(
        "；".join(item["zh"] if isinstance(item, Text) else item for item in members),
        "; ".join(item["en"] if isinstance(item, Text) else item for item in members),
    )


def quoted(text: str) -> Text:
    """Quote a text of the user's on one line, in the marks of each language."""
    line = one_line(text)
    return Text(f"“{line}”", f"“{line}”")


def entry(key: str) -> Entry:
    """Give a phrase in both languages by its key, `file.key`."""
    part, _, name = key.partition(".")
    return words(part)[name]


def words(part: str) -> Mapping[str, Entry]:
    """Give all phrases of one file of `words/` by their keys within it."""
    try:
        return _read(part)
    except FileNotFoundError:
        raise KeyError(part) from None


@cache
def in_language(part: str, language: str) -> Mapping[str, str]:
    """Give one language of a file, for a page that takes all its words from it."""
    return MappingProxyType({key: both[language] for key, both in words(part).items()})


@cache
def _read(part: str) -> Mapping[str, Entry]:
    text = files("perfkit.text").joinpath("words", f"{part}.yaml").read_text(encoding="utf-8")
    found: dict[str, Entry] = own_yaml(text)
    return MappingProxyType(found)


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted((key.replace("_", " ") for key in words("places")), key=len, reverse=True)
    return re.compile(rf"(, )?\b({'|'.join(names)}) (\d(?:[\d,]*\d)?)(, |: )?")


def place_in(place: str, language: str) -> str:
    """Tell a place in a language; what is no such word, a sheet's name or a cell's, stays as it is."""
    if language != "zh":
        return place
    return _pattern().sub(_told, place)


def place_text(place: str) -> Text:
    """Tell a place in both languages."""
    return Text(place_in(place, "zh"), place)


def _told(found: re.Match[str]) -> str:
    before, name, number, after = found.groups()
    told = choose(f"places.{name.replace(' ', '_')}", "zh", number=number)
    return f"{'，' if before else ''}{told}{'：' if after == ': ' else ''}"
