"""A YAML file with Decimals instead of floats, and the line on which each key stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from perfkit.errors import Fault, SettingsError

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a build of PyYAML without the C library
    from yaml import SafeLoader  # type: ignore[assignment]

Address = tuple[str | int, ...]


class _Loader(SafeLoader):
    """Load plain data only, numbers with a point as Decimals."""


def _decimal(loader: Any, node: yaml.ScalarNode) -> Decimal | str:
    text = str(loader.construct_scalar(node)).replace("_", "")
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Hold the data of one file and the line of each key in it."""

    path: Path
    data: dict[str, Any]
    lines: dict[Address, int] = field(default_factory=dict)

    def place(self, *address: str | int) -> str:
        """Say where an address stands: `line 7: execution.rate`; the nearest line above, where it is new."""
        dotted = ".".join(str(part) for part in address)
        line = next(
            (self.lines[address[:end]] for end in range(len(address), 0, -1) if address[:end] in self.lines),
            None,
        )
        return f"line {line}: {dotted}" if line else dotted


def load_yaml(path: Path) -> Loaded:
    """Read a YAML file that holds a mapping.

    Raises:
        SettingsError: the file cannot be read, is no YAML, holds no mapping, or names a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            data = loader.construct_document(node) if node else None
        finally:
            loader.dispose()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(Fault("the profile cannot be read", str(path), hint=str(error))) from None
    except yaml.YAMLError as error:
        raise SettingsError(_no_yaml(path, error)) from None
    if not isinstance(data, dict):
        raise SettingsError(
            Fault(
                "a profile is a mapping of settings",
                str(path),
                got=type(data).__name__,
                expected="key: value",
            )
        )
    lines: dict[Address, int] = {}
    twice = list(_walk(node, (), lines, path))
    if twice:
        raise SettingsError.of(twice)
    return Loaded(path, {str(key): value for key, value in data.items()}, lines)


def _no_yaml(path: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return Fault(
        "this is not valid YAML", str(path), place, hint=str(getattr(error, "problem", None) or error)
    )


def _walk(node: yaml.Node | None, at: Address, lines: dict[Address, int], path: Path) -> Iterator[Fault]:
    """Note the line of every key and item, and yield a fault for each key that stands twice."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*at, str(key.value))
            line = key.start_mark.line + 1
            if here in lines:
                yield Fault(
                    "this key stands twice",
                    str(path),
                    f"line {line}",
                    got=str(key.value),
                    hint=f"it stands on line {lines[here]} too",
                )
            lines[here] = line
            yield from _walk(value, here, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*at, index)] = value.start_mark.line + 1
            yield from _walk(value, (*at, index), lines, path)
