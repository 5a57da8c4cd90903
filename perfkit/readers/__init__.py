"""Forms as people have them: one way in for YAML, JSON, Excel, Word, PDF, web pages and text.

`read` gives the one form of a file, `read_all` every form that a file holds. A form file (YAML, JSON) is
read by its keys; any other document becomes a grid of cells that `perfkit.readers.layout` reads.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from perfkit.errors import DataError, Fault, need
from perfkit.files import opened
from perfkit.readers.bulk import PLACE, check_regular, kept_here, read_document, unreadable
from perfkit.readers.container import LARGEST
from perfkit.readers.structured import SUFFIXES, form_schema, form_yaml, read_structured, write_form
from perfkit.text import say
from perfkit.workspace import resolve, shown

if TYPE_CHECKING:
    from pathlib import Path

    from perfkit.form import Form

__all__ = ["form_schema", "form_yaml", "read", "read_all", "write_form"]


def read(path: str | os.PathLike[str]) -> Form:
    """Read the one form of a file; a relative path starts here or at the workspace.

    Raises:
        DataError: where the file cannot be read, with all its faults; or where it holds several forms.
    """
    return the_one(read_all(path), resolve(path))


def the_one(forms: list[Form], path: Path) -> Form:
    """Give the one form that was read of a file.

    Raises:
        DataError: there are several.
    """
    if len(forms) > 1:
        names = ", ".join(form.project or "?" for form in forms[:5])
        raise DataError(
            Fault(
                say("faults.several_forms_one_file"),
                shown(path),
                got=f"{len(forms)}: {names}",
                expected=say("faults.one_form"),
                hint=say("faults.perfkit_import_splits_them"),
            )
        )
    return forms[0]


def read_all(path: str | os.PathLike[str]) -> list[Form]:
    """Read every form that a file holds, in the file's order; at least one.

    Raises:
        DataError: where the file cannot be read or holds no form, with all its faults.
    """
    need("path", (str, os.PathLike), path)
    full = resolve(path)
    if full.suffix.lower() in SUFFIXES:
        return [read_structured(_bytes(full), shown(full))]
    if PLACE in os.environ and (forms := kept_here(_bytes(full), shown(full))):
        return forms
    _bytes(full, head=True)
    return read_document(full)


def _bytes(path: Path, *, head: bool = False) -> bytes:
    try:
        check_regular(path, shown(path))
        with opened(path) as file:
            return file.read(1 if head else LARGEST + 1)
    except OSError as error:
        raise unreadable(error, shown(path)) from None
