"""A rule set as people read it: part by part, each setting with its value, and the source of the part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.language import Language
    from perfkit.profile import Profile

_HEAD = frozenset({"name", "title", "source", "file"})

Part = tuple[str, tuple[tuple[str, str], ...]]


def parts(profile: Profile, language: Language) -> tuple[Part, ...]:
    """Give the parts of a rule set (weights, execution, quantity, …) with their settings as text.

    What a rule set leaves unset is left out; what it is called is on its heading.
    """
    found = {key: value for key, value in profile.to_dict().items() if key not in _HEAD}
    alone = {key: value for key, value in found.items() if not isinstance(value, dict)}
    blocks = {"": alone} | {key: value for key, value in found.items() if isinstance(value, dict)}
    told = ((name, tuple(_settings(block, language))) for name, block in blocks.items())
    return tuple((name, settings) for name, settings in told if settings)


def _settings(block: dict[str, Any], language: Language, before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in block.items():
        if value is None or value in ([], {}, ""):
            continue
        if isinstance(value, dict) and not {"zh", "en"} <= value.keys():
            yield from _settings(value, language, f"{before}{name}.")
        else:
            yield f"{before}{name}", _said(value, language)


def _said(value: Any, language: Language) -> str:
    if isinstance(value, dict):
        return str(value[language]) if language in value else " ".join(map(str, value.values()))
    if isinstance(value, list | tuple):
        return ", ".join(_said(item, language) for item in value)
    return str(value)
