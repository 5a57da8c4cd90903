"""Scans and photographs of forms: a picture of a page becomes rules and characters, as a printed page is.

From there a scan is read like any PDF, only that each character knows how sure the recogniser was of it.
Needs the extra perfkit[ocr]: RapidOCR, which carries its models, and OpenCV.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfkit.readers.pages import Page
from perfkit.readers.positions import Glyph
from perfkit.readers.scans.recognition import Box, Word, recognised
from perfkit.readers.scans.rules import ruled_tables
from perfkit.readers.scans.straight import straightened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["scanned"]

_POINTS = 842.0  # of A4's longer side, which a page is taken for
_OVERLAP = 0.3
_INK = 12
_QUALITY = 80  # of the JPEG that cells are cut out of, for a person to look at


def scanned(image: Any, number: int) -> Page:
    """Read a picture of a page (BGR): its tables as boxes of cells and its characters, in points."""
    import cv2

    page = straightened(image)
    tables, clean = ruled_tables(page.grey)
    cells = [cell for table in tables for cell in table.cells]
    boxes = [piece for box in page.texts for piece in _parted(box, cells)]
    boxes += _missed(clean, cells, boxes)
    words = recognised(cv2.cvtColor(clean, cv2.COLOR_GRAY2BGR), boxes)
    scale = _POINTS / max(page.grey.shape)
    _, seen = cv2.imencode(".jpg", page.grey, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))
    return Page(
        number,
        [(_scaled(table.box, scale), [_scaled(cell, scale) for cell in table.cells]) for table in tables],
        [glyph for word in words for glyph in _glyphs(word, scale)],
        (seen.tobytes(), 1 / scale),
    )


def _scaled(box: Box, scale: float) -> tuple[float, ...]:
    return (box.x0 * scale, box.top * scale, box.x1 * scale, box.bottom * scale)


def _parted(box: Box, cells: Sequence[Box]) -> Iterator[Box]:
    """Cut a text's box where it reaches over several cells, which the recogniser took for one line."""
    inside = []
    for cell in cells:
        wide = min(box.x1, cell.x1) - max(box.x0, cell.x0)
        tall = min(box.bottom, cell.bottom) - max(box.top, cell.top)
        enough = min(box.width, box.height) * _OVERLAP
        if wide > enough and tall > enough:
            inside.append(
                Box(
                    max(box.x0, cell.x0),
                    max(box.top, cell.top),
                    min(box.x1, cell.x1),
                    min(box.bottom, cell.bottom),
                )
            )
    yield from inside if len(inside) > 1 else [box]


def _missed(clean: Any, cells: Sequence[Box], boxes: Sequence[Box]) -> Iterator[Box]:
    """Give where cells are inked though no text was found in them: a single figure is easily passed over."""
    import cv2
    import numpy as np

    for cell in cells:
        if any(_stands_in(box, cell) for box in boxes):
            continue
        left, top = int(cell.x0) + 4, int(cell.top) + 4
        part = clean[top : int(cell.bottom) - 3, left : int(cell.x1) - 3]
        if not part.size:
            continue
        count, _, stats, _ = cv2.connectedComponentsWithStats((part < 140).astype(np.uint8))  # noqa: PLR2004
        marks = [stats[n] for n in range(1, count) if stats[n][cv2.CC_STAT_HEIGHT] >= _INK]
        if marks:
            x0 = min(mark[cv2.CC_STAT_LEFT] for mark in marks)
            y0 = min(mark[cv2.CC_STAT_TOP] for mark in marks)
            x1 = max(mark[cv2.CC_STAT_LEFT] + mark[cv2.CC_STAT_WIDTH] for mark in marks)
            y1 = max(mark[cv2.CC_STAT_TOP] + mark[cv2.CC_STAT_HEIGHT] for mark in marks)
            yield Box(left + x0 - 6, top + y0 - 6, left + x1 + 6, top + y1 + 6)


def _stands_in(box: Box, cell: Box) -> bool:
    return cell.x0 < (box.x0 + box.x1) / 2 < cell.x1 and cell.top < (box.top + box.bottom) / 2 < cell.bottom


def _glyphs(word: Word, scale: float) -> Iterator[Glyph]:
    """Give the characters of a recognised text, spread over its box: Latin ones take half the room."""
    left, top, right, bottom = _scaled(word.box, scale)
    down = bottom - top > (right - left) * 1.5 and len(word.text) > 1
    widths = [1.0 if down or not character.isascii() else 0.55 for character in word.text]
    step = ((bottom - top) if down else (right - left)) / sum(widths)
    at = top if down else left
    for character, width in zip(word.text, widths, strict=True):
        end = at + width * step
        box = (left, right, at, end) if down else (at, end, top, bottom)
        yield Glyph(character, *box, sure=word.sure)
        at = end
