"""Values as JSON and back: between processes that need not trust each other, and in what is kept on disk.

What crosses is data: plain values, Decimals, dates, bytes, and dataclasses, enums and errors *of perfkit's
own*, by name. A message can name no other class and call no function, which is what a pickle could do.
"""

from __future__ import annotations

import base64
import dataclasses
import enum
import json
import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from typing import Any

from perfkit.errors import PerfkitError
from perfkit.language import Text

_PACKAGE = "perfkit"
_SEQUENCES = {"tuple": tuple, "set": set, "frozenset": frozenset}
_TEXTS = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "bytes": base64.b64decode,
    "int": lambda digits: int(digits, 16),
}
_MANY_BITS = 10_000


def dumps(value: Any) -> bytes:
    """Give a value as one line of JSON.

    Raises:
        TypeError: it holds something that is neither plain nor perfkit's own.
    """
    return json.dumps(_plain(value)).encode("ascii")


def loads(data: bytes) -> Any:
    """Give the value that a line of JSON stands for.

    Raises:
        ValueError: it is no JSON, or names a class that is not perfkit's.
    """
    return _value(json.loads(data))


def _plain(value: Any) -> Any:  # one line for each kind of value
    if value is None or type(value) in (bool, str, float):
        return value
    if type(value) is int:
        return value if value.bit_length() < _MANY_BITS else ["int", hex(value)]
    if type(value) is dict:
        return ["dict", *([_plain(key), _plain(item)] for key, item in value.items())]
    if type(value) is list:
        return ["list", *map(_plain, value)]
    if type(value).__name__ in _SEQUENCES and type(value) is _SEQUENCES[type(value).__name__]:
        return [type(value).__name__, *map(_plain, value)]
    return _own(value)


def _own(value: Any) -> Any:  # noqa: PLR0911  # as above
    kind = Text if isinstance(value, Text) else type(value)  # a phrase goes as it is told
    if dataclasses.is_dataclass(kind):
        held = [[each.name, _plain(getattr(value, each.name))] for each in dataclasses.fields(kind)]
        return ["object", _name(kind), *held]
    if isinstance(value, PerfkitError):
        return ["error", _name(kind), *map(_plain, value.args)]
    if isinstance(value, enum.Enum):
        return ["enum", _name(kind), value.name]
    if isinstance(value, Decimal):
        return ["decimal", str(value)]
    if isinstance(value, bytes | bytearray):
        return ["bytes", base64.b64encode(value).decode("ascii")]
    if isinstance(value, datetime | date | time):
        return [type(value).__name__, value.isoformat()]
    if isinstance(value, Mapping):
        return _plain(dict(value))
    for plain in (str, int, float, list, tuple):
        if isinstance(value, plain):  # of a class of its own, such as a str with a colour
            return _plain(plain(value))  # type: ignore[arg-type]
    raise TypeError(f"{kind.__qualname__} cannot go to another process")


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _value(plain: Any) -> Any:
    if not isinstance(plain, list):
        return plain
    tag, *rest = plain
    if tag == "list":
        return [_value(item) for item in rest]
    if tag == "dict":
        return {_value(key): _value(item) for key, item in rest}
    if tag in _SEQUENCES:
        return _SEQUENCES[tag](_value(item) for item in rest)
    if tag in _TEXTS:
        return _TEXTS[tag](rest[0])  # type: ignore[operator]
    return _made(tag, _class(rest[0]), rest[1:])


def _made(tag: str, kind: Any, rest: list[Any]) -> Any:
    if tag == "error" and issubclass(kind, PerfkitError):
        return kind(*map(_value, rest))
    if tag == "enum" and issubclass(kind, enum.Enum):
        return kind[rest[0]]
    if tag == "object" and hasattr(kind, "__dataclass_fields__"):
        made = object.__new__(kind)  # as it was: what a constructor does has been done
        for name, item in rest:
            if name not in kind.__dataclass_fields__:
                raise ValueError(f"{kind.__qualname__} has no field {name}")
            object.__setattr__(made, name, _value(item))
        return made
    raise ValueError(f"a message holds a {kind.__qualname__} as {tag}")


def _class(name: str) -> type:
    """Find a class of perfkit's; of another package (tests) only where it is loaded already."""
    module, _, path = name.partition(":")
    if module.partition(".")[0] == _PACKAGE:
        found: Any = import_module(module)
    elif (found := sys.modules.get(module)) is None:
        raise ValueError(f"a message names {name}")
    for part in path.split("."):
        found = getattr(found, part)
    if not isinstance(found, type):
        raise ValueError(f"a message names {name}, which is no class")  # noqa: TRY004
    return found
