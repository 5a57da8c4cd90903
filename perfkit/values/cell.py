"""A cell taken apart: its dates, its quantities, the words that remain, and what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from perfkit.values.dates import Span, find_dates
from perfkit.values.normal import LONGEST, fold, is_blank
from perfkit.values.numbers import MOST_DIGITS
from perfkit.values.quantity import Quantity
from perfkit.values.scan import scan
from perfkit.values.suspects import cell_flags
from perfkit.values.terms import Flag, Kind

_DATE_IN_PROSE = 30
_YEAR_IN_PROSE = 8
_QUANTITY_IN_PROSE = 120
_MASK = ","


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold a folded cell: `text`, its `dates` and `quantities` in order, the other `words`."""

    text: str = ""
    blank: bool = True
    dates: tuple[Span, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    words: str = ""
    flags: frozenset[Flag] = frozenset()

    @property
    def parts(self) -> int:
        """Count what can be measured in the cell."""
        return len(self.dates) + len(self.quantities)

    @property
    def kind(self) -> Kind:
        """Say what sort of value the cell holds."""
        if self.blank:
            return Kind.BLANK
        if self.parts > 1:
            return Kind.COMPOUND
        if self.dates:
            return Kind.DATE
        if self.quantities:
            return Kind.RATIO if self.quantities[0].unit.dimension == "ratio" else Kind.NUMBER
        return Kind.WORDS


EMPTY = Cell()


@lru_cache(maxsize=8192)
def take_apart(printed: str | None) -> Cell:
    """Read a printed cell; one that is longer than any figure is words."""
    if printed is None or is_blank(printed):
        return EMPTY
    text = fold(printed)
    if not text:
        return EMPTY
    if len(printed) > LONGEST or _too_many_digits(text):
        return Cell(text, blank=False, words=text)
    flags = cell_flags(text)
    if flags or not _may_measure(text):
        return Cell(text, blank=False, words=text, flags=flags)
    dates = _credible_dates(text)
    masked = _without(text, [(span.start, span.end) for span in dates], _MASK)
    quantities = tuple(scan(masked)) if len(text) <= _QUANTITY_IN_PROSE else ()
    if quantities:
        dates = tuple(span for span in dates if not span.vague)
    words = _without(masked, [(part.start, part.end) for part in quantities], "")
    return Cell(text, False, dates, quantities, words.strip(",;:。、() "), _approximate(quantities))


def _may_measure(text: str) -> bool:
    return any(sign in _MEASURING for sign in text)


_MEASURING = frozenset("0123456789〇零一二两三四五六七八九十廿卅百千万亿壹贰叁肆伍陆柒捌玖拾佰仟半年季月")


def _too_many_digits(text: str) -> bool:
    run = 0
    for sign in text:
        run = run + 1 if "0" <= sign <= "9" or sign == "," else 0
        if run > MOST_DIGITS:
            return True
    return False


def _credible_dates(text: str) -> tuple[Span, ...]:
    """Keep the dates that are the point of the cell; the 2022 of `完成2022年度预算编制` is not."""
    found = find_dates(text)
    taken = sum(span.end - span.start for span in found)
    others = len(text) - taken
    if others > _DATE_IN_PROSE:
        return tuple(span for span in found if span.before)
    return tuple(span for span in found if not span.vague or others <= _YEAR_IN_PROSE)


def _without(text: str, spans: list[tuple[int, int]], mask: str) -> str:
    for start, end in reversed(spans):
        text = text[:start] + mask * (end - start) + text[end:]
    return text


def _approximate(quantities: tuple[Quantity, ...]) -> frozenset[Flag]:
    return frozenset({Flag.APPROXIMATE}) if any(part.approximate for part in quantities) else frozenset()
