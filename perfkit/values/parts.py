"""Parts and wholes: parts that add up, each of several, so many for each, and what is never set together.

`上半年25万元，下半年36.4万元` make one amount; `第一期38人，第二期45人` must each hold where `每期≥40人` is
asked. A whole is never set against a share or a unit cost, and one thing counted never against another.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from perfkit.values.comparison import compare_quantities
from perfkit.values.derived import (
    A_PAIR,
    EARLIER,
    LATER,
    OF_THEM,
    before,
    rounded,
    told,
    undone,
)
from perfkit.values.ladders import of_another_class
from perfkit.values.quantity import (
    COUNTER,
    LONG,
    ONE,
    PERIODS,
    ZERO,
    Quantity,
    comparable,
    counts_other_things,
    kin,
)
from perfkit.values.rules import (
    AT_LEAST,
    AT_MOST,
    JUDGEMENT,
    MET,
    MISSED,
    STATED_MISSED,
    UNIT_MISMATCH,
    Case,
    Direction,
    Outcome,
    Verdict,
    derived,
    measured,
)
from perfkit.values.states import Said, said
from perfkit.values.tokens import masked, names_another_thing
from perfkit.values.vocabulary import groups, search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.values.cell import Cell

_MANY = 10
_MARKS = frozenset({"分"})  # marks do not add up

# Parts that add up.

_TOTAL = re.compile(r"共|合计|总|累计|实(?:际|有|到|收|发)|其中|含|包括")
_PER_TEXT = re.compile(r"[每均]|各(?![类项种级地界])")
_MONTHS = re.compile(r"[0-9]{1,2}月?[-~至到][0-9]{1,2}月份?|[0-9]{1,2}月份?|[一二三四]季度|[上下]半年")
_NTH = re.compile(r"第?[一二三四五六七八九十0-9]{1,2}[批期次轮阶段标包类等级]{1,2}(?:段|别)?|[甲乙丙]类")


def parts_add_up(case: Case) -> Outcome | None:
    """Add up figures of one unit whose words tell that they are parts: `上半年25万元，下半年36.4万元`."""
    wanted, cell = case.figure, case.actual
    given = _in_either_counter(case)
    if len(given) > A_PAIR:  # what is told of something else stands beside them
        given = tuple(one for one in given if not kin(one.unit).isdisjoint(kin(given[0].unit)))
    if len(given) < A_PAIR or any(
        undone(cell, one) or of_another_class(case.asked, one.label) for one in given
    ):
        return None
    if len({_own_tail(one) for one in given}) > 1:
        return None
    first, labels = given[0], [before(cell, one) for one in given]
    labels[0] = _ALL_TOGETHER.sub("", labels[0]) or labels[0]  # 全年累计春季168人次,秋季163人次
    apart = {"ratio"} if _spell_the_name(labels, case) else {"ratio", "time"}
    plain = not (first.unit.per or first.unit.bare or first.unit.dimension in apart)
    plain = plain and first.unit.name not in _MARKS
    if not plain or any(
        one.unit != first.unit or one.high is not None or one.operator not in {"", first.operator}
        for one in given
    ):
        return None
    if not comparable(wanted.unit, first.unit) or _PER_TEXT.search(f"{wanted.label}{case.context.name}"):
        return None
    bare = given is not case.figures and not any(labels)
    if wanted.unit.per - {"年"} or not (bare or _are_parts(labels, case)):
        return None
    total = sum((one.value for one in given), start=ZERO)
    figure = first._replace(number=total, scale=ONE, label="", tail="", start=0, end=0)
    outcome = compare_quantities(wanted, figure, case.context, case.direction or AT_LEAST)
    amounts = "+".join(told(cell, one) for one in given)
    return derived(outcome, f"{amounts}={rounded(total / first.scale)}{_multiplier(first, cell)}")


_OTHER_COUNTER = re.compile(r"[0-9万亿][\u4e00-\u9fff]\(([\u4e00-\u9fff])\)")


def _in_either_counter(case: Case) -> tuple[Quantity, ...]:
    """Give the figures in one counter where the target names that of each (`85台(套)`: `70台、15套`)."""
    wanted, told = case.figure, {one.unit.name for one in case.figures}
    other = _OTHER_COUNTER.search(case.target.text, wanted.start)
    either = {*wanted.unit.name, *(other[1] if other else "")}
    if len(told) == 1 or not told <= either or any(one.unit.per for one in case.figures):
        return case.figures
    return tuple(one._replace(unit=case.figures[0].unit) for one in case.figures)


def _own_tail(figure: Quantity) -> str:
    """Give what is said of a figure behind it, where that is no name of what is counted."""
    return "".join(search("doings").findall(figure.tail)) or ("中" if OF_THEM.match(figure.tail) else "")


def _multiplier(figure: Quantity, cell: Cell) -> str:
    """Give what is printed behind the digits of a figure: 万元, 场."""
    return re.sub(r"^[^0-9]*[0-9.,]+", "", cell.text[figure.start : figure.end])


_ALL_TOGETHER = re.compile("^(?:全年|本年度?|累计|共计?|合计|总计|实际|截至目前)+")
_STOCK = re.compile("[年期][初末底]|上年|本年|去年|今年|目前|现有|原有")
_OTHERWISE = re.compile(rf"{EARLIER.pattern}|{LATER.pattern}|实际|已|未|拟|待")
_NAMES_IN_A_LIST = re.compile(r"[^,;。、]+(?:[、和及][^,;。、]+)+")


def _are_parts(clauses: Sequence[str], case: Case) -> bool:
    """Tell clauses that name parts of one whole: halves, batches, ways, or places in a list."""
    bare = [search("around_parts").sub("", words) for words in clauses]
    if any(_TOTAL.search(words) or not words for words in bare) or len(set(bare)) < len(bare):
        return False
    told_apart = (search("planned"), search("subsets"), _STOCK)
    if any(family.search(words) for family in told_apart for words in bare):
        return False
    several = search("of_several").search(case.asked)
    for family in (_MONTHS, _NTH, *groups("parts")):
        if all(family.search(words) for words in bare):
            return bool(several) or not _names_one(bare, case)
    if _of_one_work(bare):
        return False
    if _are_parallel(bare) or _are_ways_of_building(bare, case) or _spell_the_name(bare, case):
        return True
    return _NAMES_IN_A_LIST.fullmatch(masked(case.actual)) is not None and _is_list(bare, case)


def _names_one(bare: Sequence[str], case: Case) -> bool:
    """Tell a row that names one member of a group (急诊人次): a figure of another is no part of it."""
    for members in groups("members"):
        asked = set(members.findall(case.context.name))
        if asked and any(set(members.findall(words)) - asked for words in bare):
            return True
    return False


def _of_one_work(bare: Sequence[str]) -> bool:
    """Tell aspects of one work, each of which is measured along all of it."""
    return all(search("aspects").search(words) for words in bare)


def _are_ways_of_building(bare: Sequence[str], case: Case) -> bool:
    """Tell ways of building (`新建10个、改造2个`) of which the row asks for none by name."""
    ways = search("ways_of_building")
    return all(ways.fullmatch(words) for words in bare) and not ways.search(case.asked)


def _spell_the_name(bare: Sequence[str], case: Case) -> bool:
    """Tell parts that make one word of the row's name: 优180天、良128天 for 优良天数."""
    return all(len(words) == 1 for words in bare) and "".join(bare) in case.context.name


def _are_parallel(bare: Sequence[str]) -> bool:
    """Tell parts that one doing joins (`春节慰问`, `八一慰问`), none of them planned, earlier or undone."""
    end = bare[0][-A_PAIR:]
    if not search("doings").fullmatch(end) or not all(words.endswith(end) for words in bare):
        return False
    return not any(_OTHERWISE.search(words) or search("planned").search(words) for words in bare)


def _is_list(bare: Sequence[str], case: Case) -> bool:
    """Tell names in a list (`城东2处、城西2处`): all of them of what the row counts, or none."""
    fees = all(_A_FEE.search(words) for words in bare)
    if not fees and any(search("doings").search(words) or len(words) > _LONGEST_NAME for words in bare[1:]):
        return False
    own = bare if fees else [search("doings").sub("", words) for words in bare]
    named = [
        words[-A_PAIR:] in case.asked and not search("any_thing").fullmatch(words[-A_PAIR:]) for words in own
    ]
    return all(own) and (all(named) or not any(named))


_LONGEST_NAME = 8
_A_FEE = re.compile("[费款金税]$")


# Each of several, and so many for each.

_EACH = re.compile(r"每(?!个?(?:月|季|年|周|日|天|半|旬|星期|学[期年]))")
_ONE_OF_MANY = re.compile(r"第?[一二三四五六七八九十0-9]{1,3}[期批次场班轮届]|[\u4e00-\u9fff]{2,6}")


def each_must_hold(case: Case) -> Outcome | None:
    """Compare every figure where each must hold (`每期≥40人` answered by `第一期38人，第二期45人`)."""
    cell = case.actual
    asked = f"{case.target.text}{case.context.name}"
    if not (_EACH.search(asked) or _EACH_PERIOD.search(case.target.text)) or len(case.figures) < A_PAIR:
        return None
    labels = [before(cell, one) for one in case.figures]
    same = all(one.unit == case.figures[0].unit and one.high is None for one in case.figures)
    if not same or len(set(labels)) < len(labels) or any(_TOTAL.search(words) for words in labels):
        return None
    if period := _EACH_PERIOD.search(case.target.text):
        return _in_each_period(case, period[1])
    each = _EACH.search(case.target.text) or _EACH.search(case.context.name)
    thing = each.string[each.end() : each.end() + 1] if each else ""
    if not thing or not all(thing in words and _ONE_OF_MANY.fullmatch(words) for words in labels):
        return None
    return _worst_of(case)


def _worst_of(case: Case) -> Outcome | None:
    """Compare every figure by itself, and give the outcome of the one that comes off worst."""
    wanted = case.figure
    plain = wanted._replace(unit=wanted.unit._replace(per=wanted.unit.per & {"年"}))
    outcomes = [
        compare_quantities(plain, one._replace(label=""), case.context, case.direction or AT_LEAST)
        for one in case.figures
    ]
    if any(outcome.verdict not in {MET, MISSED} for outcome in outcomes):
        return None
    worst = next((one for one in outcomes if one.verdict is MISSED), outcomes[0])
    return worst._replace(completion=None, target=None, actual=None)


_EACH_PERIOD = re.compile("每个?(学期|季度|半年)")
_OF_THE_PERIOD = {
    "学期": re.compile("[春秋]季?学期|[上下]学期|第[一二]学期"),
    "季度": re.compile("第?[一二三四1-4]季度"),
    "半年": re.compile("[上下]半年"),
}


def _in_each_period(case: Case, period: str) -> Outcome | None:
    """Compare the figure of every term, half or quarter; of fewer than the year has, a miss alone is sure."""
    named = _OF_THE_PERIOD[period]
    if not all(named.fullmatch(before(case.actual, one)) for one in case.figures):
        return None
    worst = _worst_of(case)
    whole = len(case.figures) == PERIODS[period]
    return worst if worst is None or whole or worst.verdict is MISSED else JUDGEMENT


_TIME_ALLOWED = search("time_allowed")


def each_within_the_time(case: Case) -> Outcome | None:
    """Compare lengths of time one by one where each is limited: `抵押登记1个工作日，转移登记3个工作日`."""
    if not case.limit or len(case.figures) < A_PAIR or case.figure.unit.dimension != "time":
        return None
    labels = [search("around_parts").sub("", before(case.actual, one)) for one in case.figures]
    named = _TIME_ALLOWED.search(case.context.name) and all(labels) and len(set(labels)) == len(labels)
    plain = not any(
        _PER_TEXT.search(words) or _TOTAL.search(words) or _STOCK.search(words) for words in labels
    )
    same = all(one.unit == case.figures[0].unit and one.high is None for one in case.figures)
    worst = _worst_of(case) if named and plain and same else None
    return worst if worst is None or worst.verdict is MET else JUDGEMENT


_AND = re.compile("[、和及与]")


def each_named(case: Case) -> Outcome | None:
    """Compare one by one the rates that a target names together: `准确率、完整率≥98%`."""
    names = _AND.split(case.target.text[: case.figure.start])
    if len(names) < A_PAIR or not all(name.endswith("率") for name in names):
        return None
    told = {before(case.actual, one).rstrip("为达到是"): one for one in case.figures}
    if set(told) != set(names):
        return JUDGEMENT if set(told) < set(names) else None
    outcomes = [
        compare_quantities(case.figure, one._replace(label=""), case.context, case.direction or AT_LEAST)
        for one in told.values()
    ]
    verdicts = {outcome.verdict for outcome in outcomes}
    if not verdicts <= {MET, MISSED}:
        return None
    same = len(verdicts) == 1
    return measured(MET in verdicts)._replace(verdict=verdicts.pop() if same else Verdict.PARTLY)


_LIST_OF_EACH = re.compile(
    r"(?:^|[,;。])([\u4e00-\u9fff]{1,6}(?:[、和及][\u4e00-\u9fff]{1,6})+)(?<=\w)各(?:开展|组织|举办|进行|完成)?$"
)


def so_many_in_each(case: Case) -> Outcome | None:
    """Multiply by the names in a list (`春季、秋季各1次`)."""
    wanted, given, text = case.figure, case.figures[0], case.actual.text
    digit = re.search("[0-9一二两三四五六七八九十]", text[given.start : given.end])
    names = _LIST_OF_EACH.search(text[: given.start + digit.start()]) if digit else None
    more = any(comparable(wanted.unit, one.unit) for one in case.figures[1:])
    if more or names is None or given.high is not None or wanted.unit.per - {"年"}:
        return None
    many = len(re.split("[、和及]", names[1]))
    total = given.value * many
    figure = given._replace(number=total, scale=ONE, label="", unit=given.unit._replace(per=wanted.unit.per))
    outcome = compare_quantities(wanted, figure, case.context, case.direction or AT_LEAST)
    return derived(outcome, f"{rounded(given.value)}×{many}={rounded(total)}")


_OF_EACH = re.compile("每个?(季度|学期|[年月周天])|(?<![本上当去今几])(周|月)(?=[均\u4e00-\u9fff])")
_CALLED = {"月": "个月", "季": "季度"}


def so_much_each_time(case: Case) -> Outcome | None:
    """Multiply `培训6天，每天8学时`; so much in a week or month answers a target for that period alone."""
    wanted = case.figure
    asked = _periods_of(case.asked)
    often = [one for one in case.figures if one.unit.times > 1]
    units = {one.unit.name for one in case.figures}
    each = next((one for one in often if one.unit.per & units), next(iter(often), None))
    if each is None or wanted.unit.per or wanted.unit.dimension == "ratio":
        return None
    many = next((one for one in case.figures if one.unit.name in each.unit.per), None)
    if many is None or len(case.figures) > A_PAIR:
        return JUDGEMENT if asked - {"年"} - each.unit.per else None
    period = many.unit.per or _periods_of(many.label)
    if (period ^ asked) - {"年"} - each.unit.per or each.high is not None or many.high is not None:
        return JUDGEMENT
    total = many.value * each.value
    figure = each._replace(
        number=total, scale=ONE, unit=each.unit._replace(per=frozenset()), label="", tail="", start=0, end=0
    )
    if not comparable(wanted.unit, figure.unit):
        return None
    outcome = compare_quantities(wanted, figure, case.context, case.direction or AT_LEAST)
    return derived(outcome, f"{rounded(many.value)}×{rounded(each.value)}={rounded(total)}")


def _periods_of(text: str) -> set[str]:
    return {_CALLED.get(found, found) for pair in _OF_EACH.findall(text) for found in pair if found}


def so_many_for_each(case: Case) -> Outcome | None:
    """Multiply `每村1名（15个村）`: 15 in all meet it, fewer cannot; more may stand anywhere."""
    parts = case.target.quantities
    if len(parts) != A_PAIR or case.target.dates or len(case.figures) != 1:
        return None
    each, many = parts if parts[0].unit.per else parts[::-1]
    things = {many.unit.name, many.unit.name.removeprefix("个")}
    given = case.figures[0]
    if not each.unit.per & things or many.unit.per or given.unit.per or each.high or many.high:
        return None
    if each.direction is AT_MOST or not comparable(each.unit._replace(per=frozenset()), given.unit):
        return None
    total = each.value * many.value
    working = f"{rounded(each.value)}×{rounded(many.value)}={rounded(total)}"
    if given.value == each.value and "共" not in given.label:
        return None
    if given.value > total or given.unit.name in things or said(given.label) is Said.MISSED:
        return JUDGEMENT
    verdict = MET if given.value == total else MISSED
    completion = given.value / total if total else None
    basis = derived(measured(verdict is MET), working)
    return basis._replace(completion=completion, target=total, actual=given.value, unit=given.unit.name)


def called_off(case: Case) -> Outcome | None:
    """Take `3批均因故取消` for none of what was asked."""
    if len(case.figures) != 1 or case.limit or case.actual.dates:
        return None
    figure = case.figures[0]
    off = search("called_off").search(figure.tail)
    counts = case.figure.unit.counts and comparable(case.figure.unit, figure.unit)
    return STATED_MISSED if off and counts else None


# A whole set against a share.

_FOR_EACH = re.compile(
    r"每(?!个?(?:月|季|年|周|日|天|半|旬|星期|学[期年]))|[人户亩村校生]均|各(?![类项种级地个方界式样])"
    r"|亩产|单产|单价|单位(?:成本|造价)|平均"
)
_EACHES = re.compile("[每各均]")
_OF_ONE = re.compile("[每均各/]|[千万]人|单价|标准|单位|价格")
_ANY = "个"
_NOUN = re.compile("[\u4e00-\u9fff]{2,6}")
_NEAR_LOW, _NEAR_HIGH = Decimal("0.2"), Decimal(5)
_A_WHOLE = re.compile(
    "总|共|合计|累计|全(?!面|部完|覆)|投资|投入|支出|新购|购置|采购|支付|藏书|现有|收入|费$|费(?=[0-9])"
)


def whole_for_share(case: Case) -> Outcome | None:
    """Set no whole against a share or a unit cost (`总投资412万元` for `≤30万元/公里`), nor the reverse."""
    wanted = case.figure
    many = len(case.figures) > 1
    like = [one for one in case.figures if not many or one.unit.dimension == wanted.unit.dimension]
    if wanted.unit.dimension == "ratio" or len(like) != 1 or like[0].unit.dimension == "ratio":
        return None
    given = like[0]
    if many:
        whole = not given.unit.per and _asks_for_each(case) and not _EACHES.search(case.actual.text)
        return JUDGEMENT if whole and _A_WHOLE.search(f"{given.label}{given.tail}") else None
    words = f"{given.label}{given.tail}"
    if given.unit.per - LONG:
        return UNIT_MISMATCH if _share_for_whole(case, given) else None
    if given.unit.per or not _asks_for_each(case) or _EACHES.search(words):
        return None
    return UNIT_MISMATCH if _A_WHOLE.search(words) else None


def other_things(case: Case) -> Outcome | None:
    """Set no count of one thing against another that only the noun beside 个 tells apart."""
    wanted, given = case.figure, case.figures[0]
    if wanted.unit.dimension != COUNTER:
        return None
    noun = _NOUN.match(wanted.tail)
    if wanted.unit.name == _ANY:
        if noun is None or noun[0] in case.actual.text:
            return None
        others = all(counts_other_things(noun[0], one.unit) for one in case.figures)
        return UNIT_MISMATCH if others else None
    alone = len(case.figures) == 1 and given.unit.name == _ANY
    return UNIT_MISMATCH if alone and names_another_thing(given, case) else None


def _share_for_whole(case: Case, given: Quantity) -> bool:
    """Tell a unit cost that answers a whole; one of its size is what the row means, its unit left out."""
    wanted = case.figure
    if wanted.unit.per or not wanted.unit.name or _OF_ONE.search(f"{case.asked}{given.label}{given.tail}"):
        return False
    near = wanted.value and _NEAR_LOW < given.value / wanted.value < _NEAR_HIGH
    return not near or _A_WHOLE.search(case.asked) is not None


def _asks_for_each(case: Case) -> bool:
    wanted = case.figure
    return bool(wanted.unit.per - LONG or _FOR_EACH.search(f"{wanted.label}{case.context.name}"))


def total_of_many(given: Quantity, wanted: Quantity, direction: Direction | None) -> bool:
    """Tell a total where so many for each are asked: `每校2人` answered by `共124人`."""
    each = bool(wanted.unit.per and wanted.unit.per - LONG)
    if not (each or (wanted.label and _FOR_EACH.search(wanted.label) and not _EACHES.search(given.label))):
        return False
    if given.bare or given.unit.per:
        return False
    return given.value >= (_MANY if direction is AT_MOST else 2) * wanted.value
