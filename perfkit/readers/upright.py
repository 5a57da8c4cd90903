"""PDF pages that lie on their side or stand on their head, and what is filled into the fields of a page.

How a page is shown and how its text runs are two things: a page turned by the scanner's habit, or a form
printed along the paper, reads as rubbish until most of its text runs from left to right. The values of
form fields are no text of the page; they stand in the fields' own rectangles.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING, Any

from perfkit.readers.positions import Glyph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_LOOKED_AT = 3_000
_MOST = 0.6
_QUARTER = 90
_HIDDEN = 2 | 32  # flags of an annotation: hidden, not to be viewed
_PUSHED, _SECRET = 1 << 16, 1 << 13  # flags of a field: a push button, a password
_SIZE = 0.7
_DEEPEST = 10


def upright(data: bytes, pages: Sequence[int]) -> bytes:
    """Give a document whose pages are turned so that most of the text of each reads from left to right."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        turned = False
        for number in pages:
            page = document[number]
            wanted = _wanted(page)
            if wanted is not None and wanted != page.get_rotation():
                page.set_rotation(wanted)
                turned = True
            page.close()
        if not turned:
            return data
        target = BytesIO()
        document.save(target)
        return target.getvalue()
    finally:
        document.close()


def _wanted(page: Any) -> int | None:
    """Give the turn under which most of a page's text stands upright; None where no direction prevails."""
    from pypdfium2 import raw

    text = page.get_textpage()
    count = min(text.count_chars(), _MOST_LOOKED_AT)
    inked = (n for n in range(count) if chr(raw.FPDFText_GetUnicode(text.raw, n)).strip())
    turns = Counter(round(math.degrees(raw.FPDFText_GetCharAngle(text.raw, n)) / _QUARTER) % 4 for n in inked)
    text.close()
    if not turns:
        return None
    turn, found = turns.most_common(1)[0]
    return -turn % 4 * _QUARTER if found > turns.total() * _MOST else None


def turn_of(matrix: Sequence[float]) -> int:
    """Give by how many quarters a character is turned, against the clock."""
    return round(math.degrees(math.atan2(matrix[1], matrix[0])) / _QUARTER) % 4


def straighten(page: Any) -> None:
    """Round where a page's rules lie, where a turn by 6e-17 may have left them not quite level."""
    if not page.curves and all(char["matrix"][1] == 0 for char in page.chars):
        return
    for kind in ("rect", "line", "curve"):
        for rule in page.objects.get(kind, ()):
            for name in ("x0", "x1", "y0", "y1", "top", "bottom", "doctop"):
                rule[name] = round(rule[name], 2)
            if "pts" in rule:
                rule["pts"] = [(round(x, 2), round(y, 2)) for x, y in rule["pts"]]


def filled_in(page: Any) -> Iterator[Glyph]:
    """Give what is filled into the fields of a page, and typed onto it, as characters in their places."""
    for note in page.annots:
        data = note["data"]
        if int(data.get("F") or 0) & _HIDDEN:
            continue
        text = _value(data) if _name(data.get("Subtype")) == "Widget" else ""
        if _name(data.get("Subtype")) == "FreeText":
            text = _text(data.get("Contents"))
        yield from _spread(text, note)


def _value(data: dict[str, Any]) -> str:
    kind, flags = _name(_inherited(data, "FT")), int(_inherited(data, "Ff") or 0)
    if kind == "Btn":
        return "" if flags & _PUSHED else "□" if _name(data.get("AS")) in {"", "Off"} else "☑"
    if kind == "Tx":
        return "" if flags & _SECRET else _text(_inherited(data, "V"))
    if kind == "Ch":
        value = _resolved(_inherited(data, "V"))
        chosen = [_text(each) for each in (value if isinstance(value, list) else [value])]
        shown = dict(_options(_resolved(_inherited(data, "Opt"))))
        return "、".join(shown.get(each, each) for each in chosen if each)
    return ""


def _options(options: Any) -> Iterator[tuple[str, str]]:
    for option in options if isinstance(options, list) else ():
        pair = _resolved(option)
        if isinstance(pair, list) and len(pair) > 1:
            yield _text(pair[0]), _text(pair[1])


def _inherited(data: dict[str, Any], key: str) -> Any:
    """Give an entry of a field, which may stand with the field that it is a part of."""
    for _ in range(_DEEPEST):
        if key in data:
            return data[key]
        above = _resolved(data.get("Parent"))
        if not isinstance(above, dict):
            return None
        data = above
    return None


def _resolved(value: Any) -> Any:
    from pdfminer.pdftypes import resolve1

    return resolve1(value)


def _name(value: Any) -> str:
    value = _resolved(value)
    name = getattr(value, "name", value)
    return name if isinstance(name, str) else name.decode("latin-1") if isinstance(name, bytes) else ""


def _text(value: Any) -> str:
    from pdfminer.utils import decode_text

    value = _resolved(value)
    if isinstance(value, bytes):
        return str(decode_text(value))
    if hasattr(value, "get_data"):
        return str(decode_text(value.get_data()))
    return value if isinstance(value, str) else _name(value)


def _spread(text: str, note: dict[str, Any]) -> Iterator[Glyph]:
    """Place a text in the rectangle of its field, line by line."""
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    tall = (note["bottom"] - note["top"]) / max(1, len(lines))
    for number, line in enumerate(lines):
        wide = min((note["x1"] - note["x0"]) / len(line), tall)
        middle = note["top"] + tall * (number + 0.5)
        for place, character in enumerate(line):
            left = note["x0"] + wide * place
            yield Glyph(character, left, left + wide, middle - tall * _SIZE / 2, middle + tall * _SIZE / 2)
