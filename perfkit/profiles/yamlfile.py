"""A YAML file with Decimals instead of floats, the line on which each key stands, and what is wrong with it.

Faults are told one by one, each with its place and the nearest right word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_type_hints

import yaml
from pydantic import BaseModel, ValidationError

from perfkit.errors import Fault, SettingsError, kind_of, misread, refused, theirs
from perfkit.files import plain_yaml, read_written
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a build of PyYAML without the C library
    from yaml import SafeLoader  # type: ignore[assignment]

HOME = Path(__file__).parent
Address = tuple[str | int, ...]
WHOLE = ("title", "source")  # what a file gives stands whole, not merged key by key with the base's


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
        raise SettingsError(Fault(say("faults.profile_cannot_read"), str(path), got=refused(error))) from None


@lru_cache(maxsize=64)
def _load(key: Key) -> Loaded:
    try:
        loader = _Loader(plain_yaml(read_written(key.path).decode("utf-8-sig")))
        try:
            node = loader.get_single_node()
            data = loader.construct_document(node) if node else None
        finally:
            loader.dispose()
    except UnicodeDecodeError:
        raise SettingsError(
            Fault(say("faults.profile_no_utf_n8"), shown(key.path), hint=say("faults.save_utf_n8"))
        ) from None
    except yaml.YAMLError as error:
        raise SettingsError(_no_yaml(key.path, error)) from None
    except (ValueError, OverflowError) as error:  # such as the 45th of a month
        raise SettingsError(
            Fault(say("faults.value_profile_cannot_read"), shown(key.path), got=theirs(str(error)))
        ) from None
    if not isinstance(data, dict):
        got = kind_of(data)
        raise SettingsError(
            Fault(say("faults.profile_mapping_settings"), shown(key.path), got=got, expected="key: value")
        )
    lines: dict[Address, int] = {}
    faults = list(_walk(node, (), lines, key.path))
    if faults:
        raise SettingsError.of(faults)
    return Loaded(key, *_spelled_out({str(name): value for name, value in data.items()}, lines))


def _spelled_out(
    data: dict[str, Any], lines: dict[Address, int]
) -> tuple[dict[str, Any], dict[Address, int]]:
    """Let a bare list of grades stand for the bands of its section, on the lines where it stands."""
    if not isinstance(data.get("grades"), list):
        return data, lines
    bands = {("grades", "bands", *at[1:]): line for at, line in lines.items() if at[0] == "grades"}
    return data | {"grades": {"bands": data["grades"]}}, lines | bands


def _no_yaml(path: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    told = getattr(error, "told", None) or misread(None, getattr(error, "problem", None) or str(error))
    return Fault(say("faults.not_valid_yaml"), shown(path), place, hint=told)


def _walk(node: yaml.Node | None, at: Address, lines: dict[Address, int], path: Path) -> Iterator[Fault]:
    """Note the line of every key and item, and yield a fault for each key that cannot be meant."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here, line = (*at, str(key.value)), key.start_mark.line + 1
            if here in lines:
                hint = say("faults.stands_on_line_too", value=lines[here])
                yield Fault(
                    say("faults.key_stands_twice"),
                    shown(path),
                    say("faults.line", line=line),
                    str(key.value),
                    hint=hint,
                )
            if node.flow_style and value.start_mark.index == value.end_mark.index:
                hint = say("faults.text_holds_comma_needs")
                yield Fault(
                    say("faults.key_without_value"),
                    shown(path),
                    say("faults.line", line=line),
                    str(key.value),
                    hint=hint,
                )
            lines[here] = line
            yield from _walk(value, here, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*at, index)] = value.start_mark.line + 1
            yield from _walk(value, (*at, index), lines, path)


UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")
NEAR_ENOUGH = 60

# what pydantic calls a fault → what is wrong, what would be right, by their keys in `expected.yaml`
FAULTS: Mapping[str, tuple[str, str]] = {
    "literal_error": ("unknown", "allowed"),
    "decimal_parsing": ("no_figure", "figure"),
    "decimal_type": ("no_figure", "figure"),
    "finite_number": ("no_figure", "figure"),
    "int_parsing": ("no_whole", "whole"),
    "int_from_float": ("no_whole", "whole"),
    "int_type": ("no_whole", "whole"),
    "bool_parsing": ("no_truth", "true_false"),
    "bool_type": ("no_truth", "true_false"),
    "string_type": ("not_text", "text"),
    "greater_than_equal": ("too_small", "or_more"),
    "greater_than": ("too_small", "more_than"),
    "less_than_equal": ("too_large", "or_less"),
    "dataclass_type": ("section", "key_value"),
    "model_type": ("section", "key_value"),
    "dict_type": ("no_mapping", "key_value"),
    "tuple_type": ("no_list", "items"),
    "string_pattern_mismatch": ("no_code", "code"),
    "missing": ("missing", ""),
}


def faults_of(error: ValidationError, chain: Sequence[Loaded], model: type[BaseModel]) -> Iterator[Fault]:
    """Yield a fault for each thing that pydantic refuses, placed in the file that says it."""
    told = set()
    for found in error.errors(include_url=False):
        address = tuple(part for part in found["loc"] if part != "[key]")
        said, address = _home(address, chain)
        if (said.path, address, found["type"]) in told:  # the source of a file, in each section that it sets
            continue
        told.add((said.path, address, found["type"]))
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
    hint = say("faults.did_you_mean_2", close=close) if close else ""
    return Fault(say("faults.unknown_key"), said.shown, place, got=key, expected=", ".join(known), hint=hint)


def _wrong_value(said: Loaded, place: str, address: Sequence[str | int], found: Mapping[str, Any]) -> Fault:
    limits = found.get("ctx", {})
    what, expected = FAULTS.get(found["type"], ("", ""))
    value = found["input"]
    shown = "" if isinstance(value, dict | BaseModel) or is_dataclass(value) else str(value)
    allowed = re.findall(r"'([^']*)'", str(limits.get("expected", "")))
    close = nearest(shown, allowed)
    limits = limits | {"expected": ", ".join(allowed)}
    ours = getattr(limits.get("error"), "args", None) or (theirs(found["msg"]),)
    return Fault(
        say(f"expected.{what}") if what else ours[0],
        said.shown,
        place,
        got=shown,
        expected=say(f"expected.{expected}", **limits) if expected else str(address[-1]) if what else "",
        hint=say("faults.did_you_mean_2", close=close) if close else "",
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


def _home(address: Address, chain: Sequence[Loaded]) -> tuple[Loaded, Address]:
    """Give the last file of the chain that sets what stands at an address, and the address in that file.

    Files are merged section by section, key by key: a key's value is that of the last file that has it, a
    section's source that of the last file that has the section.
    """
    top = str(address[0]) if address else ""
    files = [loaded for loaded in reversed(chain) if top in loaded.data]
    for loaded in files:
        section = loaded.data[top]
        if address[:2] in loaded.lines or top in WHOLE or not isinstance(section, dict):
            return loaded, address
        if address[1:2] == ("source",):
            return loaded, address[1:]
    return (files or [chain[-1]])[0], address
