"""A picture of a page made straight: even light, no stamp over the text, level, upright, square.

Whatever the scanner or the telephone did to the page is undone as far as the page's own rules and texts
tell: the rules tell by how much it is turned and in what perspective it lies, the texts which way is up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from perfkit.readers.scans.recognition import Box, Word, found, recognised

LONG_SIDE = 2340  # pixels of A4's longer side at 200 dpi: what the recogniser was tried with
_LEAST_SIDE = 1700
_MOST_SIDE = 2600
_GREY = 0.002  # how much of a page in black and white is neither, at most
_SPECK = 2  # pixels
_RED = 45  # by how much red must prevail over green and blue to be a stamp's ink
_STAMPED = 0.0003
_LEVEL = 0.05
_STEEPEST = 30.0
_QUADRANGLE = 0.25
_SMALL_SIDE = 800  # pixels that are enough to find a sheet of paper
_WHOLE = 0.97
PALE = 10  # by how many grey values ink is darker than the paper around it: rules may be pale
_SAMPLE = 10
_TALL = 1.5


@dataclass(frozen=True, slots=True)
class Straight:
    """Hold a straightened page as grey values (0 black, 255 paper), and where its texts stand."""

    grey: Any
    texts: list[Box]

    def colours(self) -> Any:
        """Give the page in three channels, as the recogniser takes it."""
        import cv2

        return cv2.cvtColor(self.grey, cv2.COLOR_GRAY2BGR)


def straightened(image: Any) -> Straight:
    """Make a picture of a page (BGR) straight."""
    grey = _even(_without_stamp(_sized(_without_specks(_paper(image)))))
    grey = _turned(grey, _slope(grey))
    grey = _square(grey)
    grey, texts = _upright(grey)
    return Straight(grey, texts)


def _paper(image: Any) -> Any:
    """Cut a sheet of paper out of what it lies on, where that is darker and shows around it."""
    import cv2
    import numpy as np

    scale = _SMALL_SIDE / max(image.shape[:2])
    small = cv2.resize(image if image.ndim == 2 else image.max(axis=2), None, fx=scale, fy=scale)  # noqa: PLR2004
    bright, mask = cv2.threshold(
        cv2.GaussianBlur(small, (9, 9), 0), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU
    )
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    sheet = cv2.convexHull(max(outlines, key=cv2.contourArea)) if outlines else None
    if sheet is None or not small.size * _QUADRANGLE < cv2.contourArea(sheet) < small.size * _WHOLE:
        return image
    around = small[mask == 0]
    corners = _four_corners(sheet)
    if corners is None or around.size < small.size * 0.03 or around.mean() > bright * 0.95:
        return image
    return _flat(image, corners / scale)


def _flat(image: Any, corners: Any) -> Any:
    """Give what lies within four corners as a rectangle of its own, without its very edge."""
    import cv2
    import numpy as np

    (a, b, c, d) = corners
    wide = int(max(np.linalg.norm(b - a), np.linalg.norm(c - d)))
    tall = int(max(np.linalg.norm(d - a), np.linalg.norm(c - b)))
    target = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    flat = cv2.warpPerspective(image, matrix, (wide, tall), flags=cv2.INTER_CUBIC)
    edge = max(wide, tall) // 150
    return np.ascontiguousarray(flat[edge : tall - edge, edge : wide - edge])


def _without_specks(image: Any) -> Any:
    """Clean a page in black and white, as a fax is: single dots are no ink, and single holes no paper."""
    import cv2
    import numpy as np

    grey = image if image.ndim == 2 else image[:, :, 0]  # noqa: PLR2004
    if ((grey > 8) & (grey < 247)).mean() > _GREY:  # noqa: PLR2004  neither black nor white
        return image
    clean = grey.copy()
    for marks, colour in ((grey < 128, 255), (grey >= 128, 0)):  # noqa: PLR2004
        count, labels, stats, _ = cv2.connectedComponentsWithStats(marks.astype(np.uint8), connectivity=8)
        small = np.zeros(count, bool)
        small[1:] = stats[1:, cv2.CC_STAT_AREA] <= _SPECK
        dots = small[labels]
        if colour:  # a dot beside a figure may be its decimal point
            dots &= cv2.dilate((marks & ~dots).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
        clean[dots] = colour
    return cv2.cvtColor(clean, cv2.COLOR_GRAY2BGR)


def _sized(image: Any) -> Any:
    """Bring a page to some 200 dpi of A4, whatever it was taken with."""
    import cv2

    longest = max(image.shape[:2])
    if _LEAST_SIDE <= longest <= _MOST_SIDE:
        return image
    scale = LONG_SIDE / longest
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return cv2.resize(image, size, interpolation=how)


def _without_stamp(image: Any) -> Any:
    """Give grey values in which red ink is paper: where the page has any, the red light alone."""
    import cv2
    import numpy as np

    if image.ndim == 2:  # noqa: PLR2004  already grey
        return image
    blue, green, red = (image[:, :, n].astype(np.int16) for n in range(3))
    stamped = red - np.maximum(blue, green) > _RED
    if stamped.mean() < _STAMPED:
        return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return image[:, :, 2]


def _even(grey: Any) -> Any:
    """Take shadows out: divide by the light that falls on the paper around."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 31)
    light = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(grey, np.maximum(light, 1), scale=245)
    return np.where(light < 40, 255, even).astype(np.uint8)  # noqa: PLR2004  no paper there: the table under it


def ink(grey: Any) -> Any:
    """Give where a page is inked: 255 there, 0 on paper."""
    import cv2

    blurred = cv2.GaussianBlur(grey, (3, 3), 0)
    return cv2.adaptiveThreshold(blurred, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, PALE)


def _slope(grey: Any) -> float:
    """Give by how many degrees a page's lines rise, from its rules, else from its lines of text."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    long = max(small.shape) // 12
    lines = cv2.HoughLinesP(ink(small), 1, np.pi / 1440, long, minLineLength=long, maxLineGap=6)
    if lines is None:
        return 0.0
    across = lines.reshape(-1, 4).astype(float)
    dx, dy = across[:, 2] - across[:, 0], across[:, 3] - across[:, 1]
    angles = (np.degrees(np.arctan2(dy, dx)) + 45) % 90 - 45
    weights = np.hypot(dx, dy)
    bins = np.round(angles * 4).astype(int)
    best = max(set(bins.tolist()), key=lambda each: weights[np.abs(bins - each) <= 2].sum())  # noqa: PLR2004
    near = np.abs(bins - best) <= 4  # noqa: PLR2004  within a degree
    order = np.argsort(angles[near])
    half = np.searchsorted(np.cumsum(weights[near][order]), weights[near].sum() / 2)
    return float(angles[near][order][min(half, len(order) - 1)])


def _turned(grey: Any, degrees: float) -> Any:
    import cv2

    if abs(degrees) < _LEVEL or abs(degrees) > _STEEPEST:
        return grey
    tall, wide = grey.shape
    angle = math.radians(abs(degrees))
    new = (
        round(wide * math.cos(angle) + tall * math.sin(angle)),
        round(tall * math.cos(angle) + wide * math.sin(angle)),
    )
    matrix = cv2.getRotationMatrix2D((wide / 2, tall / 2), degrees, 1.0)
    matrix[0, 2] += new[0] / 2 - wide / 2
    matrix[1, 2] += new[1] / 2 - tall / 2
    return cv2.warpAffine(grey, matrix, new, flags=cv2.INTER_CUBIC, borderValue=255)


def _square(grey: Any) -> Any:
    """Undo a perspective: make the outer frame of the largest table a rectangle again."""
    import cv2
    import numpy as np

    corners = _frame(grey)
    if corners is None:
        return grey
    (a, b, c, d) = corners  # clockwise from the top left
    wide = max(np.linalg.norm(b - a), np.linalg.norm(c - d))
    tall = max(np.linalg.norm(d - a), np.linalg.norm(c - b))
    left, top = (a[0] + d[0]) / 2, (a[1] + b[1]) / 2
    target = np.array(
        [[left, top], [left + wide, top], [left + wide, top + tall], [left, top + tall]], np.float32
    )
    if np.abs(target - corners).max() < 2:  # noqa: PLR2004  pixels: it is square already
        return grey
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    page = np.array(
        [[[0, 0], [grey.shape[1], 0], [grey.shape[1], grey.shape[0]], [0, grey.shape[0]]]], np.float32
    )
    edges = cv2.perspectiveTransform(page, matrix)[0]
    low, high = edges.min(axis=0), edges.max(axis=0)
    size = high - low
    if not np.isfinite(size).all() or size.max() > _MOST_SIDE * 1.5:
        return grey
    shift = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]], np.float64)
    return cv2.warpPerspective(
        grey, shift @ matrix, (round(size[0]), round(size[1])), flags=cv2.INTER_CUBIC, borderValue=255
    )


def _frame(grey: Any) -> Any:
    """Give the corners of the outer frame of a page's largest table, if it has one that is large."""
    import cv2
    import numpy as np

    inked = cv2.morphologyEx(ink(grey), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    long = max(grey.shape) // 45
    rules = cv2.dilate(_lines(inked, long, slack=3), np.ones((7, 7), np.uint8))
    outlines, _ = cv2.findContours(rules, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=lambda each: cv2.contourArea(cv2.convexHull(each))))
    if cv2.contourArea(hull) < grey.size * _QUADRANGLE:
        return None
    return _four_corners(hull)


def _four_corners(hull: Any) -> Any:
    """Give the corners of an outline that has four, clockwise from the top left; None where it has others."""
    import cv2
    import numpy as np

    for loose in (0.01, 0.02, 0.03, 0.05):
        corners = cv2.approxPolyDP(hull, loose * cv2.arcLength(hull, closed=True), closed=True)
        if len(corners) == 4:  # noqa: PLR2004
            points = corners.reshape(4, 2).astype(float)
            middle = points.mean(axis=0)
            order = np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))
            return points[order]
    return None


def _lines(inked: Any, long: int, *, slack: int = 1) -> Any:
    """Give the rules of a page: what is inked over a length without a break; `slack` allows for a slope."""
    import cv2
    import numpy as np

    thick = np.ones((slack, slack), np.uint8)
    grown = cv2.dilate(inked, thick) if slack > 1 else inked
    across = cv2.morphologyEx(grown, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    down = cv2.morphologyEx(grown, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    return cv2.bitwise_or(across, down)


def _upright(grey: Any) -> tuple[Any, list[Box]]:
    """Turn a page by quarters until its texts run from left to right and are not on their heads."""
    import cv2
    import numpy as np

    texts = found(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
    tall = sum(box.height for box in texts if box.height > box.width * _TALL)
    wide = sum(box.width for box in texts if box.width > box.height * _TALL)
    if tall > wide:
        grey = np.ascontiguousarray(np.rot90(grey))
        texts = found(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
    sample = sorted(texts, key=lambda box: box.width / max(box.height, 1), reverse=True)[:_SAMPLE]
    stands = _certainty(recognised(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), sample))
    if stands > 0.9 or not sample:  # noqa: PLR2004  nobody reads so well upside down
        return grey, texts
    head = np.ascontiguousarray(np.rot90(grey, 2))
    turned = [_half_turned(box, grey.shape) for box in texts]
    if (
        _certainty(
            recognised(cv2.cvtColor(head, cv2.COLOR_GRAY2BGR), [_half_turned(b, grey.shape) for b in sample])
        )
        > stands
    ):
        return head, turned
    return grey, texts


def _half_turned(box: Box, shape: tuple[int, ...]) -> Box:
    return Box(shape[1] - box.x1, shape[0] - box.bottom, shape[1] - box.x0, shape[0] - box.top)


def _certainty(words: list[Word]) -> float:
    """Say how well some texts are read: how sure, and how much."""
    return sum(word.sure * len(word.text) for word in words) / max(1, sum(len(word.text) for word in words))
