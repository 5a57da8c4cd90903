"""A zip of forms: its documents read one by one, as those of a folder, within the limits of one file.

Names that an old program wrote in GBK are made right. An archive within an archive is not opened.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from perfkit.errors import DataError, Fault, PerfkitError, theirs
from perfkit.form import Unread
from perfkit.readers import later
from perfkit.readers.container import DAMAGED, check_size
from perfkit.readers.structured import DOCUMENTS, PICTURES, SUFFIXES, read_structured
from perfkit.text import say
from perfkit.workspace import name_meant

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from perfkit.form import Form
    from perfkit.readers.mhtml import Beside

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
            except later.LaterError as error:
                seconds += error.seconds
            except PerfkitError as error:
                failed.append((inner, error))
            except DAMAGED as error:
                failed.append(
                    (inner, DataError(Fault(say("faults.file_damaged"), place, got=theirs(str(error)))))
                )
    if seconds:
        later.ask(seconds + _OTHERS)
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
        later.ask(sum(_LONGER.get(PurePosixPath(each).suffix.lower(), _SECONDS) for each in documents))


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
