"""What is wrong with a profile file, told fault by fault with its place and the nearest right word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from perfkit.errors import Fault
from perfkit.profiles.yamlfile import Loaded


def faults_of(error: ValidationError, chain: Sequence[Loaded], model: type[BaseModel]) -> Iterator[Fault]:
    """Yield a fault for each thing that pydantic refuses, placed in the file that says it."""
    for found in error.errors(include_url=False):
        address = tuple(found["loc"])
        said = _home(address, chain)
        unknown = found["type"] in ("extra_forbidden", "unexpected_keyword_argument")
        close = nearest(str(address[-1]), keys_at(model, address[:-1])) if unknown else ""
        yield Fault(
            "unknown key" if unknown else _what(found),
            str(said.path),
            said.place(*address) if address else "",
            got=str(address[-1]) if unknown else _got(found),
            expected=", ".join(keys_at(model, address[:-1])) if unknown else _expected(found),
            hint=f"did you mean {close}?" if close else "",
        )


def nearest(word: str, known: Sequence[str]) -> str:
    """Give the known word nearest to a misspelt one, or nothing where none is near."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=55)
    return str(found[0]) if found else ""


def keys_at(model: Any, address: Sequence[str | int]) -> list[str]:
    """Give the keys that may stand at an address of the file."""
    here = model
    for part in address:
        here = _part_type(_hints(here).get(str(part), here) if isinstance(part, str) else here)
    return list(_hints(here)) + (["extends"] if here is model else [])


def _hints(kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: info.annotation for name, info in kind.model_fields.items()}
    if is_dataclass(kind):
        from typing import get_type_hints

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


def _what(found: Any) -> str:
    if found["type"] == "missing":
        return "a setting is missing"
    return str(found["msg"]).removeprefix("Value error, ")


def _got(found: Any) -> str:
    value = found["input"]
    return "" if isinstance(value, dict | BaseModel) or is_dataclass(value) else str(value)


def _expected(found: Any) -> str:
    limits = found.get("ctx", {})
    return str(limits.get("expected") or "")
