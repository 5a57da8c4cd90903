"""A cell taken apart: its dates, its quantities, the words that remain, and what is odd about it.

Templates left in and scan errors look filled in and are not to be trusted: they are flagged and never
repaired, and a row with one is unverifiable.

Amounts of money and execution rates, as the budget block prints them, are read here and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from perfkit.text.figures import HUNDRED, ONE, cut, product
from perfkit.text.folding import LONGEST, is_blank, says_nothing
from perfkit.text.folding import fold_cell as fold
from perfkit.values.dates import Span, find_dates
from perfkit.values.numbers import MOST_DIGITS
from perfkit.values.quantity import Quantity, leading_unit, units
from perfkit.values.rules import Flag, Kind
from perfkit.values.scan import count_in_words, scan
from perfkit.values.vocabulary import search

if TYPE_CHECKING:
    from collections.abc import Sequence

# What a template or a scan error begins with, and what stands anywhere in it.
_TEMPLATE_BEGINS = re.compile(
    r"[(]?(?:请?填写|请填|此处|示例|例如|如:|参考(?![0-9\u4e00-\u9fff])|参考(?:值|格式|填写|示例)|备注:|注:|填报)"
    r"|指标[0-9一二三四五六]{1,2}[:：]?[.…]*$|[≥≤><=%±]+$"
)
_TEMPLATE_HOLDS = re.compile(
    r"[*]{2,}|[xX×]{2,}(?![a-zA-Z])|…{1,}|\.{3,}|[○〇口□]{2,}|_{2,}|字(?:以内|左右)\)"
)
_SCAN_BEGINS = re.compile(
    r"[工二三乏之么主己乙巳丫∧∨^﹀`'\"|\\?¥$#&!冬王去“”‘’]{1,2}=?[0-9]+(?:\.[0-9]+)?%"
    r"|[0-9a-zA-Z][=＝≈][0-9]+(?:\.[0-9]+)?%?"
    r"|[zZNnSsl|]{1,2}[0-9]+(?:\.[0-9]+)?%|[lIO][0-9O]+%|[∧∨^﹀]"
    r"|(?=I*[Ool])[OoIl]{1,3}%?$|%[0-9.]+[≥≤><]?$"
)
_SCAN_HOLDS = re.compile(
    r"[0-9][OoIl]{1,4}[0-9%]|[0-9]%[0-9]|[0-9][=≥≤][0-9]|(?<![A-Za-z0-9])[0-9]+[Oo]{1,3}(?![A-Za-z0-9])"
)
_BOUND_OF_A_CODE = re.compile(r"[A-Za-z][0-9.]{1,6}[=≥≤][0-9]")  # PM2.5≤35
# A box to tick that was taken for the character 口, which begins or ends many words.
_TICK = re.compile(r"[☑☒√✓✔■]")
_MOUTH = re.compile(
    r"(?<![人户出进入港门窗路关井缺接河山渡道胃胸伤刀切裂牲])[口囗](?![岸腔罩碑粮径头号服味语才感红技])"
)
_MARKS = search("of_marks")
_LEVELS = re.compile(r"率|满意|程度|水平|情况|效果|效益|影响|作用|能力|性$")
_ONE_POINT = Decimal(1)
_MOST_POINTS = 40
_OPEN_AT_BOTTOM, _OPEN_AT_TOP = Decimal(200), Decimal(300)


def cell_flags(text: str) -> frozenset[Flag]:
    """Give the flags of a folded cell taken by itself."""
    held = _SCAN_HOLDS.search(text) and not _BOUND_OF_A_CODE.search(text)
    if held or _SCAN_BEGINS.match(text) or _boxes(text):
        return frozenset({Flag.SCAN_SUSPECT})
    if _TEMPLATE_BEGINS.match(text) or _TEMPLATE_HOLDS.search(text):
        return frozenset({Flag.TEMPLATE})
    return frozenset()


def lost_sign(percentage: Decimal) -> bool:
    """Tell whether a percentage of 200 to 299 may stand for `≥` and two digits."""
    return _OPEN_AT_BOTTOM <= percentage < _OPEN_AT_TOP


def _boxes(text: str) -> list[re.Match[str]]:
    """Give the characters 口 that stand where boxes do: beside a ticked one, or several from the start."""
    found = list(_MOUTH.finditer(text))
    several = len(found) > 1 and found[0].start() == 0
    return found if several or _TICK.search(text) else []


_LETTERS_FOR_DIGITS = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1"})
_DIGITS_AND_LETTERS = re.compile(
    r"(?<![A-Za-z0-9.])(?![0-9.]+[lI](?![0-9OoIl.%‰]))[0-9OoIl.]*[0-9][0-9OoIl.]*(?![A-Za-z])|^(?=I*[Ool])[OoIl]{1,3}(?=%?$)"
)
_TWO_FOR_A_SIGN = re.compile(r"2([0-9]{2}(?:\.[0-9]+)?%|100%)")
_ON_ITS_HEAD = re.compile(r"%([0125689.]+)([≥≤><]?)")
_TURNED = str.maketrans("69≥≤><", "96≤≥<>")


def likely(text: str) -> str:
    """Give what a folded cell with a scan error was likely to say (`1OO%`: 100%), "" where nobody can tell.

    It is told to a person, and never read in the cell's stead.

    >>> [likely(text) for text in ("290%", "%06", "lO", "☑是口否", "95%")]
    ['≥90%', '90%', '10', '☑是□否', '']
    """
    if lost := _TWO_FOR_A_SIGN.fullmatch(text):
        meant = f"≥{lost[1]}"
    elif turned := _ON_ITS_HEAD.fullmatch(text):
        meant = f"{turned[2]}{turned[1][::-1]}%".translate(_TURNED)
    elif boxes := _boxes(text):
        spots = {box.start() for box in boxes}
        meant = "".join("□" if n in spots else sign for n, sign in enumerate(text))
    else:
        meant = _DIGITS_AND_LETTERS.sub(_as_digits, text)
    return "" if meant == text or cell_flags(meant) else meant


def _as_digits(found: re.Match[str]) -> str:
    return found[0].translate(_LETTERS_FOR_DIGITS)


def points_typed(target: Quantity | None, actual: Quantity | None, weight: Decimal | None, name: str) -> bool:
    """Tell whether the row's points were typed where its values belong.

    `10分` under a name that is no mark, or, where the row's weight is known, that very number where a
    rate or words are asked for.
    """
    if actual is None or weight == _ONE_POINT:
        return False
    if target is None:
        return weight is not None and actual.bare and actual.number == weight
    if _in_points(target) and _in_points(actual):
        return _MARKS.search(name) is None and actual.number <= target.number <= _MOST_POINTS
    if weight is None or not actual.bare or not weight / 2 <= actual.number <= weight:
        return False
    if target.bare or target.unit_named:
        return target.number == weight and _LEVELS.search(name) is not None
    return target.unit.dimension == "ratio" and actual.number == weight and target.value > 2 * weight


def _in_points(quantity: Quantity) -> bool:
    return quantity.unit.dimension == "score" and not quantity.operator


_DATE_IN_PROSE = 30
_YEAR_IN_PROSE = 8
_QUANTITY_IN_PROSE = 120
_MASK = ","
_EDGES = ",;:。、() "
_NUMBER_SIGNS = "0-9〇零一二两三四五六七八九十廿卅百壹贰叁肆伍陆柒捌玖拾佰仟半"
_MEASURING = re.compile(rf"[{_NUMBER_SIGNS}年月季前]")
_TOO_MANY_DIGITS = re.compile(rf"[0-9,]{{{MOST_DIGITS + 1}}}")
_CODES = re.compile(
    r"(?<![0-9A-Za-z])[A-Za-z]{1,6}(?:/[A-Z])?[+]?[0-9]{1,8}(?:[.-][0-9]{1,6})*"
    r"|(?<![0-9.])[1-7][*xX][0-9]{1,2}(?=小时|[hH]|$)"
    r"|(?<![0-9.])[0-9]{1,2}\+[A-Z](?![0-9A-Za-z])"
    r"|(?<![0-9.])(?:[0-9]{1,3}[-~至])?[0-9]{1,3}周?岁(?=(?:及?以[上下])?(?!及?以[上下])[\u4e00-\u9fff])"
)
_COUNTED = re.compile(r"([A-Za-z]{2,6})([0-9]{1,8})")
_NATURE = re.compile(r"^(?:(?:定性|定量)(?:指标)?[:,]?|(?:目标|指标)[0-9一二三四五六七八九]{1,2}[:.、])")
_INCLUDING = re.compile(r"(?<=[上下内])\(含(?:本数|[0-9.]{1,12}[^0-9()]{0,4})?\)")
_BOUND = r"([0-9.]{1,12}[^0-9≤≥,;()]{0,4})"
_BETWEEN = re.compile(rf"{_BOUND}([≤≥])[^0-9≤≥,;()]{{1,12}}\2{_BOUND}")
_PARTICLES = "≤≥<>=,;:。、.()于在至截止到前内底末度期间"
_BRINGS_ABOUT = search("brought_about")
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
    text = fold(printed)
    if not text or (len(printed) < LONGEST and says_nothing(text)):
        return EMPTY
    return read_whole(text, long=len(printed) > LONGEST)


def read_whole(text: str, *, long: bool = False) -> Cell:
    """Read any folded cell that is filled in, by no short way; `long` tells that more was printed."""
    text = _NATURE.sub("", text) or text
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


def _read(text: str) -> Cell:
    """Read a folded cell that is filled in and short."""
    flags = cell_flags(text)
    if flags or not _MEASURING.search(text) or _RECURRING.search(text):
        return Cell(text, blank=False, words=text, flags=flags)
    found = find_dates(text)
    dates = _credible(found, text) if found else ()
    quantities: tuple[Quantity, ...] = ()
    if len(text) <= _QUANTITY_IN_PROSE:
        quantities = tuple(scan(_CODES.sub(_hidden, _without(text, found, _MASK))))
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
    if code.start() and code.string[code.start() - 1] == "/" and code[0] in units():
        return code[0]
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


_IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}
_TOLD = 40
_MONTHLIKE = re.compile(r"\d{4}\.\d\d")  # elsewhere 2022.12 is a December, among amounts it is money
_LARGEST_SHARE = Decimal("1.5")
_LEAST_PERCENT = Decimal(10)
_PRINTED = re.compile(r"约?(?P<figure>-?\d{1,12}(?:\.\d{1,12})?)\s*(?P<sign>%|‰|百分比|百分点)?", re.ASCII)
_SIGNED = re.compile(r"(?<![\d.])(\d{1,12}(?:\.\d{1,12})?)\s*%", re.ASCII)


def amount(text: str | None, money_unit: str = "万元") -> Decimal | None:
    """Read an amount of money in the form's unit (元 or 万元), or None where none is filled in.

    A figure without a unit is taken in the form's, as printed; one with a unit is brought into it. A minus
    sign is kept.

    >>> [amount(text, "元") for text in ("9,280,000", "372.29万元", "—")]
    [Decimal('9280000'), Decimal('3722900.00'), None]

    Raises:
        ValueError: on any other text, on a range, and on a figure with an operator or another unit.
    """
    if is_blank(text):
        return None
    printed = str(text).strip().lstrip("¥￥").rstrip("整")
    if _MONTHLIKE.fullmatch(printed):
        return Decimal(printed)
    cell = take_apart(printed)
    quantity = cell.quantities[0] if len(cell.quantities) == 1 and not cell.dates else None
    if quantity is None or cell.words or quantity.high is not None or quantity.operator or quantity.unit.per:
        raise ValueError(f"no amount of money: {str(text)[:_TOLD]!r}")
    if quantity.bare:
        return quantity.number
    if not quantity.unit.bare and quantity.unit.dimension != "money":
        raise ValueError(f"no amount of money: {str(text)[:_TOLD]!r}")
    return quantity.value * quantity.unit.factor / _IN_YUAN[money_unit]


@dataclass(frozen=True, slots=True)
class PrintedRate:
    """Hold a printed execution rate in percent (98.98 for `98.98%` and for `0.9898`), and its decimals."""

    percent: Decimal
    digits: int

    def is_(self, exact: Decimal, *modes: str) -> bool:
        """Tell whether the printed rate is the exact one, in percent, rounded by one of decimal's modes."""
        return any(cut(exact, self.digits, mode) == self.percent for mode in modes)


def read_rate(text: str | None, exact: Decimal | None = None) -> PrintedRate | None:
    """Read an execution rate (执行率): `98.98%`, `98.98`, `0.9898`, `1`; None where it is no figure.

    Without a percent sign it is a share or a percentage, whichever lies nearer to what the amounts give
    (`exact`, in percent). Without amounts a figure up to 1.5 is a share and one from 10 up a percentage,
    since no form prints a rate of one percent without its sign and many print 1 for all; what lies between
    (1.8: 180% or 1.8%?) is neither. Never raises, whatever the text.
    """
    plain = unicodedata.normalize("NFKC", text or "").replace(",", "").strip()
    found = _PRINTED.fullmatch(plain)
    if found is None:
        signed = _SIGNED.findall(plain)
        return PrintedRate(Decimal(signed[0]), _decimals(signed[0])) if len(signed) == 1 else None
    figure, digits = Decimal(found["figure"]), _decimals(found["figure"])
    as_printed, share = PrintedRate(figure, digits), PrintedRate(product(figure, HUNDRED), max(0, digits - 2))
    if found["sign"] == "‰":
        return PrintedRate(product(figure, ONE, Decimal(10)), digits + 1)
    if found["sign"]:
        return as_printed
    if exact is not None:
        return min((as_printed, share), key=lambda rate: abs(rate.percent - exact))
    if figure <= _LARGEST_SHARE:
        return share
    return as_printed if figure >= _LEAST_PERCENT else None


def printed_rate(text: str | None, exact: Decimal | None = None) -> Decimal | None:
    """Read an execution rate as printed, in percent (0.9898 is 98.98), as `read_rate` does.

    `exact` is what the amounts give, in percent. None where the text is no figure; never raises.
    """
    read = read_rate(text, exact)
    return None if read is None else read.percent


def _decimals(figure: str) -> int:
    return len(figure.partition(".")[2])
