"""A copy of a Word file with each discrepancy as a comment where it stands."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from perfkit.files import write_atomic

if TYPE_CHECKING:
    from perfkit.language import Language
    from perfkit.verify.result import Discrepancy, Verification

_AUTHOR = "perfkit"


def commented(verification: Verification, target: str | Path, language: Language) -> None:
    """Write a copy of the verified Word file to `target`, with a comment at each discrepancy."""
    import docx
    from docx.text.paragraph import Paragraph

    from perfkit.verify.documents import passages

    document = docx.Document(verification.document)
    body = document.element.body
    paragraphs = list(body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"))
    read = passages(verification.document)
    for one in verification:
        number = read[one.passage].number
        paragraph = Paragraph(paragraphs[number or 0], document._body)  # noqa: SLF001  python-docx has no other way
        runs = paragraph.runs or [paragraph.add_run("")]
        document.add_comment(runs, text=_text(one, language), author=_AUTHOR, initials="pk")
    out = io.BytesIO()
    document.save(out)
    write_atomic(Path(target), out.getvalue())


def _text(one: Discrepancy, language: Language) -> str:
    return one.told(language).splitlines()[0]
