"""What a roll-up says, in Chinese and in English, from the phrases of `words.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from perfkit.language import LANGUAGES, Text
from perfkit.scoring.telling import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@cache
def words() -> dict[str, Any]:
    """Give the vocabulary of the room."""
    text = files("perfkit.rollup").joinpath("words.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def tell(key: str, **facts: object) -> Text:
    """Give a phrase with its facts; a fact that is a `Text` stands in the phrase's language."""
    phrase = words()["phrases"][key]
    zh, en = (
        phrase[language].format(
            **{name: fact[language] if isinstance(fact, Text) else fact for name, fact in facts.items()}
        )
        for language in LANGUAGES
    )
    return Text(zh, en)


def joined(key: str, told: Sequence[Text]) -> Text:
    """Join statements by the joint that a phrase is."""
    joint = words()["phrases"][key]
    return Text(joint["zh"].join(text.zh for text in told), joint["en"].join(text.en for text in told))


def parts(printed: Iterable[tuple[str, str | None]]) -> list[Text]:
    """Give each unit's name with what it prints."""
    return [
        tell("_part", unit=short(unit), text=tell("_blank") if text is None else short(text))
        for unit, text in printed
    ]


def listed(printed: Iterable[tuple[str, str | None]]) -> Text:
    """Give what each unit prints, side by side."""
    return joined("_list", parts(printed))


def named(units: Iterable[str]) -> str:
    """Give the names of units in a row."""
    return "、".join(map(short, units))
