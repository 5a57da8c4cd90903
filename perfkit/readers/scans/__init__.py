"""Scans and photographs of forms: a picture of a page becomes rules and characters, as a printed page is.

From there a scan is read like any PDF, only that each character knows how sure the recogniser was of it.
Cells are told by their rules, broken ones too: where rules run at all gives the lines of a lattice; each
piece of it between two crossings is a border where most of it is inked, and cells without a border between
them are one cell.

Needs the extra perfkit[ocr]: RapidOCR, which carries its models, and OpenCV.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from perfkit.readers.pages import Page
from perfkit.readers.positions import Glyph
from perfkit.readers.scans.recognition import Box, Word, recognised
from perfkit.readers.scans.straight import PALE, ink, straightened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


_SHORTEST = 42  # pixels at 200 dpi: longer than any stroke of a character of the text
_GAP = 31  # pixels that a broken rule lacks at most between two pieces
_SURELY = 170  # pixels that no row of characters fills without a gap
_NEAR = 12
_APART = 14
_REACH = 5
_BORDER = 0.5  # how much of a border is inked at least: rules are broken
_END, _AT_ENDS = 0.15, 0.3  # and near both its ends, which a line of text in the middle does not reach
_FEWEST = 6
_STROKE = 15  # pixels that a rule, or a stroke of a character, is thick at most
_RULED = 60
_DASH = 4, 40  # pixels that a dash of a rule is long
_DASH_THICK = 8


@dataclass(frozen=True, slots=True)
class Ruled:
    """Hold a table of a page: its outer box and its cells."""

    box: Box
    cells: list[Box]


def ruled_tables(grey: Any) -> tuple[list[Ruled], Any]:
    """Give the tables of a page, and the page without their rules."""
    import cv2
    import numpy as np

    inked = _strokes(grey)
    masks = []
    for gap, long, wide in (((1, 3), (1, _SHORTEST), (1, _GAP)), ((3, 1), (_SHORTEST, 1), (_GAP, 1))):
        closed = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones(gap, np.uint8)) | _dashed(inked, gap)
        pieces = _thin(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(long, np.uint8)))
        masks.append(cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones(wide, np.uint8)))
    across, down = _held(*masks)
    tables = []
    for box in _areas(across, down):
        part = (slice(int(box.top), int(box.bottom) + 1), slice(int(box.x0), int(box.x1) + 1))
        cells = _cells(across[part], down[part], box)
        if len(cells) >= _FEWEST:
            tables.append(Ruled(box, cells))
    return tables, _erased(grey, across, down, [cell for table in tables for cell in table.cells])


def _strokes(grey: Any) -> Any:
    """Give where a page is inked, and darker than both sides: no edge of a filled heading, but its rules."""
    import cv2
    import numpy as np

    blurred = cv2.GaussianBlur(grey, (3, 3), 0)
    darker = cv2.morphologyEx(blurred, cv2.MORPH_BLACKHAT, np.ones((_STROKE, _STROKE), np.uint8))
    return np.where(darker > np.median(darker) + PALE, ink(grey), 0).astype(
        np.uint8
    )  # beyond the paper's grain


def _dashed(inked: Any, along: tuple[int, int]) -> Any:
    """Give the rules that are dashed: thin strokes that stand alone, one behind another, over a long way.

    No character, and no dash in a cell, has so many of them beside each other.
    """
    import cv2
    import numpy as np

    axis = 0 if along[1] > along[0] else 1
    labels, stats = _pieces(inked)
    length, thickness = stats[:, 2 + axis], stats[:, 3 - axis]
    alone = (thickness <= _DASH_THICK) & (length >= _DASH[0]) & (length <= _DASH[1])
    alone[0] = False
    dashes = np.where(alone[labels], 255, 0).astype(np.uint8)
    closing, opening, ends = (
        np.ones((1, size) if axis == 0 else (size, 1), np.uint8)
        for size in (_GAP, _SURELY // 2, 2 * _NEAR + 1)
    )
    joined = cv2.morphologyEx(dashes, cv2.MORPH_CLOSE, closing)
    return cv2.dilate(cv2.morphologyEx(joined, cv2.MORPH_OPEN, opening), ends)  # up to the rule they end at


def _thin(lines: Any) -> Any:
    """Leave out what is no rule but a field of ink: a filled heading, the shadow of the page's edge."""
    import cv2
    import numpy as np

    thick = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((15, 15), np.uint8))
    return cv2.subtract(lines, cv2.dilate(thick, np.ones((5, 5), np.uint8)))


def _held(across: Any, down: Any) -> tuple[Any, Any]:
    """Keep the pieces that are long, or end at others on both sides: strokes of characters do neither."""
    import numpy as np

    pieces = [_pieces(across), _pieces(down)]
    kept = [np.zeros_like(across), np.zeros_like(down)]
    waiting: list[list[int]] = [[], []]
    for axis in (0, 1):
        for number, stat in enumerate(pieces[axis][1]):
            if number and stat[2 + axis] >= _SURELY:
                kept[axis][pieces[axis][0] == number] = 255
            elif number:
                waiting[axis].append(number)
    for _ in range(2):
        for axis in (0, 1):
            labels, stats = pieces[axis]
            for number in list(waiting[axis]):
                if all(_touches(kept[1 - axis], spot) for spot in _ends(stats[number], axis)):
                    left, top, wide, tall = stats[number][:4]
                    part = (slice(top, top + tall), slice(left, left + wide))
                    kept[axis][part][labels[part] == number] = 255
                    waiting[axis].remove(number)
    return kept[0], kept[1]


def _pieces(lines: Any) -> tuple[Any, Any]:
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(lines)
    return labels, stats


def _ends(stat: Any, axis: int) -> tuple[tuple[int, int], tuple[int, int]]:
    left, top, wide, tall = (int(each) for each in stat[:4])
    if axis == 0:
        return (left, top + tall // 2), (left + wide, top + tall // 2)
    return (left + wide // 2, top), (left + wide // 2, top + tall)


def _touches(lines: Any, spot: tuple[int, int]) -> bool:
    x, y = spot
    part = lines[max(0, y - _NEAR) : y + _NEAR + 1, max(0, x - _NEAR) : x + _NEAR + 1]
    return bool(part.size) and bool(part.any())


def _areas(across: Any, down: Any) -> Iterator[Box]:
    """Give the box of each group of rules that touch."""
    import cv2
    import numpy as np

    joined = cv2.dilate(cv2.bitwise_or(across, down), np.ones((25, 25), np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        left, top, wide, tall = cv2.boundingRect(outline)
        if wide > 4 * _RULED and tall > _RULED:
            right, bottom = min(left + wide, across.shape[1]) - 1, min(top + tall, across.shape[0]) - 1
            yield Box(left, top, right, bottom)


def _cells(across: Any, down: Any, area: Box) -> list[Box]:
    """Give the cells of the lattice of one table."""
    ys, xs = _positions(across, axis=1), _positions(down, axis=0)
    if len(xs) < 2 or len(ys) < 2:  # noqa: PLR2004  no lattice
        return []
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = {(r, c): (r, c) for r in range(rows) for c in range(columns)}
    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not _bordered(down, xs[c + 1], ys[r], ys[r + 1], axis=0):
                _join(owner, (r, c), (r, c + 1))
            if r + 1 < rows and not _bordered(across, ys[r + 1], xs[c], xs[c + 1], axis=1):
                _join(owner, (r, c), (r + 1, c))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for spot in owner:
        groups.setdefault(_root(owner, spot), []).append(spot)
    boxes = []
    for spots in groups.values():
        for top, left, bottom, right in _rectangles(spots):
            box = Box(
                area.x0 + xs[left], area.top + ys[top], area.x0 + xs[right + 1], area.top + ys[bottom + 1]
            )
            boxes.append(box)
    return boxes


def _positions(lines: Any, *, axis: int) -> list[float]:
    """Give where rules lie, from the rules' own pieces: those a hair apart are one."""
    import cv2

    count, _, stats, centres = cv2.connectedComponentsWithStats(lines)
    pieces = sorted(
        (float(centres[n][axis]), int(stats[n][cv2.CC_STAT_HEIGHT if axis == 0 else cv2.CC_STAT_WIDTH]))
        for n in range(1, count)
        if stats[n][cv2.CC_STAT_HEIGHT if axis == 0 else cv2.CC_STAT_WIDTH] >= _SHORTEST
    )
    groups: list[list[tuple[float, int]]] = []
    for piece in pieces:
        if groups and piece[0] - groups[-1][-1][0] <= _APART:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [sum(at * long for at, long in group) / sum(long for _, long in group) for group in groups]


def _bordered(lines: Any, at: float, start: float, end: float, *, axis: int) -> bool:
    """Tell whether most of a piece of the lattice is inked."""
    low, high = max(0, int(at) - _REACH), int(at) + _REACH + 1
    first, last = int(start) + _REACH, int(end) - _REACH
    if last <= first:
        return True
    piece = lines[first:last, low:high].max(axis=1) if axis == 0 else lines[low:high, first:last].max(axis=0)
    if not piece.size:
        return False
    inked = piece > 0
    end = max(1, round(inked.size * _END))
    ends = min(float(inked[:end].mean()), float(inked[-end:].mean()))
    return float(inked.mean()) >= _BORDER and ends >= _AT_ENDS


def _root(owner: dict[tuple[int, int], tuple[int, int]], spot: tuple[int, int]) -> tuple[int, int]:
    while owner[spot] != spot:
        owner[spot] = owner[owner[spot]]
        spot = owner[spot]
    return spot


def _join(
    owner: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int], other: tuple[int, int]
) -> None:
    first, second = _root(owner, one), _root(owner, other)
    owner[max(first, second)] = min(first, second)


def _rectangles(spots: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Give a group of joined spots as rectangles: one where it is one, else row by row."""
    tops, lefts = [r for r, _ in spots], [c for _, c in spots]
    whole = (min(tops), min(lefts), max(tops), max(lefts))
    if len(spots) == (whole[2] - whole[0] + 1) * (whole[3] - whole[1] + 1):
        yield whole
        return
    for row in sorted(set(tops)):
        columns = sorted(c for r, c in spots if r == row)
        start = columns[0]
        for here, following in pairwise([*columns, columns[-1] + 2]):
            if following != here + 1:
                yield row, start, row, here
                start = following


def _erased(grey: Any, across: Any, down: Any, cells: Sequence[Box]) -> Any:
    """Give a page without its rules; what runs like a rule through a cell is a text in it."""
    import cv2
    import numpy as np

    borders = np.zeros_like(grey)
    for cell in cells:
        corners = (round(cell.x0), round(cell.top)), (round(cell.x1), round(cell.bottom))
        cv2.rectangle(borders, *corners, 255, 2 * _REACH)
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((5, 5), np.uint8))
    clean = grey.copy()
    clean[(rules > 0) & (borders > 0)] = 255
    return clean
