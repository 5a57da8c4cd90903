"""A cell taken apart: its dates, its quantities, the words that remain, and what is odd about it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from perfkit.values.dates import Span, find_dates
from perfkit.values.normal import LONGEST, fold, says_nothing
from perfkit.values.numbers import DIGITS, MOST_DIGITS, plain_number
from perfkit.values.quantity import Quantity
from perfkit.values.scan import count_in_words, scan
from perfkit.values.suspects import cell_flags
from perfkit.values.terms import Flag, Kind
from perfkit.values.units import leading_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATE_IN_PROSE = 30
_YEAR_IN_PROSE = 8
_QUANTITY_IN_PROSE = 120
_MASK = ","
_EDGES = ",;:。、() "
_NUMBER_SIGNS = "0-9〇零一二两三四五六七八九十廿卅百壹贰叁肆伍陆柒捌玖拾佰仟半"
_MEASURING = re.compile(rf"[{_NUMBER_SIGNS}年月季]")
_NO_DATE = rf"[^{_NUMBER_SIGNS}年月季日号第.,/~±^*-]{{0,12}}"
_ONE_NUMBER = re.compile(rf"({_NO_DATE})(?!(?:19|20)[0-9]{{2}}[.0-9]{{2}})({DIGITS})({_NO_DATE})")
_TOO_MANY_DIGITS = re.compile(rf"[0-9,]{{{MOST_DIGITS + 1}}}")
_CODES = re.compile(
    r"(?<![0-9A-Za-z])[A-Za-z]{1,6}(?:/[A-Z])?[+]?[0-9]{1,8}(?:[.-][0-9]{1,6})*"
    r"|(?<![0-9.])[1-7][*xX][0-9]{1,2}(?=小时|[hH]|$)"
    r"|(?<![0-9.])[0-9]{1,2}\+[A-Z](?![0-9A-Za-z])"
    r"|(?<![0-9.])(?:[0-9]{1,3}[-~至])?[0-9]{1,3}周?岁(?=(?:及?以[上下])?(?!及?以[上下])[\u4e00-\u9fff])"
)
_CODE_SIGNS = re.compile("[A-Za-z岁*+]")  # one of them stands in every code
_COUNTED = re.compile(r"([A-Za-z]{2,6})([0-9]{1,8})")
_NATURE = re.compile(r"^(?:(?:定性|定量)(?:指标)?[:,]?|(?:目标|指标)[0-9一二三四五六七八九]{1,2}[:.、])")
_INCLUDING = re.compile(r"(?<=[上下内])\(含(?:本数|[0-9.]{1,12}[^0-9()]{0,4})?\)")
_BOUND = r"([0-9.]{1,12}[^0-9≤≥,;()]{0,4})"
_BETWEEN = re.compile(rf"{_BOUND}([≤≥])[^0-9≤≥,;()]{{1,12}}\2{_BOUND}")
_PARTICLES = "≤≥<>=,;:。、.()于在至截止到前内底末度期间"
_BRINGS_ABOUT = re.compile(
    r"完成|竣工|完工|建成|验收|交付|到位|支付|拨付|发放|兑付|实施|开展|执行|投产|使用|启动|开工|组织|举办|办结"
)
_PLAIN_DIGITS = 16
_BOTH_SIDES = 2
_RECURRING = re.compile(
    r"每个?(?:月|季度?|周|星期)(?:[0-9]{1,2}(?:[日号]|(?=之?前))|[月季]?末|[月季]?底|[月季]?初|结束)(?:之?前|内)?"
)


Part = Quantity | Span


_APPROXIMATE = frozenset({Flag.APPROXIMATE})


class Cell(NamedTuple):
    """Hold a folded cell: `text`, its `dates` and `quantities` in order, the other `words`."""

    text: str = ""
    blank: bool = True
    dates: tuple[Span, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    words: str = ""
    flags: frozenset[Flag] = frozenset()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Give what can be measured in the cell, in the order of the text."""
        if not self.dates:
            return self.quantities
        if not self.quantities:
            return self.dates
        return tuple(sorted((*self.dates, *self.quantities), key=lambda part: part.start))

    def in_brackets(self, part: Part) -> bool:
        """Tell a part that a bracket adds to what stands before it: `300人(其中女性120人)`."""
        if self.dates and isinstance(part, Quantity):  # its place in the text is not known
            return False
        return self.text.rfind("(", 0, part.start + 1) > max(0, self.text.rfind(")", 0, part.start + 1))

    @property
    def kind(self) -> Kind:
        """Say what sort of value the cell holds."""
        if self.blank:
            return Kind.BLANK
        if len(self.dates) + len(self.quantities) > 1:
            return Kind.COMPOUND
        if self.dates:
            return Kind.DATE
        if self.quantities:
            return Kind.RATIO if self.quantities[0].unit.dimension == "ratio" else Kind.NUMBER
        return Kind.WORDS


EMPTY = Cell()


def take_apart(printed: str | None) -> Cell:
    """Read a printed cell; one that is longer than any figure is words, and only its beginning is kept."""
    return EMPTY if printed is None else _take_apart(printed[: LONGEST + 1])


@lru_cache(maxsize=2048)
def _take_apart(printed: str) -> Cell:
    short = _of_one_number(printed)
    if short is not None:
        return short
    text = fold(printed)
    if not text or (len(printed) < LONGEST and says_nothing(text)):
        return EMPTY
    return read_whole(text, long=len(printed) > LONGEST)


class _Like(NamedTuple):
    """Hold what cells share that differ in one number only: the folded text around it, what was read there.

    `rest` are the fields of the quantity that follow its number.
    """

    before: str
    after: str
    rest: tuple[Any, ...]
    words: str
    flags: frozenset[Flag]


def _of_one_number(printed: str) -> Cell | None:
    """Read a cell with one plain number as its like with another number was read; None for any other."""
    found = _ONE_NUMBER.fullmatch(printed)
    if found is None:
        return None
    left, digits, right = found.groups()
    like = _like(left, right)
    if like is None or len(digits) > _PLAIN_DIGITS:
        return None
    before, after, rest, words, flags = like
    quantity = Quantity._make((plain_number(digits), *rest))
    return Cell(f"{before}{digits}{after}", False, (), (quantity,), words, flags)  # noqa: FBT003


def read_whole(text: str, *, long: bool = False) -> Cell:
    """Read any folded cell that is filled in, by no short way; `long` tells that more was printed."""
    text = _NATURE.sub("", text) or text
    if "(含" in text:
        text = _INCLUDING.sub("", text)
    if text.count("≤") == _BOTH_SIDES or text.count("≥") == _BOTH_SIDES:
        text = _bounds_first(text)
    if long or _TOO_MANY_DIGITS.search(text):
        return Cell(text, blank=False, words=text)
    return _read(text)


def _bounds_first(text: str) -> str:
    """Write a value between its bounds (`90%≤合格率≤100%`) as two bounds (`≥90%,≤100%`)."""
    found = _BETWEEN.fullmatch(text)
    if found is None:
        return text
    one, sign, other = found.groups()
    low, high = (one, other) if sign == "≤" else (other, one)
    return f"≥{low},≤{high}"


@lru_cache(maxsize=2048)
def _like(before: str, after: str) -> _Like | None:
    """Read cells that differ in one number only (`≥…人次`) once; None where that misleads."""
    found = None if before.endswith("分之") else _ONE_NUMBER.fullmatch(fold(f"{before}7{after}"))
    cell = _read(found[0]) if found else EMPTY
    if found is None or len(cell.quantities) != 1 or cell.dates or cell.flags - _APPROXIMATE:
        return None
    _, *rest = cell.quantities[0]._replace(start=0, end=0)
    return _Like(found[1], found[3], tuple(rest), cell.words, cell.flags)


def _read(text: str) -> Cell:
    """Read a folded cell that is filled in and short."""
    flags = cell_flags(text)
    if flags or not _MEASURING.search(text) or _RECURRING.search(text):
        return Cell(text, blank=False, words=text, flags=flags)
    found = find_dates(text)
    dates = _credible(found, text) if found else ()
    quantities: tuple[Quantity, ...] = ()
    if len(text) <= _QUANTITY_IN_PROSE:
        rest = _without(text, found, _MASK)
        quantities = tuple(scan(_CODES.sub(_hidden, rest) if _CODE_SIGNS.search(rest) else rest))
    if quantities and dates:
        dates = tuple(span for span in dates if not span.vague)
    words = _without(_without(text, dates, _MASK), quantities, "").strip(_EDGES)
    flags = _APPROXIMATE if any(part.approximate for part in quantities) else flags
    return Cell(text, blank=False, dates=dates, quantities=quantities, words=words, flags=flags)


def with_counts(one: Cell, other: Cell) -> tuple[Cell, Cell]:
    """Read a count in words (`两个项目通过验收`) where the other of two cells, and it alone, is a count."""
    return _counted(one, other), _counted(other, one)


def _counted(cell: Cell, other: Cell) -> Cell:
    if cell.quantities or cell.dates or len(other.quantities) != 1 or not other.quantities[0].unit.counts:
        return cell
    found = count_in_words(cell.text)
    return cell if found is None else cell._replace(quantities=(found,))


def _hidden(code: re.Match[str]) -> str:
    """Put letters where a code stands (GB50300-2013, PM2.5) or whose age it is (80-89岁老人): no number.

    A name in letters that is counted (`SCI1篇`, `LED20盏`) is no code: its number stays, behind a stop.
    """
    counted = _COUNTED.fullmatch(code[0])
    unit, length = leading_unit(code.string, code.end())
    if counted and length and unit.counts:
        return _MASK * len(counted[1]) + counted[2]
    return "X" * len(code[0])


def _credible(found: list[Span], text: str) -> tuple[Span, ...]:
    """Keep the dates that are the point of the cell; the 2022 of `完成2022年度预算编制` is not.

    A whole year is one only beside nothing, or beside a word of doing: `年内完成`, but not `全年无事故`.
    """
    others = _without(text, found, "")
    if len(others) > _DATE_IN_PROSE:
        return tuple(span for span in found if span.before)
    short = len(others) <= _YEAR_IN_PROSE
    year = short and (not others.strip(_PARTICLES) or _BRINGS_ABOUT.search(others) is not None)
    return tuple(span for span in found if year or not span.vague)


def _without(text: str, parts: Sequence[Part], mask: str) -> str:
    for part in reversed(parts):
        text = text[: part.start] + mask * (part.end - part.start) + text[part.end :]
    return text
