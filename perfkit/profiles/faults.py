"""What is wrong with a profile file, told fault by fault with its place and the nearest right word."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from pydantic import BaseModel, ValidationError

from perfkit.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from perfkit.profiles.yamlfile import Loaded

UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")
NEAR_ENOUGH = 60

# what pydantic calls a fault → what is wrong, what would be right
FAULTS: Mapping[str, tuple[str, str]] = {
    "literal_error": ("this value is not known", "{expected}"),
    "decimal_parsing": ("this is no figure", "a figure such as 60 or 1.3"),
    "decimal_type": ("this is no figure", "a figure such as 60 or 1.3"),
    "finite_number": ("this is no figure", "a figure such as 60 or 1.3"),
    "int_parsing": ("this is no whole number", "a whole number such as 2"),
    "int_from_float": ("this is no whole number", "a whole number such as 2"),
    "int_type": ("this is no whole number", "a whole number such as 2"),
    "bool_parsing": ("this is neither yes nor no", "true or false"),
    "bool_type": ("this is neither yes nor no", "true or false"),
    "string_type": ("this is no text", "a text"),
    "greater_than_equal": ("this figure is too small", "{ge} or more"),
    "greater_than": ("this figure is too small", "more than {gt}"),
    "less_than_equal": ("this figure is too large", "{le} or less"),
    "dataclass_type": ("a section belongs here", "a mapping, key: value"),
    "model_type": ("a section belongs here", "a mapping, key: value"),
    "dict_type": ("a mapping belongs here", "key: value"),
    "tuple_type": ("a list belongs here", "- an item a line, or [item, item]"),
    "string_pattern_mismatch": ("this is no finding code", "a code such as PK107"),
    "missing": ("a setting is missing", ""),
}


def faults_of(error: ValidationError, chain: Sequence[Loaded], model: type[BaseModel]) -> Iterator[Fault]:
    """Yield a fault for each thing that pydantic refuses, placed in the file that says it."""
    for found in error.errors(include_url=False):
        address = tuple(part for part in found["loc"] if part != "[key]")
        said = _home(address, chain)
        place = said.place(*address) if address else ""
        if found["type"] in UNKNOWN_KEY:
            yield _unknown_key(said, place, address, model)
        else:
            yield _wrong_value(said, place, address, found)


def nearest(word: str, known: Sequence[str]) -> str:
    """Give the known word nearest to a misspelt one, or nothing where none is near."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return str(found[0]) if found else ""


def _unknown_key(said: Loaded, place: str, address: Sequence[str | int], model: type[BaseModel]) -> Fault:
    key, known = str(address[-1]), keys_at(model, address[:-1])
    close = nearest(key, known)
    if not close:  # the key of another section: execution.weight is weights.execution
        elsewhere = {name: f"{top}.{name}" for top in keys_at(model, ()) for name in keys_at(model, (top,))}
        elsewhere |= {top: top for top in keys_at(model, ())}
        close = elsewhere.get(nearest(key, list(elsewhere)), "")
    hint = f"did you mean {close}?" if close else ""
    return Fault("unknown key", said.shown, place, got=key, expected=", ".join(known), hint=hint)


def _wrong_value(said: Loaded, place: str, address: Sequence[str | int], found: Mapping[str, Any]) -> Fault:
    limits = found.get("ctx", {})
    what, expected = FAULTS.get(found["type"], (str(found["msg"]).removeprefix("Value error, "), ""))
    value = found["input"]
    shown = "" if isinstance(value, dict | BaseModel) or is_dataclass(value) else str(value)
    close = nearest(shown, re.findall(r"'([^']*)'", str(limits.get("expected", ""))))
    return Fault(
        what,
        said.shown,
        place,
        got=shown,
        expected=str(address[-1]) if found["type"] == "missing" else expected.format(**limits),
        hint=f"did you mean {close}?" if close else "",
    )


def keys_at(model: type[BaseModel], address: Sequence[str | int]) -> list[str]:
    """Give the keys that may stand at an address of the file."""
    here: Any = model
    for part in address:
        here = _part_type(_hints(here).get(str(part), here) if isinstance(part, str) else here)
    return [*_hints(here), *(["extends"] if here is model else [])]


def _hints(kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: info.annotation for name, info in kind.model_fields.items()}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {part.name: hints[part.name] for part in fields(kind)}
    return {}


def _part_type(kind: Any) -> Any:
    """Look through tuples and unions for the part that a value is made of."""
    if isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, BaseModel)):
        return kind
    return next((part for part in map(_part_type, get_args(kind)) if part is not None), None)


def _home(address: Sequence[str | int], chain: Sequence[Loaded]) -> Loaded:
    """Give the last file of the chain that says something at an address, or its own file."""
    for end in range(len(address), 0, -1):
        for loaded in reversed(chain):
            if tuple(address[:end]) in loaded.lines:
                return loaded
    return chain[-1]
