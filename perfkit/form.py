"""What a unit filled in (财政项目支出绩效自评表), as printed and before anybody judges it.

A `Form` is frozen and knows no file format, no rule and no score of ours. A blank, a dash or a
missing cell is None, "not filled in", which is not zero. Amounts, weights and scores are Decimals
that keep the digits as printed (96.90 stays 96.90); targets, actuals and rates stay text, because
what they mean is for `perfkit.values` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from perfkit import Shown
from perfkit.language import Text
from perfkit.text.catalogue import say, words
from perfkit.text.folding import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MoneyUnit = Literal["元", "万元"]
Rating = Literal["met", "partly", "missed"]
Kind = Literal["project", "transfer", "department"]


@dataclass(frozen=True, slots=True)
class Fund:
    """Hold one line of the budget block (项目资金), in the form's money unit.

    `initial` 年初预算数, `adjusted` 全年预算数, `executed` 全年执行数; `weight` 分值, `rate` 执行率 as
    printed (`98.98%`, `0.958`), `score` 得分 and a reviewer's `review` 核查得分 stand on the total line only.
    """

    initial: Decimal | None = None
    adjusted: Decimal | None = None
    executed: Decimal | None = None
    weight: Decimal | None = None
    rate: str | None = None
    score: Decimal | None = None
    review: Decimal | None = None

    @property
    def filled(self) -> bool:
        """Tell whether any amount stands on this line."""
        return any(amount is not None for amount in (self.initial, self.adjusted, self.executed))


@dataclass(frozen=True, slots=True)
class Budget:
    """Hold the budget block: `total` 年度资金总额 and its lines (其中).

    `fiscal` 当年财政拨款, `carried_over` 上年结转资金, `other` 其他资金.
    """

    total: Fund = Fund()
    fiscal: Fund = Fund()
    carried_over: Fund = Fund()
    other: Fund = Fund()

    @property
    def sources(self) -> dict[str, Fund]:
        """Give the 其中 lines by key, in the form's order."""
        return {"fiscal": self.fiscal, "carried_over": self.carried_over, "other": self.other}

    def carried(self, change: Decimal) -> bool:
        """Tell whether a change from the initial to the year's budget is what was carried over (上年结转)."""
        line, nothing = self.carried_over, Decimal(0)
        return change > 0 and (line.adjusted or nothing) - (line.initial or nothing) == change


@dataclass(frozen=True, slots=True)
class Goals:
    """Hold the overall goal of the year (年度总体目标): `expected` 预期目标, `outcome` 实际完成情况."""

    expected: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Hold one finding that a person has looked at and set aside: its code, the reason, and `by` whom."""

    code: str
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """Hold one row of the indicator table, as printed.

    `level1` 一级指标, `level2` 二级指标, `name` 三级指标, `target` 年度指标值, `actual` 实际完成值,
    `weight` 分值, `score` 得分, `reason` 偏差原因分析及改进措施. `rating` is a person's judgement of a
    qualitative row, `evidence` 佐证材料, `initial_target` 年初指标值 where the target was adjusted.
    `deduction` 扣分 holds points taken off by hand, `review` 核查得分 and `opinion` 核查意见 what a reviewer
    gave the row and said of it. `measures` 改进措施 stands where the form has a column for it beside the
    reasons. `place` is the row's place in the unit's own file (`绩效自评!A12`).
    """

    name: str | None = None
    level1: str | None = None
    level2: str | None = None
    target: str | None = None
    actual: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None
    reason: str | None = None
    rating: Rating | None = None
    evidence: str | None = None
    initial_target: str | None = None
    deduction: Decimal | None = None
    review: Decimal | None = None
    opinion: str | None = None
    measures: str | None = None
    ignore: tuple[Ignore, ...] = ()
    place: str | None = field(default=None, compare=False)

    @property
    def lost(self) -> Decimal | None:
        """Give the points printed as lost (weight less score), or None where one is not printed."""
        if self.weight is None or self.score is None:
            return None
        return self.weight - self.score


@dataclass(frozen=True, slots=True)
class Unread:
    """Hold a cell that should have been a figure and could not be read: listed, never guessed."""

    path: str
    place: str
    text: str
    expected: Text | str


@dataclass(frozen=True, slots=True)
class Subtotal:
    """Hold a printed subtotal (小计, 合计) of a level 1 or level 2: its weight and score, as printed."""

    level1: str | None = None
    level2: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FundManagement:
    """Hold one item of the fund management block (资金管理情况): its name, the unit's text, its points."""

    name: str | None = None
    text: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Hold one value that the reading is not sure of: its path in the form, place, text, and why."""

    path: str
    place: str = ""
    text: str = ""
    why: Text = field(default_factory=lambda: Text("", ""))


@dataclass(frozen=True, slots=True)
class Proof:
    """Say how sure the reading of a document is: `proven` by its own arithmetic, or `doubted`.

    `state` is "" where nobody judged it: a form that was typed as a form file.
    """

    state: Literal["", "proven", "doubted"] = ""
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Say where a form came from: `file` as given by the user, `sha256` of its bytes.

    `origin` is the unit's own file where `file` is a form file that was imported from it, with its
    `origin_sha256`. `places` maps a path in the form (`indicators[3].weight`, `budget.total.rate`) to the
    place it was read from (`line 31`, `Sheet1!F12`, `page 2, table 1, row 5`): in the unit's own file
    where that is known.
    """

    file: str = ""
    sha256: str = ""
    places: Mapping[str, str] = field(default_factory=dict, hash=False)
    origin: str = ""
    origin_sha256: str = ""

    @property
    def own_file(self) -> str:
        """Give the file that the unit knows: its own one, else the form file."""
        return self.origin or self.file


@dataclass(frozen=True, slots=True)
class Form(Shown):
    """Hold one self-evaluation form (财政项目支出绩效自评表).

    `department` 主管部门, `unit` 实施单位, `total` 总分, `review_total` 核查总分 (a reviewer's) and
    `grade` 评价等级 as printed; `notes` 说明. `kind` tells a project's form from one of a transfer payment
    (转移支付) and of a whole department (部门整体). `subtotals` are the printed ones, `fund_management`
    the items of 资金管理情况; `filled_by` 填表人, `phone` 联系电话, `filled_on` 填报日期. `ignore` holds the
    findings set aside that stand on no row. `reading` says how sure the reading is, `unread` lists the
    cells that could not be read as what they should be.
    """

    project: str = ""
    year: int | None = None
    department: str | None = None
    unit: str | None = None
    kind: Kind = "project"
    money_unit: MoneyUnit = "万元"
    budget: Budget = Budget()
    goals: Goals = Goals()
    indicators: tuple[Indicator, ...] = ()
    subtotals: tuple[Subtotal, ...] = ()
    fund_management: tuple[FundManagement, ...] = ()
    total: Decimal | None = None
    review_total: Decimal | None = None
    grade: str | None = None
    notes: str | None = None
    filled_by: str | None = None
    phone: str | None = None
    filled_on: str | None = None
    ignore: tuple[Ignore, ...] = ()
    reading: Proof = field(default=Proof(), compare=False)
    source: Source = field(default=Source(), compare=False)
    unread: tuple[Unread, ...] = field(default=(), compare=False)

    def numbered(self) -> Iterator[tuple[int, Indicator]]:
        """Yield each indicator with its number on the form, from 1."""
        return enumerate(self.indicators, start=1)

    def to_dict(self) -> dict[str, Any]:
        """Give the form as a form file holds it: figures as printed, blanks left out."""
        values = _plain(self) | {
            "budget": {line: _plain(getattr(self.budget, line)) for line in FUND_LINES},
            "goals": _plain(self.goals),
            "indicators": [self._row(number, row) for number, row in self.numbered()],
            "subtotals": [_plain(each) for each in self.subtotals],
            "fund_management": [_plain(each) for each in self.fund_management],
            "reading": _proof(self.reading),
            "source": self._origin(),
        }
        optional = {"kind": self.kind != "project"} | {
            key: bool(values[key]) for key in ("subtotals", "fund_management", "reading", "source")
        }
        named = (f.name for f in fields(self) if f.name in values and optional.get(f.name, True))
        return {name: values[name] for name in named} | _ignored(self)

    def _row(self, number: int, row: Indicator) -> dict[str, Any]:
        place = row.place or (row_place(self.source.places, number - 1) if self._origin() else "")
        return _plain(row) | ({"place": place} if place else {}) | _ignored(row)

    def _origin(self) -> dict[str, Any]:
        """Give where the form was imported from, with the places of its cells there."""
        source = self.source
        file, digest = source.origin or source.file, source.origin_sha256 or source.sha256
        if not file or (not source.origin and file.lower().endswith(FORM_FILES)):
            return {}
        origin: dict[str, Any] = {"file": file, "sha256": digest}
        return origin | ({"places": dict(source.places)} if source.places else {})


FORM_FILES = (".yaml", ".yml", ".json")
FUND_LINES = ("total", "fiscal", "carried_over", "other")
_OWN_BLOCKS = frozenset(
    {"budget", "goals", "indicators", "subtotals", "fund_management", "ignore", "reading", "source", "unread"}
)


def row_place(places: Mapping[str, str], index: int) -> str:
    """Give the place of a row: its own, else that of the first of its cells that has one."""
    path = f"indicators[{index}]"
    cells = (f"{path}.{name}" for name in ("name", "target", "actual", "weight", "score"))
    return places.get(path) or next((places[cell] for cell in cells if cell in places), "")


def place_at(places: Mapping[str, str], path: str) -> str:
    """Give the place of a value; a blank cell is where its row meets the column of its heading or of others.

    Where no column is known it is the row, and "" where nothing is.
    """
    of, _, name = path.rpartition(".")
    if path in places or not of:
        return places.get(path, "")
    ends = ("score", "weight", "actual", "target", "executed", "adjusted", "initial", "name")
    known = (places[cell] for cell in (f"{of}.{end}" for end in ends) if cell in places)
    row = next(known, places.get(of, "")).partition(" + ")[0]
    group = of.partition("[")[0] if row_of(of) is not None else "budget"
    alike = [
        f"{group}.{name}",
        *(each for each in places if each.startswith(group) and each.endswith(f".{name}")),
    ]
    columns = (places[each].partition(" + ")[0] for each in alike if each in places)
    return next(filter(None, (_crossing(row, column) for column in columns)), _whole_row(row))


def _crossing(row: str, column: str) -> str:
    """Give the cell where a row meets a column, each told by a cell of its own; "" where they do not meet."""
    one, other = _IN_SHEET.fullmatch(row), _IN_SHEET.fullmatch(column)
    if one and other:
        return f"{one[1]}!{other[2]}{one[3]}" if one[1] == other[1] else ""
    one, other = _IN_TABLE.fullmatch(row), _IN_TABLE.fullmatch(column)
    return f"{one[1]}, column {other[2]}" if one and other else ""


def _whole_row(place: str) -> str:
    if found := _IN_SHEET.fullmatch(place):
        return f"{found[1]}, row {found[3]}"
    found = _IN_TABLE.fullmatch(place)
    return found[1] if found else place


_IN_SHEET = re.compile(r"(.+)!([A-Z]{1,3})(\d+)")
_IN_TABLE = re.compile(r"(.*row \d+), column (\d+)")


def row_of(path: str) -> int | None:
    """Give which row (from 0) a path is in; None for what stands outside the rows."""
    found = _IN_LIST.match(path)
    return int(found[2]) if found and found[1] == "indicators" else None


def value_named(path: str, row: str | None = "") -> Text:
    """Name a value of a form as a person would: 第2项指标“安装路灯”的分值 for `indicators[1].weight`.

    `row` is the name of its row. What the form has no words for is told by its path.
    """
    start, _, last = path.rpartition(".")
    found = _IN_LIST.match(path)
    if found and found[1] == "indicators":
        n = int(found[2]) + 1
        of = say("reading.value.row", n=n, name=shortened(row)) if row else say("reading.value.nameless", n=n)
    elif found and (kind := _noun(f"list.{found[1]}")):
        of = say("reading.value.line", n=int(found[2]) + 1, list=kind)
    elif path.startswith("budget."):
        return _budget_named(path)
    else:
        return _noun(f"field.{last}") or Text(path, path)
    return say("reading.value.of", of=of, name=_noun(f"field.{last}") or last) if start else of


def _budget_named(path: str) -> Text:
    _, line, *column = path.split(".")
    of = _noun(f"of.{line}") or Text(line, line)
    return say("reading.value.of", of=of, name=_noun(f"field.{column[-1]}") or column[-1]) if column else of


def _noun(key: str) -> Text | None:
    return say(f"reading.{key}") if key in words("reading") else None


_IN_LIST = re.compile(r"(\w+)\[(\d+)\]")


def with_set_aside(form: Form, earlier: Form) -> Form:
    """Give a form read anew with the findings that a person set aside on the one read before.

    Rows are the same where level 2 and name are, or where nothing but their place in the table is left to
    tell them by; what was set aside on a row that is gone goes with it.
    """
    known = {_same_row(row): row.ignore for row in earlier.indicators if row.ignore}
    rows = tuple(replace(row, ignore=row.ignore or known.get(_same_row(row), ())) for row in form.indicators)
    return replace(form, indicators=rows, ignore=form.ignore or earlier.ignore)


def with_checked(form: Form, earlier: Form) -> Form:
    """Give a form read anew without the doubts that a person ended on the one read before.

    A doubt was ended where it was struck from the list, or its value changed; it stays ended while the cell
    that the value was read from prints the same.
    """
    known = {(doubt.path, doubt.text) for doubt in earlier.reading.doubts}
    before, now = earlier.source.origin_sha256, form.source.sha256
    left = tuple(
        doubt
        for doubt in form.reading.doubts
        if (doubt.path, doubt.text) in known
        or not (before == now or _printed(earlier, doubt.path) == doubt.text)
    )
    return replace(form, reading=Proof("doubted" if left else "proven", left))


def open_doubts(form: Form) -> tuple[Doubt, ...]:
    """Give the doubts that nobody ended: those whose value still stands as it was doubted."""
    return tuple(
        doubt
        for doubt in form.reading.doubts
        if not doubt.path or not doubt.text or _printed(form, doubt.path) in {doubt.text, None}
    )


def _printed(form: Form, path: str) -> str | None:
    """Give the value at a path as a form file prints it; None where nothing stands there."""
    part: Any = form
    for name in path.replace("[", ".").replace("]", "").split("."):
        try:
            part = part[int(name)] if name.isdecimal() else getattr(part, name)
        except (AttributeError, IndexError, TypeError):
            return None
    return None if part is None or isinstance(part, tuple) else str(_text(part))


def _same_row(row: Indicator) -> tuple[str, str]:
    return "".join((row.level2 or "").split()), "".join((row.name or row.target or "").split())


def _plain(part: Any) -> dict[str, Any]:
    """Give a frozen part as a dict of its filled-in fields, Decimals as their printed text."""
    values = {f.name: getattr(part, f.name) for f in fields(part) if f.name not in _OWN_BLOCKS}
    return {name: _text(value) for name, value in values.items() if value not in (None, "")}


def _ignored(part: Indicator | Form) -> dict[str, Any]:
    """Give the findings set aside as a form file holds them: the codes, why, and by whom."""
    if not part.ignore:
        return {}
    first = part.ignore[0]
    said = {"ignore": [each.code for each in part.ignore], "ignore_reason": first.reason}
    return said | ({"ignored_by": first.by} if first.by else {})


def _proof(proof: Proof) -> dict[str, Any]:
    if not proof.state:
        return {}
    doubts = [_plain(each) | {"why": {"zh": each.why.zh, "en": each.why.en}} for each in proof.doubts]
    return {"state": proof.state} | ({"doubts": doubts} if doubts else {})


def _text(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value
