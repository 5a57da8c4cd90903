"""Any document as forms: the type is recognised by content, never by the extension alone.

`read_document` is the guarded way in: the document is read in a process of its own, in bounded time and
memory (see `perfkit.readers.bulk`). `parse` does the reading itself.
"""

from __future__ import annotations

import hashlib
import zipfile
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Protocol

from perfkit.errors import DataError, Fault
from perfkit.form import Form, Source

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.readers.grid import Grid

LARGEST = 100_000_000
_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RESAVE = "open it in Word, Excel or WPS and save it again as .docx or .xlsx"

# How a file begins -> what it is, and what to do with what perfkit does not read.
_UNREAD: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "an RTF document", _RESAVE),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it first"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"\x89PNG", "a picture", "import the document that the picture was taken from, or run OCR and check it"),
    (
        b"\xff\xd8\xff",
        "a picture",
        "import the document that the picture was taken from, or run OCR and check it",
    ),
    (b"II*\x00", "a picture", "import the document that the picture was taken from, or run OCR and check it"),
    (b"MIME-Version:", "a saved web archive (MHTML)", "save the page as plain HTML"),
)
_OLE_KINDS: tuple[tuple[str, str, str], ...] = (
    ("EncryptedPackage", "an encrypted document", "open it with its password and save it without one"),
    ("WordDocument", "an old Word document (.doc)", "open it in Word or WPS and save it as .docx"),
    ("PowerPoint Document", "a presentation", "import the form itself: .xlsx, .docx, .pdf, .html or .txt"),
)
_PACKAGES: tuple[tuple[str, str], ...] = (
    ("xl/workbook.xml", "xlsx"),
    ("word/document.xml", "docx"),
    ("xl/workbook.bin", "sheets"),
)


class FormatReader(Protocol):
    """Turn the bytes of one format into grids of cells; `name` is for the messages."""

    def grids(self, data: bytes, name: str) -> list[Grid]:
        """Read every table and text of a document, in reading order."""
        ...


def read_document(path: Path) -> list[Form]:
    """Read every form of an Excel, Word, PDF, HTML or text document, within bounds; at least one.

    Raises:
        DataError: where the document is damaged, encrypted, too large, of an unknown type, or no form.
    """
    from perfkit.readers.bulk import read_guarded

    return read_guarded(path)


def parse(data: bytes, name: str) -> list[Form]:
    """Read every form of a document's bytes, in this process and without bounds on time."""
    from perfkit.readers.layout import read_forms

    grids = reader_of(data, name).grids(data, name)
    forms = read_forms(grids, Source(file=name, sha256=hashlib.sha256(data).hexdigest()))
    if not forms:
        raise DataError(
            Fault(
                "no self-evaluation form found",
                name,
                got=_seen(grids),
                expected="a table with 项目名称 and the money, or indicators under 三级指标 and 年度指标值",
                hint="check that the file holds a 项目支出绩效自评表, and that its heading rows are in it",
            )
        )
    return forms


def reader_of(data: bytes, name: str) -> FormatReader:
    """Choose the reader by what the file is; raise DataError where perfkit does not read that.

    A renamed file is read as what it is: an .xls that is a web page, a .docx that is a book.
    """
    if not data.strip(b"\x00\t\r\n "):
        raise DataError(
            Fault("the file is empty", name, got=f"{len(data)} bytes", hint="export or download it again")
        )
    if len(data) > LARGEST:
        raise DataError(
            Fault("the file is too large", name, got=f"{len(data):,} bytes", expected=f"at most {LARGEST:,}")
        )
    return _module(_kind(data, name))


def _module(kind: str) -> FormatReader:
    module: FormatReader = import_module(f"perfkit.readers.{kind}")
    return module


def _kind(data: bytes, name: str) -> str:
    if data.startswith(b"PK"):
        return _package(data, name)
    if data.startswith(_OLE):
        return _ole(data, name)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    for magic, what, hint in _UNREAD:
        if data.startswith(magic):
            raise _unread(name, what, hint)
    head = data[:_HEAD].replace(b"\x00", b"").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise _unread(name, "an XML spreadsheet of 2003", _RESAVE)
    if b"<html" in head or b"<table" in head or b"<!doctype html" in head:
        return "html"
    return "html" if b"<body" in head or b"<div" in head else "txt"


def _package(data: bytes, name: str) -> str:
    """Tell what a zip package is, once it is known to be small and free of entities."""
    from perfkit.readers.container import check_package

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
            check_package(archive, name)
            kind = next((kind for part, kind in _PACKAGES if part in names), None)
            if kind is None and "mimetype" in names:
                kind = _open_document(archive.read("mimetype"), name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            Fault(
                "the file is damaged or cut off", name, got=str(error)[:200], hint="copy or download it again"
            )
        ) from None
    if kind is None:
        raise _unread(name, "a zip archive", "unpack it, and import the forms in it")
    return kind


def _open_document(mimetype: bytes, name: str) -> str:
    if b"spreadsheet" in mimetype:
        return "sheets"
    raise _unread(name, "an OpenDocument file", "save it as .docx or .xlsx")


def _ole(data: bytes, name: str) -> str:
    for stream, what, hint in _OLE_KINDS:
        if stream.encode("utf-16-le") in data:
            raise _unread(name, what, hint)
    return "sheets"


def _unread(name: str, what: str, hint: str) -> DataError:
    expected = ".xlsx, .xls, .ods, .docx, .pdf, .html, .txt, .yaml or .json"
    return DataError(
        Fault("perfkit does not read this type of file", name, got=what, expected=expected, hint=hint)
    )


def _seen(grids: list[Grid]) -> str:
    """Say what a document without a form begins with, so that a person knows which one it is."""
    texts = [cell.text.strip() for grid in grids for cell in grid.cells if cell.text.strip()]
    return " | ".join(texts[:4])[:120] or "no text at all"
