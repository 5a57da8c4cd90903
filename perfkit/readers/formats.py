"""Any document as forms: the type is recognised by content, never by the extension alone.

`parse` reads here and now; the guarded way in, a process of its own with bounded time and memory, is
`perfkit.readers.bulk`.
"""

from __future__ import annotations

import codecs
import hashlib
import zipfile
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol

from perfkit.errors import DataError, Fault, PerfkitError, Words, theirs
from perfkit.form import Form, Source
from perfkit.language import Text, spoken
from perfkit.plugins import READERS, added, tell
from perfkit.readers.container import LARGEST, LaterError
from perfkit.readers.grid import Grid, settled
from perfkit.text import say

if TYPE_CHECKING:
    from perfkit.plugins import DocumentReader
    from perfkit.readers.container import Package
    from perfkit.readers.layout.cell_roles import Explanation
    from perfkit.readers.mhtml import Beside

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# How a file begins -> what it is, and what to do with what perfkit does not read.
_UNREAD: tuple[tuple[bytes, Text, Text], ...] = (
    (b"Rar!", say("expected.rar"), say("expected.unpack")),
    (b"7z\xbc\xaf", say("expected.seven_zip"), say("expected.unpack")),
    (b"\x1f\x8b", say("expected.gzip"), say("expected.unpack")),
)
# How a text begins that is a document of another program -> the module of perfkit.readers that reads it.
_BEGINNINGS = {
    b"{\\rtf": "office",
}
_TEXTS = frozenset({".html", ".htm", ".mht", ".mhtml", ".txt"})
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM", b"GIF8", b"RIFF")
_OLE_KINDS: tuple[tuple[str, Text, Text], ...] = (
    ("EncryptedPackage", say("expected.encrypted"), say("expected.without_password")),
    ("PowerPoint Document", say("expected.presentation"), say("expected.form_itself")),
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


@dataclass(frozen=True, slots=True)
class _Brought:
    """Hold the reader of another package; what goes wrong in it is told by its name."""

    plugin: str
    reader: DocumentReader

    def grids(self, data: bytes, name: str) -> list[Grid]:
        """Read the document, and see that there are cells."""
        try:
            return [_grid(each) for each in self.reader.grids(data, name)]
        except (PerfkitError, LaterError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  # whatever a stranger's code raises is told by its name
            what = say("faults.plugin_cannot_read", name=self.plugin, group=READERS)
            raise DataError(Fault(what, name, got=theirs(error))) from None


def _grid(found: object) -> Grid:
    if not isinstance(found, Grid):
        raise TypeError(f"{type(found).__name__}, not Grid")
    return found


def parse(data: bytes, name: str, beside: Beside | None = None) -> list[Form]:
    """Read every form of a document's bytes, in this process and without bounds on time.

    `beside` gives the files that lie in the folder of a saved web page (see `perfkit.readers.mhtml`). An
    archive within an archive is not opened.
    """
    if data.startswith(b"PK") and _is_archive(data, name):
        from perfkit.readers.container import read_archive

        return read_archive(data, name, lambda *document: _read(*document)[1])
    return _read(data, name, beside)[1]


def explain(data: bytes, name: str, beside: Beside | None = None) -> Explanation:
    """Read every form of a document's bytes, and tell what each cell was read as.

    Raises:
        DataError: as `parse`, and for a zip of forms, which is many documents.
    """
    from perfkit.readers.layout.cell_roles import Explanation, explained

    if data.startswith(b"PK") and _is_archive(data, name):
        raise _unread(name, say("faults.zip_of_documents"), say("faults.unpack_explain_one"))
    grids, forms = _read(data, name, beside)
    return Explanation(tuple(forms), tuple(explained(grids, forms)))


def _read(data: bytes, name: str, beside: Beside | None) -> tuple[list[Grid], list[Form]]:
    """Read the cells and the forms of a document; where there are none, see whether its name is true."""
    try:
        return _found(data, name, beside)
    except DataError as error:
        if hint := misnamed(data, name):
            raise DataError(*(replace(fault, expected="", hint=hint) for fault in error.faults)) from error
        raise


def misnamed(data: bytes, name: str) -> Text | None:
    """Say what to do with a text whose name is that of another kind of document (a text called .xlsx)."""
    from perfkit.readers.structured import DOCUMENTS

    kind = PurePath(name).suffix.lower()
    if kind not in DOCUMENTS or kind in _TEXTS or data.startswith((b"PK", _OLE, *_PICTURES)):
        return None
    if b"%PDF-" in data[:1024] or _text_kind(data) != "txt":
        return None
    is_text = any(map(partial(_is_text, data[:_HEAD]), ("utf-8-sig", "gb18030")))
    return say("faults.text_by_another_name", kind=kind) if is_text else None


def _is_text(data: bytes, encoding: str) -> bool:
    """Tell whether the beginning of a file is text in an encoding; its last character may be cut."""
    if b"\x00" in data or not data.strip():
        return False
    try:
        codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _found(data: bytes, name: str, beside: Beside | None) -> tuple[list[Grid], list[Form]]:
    from perfkit.readers.layout import read_forms, refusal
    from perfkit.readers.layout.kinds import without_form

    grids, used = _gathered(data, name, beside)
    forms = read_forms(grids, Source(file=name, sha256=hashlib.sha256(b"".join([data, *used])).hexdigest()))
    if not forms:
        raise refusal(without_form(grids), name, _seen(grids))
    return grids, forms


def grids_of(data: bytes, name: str) -> list[Grid]:
    """Give the cells of a document's bytes as the readers get them."""
    return _gathered(data, name, None)[0]


def _gathered(data: bytes, name: str, beside: Beside | None) -> tuple[list[Grid], list[bytes]]:
    """Give the cells of a document, and the bytes of what lies beside it that they came from, too."""
    reader, used = reader_of(data, name), []
    if beside is not None and reader is _module("html"):
        from perfkit.readers.mhtml import SavedPage

        page = SavedPage(beside)
        found, used = page.grids(data, name), page.used
    else:
        found = reader.grids(data, name)
    return [settled(grid) for grid in found], used


def reader_of(data: bytes, name: str) -> FormatReader:
    """Choose the reader by what the file is; raise DataError where perfkit does not read that.

    A renamed file is read as what it is: an .xls that is a web page, a .docx that is a book.
    """
    if not data.strip(b"\x00\t\r\n "):
        raise DataError(
            Fault(
                say("faults.file_empty"),
                name,
                got=say("faults.bytes", n=len(data), size=len(data)),
                hint=say("faults.export_download_again"),
            )
        )
    if len(data) > LARGEST:
        raise DataError(
            Fault(
                say("faults.file_too_large"),
                name,
                got=say("faults.bytes", n=len(data), size=f"{len(data):,}"),
                expected=say("faults.at_most_3", largest=f"{LARGEST:,}"),
            )
        )
    return _brought(data, name) or _module(_kind(data, name))


def _brought(data: bytes, name: str) -> _Brought | None:
    """Give the first reader of another package that recognises the document."""
    for plugin, reader in added(READERS).items():
        try:
            if reader.recognises(data, name):
                return _Brought(plugin, reader)
        except Exception as error:  # noqa: BLE001  # as above
            tell(READERS, plugin, error)
    return None


def _module(kind: str) -> FormatReader:
    module: FormatReader = import_module(f"perfkit.readers.{kind}")
    return module


def _kind(data: bytes, name: str) -> str:
    """Tell which reader a document is for, by how it begins."""
    if data.startswith(b"PK"):
        return _package(data, name)
    if data.startswith(_OLE):
        return _ole(data, name)
    for magic, what, hint in _UNREAD:
        if data.startswith(magic):
            raise _unread(name, what, hint)
    if data.startswith(_PICTURES) and (data[:2] != b"BM" or b"\x00" in data[:32]):
        return "scans.pictures"
    return "pdf" if b"%PDF-" in data[:1024] else _text_kind(data)


def _text_kind(data: bytes) -> str:
    """Tell what a text is: a document of another program in text, a page, or text alone."""
    for beginning, kind in _BEGINNINGS.items():
        if data.startswith(beginning):
            return kind
    head = data[:_HEAD].replace(b"\x00", b"").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "office"
    if b"mime-version:" in head and b"multipart/related" in head:
        return "mhtml"
    page = any(mark in head for mark in (b"<html", b"<table", b"<!doctype html", b"<body", b"<div"))
    return "html" if page else "txt"


def _is_archive(data: bytes, name: str) -> bool:
    """Tell whether a zip package is no document itself, and holds some."""
    from perfkit.readers.container import is_archive

    return _brought(data, name) is None and is_archive(data) and _package_kind(data, name) is None


def _package(data: bytes, name: str) -> str:
    kind = _package_kind(data, name)
    if kind is None:
        raise _unread(name, say("faults.zip_archive_without_form"), say("faults.import_forms_themselves"))
    return kind


def _package_kind(data: bytes, name: str) -> str | None:
    """Tell what a zip package is, once it is known to be small and free of entities."""
    from perfkit.readers.container import DAMAGED, Package, check_package, usual_name

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = frozenset(usual_name(part) for part in archive.namelist())
            check_package(archive, name)
            kind = next((kind for part, kind in _PACKAGES if part in names), None)
            if kind is None and "mimetype" in names:
                kind = _open_document(archive.read("mimetype"), name)
            if kind is None:
                kind = _by_main_part(Package(data))
    except DAMAGED as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            Fault(
                say("faults.file_damaged_cut_off"),
                name,
                got=theirs(error),
                hint=say("faults.copy_download_again"),
            )
        ) from None
    return kind


def _by_main_part(package: Package) -> str | None:
    """Tell an Office document whose parts have other names than the usual ones."""
    main = package.main("")
    root = package.xml(main) if main else None
    return {"document": "docx", "workbook": "xlsx"}.get("" if root is None else root.tag.rpartition("}")[2])


def _open_document(mimetype: bytes, name: str) -> str:
    if b"spreadsheet" in mimetype:
        return "ods"
    if b"opendocument.text" in mimetype:
        return "office"
    raise _unread(name, say("faults.opendocument_file"), say("faults.save_docx_xlsx"))


def _ole(data: bytes, name: str) -> str:
    for stream, what, hint in _OLE_KINDS:
        if stream.encode("utf-16-le") in data:
            raise _unread(name, what, hint)
    return "office" if "WordDocument".encode("utf-16-le") in data else "biff"


def _unread(name: str, what: Words, hint: Words) -> DataError:
    expected = say("faults.xlsx_xls_ods_docx")
    return DataError(Fault(say("faults.perfkit_does_not_read"), name, got=what, expected=expected, hint=hint))


def _seen(grids: list[Grid]) -> str:
    """Say what a document without a form begins with, so that a person knows which one it is."""
    texts = [cell.text.strip() for grid in grids for cell in grid.cells if cell.text.strip()]
    return " | ".join(texts[:4])[:120] or say("expected.no_text")[spoken()]
