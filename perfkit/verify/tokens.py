"""The tokens of a text that is verified: figures with their value, words, and single Chinese characters.

White space counts for nothing, so that a paragraph of a Word file and the wrapped lines of a PDF give the
same tokens. A count in words (三项, three) is a figure as well.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HAN = "零一二三四五六七八九十"
_TIMES = {"十": 10, "百": 100, "千": 1000}
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTED = "项处个条家次类万亿元"
_TOKEN = re.compile(
    r"(?P<moment>\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: ?(?:UTC|[+-]\d\d:?\d\d|[A-Z]{3,4}))*)"
    r"|(?P<figure>(?<![\d.])[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|(?:(?<![\w.)])[-−])?\d+(?:\.\d+)?)"
    rf"|(?P<great>[{_HAN}两]+[百千][{_HAN}两百千]*)"
    rf"|(?P<han>[{_HAN}两](?:\s*[{_HAN}两]){{0,2}}(?=\s*[{_COUNTED}]))"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<sign>\S)"
)
# What is printed in more than one way, and is the same: quotation marks, dashes, joints.
_SAME = str.maketrans(
    dict.fromkeys("“”„«»「」『』", '"') | dict.fromkeys("‘’", "'") | dict.fromkeys("—–−", "-")
)


@dataclass(frozen=True, slots=True)
class Token:
    """Hold one token: how it compares (`key`), its value if it is a figure, its text, and where it starts."""

    key: str
    value: Decimal | None
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Read the tokens of a text, in order."""
    for found in _TOKEN.finditer(text):
        yield Token(*_read(found), " ".join(found[0].split()), found.start())


def joined(row: Iterable[Token]) -> str:
    """Print tokens as a text: a space stands between two words in Latin letters or figures alone."""
    text = ""
    for token in row:
        apart = text[-1:].isascii() and text[-1:].isalnum() and token.text[:1].isascii()
        text += (" " if apart and token.text[:1].isalnum() else "") + token.text
    return text


def _read(found: re.Match[str]) -> tuple[str, Decimal | None]:
    whole = found[0]
    if found["moment"]:  # when a report was made is no fact of the form
        return "moment", None
    if found["figure"]:
        value = Decimal(unicodedata.normalize("NFKC", whole).replace(",", "").replace("−", "-"))
        return f"{value.normalize():f}", value
    if found["great"]:
        return str(_great(whole)), Decimal(_great(whole))
    if found["han"] and (count := _han(whole)) is not None:
        return str(count), Decimal(count)
    word = unicodedata.normalize("NFKC", whole).casefold()
    if word in _ENGLISH:
        return str(_ENGLISH.index(word)), Decimal(_ENGLISH.index(word))
    return word.translate(_SAME), None


def _great(text: str) -> int:
    """Read a Chinese count of hundreds or thousands: 八百, 三千五百二十."""
    count, digit = 0, 0
    for sign in text.replace("两", "二"):
        if sign in _TIMES:
            count, digit = count + (digit or 1) * _TIMES[sign], 0
        else:
            digit = _HAN.index(sign)
    return count + digit


def _han(text: str) -> int | None:
    """Read a Chinese count up to ninety-nine: 三, 两, 十二, 二十."""
    plain = "".join(text.split()).replace("两", "二")
    if len(plain) == 1:
        return _HAN.index(plain)
    tens, ten, ones = plain.partition("十")
    if not ten or len(tens) > 1 or len(ones) > 1:
        return None
    return (_HAN.index(tens) if tens else 1) * 10 + (_HAN.index(ones) if ones else 0)
