"""Any document as forms: the type is recognised by content, never by the extension alone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from perfkit.errors import DataError, Fault
from perfkit.form import Form, Source
from perfkit.workspace import shown

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.readers.grid import Grid


def read_document(path: Path) -> list[Form]:
    """Read every form of an Excel, Word, PDF, HTML or text document; at least one."""
    return parse(path.read_bytes(), shown(path))


def parse(data: bytes, name: str) -> list[Form]:
    """Read every form of a document's bytes."""
    from perfkit.readers.layout import read_forms

    source = Source(file=name, sha256=hashlib.sha256(data).hexdigest())
    forms = read_forms(_grids(data, name), source)
    if not forms:
        raise DataError(
            Fault("no self-evaluation form found", name, expected="a table with 项目名称, or indicators with 三级指标",
                  hint="check that the file holds a 项目支出绩效自评表")
        )  # fmt: skip
    return forms


def _grids(data: bytes, name: str) -> list[Grid]:
    if data.startswith(b"PK\x03\x04"):
        from perfkit.readers import xlsx

        return xlsx.grids(data, name)
    from perfkit.readers import txt

    return txt.grids(data, name)
