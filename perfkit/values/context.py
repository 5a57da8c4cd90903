"""What a row's name and levels tell of its cells: the good side, a unit, a target in the name.

Where no operator says which side is good, level 2 does, then the name, then at-least: `受害率`, `投诉`,
`结转结余率` and unit costs are good when low; cost rows (成本指标) are limits, unless the name is a rate of
doing (生均补助标准达标率).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from perfkit.values.cell import Cell, take_apart
from perfkit.values.quantity import PERCENT, RANGE_SIGNS
from perfkit.values.rules import AT_LEAST, AT_MOST, Direction, Flag
from perfkit.values.scan import directing, scan
from perfkit.values.vocabulary import any_of, bare_name, search, table
from perfkit.values.vocabulary import level2 as canonical_level2

if TYPE_CHECKING:
    from perfkit.values.quantity import Quantity

_HUNDRED = Decimal(100)
_LONGEST_NAME = 200
_RATE = re.compile(
    r"(?:率|满意度|知晓度|比例|比重|占比|百分比|覆盖面|完好度)(?:\([^)]*\))?(?:达到?|[≥≤><=].*|指标)?$"
)
_CAPPED = search("capped")
_FIGURES = re.compile(r"[0-9一二两三四五六七八九十百千]")
_IN_BRACKETS = re.compile(r"\(([^()]{1,12})\)")
_TEMPLATE_VALUE = re.compile(r"[*xX×○…]{1,}")
_DENIED, _NONE_OF = re.compile("[未不]$"), re.compile("(?:[无零]|没有)$")
_A_SHARE = re.compile("(?:率|占比|比例|比重|天数|时间|时长)$")
_LASTING = search("lasting")


class Context(NamedTuple):
    """Hold a row's name and level 2, and tell what they say, each thing when it is asked for."""

    name: str = ""
    level2: str = ""

    @property
    def side(self) -> Direction:
        """Give the good side."""
        return good_side(self.name, self.level2)

    @property
    def rate(self) -> bool:
        """Tell a name whose values are percentages."""
        return _RATE.search(self.name) is not None or ("满意" in self.level2 and "满意" in self.name)

    @property
    def capped(self) -> bool:
        """Tell a name whose values end at 100."""
        return _CAPPED.search(self.name) is not None

    @property
    def prompt(self) -> Quantity | None:
        """Give the operator and unit that the name prints."""
        return _prompt(self.name) if _prints().search(self.name) else None

    @property
    def target(self) -> Cell | None:
        """Give the whole target that stands in the name."""
        return _in_name(self.name)

    @property
    def timeliness(self) -> bool:
        """Tell a timeliness row (时效指标)."""
        return canonical_level2(self.level2) == "时效指标"

    @property
    def lasting(self) -> bool:
        """Tell a name whose duration is good when long (使用年限)."""
        return _LASTING.search(self.name) is not None


def context_of(name: str, level2: str) -> Context:
    """Give the context that a row's name and level 2 are, the name folded and without its decoration."""
    return Context(bare_name(name)[:_LONGEST_NAME] if name else "", level2)


def _cell(name: str) -> Cell | None:
    return take_apart(name) if _FIGURES.search(name) else None


@cache
def _prints() -> re.Pattern[str]:
    """Build the search for what a name that prints an operator or a unit holds; most names hold none."""
    return re.compile(any_of(["(", *RANGE_SIGNS, *directing()]))


@lru_cache(maxsize=2048)
def _prompt(name: str) -> Quantity | None:
    """Read unit and operator from the name, as in `公猪舍(≥**平方米)` or `总成本(万元)`."""
    for inner in _IN_BRACKETS.findall(name):
        filled = _TEMPLATE_VALUE.sub("1", inner)
        among = inner.startswith("/")  # 发病率(/10万)
        found = scan(filled) if filled != inner else [*(() if among else scan(inner)), *scan(f"1{inner}")]
        if found and (not found[0].bare or found[0].direction):
            return found[0]
    cell = _cell(name)
    if cell is not None and len(cell.quantities) == 1 and cell.quantities[0].direction:
        return cell.quantities[0]
    return None


def _in_name(name: str) -> Cell | None:
    """Give the name's cell as a target, if anything in it can be measured."""
    cell = _cell(name)
    if cell is None or cell.flags or not cell.parts:
        return None
    return cell._replace(flags=frozenset({Flag.TARGET_IN_NAME}))


def with_context(quantity: Quantity, context: Context) -> Quantity:
    """Give a target's quantity the operator and the unit that its row's name prints, where it has none."""
    if quantity.direction is not None and not quantity.bare:
        return quantity
    prompt = context.prompt
    if prompt is not None:
        if quantity.direction is None and prompt.direction in (AT_LEAST, AT_MOST):
            quantity = quantity._replace(direction=prompt.direction, operator=prompt.operator)
        if quantity.bare and not prompt.unit.bare:
            quantity = quantity.in_unit(prompt.unit, prompt.scale)
    if quantity.bare and context.rate:
        share = 0 < quantity.number <= 1 and quantity.high is None
        return quantity.in_unit(PERCENT, _HUNDRED if share else quantity.scale)
    return quantity


# The good side.


@cache
def _search(family: str) -> re.Pattern[str]:
    return re.compile(any_of(table("directions")[family]))


@cache
def _sides() -> tuple[re.Pattern[str], dict[str, Direction]]:
    """Build the search for the words of either side, the longest first, and the side of each."""
    sides = {word: side for side in (AT_LEAST, AT_MOST) for word in table("directions")[side]}
    return re.compile(any_of(sides)), sides


@lru_cache(maxsize=1024)
def _limits(level2: str) -> bool:
    """Tell a level 2 whose targets are limits (成本指标)."""
    return canonical_level2(level2) in table("directions")["at_most_level2"]


@lru_cache(maxsize=2048)
def good_side(name: str, level2: str) -> Direction:
    """Give at-least or at-most for a row by its level 2 and its name."""
    if _limits(level2):
        return AT_LEAST if _search("cost_at_least").search(name) else AT_MOST
    if _search("lowering").search(name) or _of_handling().fullmatch(name):
        return AT_LEAST
    search, sides = _sides()
    *_, last = [None, *search.finditer(name)]
    if last is None:
        return AT_LEAST
    return _turned(sides[last[0]], name, last.start())


@cache
def _of_handling() -> re.Pattern[str]:
    """Build the search for a name that opens with what is done about trouble: 化解信访积案."""
    doing = any_of([*table("states")["handled"], *table("directions")["handling"]])
    return re.compile(rf"(?:{doing})[\u4e00-\u9fff]{{2,}}(?<![率比度间限长本费])")


def _turned(side: Direction, name: str, start: int) -> Direction:
    """Turn the side of a word that is denied: of 未通过率 less is better, of 无差错率 more."""
    if _DENIED.search(name, 0, start):
        return AT_MOST if side is AT_LEAST else AT_LEAST
    none_of_it = side is AT_MOST and _NONE_OF.search(name, 0, start) and _A_SHARE.search(name)
    return AT_LEAST if none_of_it else side


@lru_cache(maxsize=2048)
def either_side(name: str) -> bool:
    """Tell a name of which either side may be the good one (`纠错率`): a court's own, or that of others."""
    found = [*_search("either").finditer(name)]
    if not found:
        return False
    search, _ = _sides()
    return not any(side.end() >= found[-1].end() for side in search.finditer(name))


@lru_cache(maxsize=2048)
def tells_a_side(name: str, level2: str) -> bool:
    """Tell a name or level 2 that says which side is good; under no such word at-least is only likely."""
    if _limits(level2) or _search("lowering").search(name):
        return True
    return _sides()[0].search(name) is not None


def tells_lowering(words: str) -> bool:
    """Tell words that ask for less of something: so much of it is good when high."""
    return _search("lowering").search(words) is not None


def doubtful(direction: Direction, name: str, level2: str) -> bool:
    """Tell whether a printed operator contradicts the row: 投诉率 with ≥, villages to be built with ≤."""
    if direction is AT_LEAST:
        return good_side(name, level2) is AT_MOST and not _search("floors").search(name)
    if direction is AT_MOST and good_side(name, level2) is AT_LEAST:
        return bool(_search("doing").search(name) or _search("levels").search(name))
    return False
