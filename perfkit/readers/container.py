"""Zip packages (.xlsx, .docx, .ods) from strangers: small when unpacked, and without XML entities.

A package may unpack to a thousand times its size, and its XML may define entities that grow without
bound or name files outside. Office programs write neither. What they do write is read whatever it is
called: with backslashes, in other letters, in the namespaces of the strict standard.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat

from perfkit.errors import DataError, Fault
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 100_000_000  # bytes of a document
MOST_PARTS = 5_000
LARGEST_PACKAGE = 300_000_000
LARGEST_PART = 150_000_000
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
_RATIO = 400
_SMALL = 5_000_000
_AT_ONCE = 65_536
_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = (
    (
        re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/main"),
        rb"http://schemas.openxmlformats.org/\1/2006/main",
    ),
    (
        re.compile(rb"http://purl\.oclc\.org/ooxml/(officeDocument|drawingml)/"),
        rb"http://schemas.openxmlformats.org/\1/2006/",
    ),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """Hold what one part of a package says of another: its id, its kind (`worksheet`), and the part."""

    id: str
    kind: str
    part: str


class Package:
    """Give the parts of an Office package by their usual names, in the usual namespaces."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(BytesIO(data))
        self._parts = {usual_name(part.filename): part for part in self._archive.infolist()}

    def __contains__(self, part: str) -> bool:
        return usual_name(part) in self._parts

    def names(self) -> list[str]:
        """Give the names of all parts."""
        return list(self._parts)

    def read(self, part: str) -> bytes:
        """Give the bytes of a part, nothing where there is no such part."""
        found = self._parts.get(usual_name(part))
        return _usual(self._archive.read(found)) if found is not None else b""

    def stream(self, part: str) -> IO[bytes]:
        """Open a part to be read once, without holding it in memory where it is in the usual namespaces."""
        with self._archive.open(self._parts[usual_name(part)]) as opened:
            strict = _STRICT in opened.read(_AT_ONCE)
        return BytesIO(self.read(part)) if strict else self._archive.open(self._parts[usual_name(part)])

    def xml(self, part: str) -> Any:
        """Give the root of a part, read as far as it is well-formed; None where there is none."""
        from lxml import etree

        data = self.read(part)
        if not data.strip():
            return None
        return etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
        )

    def relations(self, part: str = "") -> Iterator[Relation]:
        """Give what a part, or the package itself, is related to."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        for node in () if root is None else root.iter("{*}Relationship"):
            if node.get("TargetMode") != "External":
                target = node.get("Target", "").replace("\\", "/")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = node.get("Type", "").rpartition("/")[2]
                yield Relation(node.get("Id", ""), kind, posixpath.normpath(path))

    def main(self, usual: str) -> str:
        """Give the name of the document's main part: as the package says, else by its usual name."""
        told = (relation.part for relation in self.relations() if relation.kind == "officeDocument")
        return next((part for part in told if part in self), usual)


def usual_name(name: str) -> str:
    """Give the name of a part in small letters and with slashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def _usual(data: bytes) -> bytes:
    if _STRICT in data[:_AT_ONCE]:
        for strict, usual in _USUAL:
            data = strict.sub(usual, data)
    return data


def check_package(archive: zipfile.ZipFile, name: str) -> None:
    """Raise DataError where a package unpacks to more than any form needs, or defines XML entities."""
    parts = archive.infolist()
    check_size(parts, name)
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _check_xml(archive, part, name)


def check_size(parts: list[zipfile.ZipInfo], name: str) -> None:
    """Raise DataError where an archive unpacks to more than any form needs, or is encrypted."""
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    bomb = unpacked > _SMALL and unpacked / packed > _RATIO
    if len(parts) > MOST_PARTS or unpacked > LARGEST_PACKAGE or bomb:
        raise DataError(
            Fault(
                say("faults.file_unpacks_far_more"),
                name,
                got=say(
                    "faults.parts_bytes_from",
                    value=f"{len(parts):,}",
                    unpacked=f"{unpacked:,}",
                    packed=f"{packed:,}",
                ),
                expected=say(
                    "faults.at_most_parts_bytes",
                    most_parts=f"{MOST_PARTS:,}",
                    largest_package=f"{LARGEST_PACKAGE:,}",
                ),
                hint=say("faults.save_form_file_its_own"),
            )
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise DataError(Fault(say("faults.file_encrypted"), name, hint=say("faults.open_with_its_password")))


class _Begun(Exception):  # noqa: N818  no error: the first element ends the look at what is before it
    pass


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Read a part up to its first element: a document type stands before it."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: _refuse(name, part.filename)
    parser.StartElementHandler = lambda *_: _begin()
    with archive.open(part) as stream:
        try:
            while chunk := stream.read(_AT_ONCE):
                parser.Parse(chunk)
        except _Begun:
            return
        except expat.ExpatError:
            return  # no XML: the reader of its format says so
        except (LookupError, ValueError):  # an encoding that no office program writes
            _refuse(name, part.filename)
    if part.file_size:
        _refuse(name, part.filename)


def _begin() -> None:
    raise _Begun


def _refuse(name: str, part: str) -> None:
    raise DataError(
        Fault(
            say("faults.file_holds_xml_no"),
            name,
            part,
            hint=say("faults.may_have_been_made"),
        )
    )
