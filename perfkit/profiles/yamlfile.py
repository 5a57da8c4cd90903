"""A YAML file with Decimals instead of floats, and the line on which each key stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from perfkit.errors import Fault, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a build of PyYAML without the C library
    from yaml import SafeLoader  # type: ignore[assignment]

HOME = Path(__file__).parent
Address = tuple[str | int, ...]


class Key(NamedTuple):
    """Tell one state of one file from every other."""

    path: Path
    changed: int
    size: int


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

    key: Key
    data: dict[str, Any]
    lines: dict[Address, int] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Give the file's full path."""
        return self.key.path

    @property
    def name(self) -> str:
        """Give the name of the profile: that of its file."""
        return self.path.stem

    @property
    def shown(self) -> str:
        """Give the file as a message names it."""
        return shown(self.path)

    def place(self, *address: str | int) -> str:
        """Say where an address stands: `line 7: execution.rate`; the nearest line above, where it is new."""
        dotted = ".".join(str(part) for part in address)
        line = next(
            (self.lines[address[:end]] for end in range(len(address), 0, -1) if address[:end] in self.lines),
            None,
        )
        return f"line {line}: {dotted}" if line else dotted


def shown(path: Path) -> str:
    """Give a file as a message names it: short for a shipped one and under the current folder."""
    if path.parent == HOME:
        return path.name
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def load_yaml(path: Path) -> Loaded:
    """Read a YAML file that holds a mapping; a file is read again when it has changed.

    Raises:
        SettingsError: the file cannot be read, is no YAML, holds no mapping, or names a key twice or
            without a value.
    """
    full = path.resolve()
    try:
        state = full.stat()
        return _load(Key(full, state.st_mtime_ns, state.st_size))
    except OSError as error:
        raise SettingsError(Fault("the profile cannot be read", str(path), hint=str(error))) from None


@lru_cache(maxsize=64)
def _load(key: Key) -> Loaded:
    try:
        loader = _Loader(key.path.read_text(encoding="utf-8-sig"))
        try:
            node = loader.get_single_node()
            data = loader.construct_document(node) if node else None
        finally:
            loader.dispose()
    except UnicodeDecodeError:
        raise SettingsError(
            Fault("the profile is no UTF-8 text", shown(key.path), hint="save it as UTF-8")
        ) from None
    except yaml.YAMLError as error:
        raise SettingsError(_no_yaml(key.path, error)) from None
    if not isinstance(data, dict):
        got = "nothing" if data is None else type(data).__name__
        raise SettingsError(
            Fault("a profile is a mapping of settings", shown(key.path), got=got, expected="key: value")
        )
    lines: dict[Address, int] = {}
    faults = list(_walk(node, (), lines, key.path))
    if faults:
        raise SettingsError.of(faults)
    return Loaded(key, {str(name): value for name, value in data.items()}, lines)


def _no_yaml(path: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return Fault(
        "this is not valid YAML", shown(path), place, hint=str(getattr(error, "problem", None) or error)
    )


def _walk(node: yaml.Node | None, at: Address, lines: dict[Address, int], path: Path) -> Iterator[Fault]:
    """Note the line of every key and item, and yield a fault for each key that cannot be meant."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here, line = (*at, str(key.value)), key.start_mark.line + 1
            if here in lines:
                hint = f"it stands on line {lines[here]} too"
                yield Fault("this key stands twice", shown(path), f"line {line}", str(key.value), hint=hint)
            if node.flow_style and value.start_mark.index == value.end_mark.index:
                hint = 'a text that holds a comma needs quotes inside { }: "…, …"'
                yield Fault("a key without a value", shown(path), f"line {line}", str(key.value), hint=hint)
            lines[here] = line
            yield from _walk(value, here, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*at, index)] = value.start_mark.line + 1
            yield from _walk(value, (*at, index), lines, path)
