"""A YAML or JSON file as plain values that know their line, read without trusting it.

Scalars stay the text that stands in the file: 96.90 keeps its last zero, 12:30 is no number of minutes
and 是 no boolean. Aliases, tags, repeated keys, a second document and endless nesting are refused, so
that a small file can never become a large one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from perfkit.errors import DataError, Fault, Words, misread
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 5_000_000
DEEPEST = 20
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Document:
    """Hold a file's values (dicts, lists, text and None) and the place of each by its path."""

    file: str
    data: Any
    places: Mapping[str, str]

    def place(self, path: str) -> str:
        """Say where a value stands: its path and, where known, its line."""
        line = self.places.get(path)
        return ", ".join(part for part in (path, line) if part)


def join(path: str, key: str | int) -> str:
    """Give the path of a child: `budget.total`, `indicators[3]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def parse(content: bytes, file: str) -> Document:
    """Read the bytes of a YAML or JSON file; raise DataError with every place where it cannot be read."""
    if len(content) > LARGEST:
        raise DataError(
            Fault(
                say("faults.file_too_large"),
                file,
                got=say("faults.bytes", n=len(content), size=f"{len(content):,}"),
                expected=say("faults.at_most_3", largest=f"{LARGEST:,}"),
            )
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            Fault(
                say("faults.file_not_utf_n8"),
                file,
                say("faults.byte", start=error.start),
                got=f"0x{content[error.start]:02x}",
                expected="UTF-8",
                hint=say("faults.save_again_with_encoding"),
            )
        ) from None
    return _parse_json(text, file) if Path(file).suffix.lower() == ".json" else _parse_yaml(text, file)


def _parse_json(text: str, file: str) -> Document:
    repeated: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        repeated.extend(sorted({name for name in names if names.count(name) > 1}))
        return dict(pairs)

    try:
        data = json.loads(text, object_pairs_hook=unique, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DataError(
            Fault(say("faults.not_valid_json", msg=misread(None, error.msg)), file, place)
        ) from None
    except RecursionError:
        raise DataError(
            Fault(
                say("faults.nested_too_deeply"), file, expected=say("faults.at_most_levels", deepest=DEEPEST)
            )
        ) from None
    if repeated:
        raise DataError(
            *(Fault(say("faults.key_stands_twice_2", name=repr(name)), file) for name in repeated)
        )
    return Document(file, data, {})


def _parse_yaml(text: str, file: str) -> Document:
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = misread(error.context, error.problem)
        hint = say("faults.quote_text_holds_starts")
        raise DataError(
            Fault(say("faults.not_valid_yaml_2", problem=problem), file, place, hint=hint)
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DataError(
            Fault(
                say("faults.character_yaml_does_not"),
                file,
                say("faults.line", line=line),
                got=f"U+{error.character:04X}",
            )
        ) from None
    if builder.faults:
        raise DataError.of(builder.faults)
    return Document(file, builder.root, builder.places)


class _Builder:
    """Build values from YAML events, one after another and without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.places: dict[str, str] = {}
        self.faults: list[Fault] = []
        self._stack: list[tuple[Any, str]] = []  # the open dicts and lists, with their paths
        self._keys: list[str | None] = []  # for each open dict the key that waits for its value
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event of the file."""
        line = event.start_mark.line + 1 if event.start_mark else 0
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._refuse(
                        say("faults.second_document_one_file"), line, expected=say("faults.one_form_file")
                    )
            case yaml.AliasEvent():
                self._refuse(say("faults.alias_name"), line, expected=say("faults.value_itself"))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._tag(event, line)
                self._open({} if isinstance(event, yaml.MappingStartEvent) else [], line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._stack.pop()
                self._keys.pop()
            case yaml.ScalarEvent():
                self._tag(event, line)
                self._scalar(event, line)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if self._stack and isinstance(self._stack[-1][0], dict) and self._keys[-1] is None:
            self._key(event.value, line)
        else:
            plain = event.implicit[0]
            self._put(None if plain and event.value in _NULLS else event.value, line)

    def _key(self, name: str, line: int) -> None:
        container, path = self._stack[-1]
        if name in container:
            self.faults.append(
                Fault(
                    say("faults.key_stands_twice_2", name=repr(name)),
                    self.file,
                    say("faults.line_2", value=join(path, name), line=line),
                )
            )
        self._keys[-1] = name

    def _put(self, value: Any, line: int) -> str:
        if not self._stack:
            self.root = value
            return ""
        container, path = self._stack[-1]
        if isinstance(container, list):
            path = join(path, len(container))
            container.append(value)
        else:
            name = self._keys[-1] or ""
            self._keys[-1] = None
            path = join(path, name)
            container[name] = value
        self.places[path] = f"line {line}"
        return path

    def _open(self, container: Any, line: int) -> None:
        if len(self._stack) >= DEEPEST:
            self._refuse(
                say("faults.nested_too_deeply"), line, expected=say("faults.at_most_levels", deepest=DEEPEST)
            )
        if self._stack and isinstance(self._stack[-1][0], dict) and self._keys[-1] is None:
            self._refuse(say("faults.key_itself_list_mapping"), line, expected=say("expected.name"))
        path = self._put(container, line)
        self._stack.append((container, path))
        self._keys.append(None)

    def _tag(self, event: Any, line: int) -> None:
        if event.tag is not None and event.tag != "!":
            self._refuse(say("faults.tag", tag=event.tag), line, expected=say("faults.plain_values"))

    def _refuse(self, what: Words, line: int, *, expected: Words) -> NoReturn:
        raise DataError(
            Fault(
                say("faults.not_allowed_here", what=what),
                self.file,
                say("faults.line", line=line),
                expected=expected,
            )
        )
