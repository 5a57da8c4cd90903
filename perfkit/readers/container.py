"""Zip packages (.xlsx, .docx, .ods) from strangers: small when unpacked, and without XML entities.

A package may unpack to a thousand times its size, and its XML may define entities that grow without
bound or name files outside. Office programs write neither.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.errors import DataError, Fault

if TYPE_CHECKING:
    import zipfile

MOST_PARTS = 5_000
LARGEST_PACKAGE = 300_000_000
LARGEST_PART = 150_000_000
_RATIO = 400
_SMALL = 5_000_000
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ELEMENT = re.compile(rb"<[A-Za-z]")
_HEAD = 65_536


def check_package(archive: zipfile.ZipFile, name: str) -> None:
    """Raise DataError where a package unpacks to more than any form needs, or defines XML entities."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    bomb = unpacked > _SMALL and unpacked / packed > _RATIO
    if len(parts) > MOST_PARTS or unpacked > LARGEST_PACKAGE or bomb:
        raise DataError(
            Fault(
                "the file unpacks to far more than a form",
                name,
                got=f"{len(parts):,} parts, {unpacked:,} bytes from {packed:,}",
                expected=f"at most {MOST_PARTS:,} parts and {LARGEST_PACKAGE:,} bytes",
                hint="save the form in a file of its own, without the data around it",
            )
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise DataError(
            Fault("the file is encrypted", name, hint="open it with its password and save it without one")
        )
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _check_xml(archive, part, name)


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    with archive.open(part) as stream:
        head = stream.read(_HEAD).replace(b"\x00", b"")
    if _DOCTYPE.search(head) or (head and not _ELEMENT.search(head)):
        raise DataError(
            Fault(
                "the file holds XML that no office program writes (a document type, entities)",
                name,
                part.filename,
                hint="it may have been made to do harm; ask for the form again",
            )
        )
