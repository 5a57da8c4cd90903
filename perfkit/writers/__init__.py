"""Writes the official form (项目支出绩效自评表) as Excel or Word, as units must hand it in.

What the form has no place for stays behind: `rating`, `evidence`, `initial_target`, `ignore`, and where
each value came from. All else reads back as it was written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.errors import Fault, SettingsError
from perfkit.text import say
from perfkit.writers.official import Layout, emptied, official

if TYPE_CHECKING:
    import os

    from perfkit.form import Form

__all__ = ["Layout", "write"]


def write(
    form: Form,
    path: str | os.PathLike[str],
    blank: bool = False,  # noqa: FBT001, FBT002  the one switch of the verb
    layout: Layout | None = None,
) -> None:
    """Write a form to `path`, as Excel (.xlsx) or Word (.docx) by its ending, whole or not at all.

    `blank` leaves out what the unit has to fill in (actuals, scores, reasons, executed amounts); an empty
    form gives the empty template. `layout` chooses among the layouts in use; the default is the official one.

    Raises:
        SettingsError: for another ending.
        DataError: where a text is longer than a cell may hold.
    """
    from perfkit.files import write_atomic

    target = Path(path)
    sheet = official(emptied(form) if blank else form, layout or Layout(), blank=blank)
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from perfkit.writers.xlsx import rendered
    elif ending == ".docx":
        from perfkit.writers.docx import rendered
    else:
        raise SettingsError(
            Fault(
                say("faults.perfkit_writes_official_form"),
                str(path),
                got=ending or say("faults.no_ending"),
                expected=say("faults.xlsx_docx"),
            )
        )
    write_atomic(target, rendered(sheet))
