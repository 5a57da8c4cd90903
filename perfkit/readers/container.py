"""Zip files from strangers: packages (.xlsx, .docx, .ods) and archives of forms, small when unpacked.

A package may unpack to a thousand times its size, and its XML may define entities that grow without
bound or name files outside. Office programs write neither. What they do write is read whatever it is
called: with backslashes, in other letters, in the namespaces of the strict standard.

Names that an old program wrote in GBK are made right. An archive within an archive is not opened.
"""

from __future__ import annotations

import contextlib
import posixpath
import re
import zipfile
import zlib
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat

from perfkit.errors import DataError, Fault, PerfkitError, theirs
from perfkit.form import Unread
from perfkit.readers.structured import DOCUMENTS, PICTURES, SUFFIXES, read_structured
from perfkit.text import say
from perfkit.workspace import name_meant

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping

    from perfkit.form import Form
    from perfkit.readers.mhtml import Beside

LARGEST = 100_000_000  # bytes of a document
MOST_PARTS = 5_000
LARGEST_PACKAGE = 300_000_000
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


# a zip of forms: its documents read one by one, as those of a folder, within the limits of one file


MOST_DOCUMENTS = 500
_FEW = 20  # documents that are read within the time of one
_OTHERS = 60  # seconds, for the documents of an archive that are not put off
_SECONDS = 10  # for a document of an archive of many; for one that is a scan or is converted as below
_LONGER = dict.fromkeys(PICTURES | {".pdf"}, 300) | dict.fromkeys((".doc", ".wps", ".rtf", ".odt"), 90)
_FORMS = DOCUMENTS | PICTURES | SUFFIXES | {".csv", ".md"}
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".gz", ".tar", ".tgz"})
_UTF8 = 0x800


def is_archive(data: bytes) -> bool:
    """Tell whether a zip holds documents, and is none itself."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = [name_of(part) for part in archive.infolist()]
            return any(_is_form(name) or _is_nested(name) for name in names)
    except DAMAGED:
        return False


def read_archive(data: bytes, name: str, parse: Callable[[bytes, str, Beside], list[Form]]) -> list[Form]:
    """Read every form of the documents in a zip; what cannot be read is listed with the first form.

    `parse` reads one document: its bytes, its name, and what gives the files beside a saved web page.

    Raises:
        DataError: where no document of the archive holds a form, or it is larger than forms are.
    """
    forms: list[Form] = []
    failed: list[tuple[str, PerfkitError]] = []
    seconds = 0  # that the documents take together which are put off
    with zipfile.ZipFile(BytesIO(data)) as archive:
        check_size(archive.infolist(), name)
        named = {name_of(part).replace("\\", "/"): part for part in archive.infolist()}
        parts = [
            (inner, named[inner])
            for inner in sorted(named)
            if _is_form(inner) and not _is_beside(inner, named)
        ]
        unopened = [inner for inner in sorted(named) if _is_nested(inner)]
        _check_count([inner for inner, _ in parts], name)
        for inner, part in parts:
            place = f"{name}/{inner}"
            try:
                content = archive.read(part)
                structured = PurePosixPath(inner).suffix.lower() in SUFFIXES
                if structured:
                    forms.append(read_structured(content, place))
                else:
                    forms += parse(content, place, partial(_part_beside, archive, named, inner))
            except LaterError as error:
                seconds += error.seconds
            except PerfkitError as error:
                failed.append((inner, error))
            except DAMAGED as error:
                failed.append((inner, DataError(Fault(say("faults.file_damaged"), place, got=theirs(error)))))
    if seconds:
        ask_for(seconds + _OTHERS)
    for inner in unopened:
        hint = say("faults.unpack_import_folder")
        failed.append((inner, DataError(Fault(say("faults.nested_archive"), f"{name}/{inner}", hint=hint))))
    if not forms:
        raise DataError.of([fault for _, error in failed for fault in error.faults])
    left = tuple(
        Unread("", inner, "", say("expected.form_in_archive", what=error.faults[0].what))
        for inner, error in failed
    )
    return [replace(forms[0], unread=(*forms[0].unread, *left)), *forms[1:]]


def _check_count(documents: list[str], name: str) -> None:
    """Refuse more documents than are read at once, and ask for more time than one of them has for many."""
    if len(documents) > MOST_DOCUMENTS:
        raise DataError(
            Fault(
                say("faults.too_many_documents_one"),
                name,
                got=f"{len(documents):,}",
                expected=say("faults.at_most_2", most_documents=MOST_DOCUMENTS),
                hint=say("faults.unpack_import_folder"),
            )
        )
    if len(documents) > _FEW:
        ask_for(sum(_LONGER.get(PurePosixPath(each).suffix.lower(), _SECONDS) for each in documents))


def name_of(part: zipfile.ZipInfo) -> str:
    """Give the name of a part as it was meant: in UTF-8 where it says so, else most likely in GBK."""
    if part.flag_bits & _UTF8:
        return part.filename
    try:
        raw = part.filename.encode("cp437")
    except UnicodeEncodeError:
        return part.filename
    return name_meant(raw)


def _is_nested(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in _ARCHIVES and "__MACOSX" not in name


def _is_beside(name: str, named: Container[str]) -> bool:
    """Tell whether a part lies in the folder of a saved web page of the archive, and is read with it."""
    for folder in PurePosixPath(name).parents:
        page = re.fullmatch(r"(.+)[._]files?", folder.name, re.IGNORECASE)
        if page and any(str(folder.with_name(page[1] + ending)) in named for ending in (".html", ".htm")):
            return True
    return False


def _part_beside(
    archive: zipfile.ZipFile, named: Mapping[str, zipfile.ZipInfo], page: str, at: str
) -> bytes | None:
    part = named.get(str(PurePosixPath(page).parent / at))
    return archive.read(part) if part is not None else None


def _is_form(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = path.name.startswith((".", "~$")) or "__MACOSX" in path.parts
    return not hidden and path.suffix.lower() in _FORMS


# what takes longer than reading: pages to be recognised, documents that another program must convert; a
# guarded reading puts it off, and the document is then read anew in a process with the bounds that it needs


class LaterError(Exception):
    """Says that reading a document takes more time than it has now: so many seconds at most."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


_put_off: ContextVar[bool] = ContextVar("put_off", default=False)


@contextlib.contextmanager
def put_off() -> Iterator[None]:
    """Raise LaterError, within, instead of doing what takes longer."""
    token = _put_off.set(True)
    try:
        yield
    finally:
        _put_off.reset(token)


def ask_for(seconds: int) -> None:
    """Ask for so many seconds; raise LaterError where what takes longer is put off."""
    if _put_off.get():
        raise LaterError(seconds)
