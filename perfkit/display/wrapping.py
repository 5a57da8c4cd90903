"""Where a line may break: Chinese between any two characters, other scripts between words.

A closing mark never opens a line and an opening one never ends it (避头尾). What "fits" means is the
caller's: points of a font in a figure, columns in a terminal.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OPEN = "（《〈“‘【〔「『(\\["
_CLOSE = "，。、；：！？）》〉”’】〕」』…％%,.;:!?)\\]"
_WIDE = "⺀-鿿豈-﫿＀-￯\U00020000-\U0003ffff"
_PIECE = re.compile(rf"\s+|[{_OPEN}]*(?:[^\s{_WIDE}{_OPEN}]+|[^\s{_OPEN}])[{_CLOSE}]*|[{_OPEN}]+")


def wrap(text: str, room: float, width: Callable[[str], float]) -> list[str]:
    """Break a text into lines that fit the room; a word that fits no line is broken anywhere."""
    lines, taken = [""], 0.0
    for piece, size in _fitting(text, room, width):
        if not piece.isspace() and lines[-1] and taken + size > room:
            lines.append("")
            taken = 0.0
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
            taken += size
    return [line for line in (line.rstrip() for line in lines) if line]


def _fitting(text: str, room: float, width: Callable[[str], float]) -> Iterator[tuple[str, float]]:
    """Yield the pieces with their widths, one that fits no line letter by letter."""
    for piece in pieces(text):
        size = width(piece)
        if size <= room or piece.isspace():
            yield piece, size
        else:
            yield from ((letter, width(letter)) for letter in piece)


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[str, ...]:
    """Give the smallest pieces that a text may break into, marks kept with what they belong to."""
    return tuple(_PIECE.findall(text))
