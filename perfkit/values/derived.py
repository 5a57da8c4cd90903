"""Figures worked out from others in the cell: a part of a whole, a change from last year.

Part and whole are recognised by their words, whichever stands first. Where the words leave it open, nothing
is worked out and a person decides. The working is always shown.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from perfkit.text.figures import cut, plain
from perfkit.values.comparison import compare_quantities
from perfkit.values.numbers import percentage
from perfkit.values.quantity import ONE, PERCENT, ZERO, Quantity, comparable
from perfkit.values.rules import AT_LEAST, JUDGEMENT, Case, Outcome, derived
from perfkit.values.states import pattern, whole
from perfkit.values.vocabulary import any_of, groups, search, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.values.cell import Cell

_HUNDRED = Decimal(100)
_DIGITS = 2
_FAR = 50
A_PAIR = 2


class Derived(NamedTuple):
    """Hold a figure that was worked out, and how: `办结102件÷受理120件=85%`.

    `other` is what it would be if a rival of the part (`基本满意25份` beside `满意90份`) counted too.
    """

    value: Decimal
    working: str
    other: Decimal | None = None

    @property
    def with_rival(self) -> Decimal:
        """Give the figure with the rival counted; the same where there is none."""
        return self.value if self.other is None else self.other


_STOPS = re.compile("[,;。、:()]")
_DIGIT = re.compile("[0-9]")


def told(cell: Cell, figure: Quantity) -> str:
    """Give a figure with the words of its clause before it, as the cell prints them."""
    return f"{_from_stop(cell, figure, figure.start)}{cell.text[figure.start : figure.end]}"


def before(cell: Cell, figure: Quantity) -> str:
    """Give what a cell prints before a figure's digits, dates too, back to the last stop or figure."""
    digit = _DIGIT.search(cell.text, figure.start, figure.end)
    return _from_stop(cell, figure, digit.start() if digit else figure.start)


def _from_stop(cell: Cell, figure: Quantity, end: int) -> str:
    floor = max((other.end for other in cell.quantities if other.end <= figure.start), default=0)
    return _STOPS.split(cell.text[floor:end])[-1]


def clause(cell: Cell, figure: Quantity) -> str:
    """Give the words around a figure, dates too."""
    return f"{before(cell, figure)}{figure.tail}"


# A part of its whole.

_RATE_ENDS = re.compile(r"(?:百分比|比例|比率|占比|比重|覆盖面|率|度)(?:\([^)]*\))?(?:达到?|为)?$")
OF_THEM = re.compile(r"[\u4e00-\u9fff]{0,4}(?<![其初高集适年期途])中(?![含包学小央])(?:有|的)?")
_DUE, _ACTUAL = re.compile("应(?!急)"), re.compile("实(?!施|现|训|验|习|名)")


def part_of_whole(case: Case) -> Outcome | None:
    """Work out the share that counts make for a rate: `共受理120件，办结102件`, `应到300人实到291人`.

    Two counts that do not tell which is the part, and what it is part of, are for a person.
    """
    wanted, given = case.figure, case.figures
    counts = [one for one in given if one.unit.dimension != "ratio"]
    if wanted.unit.dimension != "ratio" or len(counts) < A_PAIR or len(counts) < len(given):
        return None
    if whole(case.actual.text):  # all of them did: what is told of some of them is no part
        counts = [one for one in counts if not clause(case.actual, one).startswith("其中")]
        apart = len({one.unit for one in counts}) == len(counts)
        if len(counts) < A_PAIR or apart or _all_told(case):
            return None
    kept: Sequence[Quantity] = [one for one in counts if not _left_over(case.actual, one)]
    kept = _very_and_plainly(case, kept)
    kept = _without_the_failed(case, kept)
    share = _share(case, kept if len(kept) >= A_PAIR else counts)
    if share is None:  # what is only some of the part says nothing more
        kept = [one for one in kept if not clause(case.actual, one).startswith("其中")]
        share = _share(case, kept) if A_PAIR <= len(kept) < len(counts) else None
    if share is None:
        return None if len(kept) == 1 and whole(case.actual.text) else JUDGEMENT
    direction = case.direction or AT_LEAST
    outcome, other = (
        compare_quantities(wanted, Quantity(value, unit=PERCENT), case.context, direction)
        for value in (share.value, share.with_rival)
    )
    return derived(outcome, share.working) if outcome.verdict is other.verdict else JUDGEMENT


def _all_told(case: Case) -> bool:
    """Tell a clause by itself that all of them did what the rate is of: `全部安置到岗` for 安置率."""
    name = _RATE_ENDS.sub("", _rate_of(case))[-A_PAIR:]
    clauses = _STOPS.split(case.actual.text)
    return any(whole(one) and name in one and not _DIGIT.search(one) for one in clauses)


def shares_of_all(case: Case) -> Outcome | None:
    """Add up the shares of those who are well content: `非常满意62%，满意35%，一般3%` make 97%."""
    wanted, given, cell = case.figure, case.figures, case.actual
    same = all(one.unit == PERCENT and one.high is None for one in given)
    if wanted.unit != PERCENT or len(given) < A_PAIR or not same:
        return None
    others = [before(cell, one) for one in given if before(cell, one) != "一般"]
    if sum((one.value for one in given), start=ZERO) != _HUNDRED or any(map(_rival, others)):
        return None
    for better, good in table("roles")["better_and_good"]:
        well = [one for one in given if before(cell, one) in {*better, *good}]
        if any(word in _rate_of(case) for word in good) and any(before(cell, one) in good for one in well):
            share = sum((one.value for one in well), start=ZERO)
            figure = Quantity(share, unit=PERCENT)
            outcome = compare_quantities(wanted, figure, case.context, case.direction or AT_LEAST)
            return derived(outcome, f"{'+'.join(told(cell, one) for one in well)}={rounded(share)}%")
    return None


def _very_and_plainly(case: Case, counts: Sequence[Quantity]) -> Sequence[Quantity]:
    """Take as one what is very well and what is well: `非常满意150份,满意40份`, `优秀12件,合格37件`."""
    for better, good in table("roles")["better_and_good"]:
        if not any(word in _rate_of(case) for word in good):
            continue
        better_ones, good_ones = (
            [one for one in counts if re.fullmatch(any_of(words), before(case.actual, one))]
            for words in (better, good)
        )
        all_well = sorted((*better_ones, *good_ones), key=lambda one: one.start)
        if len(good_ones) != 1 or not better_ones or len({one.unit for one in all_well}) > 1:
            continue
        gaps = (
            case.actual.text[one.end : other.start].removesuffix(before(case.actual, other))
            for one, other in pairwise(all_well)
        )
        if any(gap.strip(",、;和") for gap in gaps):
            continue
        first, total = all_well[0], sum((one.value for one in all_well), start=ZERO)
        both = first._replace(number=total, scale=ONE, end=all_well[-1].end, tail=good[0])
        return [both if one is first else one for one in counts if one is first or one not in all_well]
    return counts


def _without_the_failed(case: Case, counts: Sequence[Quantity]) -> Sequence[Quantity]:
    """Leave out what failed where what passed and what it is of are told: `参训430人,合格421人,不合格9人`."""
    failed = [one for one in counts if _missing(_rate_of(case), clause(case.actual, one))]
    others = [one for one in counts if one not in failed]
    if not failed or len(others) < A_PAIR or any(one.unit != failed[0].unit for one in counts):
        return counts
    gone = sum((one.value for one in failed), start=ZERO)
    whole = max(one.value for one in others)
    rest = sum((one.value for one in others), start=ZERO) - whole
    return others if rest + gone == whole else counts


def _left_over(cell: Cell, figure: Quantity) -> bool:
    """Tell a count of what is still to be done (`2处正在整改`), which is no part of what was."""
    return undone(cell, figure) and not search("failing").search(clause(cell, figure))


def _share(case: Case, counts: Sequence[Quantity]) -> Derived | None:
    """Give the share that one part makes of its whole, None where it is not told which is which."""
    cell, name = case.actual, _rate_of(case)
    clauses = [clause(cell, one) for one in counts]
    fits = [_fit(name, words, clauses) for words in clauses]
    among = [bool(OF_THEM.match(before(cell, one))) for one in counts]
    if among.count(True) == 1 and any(shares(words, name) for words in clauses):
        fits = [2 if part else 0 for part in among]
    fits = _some_of_them(name, [before(cell, one) for one in counts]) or fits
    due = [bool(_DUE.search(words) or search("planned").search(words)) for words in clauses]
    if fits.count(max(fits)) > 1 and due.count(True) == 1:
        fits = [0 if asked else fit for fit, asked in zip(fits, due, strict=True)]
    if not any(fits):
        fits = _failing_of_named(name, clauses)
    best = max(fits)
    if fits.count(best) > 1:  # 基本满意25份 beside 满意90份
        told_of = zip(fits, clauses, strict=True)
        fits = [fit - 1 if fit == best and _rival(words) else fit for fit, words in told_of]
        best = max(fits)
    if best > 0 and len(counts) == A_PAIR == fits.count(best):
        return _both_told(cell, counts, name)
    if best <= 0 or fits.count(best) > 1:
        return None
    part = counts[fits.index(best)]
    rivals = [
        one
        for one, fit, words in zip(counts, fits, clauses, strict=True)
        if 0 < fit <= best and one is not part and _rival(words)
    ]
    if any(one.unit != part.unit for one in rivals):
        return None
    others = [one for one in counts if one is not part and one not in rivals]
    kin = [one for one in others if _of_one_scale(clause(cell, part), clause(cell, one))]
    if kin and best == A_PAIR:  # 优质52件、合格321件 for 优良率: the words leave open which of them count
        return None
    above = [one for one in others if one not in kin]  # 良好 is no whole of 优秀
    if kin and not above and not search("sound_at_least").search(clause(cell, kin[0])):
        return None
    return _of_the_least(name, cell, part, rivals, _wholes(above or others, part, cell))


def _of_one_scale(one: str, other: str) -> bool:
    """Tell words that are grades of one thing: 优质, 合格."""
    grades = search("grades")
    return grades.search(one) is not None and grades.search(other) is not None


def _of_the_least(
    name: str, cell: Cell, part: Quantity, rivals: Sequence[Quantity], wholes: Sequence[Quantity]
) -> Derived | None:
    """Give the share that a part, and with its rivals, makes of the least that it may be of."""
    whole = min(wholes, key=lambda one: one.value, default=part._replace(number=ZERO))
    alike = comparable(whole.unit, part.unit) or search("capacity").search(clause(cell, whole))
    missing = _missing(name, clause(cell, part))
    both = part.value + sum((one.value for one in rivals), start=ZERO)
    beyond = search("planned").search(clause(cell, whole)) and search("carried_out").search(
        clause(cell, part)
    )
    if not alike or part.value < ZERO or not (part.value <= whole.value or beyond) or not whole.value:
        return None
    if rivals and (missing or both > whole.value):
        return None
    share = percentage(whole.value - part.value if missing else part.value, whole.value)
    sides = (_joined(told(cell, part)), told(cell, whole))
    over = f"({sides[1]}-{sides[0]})÷{sides[1]}" if missing else f"{sides[0]}÷{sides[1]}"
    return Derived(share, f"{over}={rounded(share)}%", percentage(both, whole.value) if rivals else None)


def _joined(text: str) -> str:
    """Print two parts that are taken as one as their sum."""
    return f"({re.sub('[,、]', '+', text)})" if re.search("[,、]", text) else text


def _wholes(others: Sequence[Quantity], part: Quantity, cell: Cell) -> Sequence[Quantity]:
    """Give of what a part may be: of no other part beside it in the whole (`不满意1户`, `延期3项`)."""
    failed = [
        one for one in others if search("failing").search(clause(cell, one)) and one.value <= part.value
    ]
    rest = [one for one in others if one not in failed] or list(others)
    less = [one for one in rest if one.value < part.value and one.unit == part.unit]
    beside = sum((one.value for one in less), start=part.value)
    whole = [one for one in rest if one not in less]
    return whole if len(whole) == 1 and beside <= whole[0].value else rest


def _rate_of(case: Case) -> str:
    """Give the name of the rate, which may stand in the target itself (`合格率≥95%`)."""
    own = case.figure.label.removesuffix(case.figure.operator)
    return own if _RATE_ENDS.search(own) else case.context.name


def _some_of_them(name: str, labels: Sequence[str]) -> list[int]:
    """Tell what is told as some of the rest and names the rate (`公交车1200台,其中新能源1032台`)."""
    some = [words.startswith("其中") and len(words) > A_PAIR and words[2:] in name for words in labels]
    rest = [words for words, one in zip(labels, some, strict=True) if not one]
    told = some.count(True) == 1 and not any(labels[some.index(True)][2:] in words for words in rest)
    return [2 if one else 0 for one in some] if told else []


def _failing_of_named(name: str, clauses: Sequence[str]) -> list[int]:
    """Tell what failed (`故障46盏`) of what the row itself names (`路灯5200盏` for 路灯亮灯率)."""
    failing = [bool(search("failing").search(words)) for words in clauses]
    named = [shares(words, name) for words in clauses]
    told = len(clauses) == A_PAIR and failing.count(True) == 1 and named[failing.index(False)]
    return [2 if part and told else 0 for part in failing]


def _both_told(cell: Cell, counts: Sequence[Quantity], name: str) -> Derived | None:
    """Work out the share of two parts that make the whole: `满意185人，不满意15人`."""
    failing = [_missing(name, clause(cell, one)) for one in counts]
    if failing.count(True) != 1 or counts[0].unit != counts[1].unit:
        return None
    good, bad = counts if failing[1] else counts[::-1]
    total = good.value + bad.value
    if not total:
        return None
    share, one, other = percentage(good.value, total), told(cell, good), told(cell, bad)
    return Derived(share, f"{one}÷({one}+{other})={rounded(share)}%")


def _fit(name: str, words: str, clauses: Sequence[str]) -> int:
    """Say how well a clause names what the rate is of: by how much of its name's end it repeats."""
    stem = _RATE_ENDS.sub("", name)
    words = re.sub(rf"[\u4e00-\u9fff]{{2}}(?:{search('wished_for').pattern})", "", words)
    best = max((size for size in range(2, len(stem) + 1) if stem[-size:] in words), default=0)
    if best:
        return best + 1
    told = [group for group in groups("predicates") if group.search(stem)]
    last = max((found.end() for group in told for found in group.finditer(stem)), default=0)
    for group in told:  # of 不合格食品处置率 the part is what was 处置, not what is 不合格
        if any(found.end() == last for found in group.finditer(stem)) and group.search(words):
            return 2
    due = any(_DUE.search(other) for other in clauses if other is not words)
    if due and _ACTUAL.search(words) and not _DUE.search(words):
        return 2
    planned = any(search("planned").search(other) for other in clauses if other is not words)
    return 1 if planned and search("carried_out").search(words) and not search("planned").search(words) else 0


def _rival(words: str) -> bool:
    """Tell a clause that is as much a part as the part is: `基本满意25份` beside `满意90份`."""
    return pattern("partly").search(words) is not None


def _missing(name: str, words: str) -> bool:
    """Tell a part that is what the rate is not of: `不合格3份` for 合格率."""
    return bool(search("failing").search(words)) and not search("failing").search(name)


def rounded(number: Decimal) -> str:
    """Print a worked-out figure to two decimals at most; what misses 100 never reads 100."""
    nearest = cut(number, _DIGITS, ROUND_HALF_UP)
    return plain(cut(number, _DIGITS) if number < _HUNDRED <= nearest else nearest)


def days_of_year(case: Case) -> Outcome | None:
    """Take the first of `287天/365天` for what was reached, the second for what it is out of."""
    given, text = case.figures, case.actual.text
    if len(given) != A_PAIR or text[given[0].end : given[1].start] != "/":
        return None
    part, whole = given
    if whole.unit.name in case.figure.unit.per and part.unit.dimension == case.figure.unit.dimension:
        return _for_each(case, part, whole)
    if part.unit != whole.unit or part.value > whole.value or part.unit.dimension == "ratio":
        return None
    if case.figure.unit.dimension == "ratio":
        share = percentage(part.value, whole.value)
        figure, working = (
            Quantity(share, unit=PERCENT),
            f"{told(case.actual, part)}÷{told(case.actual, whole)}",
        )
        outcome = compare_quantities(case.figure, figure, case.context, case.direction or AT_LEAST)
        return derived(outcome, f"{working}={rounded(share)}%")
    return compare_quantities(case.figure, part, case.context, case.direction or AT_LEAST)


def _for_each(case: Case, amount: Quantity, many: Quantity) -> Outcome | None:
    """Work out a unit cost from an amount and how many it is for: `29.4万元/60户`."""
    if not many.value:
        return None
    unit = amount.unit.divided(frozenset({many.unit.name}))
    cost = amount._replace(number=amount.value / many.value, scale=ONE, unit=unit, label="", tail="")
    sides = f"{told(case.actual, amount)}÷{told(case.actual, many)}"
    outcome = compare_quantities(case.figure, cost, case.context, case.direction or AT_LEAST)
    return derived(outcome, f"{sides}={rounded(cost.value)}{unit}")


_FOR_ONE = re.compile("(人|户|生|亩|案|件|台|床|平方米|公里)均")
_HEADS = {"人": "人", "户": "户", "生": "人", "亩": "亩", "案": "件"}


def cost_of_each(case: Case) -> Outcome | None:
    """Work out a unit cost from money and the one count that it is for: `支出64万元，救助400人`."""
    wanted, given, cell = case.figure, case.figures, case.actual
    if len(given) != A_PAIR or wanted.unit.dimension != "money" or wanted.high is not None:
        return None
    money = [one for one in given if one.unit.dimension == "money" and not one.unit.per]
    others = [one for one in given if one.unit.dimension != "money" and not one.unit.per and one.value > 0]
    if len(money) != 1 or len(others) != 1 or any(one.high is not None or one.operator for one in given):
        return None
    told_of = _FOR_ONE.search(case.asked)
    each = wanted.unit.per or ({_HEADS.get(told_of[1], told_of[1])} if told_of else set())
    clauses = [clause(cell, one) for one in given]
    apart = any(
        search("planned").search(words) or undone(cell, one)
        for words, one in zip(clauses, given, strict=True)
    )
    thing = others[0].unit.name if others[0] is given[-1] else cell.text[others[0].end : given[-1].start]
    if apart or len(each) != 1 or not (each == {others[0].unit.name} or thing.startswith(tuple(each))):
        return None
    amount, many = money[0], others[0]
    unit = amount.unit.divided(frozenset(each)) if wanted.unit.per else amount.unit
    cost = amount._replace(number=amount.value / many.value, scale=ONE, unit=unit, label="", tail="")
    if cost.value * _FAR < wanted.value:  # 户均增收620元,惠及1200户
        return None
    outcome = compare_quantities(wanted, cost, case.context, case.direction or AT_LEAST)
    sides = f"{told(cell, amount)}÷{told(cell, many)}"
    return derived(outcome, f"{sides}={rounded(cost.value)}{unit}")


# A change from last year's figure to this year's.

EARLIER = re.compile(r"上年|去年|上一年|往年|上期|年初|改造前|实施前|项目前|之前|原(?!则|因)|基期|同期")
LATER = re.compile(r"本年|今年|当年|本期|年末|年底|改造后|实施后|项目后|之后|目前|现(?!场)|达到?$|至$|到$")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_FALLS = re.compile(r"[降减缩]|节约|节省|压缩")
_RISES = re.compile(r"[增升涨]|提高|提升")


def growth_of_two(case: Case) -> Derived | None:
    """Work out the change in percent from an earlier figure to a later one, None where none is told."""
    pair = _earlier_and_later(case)
    if pair is None or pair[0].value <= 0:
        return None
    early, late = pair
    one, other = (_plain_amount(case.actual, figure) for figure in pair)
    if early.unit.dimension == "ratio":  # of two rates the way they went, in points
        points = late.value - early.value
        return Derived(points, f"{other}-{one}={rounded(points)}")
    change = percentage(late.value - early.value, early.value)
    return Derived(change, f"({other}-{one})÷{one}={rounded(change)}%")


_MOVE = re.compile(
    r"(?P<one>[0-9.]+)(?P<unit>[^0-9]{1,4}?)[^0-9,;。]{0,6}[到至为](?P<other>[0-9.]+)(?P=unit)"
)


def _earlier_and_later(case: Case) -> tuple[Quantity, Quantity] | None:
    """Give the earlier and the later of two figures: `上年96起,本年81起`, `由24.5%提高到27.1%`."""
    given, cell = case.figures, case.actual
    if len(given) == 1 and (move := _MOVE.fullmatch(cell.text, given[0].start, given[0].end)):
        ends = (given[0]._replace(start=move.start("one"), end=move.end("unit")), given[0])
        numbers = (Decimal(move["one"]), given[0].number)
        early, late = (one._replace(number=number) for one, number in zip(ends, numbers, strict=True))
        return early, late._replace(start=move.start("other"))
    if len(given) != A_PAIR or given[0].unit != given[1].unit or given[0].high or given[1].high:
        return None
    when = [_when(before(cell, one), case.year) for one in given]
    last_year = (case.year or 0) - 1
    if {None, last_year} == set(when) and not any(
        search("planned").search(before(cell, one)) for one in given
    ):
        when = [last_year + (one is None) for one in when]  # `96.3%（上年96.3%）`
    if None in when or when[0] == when[1]:
        return None
    return (given[0], given[1]) if (when[0] or 0) < (when[1] or 0) else (given[1], given[0])


def _when(words: str, year: int | None) -> int | None:
    """Give the year that words before a figure tell, the form's as the later where none is printed."""
    if found := _YEAR.search(words):
        return int(found[0])
    this = year or 0
    if EARLIER.search(words):
        return this - 1
    return this if LATER.search(words) else None


def _plain_amount(cell: Cell, figure: Quantity) -> str:
    return cell.text[figure.start : figure.end]


def growth(case: Case) -> Outcome | None:
    """Compare a growth asked for in percent with the change that last year's and this year's figures make."""
    wanted = case.figure
    asked = f"{wanted.operator}{wanted.label}{case.context.name}"
    if "点" in case.target.text[wanted.start : wanted.end]:
        return _points_between(case, asked)
    if wanted.unit.dimension != "ratio":
        return _amount_of_change(case)
    if case.figures[0].unit.dimension == "ratio":
        return None
    falls, rises = _FALLS.search(asked) is not None, _RISES.search(asked) is not None
    change = growth_of_two(case) if falls != rises else None
    if change is None:
        return None
    figure = Quantity(-change.value if falls else change.value, unit=PERCENT)
    return derived(
        compare_quantities(wanted, figure, case.context, case.direction or AT_LEAST), change.working
    )


def _amount_of_change(case: Case) -> Outcome | None:
    """Compare an amount of change (`削减200吨`) with the way from one figure to another."""
    wanted, pair = case.figure, _earlier_and_later(case)
    asked = f"{wanted.label}{wanted.operator}"
    falls, rises = _FALLS.search(asked) is not None, _RISES.search(asked) is not None
    if pair is None or falls == rises or asked[-1] in "到至为" or wanted.unit.per:
        return None
    early, late = pair
    if early.unit.per or early.unit.dimension == "time" or not comparable(wanted.unit, early.unit):
        return None
    change = early.value - late.value if falls else late.value - early.value
    figure = late._replace(number=change, scale=ONE, label="", tail="", operator="", direction=None)
    outcome = compare_quantities(wanted, figure, case.context, case.direction or AT_LEAST)
    one, other = (
        _plain_amount(case.actual, figure) for figure in ((early, late) if falls else (late, early))
    )
    return derived(outcome, f"{one}-{other}={rounded(change / early.scale)}")


def _points_between(case: Case, asked: str) -> Outcome | None:
    """Compare percentage points asked for with those between two rates: `由24.5%提高到27.1%`."""
    cell = case.actual
    falls, rises = _FALLS.search(asked) is not None, _RISES.search(asked) is not None
    pair = _earlier_and_later(case)
    if pair is None or falls == rises or any(one.unit != PERCENT for one in pair):
        return None
    if any("点" in cell.text[one.start : one.end] for one in pair):
        return None
    early, late = pair
    change = late.value - early.value
    one, other = (_plain_amount(cell, figure) for figure in pair)
    figure = Quantity(-change if falls else change, unit=PERCENT)
    outcome = compare_quantities(case.figure, figure, case.context, case.direction or AT_LEAST)
    return derived(outcome, f"{other}-{one}={rounded(change)}")


def what_is_left(case: Case) -> Outcome | None:
    """Work a rate out from that of what is left of all: `不合格率3%` for 合格率.

    Rates of good and of trouble that need not make all (`错误率` for 准确率) are for a person.
    """
    wanted, given = case.figure, case.figures
    if wanted.unit != PERCENT or len(given) != 1 or given[0].unit.dimension != "ratio" or given[0].high:
        return None
    label = before(case.actual, given[0])
    asked, told_rate = (_RATE_ENDS.sub("", text) for text in (_rate_of(case), label))
    if told_rate == label:
        return None
    if _ends_apart("set_apart", told_rate, asked):
        return JUDGEMENT
    if not _ends_apart("make_all", told_rate, asked):
        return None
    left = Quantity(_HUNDRED - given[0].value * given[0].unit.factor, unit=PERCENT)
    outcome = compare_quantities(wanted, left, case.context, case.direction or AT_LEAST)
    return derived(outcome, f"100%-{told(case.actual, given[0])}={rounded(left.value)}%")


def _ends_apart(family: str, one: str, other: str) -> bool:
    """Tell names of rates that end in words of the two sides of a pair: 合格 and 不合格."""
    for good, bad in (map(any_of, pair) for pair in table("roles")[family]):
        for this, that in ((one, other), (other, one)):
            if re.search(f"(?:{bad})$", this) and re.search(f"(?<![不未非])(?:{good})$", that):
                return True
    return False


def shares(words: str, name: str) -> bool:
    """Tell words that repeat two characters of a name that follow one another."""
    return any(words[i : i + 2] in name for i in range(len(words) - 1))


# What is done beside what is not.


def less_what_is_undone(case: Case) -> Outcome | None:
    """Take what is told as not done of a count (`共100户,其中5户未完成`) off it."""
    given, cell = case.figures, case.actual
    if len(given) < A_PAIR or case.limit or not case.figure.unit.counts:
        return None
    first, *rest = given
    left = [one for one in rest if before(cell, one).startswith("其中") and not_worked_on(one, case)]
    if not left or undone(cell, first) or any(one.unit != first.unit or one.high for one in given):
        return None
    if first.unit.per or not comparable(case.figure.unit, first.unit) or len(left) < len(rest):
        return None
    total = first.value - sum((one.value for one in left), start=ZERO)
    figure = first._replace(number=total, scale=ONE, label="", tail="", start=0, end=0)
    outcome = compare_quantities(case.figure, figure, case.context, case.direction or AT_LEAST)
    amounts = "-".join(told(cell, one) for one in given)
    return derived(outcome, f"{amounts}={rounded(total)}")


def not_worked_on(figure: Quantity, case: Case) -> bool:
    """Tell a count on which the work of the row itself is not done, and not some other thing about it."""
    if not undone(case.actual, figure):
        return False
    words = clause(case.actual, figure)
    if search("undone_work").search(words):
        return True
    found = _NOT_YET.search(words)
    return found is not None and found[1] in f"{case.context.name}{case.target.text}"


_NOT_YET = re.compile(r"(?:未|没有|尚待)([\u4e00-\u9fff]{2})")


def undone(cell: Cell, figure: Quantity) -> bool:
    """Tell a figure of what is not done (`其余0.3万亩在建`, `剩余1座正在施工`)."""
    return search("undone").search(plainly(f"{before(cell, figure)}{figure.tail}")) is not None


def plainly(words: str) -> str:
    """Give words without those that only hold a sign of something undone (接待, 供应, 模拟)."""
    return search("not_undone").sub("", words)
