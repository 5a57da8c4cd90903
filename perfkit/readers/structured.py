"""Form files (YAML, JSON): read into a `Form`, and written back as a person would have typed them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import yaml

from perfkit.form import Form, Source
from perfkit.readers.document import parse

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
DOCUMENTS = frozenset((
    ".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".docx", ".doc", ".wps", ".odt", ".rtf", ".pdf",
    ".html", ".htm", ".mht", ".mhtml", ".txt",
))  # fmt: skip
"""How files are named that may be forms as units send them; what they are is told by their bytes."""
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff"})


def read_structured(content: bytes, file: str) -> Form:
    """Read the bytes of a form file; raise DataError with all its faults at once."""
    from perfkit.readers.schema import to_form

    document = parse(content, file)
    source = Source(file=file, sha256=hashlib.sha256(content).hexdigest(), places=document.places)
    return to_form(document, source)


def form_schema() -> dict[str, Any]:
    """Give the JSON Schema of the form file, for editors to complete and check it."""
    from perfkit.readers.schema import FormFile

    schema = FormFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def form_yaml(form: Form) -> str:
    """Give the text of a form file that reads back as the same form: a line a fund, a line an indicator."""
    values = form.to_dict()
    values["budget"] = {name: _Line(line) for name, line in values["budget"].items()}
    for block in ("indicators", "subtotals", "fund_management"):
        values |= {block: [_Line(row) for row in values[block]]} if block in values else {}
    if "places" in values.get("source", {}):
        values["source"]["places"] = _Line(values["source"]["places"])
    return yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDE)


_WIDE = 100_000


class _Line(dict[str, Any]):
    """Mark a mapping that stands on one line, as a row stands on the form."""


class _Dumper(yaml.SafeDumper):
    """Write figures bare (96.90, not '96.90'), since the reader keeps every scalar as its text."""


_FIGURES = frozenset("0123456789.-")


def _scalar(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    tag = "tag:yaml.org,2002:str"
    bare = text and set(text) <= _FIGURES
    number: str = dumper.resolve(yaml.ScalarNode, text, (True, False)) if bare else tag  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(number, text)


def _line(dumper: yaml.SafeDumper, line: _Line) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", line, flow_style=True)


_Dumper.add_representer(str, _scalar)
_Dumper.add_representer(_Line, _line)


def write_form(form: Form, path: Path) -> None:
    """Write a form file in place of whatever stood there, whole or not at all."""
    from perfkit.files import write_atomic

    write_atomic(path, form_yaml(form).encode("utf-8"))
