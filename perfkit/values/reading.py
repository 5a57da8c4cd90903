"""One row read whole: target, actual, the verdict on the two and why it came out so.

Both cells are read in the light of the row's name and level. A cell that was taken apart gets its public
shape here. `format_value` prints it in one canonical spelling, which reads back as the same value:
`不少于三十场` prints as `≥30场`, `10月底` of a form of 2022 as `2022-10-31`.

A word decides where the verdict would be another without it; that is tried, word by word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfkit.language import LANGUAGES, Text
from perfkit.text import fold_cell, say
from perfkit.text.figures import plain
from perfkit.text.folding import LONGEST
from perfkit.values.cell import Cell, likely, take_apart, with_counts
from perfkit.values.comparison import direction_of
from perfkit.values.context import Context, context_of, doubtful, tells_lowering, with_context
from perfkit.values.dates import Span
from perfkit.values.judge import judge
from perfkit.values.rules import (
    BY_DATE,
    DATE,
    NO_DIRECTION,
    NUMBER,
    RATIO,
    WITHIN,
    Basis,
    Case,
    Direction,
    Flag,
    Kind,
    Outcome,
    Verdict,
)
from perfkit.values.states import Said, said
from perfkit.values.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from perfkit.form import Indicator, Rating
    from perfkit.language import Language
    from perfkit.values.cell import Part
    from perfkit.values.quantity import Quantity


class Target(NamedTuple):
    """Hold what a target cell (年度指标值) asks for.

    `value` in base units (万 and 亿 multiplied out, percent as its number: 95% is 95), or None for
    words and dates; for `within`, `low` and `high` bound it. `unit` is the canonical unit ("" where none
    is printed, "%" for a ratio). `operator` is the operator as printed, "" where none is.
    `day` is the deadline as ISO text for dates. `parts` holds the sub-targets of a compound cell.
    """

    text: str
    kind: Kind
    direction: Direction
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    operator: str = ""
    words: str = ""
    day: str = ""
    parts: tuple[Target, ...] = ()
    flags: frozenset[Flag] = frozenset()


class Actual(NamedTuple):
    """Hold what an actual cell (实际完成值) reports; the fields are those of `Target`.

    `state` is what words say: met, partly, missed, or None where they say neither.
    """

    text: str
    kind: Kind
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    operator: str = ""
    words: str = ""
    day: str = ""
    state: Verdict | None = None
    parts: tuple[Actual, ...] = ()
    flags: frozenset[Flag] = frozenset()


class Reading(NamedTuple):
    """Hold the reading of one row: target, actual and the verdict on them.

    `completion` is actual ÷ target as a plain ratio (1.042 for 521 of 500), whatever the direction;
    None where there is no ratio (words, dates, a target of zero). `target.value` and `actual.value`
    are in the same unit wherever both are given and `completion` is not None. `late` tells that a date
    came after its deadline. `flags` gathers the flags of both cells and of their comparison.
    `rule` names the rule that gave the verdict, `working` shows how a `derived` figure was worked out
    (`办结102件÷受理120件=85%`), and `unknown` are the words that no rule knows, which keep a verdict from
    being sure.
    """

    target: Target
    actual: Actual
    kind: Kind
    direction: Direction
    verdict: Verdict
    basis: Basis
    completion: Decimal | None = None
    late: bool = False
    flags: frozenset[Flag] = frozenset()
    rule: str = ""
    working: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def measured(self) -> bool:
        """Tell a verdict that rests on figures or dates, as printed or as worked out from the cell."""
        return self.basis in {Basis.MEASURED, Basis.DERIVED}


_NO_FLAGS: frozenset[Flag] = frozenset()
_UNIT_MISSING = frozenset({Flag.UNIT_MISSING})
_INFERRED = frozenset({Flag.DIRECTION_INFERRED})
_DOUBTFUL = frozenset({Flag.DIRECTION_DOUBTFUL})
_STATES = {
    Said.PARTLY: Verdict.PARTLY,
    Said.ONGOING: Verdict.PARTLY,
    Said.MISSED: Verdict.MISSED,
    Said.REACHED: Verdict.MET,
    Said.DONE: Verdict.MET,
    Said.GOOD: Verdict.MET,
    Said.ABSENT: Verdict.MET,
}


def shape_target(
    cell: Cell, context: Context, text: str, year: int | None, outcome: Outcome | None = None
) -> Target:
    """Give a target cell its public shape, in the unit it was compared in where it was."""
    parts = cell.parts
    if len(parts) > 1:
        told = tuple(_target_part(part, context, "", year) for part in parts)
        return Target(text, Kind.COMPOUND, NO_DIRECTION, words=cell.words, parts=told, flags=cell.flags)
    if parts:
        return _target_part(parts[0], context, text, year, cell, outcome)
    return Target(text, cell.kind, NO_DIRECTION, words=cell.words, flags=cell.flags)


def _target_part(  # noqa: PLR0913, PLR0917 what a cell and its row say together
    part: Part,
    context: Context,
    text: str,
    year: int | None,
    cell: Cell | None = None,
    outcome: Outcome | None = None,
) -> Target:
    words, flags = (cell.words, cell.flags) if cell is not None else ("", _NO_FLAGS)
    if isinstance(part, Span):
        day = part.in_year(year or 0).day
        return Target(text, DATE, BY_DATE, words=words, day=day, flags=flags)
    direction = (outcome and outcome.direction) or direction_of(part, context)
    if outcome is not None and outcome.target is not None:
        value, unit = outcome.target, outcome.unit
    else:
        value, unit = part.value, str(part.unit)
    low, high = bounds(part)
    return Target(
        text,
        RATIO if part.unit.dimension == "ratio" else NUMBER,
        direction,
        None if direction is WITHIN else value,
        low,
        high,
        unit,
        part.operator,
        words,
        "",
        (),
        flags | _direction_flags(part, direction, context),
    )


def _direction_flags(part: Quantity, direction: Direction, context: Context) -> frozenset[Flag]:
    """Flag a direction that was inferred, or one that the row contradicts."""
    if part.direction is None:
        return _INFERRED
    in_time = part.unit.dimension == "time" and context.timeliness and not context.lasting
    if in_time and direction is Direction.AT_MOST:  # 维修响应 within two hours
        return _NO_FLAGS
    falls = direction is Direction.AT_LEAST and tells_lowering(part.operator)  # 事故率 下降5%
    return _DOUBTFUL if not falls and doubtful(direction, context.name, context.level2) else _NO_FLAGS


def bounds(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """Give the ends of a range, or of a tolerance around zero (±10%); None and None for a plain number."""
    if quantity.high is not None:
        return quantity.value, quantity.high * quantity.scale
    return (-quantity.value, quantity.value) if quantity.tolerance else (None, None)


def shape_actual(
    cell: Cell, text: str, year: int | None, *, unit: str = "", value: Decimal | None = None
) -> Actual:
    """Give an actual cell its public shape; `value` and `unit` are those it was compared in."""
    state = _STATES.get(said(cell.words)) if cell.words else None
    parts = cell.parts
    if len(parts) > 1 and value is None:
        told = tuple(_actual_part(part, year) for part in parts)
        return Actual(text, Kind.COMPOUND, words=cell.words, state=state, parts=told, flags=cell.flags)
    if not parts:
        return Actual(text, cell.kind, words=cell.words, state=state, flags=cell.flags)
    part = cell.quantities[0] if cell.quantities else parts[0]
    if value is not None and len(parts) > 1:
        kind = RATIO if unit == "%" else NUMBER
        return Actual(text, kind, value, unit=unit, words=cell.words, state=state, flags=cell.flags)
    return _actual_part(part, year, text, cell, unit=unit, value=value, state=state)


def _actual_part(  # noqa: PLR0913 what a cell and its comparison say together
    part: Part,
    year: int | None,
    text: str = "",
    cell: Cell | None = None,
    *,
    unit: str = "",
    value: Decimal | None = None,
    state: Verdict | None = None,
) -> Actual:
    words, flags = (cell.words, cell.flags) if cell is not None else ("", _NO_FLAGS)
    if isinstance(part, Span):
        return Actual(text, DATE, words=words, day=part.in_year(year or 0).day, state=state, flags=flags)
    kind = RATIO if part.unit.dimension == "ratio" else NUMBER
    printed = part.value if value is None else value
    low, high = bounds(part)
    told = unit or str(part.unit)
    return Actual(text, kind, printed, low, high, told, part.operator, words, "", state, (), flags)


_SIGNS = {Direction.AT_LEAST: "≥", Direction.AT_MOST: "≤", Direction.EQUAL: "="}


def format_value(value: Target | Actual) -> str:
    """Print a target or an actual so that reading it again gives the same value, unit and direction.

    Words and blanks print as they stand. A direction that was only inferred is not printed. Never raises.

    >>> format_value(read_target("不少于三十场"))
    '≥30场'
    """
    if value.kind is Kind.COMPOUND:
        return "；".join(format_value(part) for part in value.parts)
    if value.day:
        return value.day
    if value.kind not in (Kind.NUMBER, Kind.RATIO):
        return value.text
    if value.low is not None and value.high is not None:
        return _range(value.low, value.high, value.unit)
    if value.value is None:
        return value.text
    sign = _SIGNS.get(value.direction, "") if isinstance(value, Target) and value.operator else ""
    return f"{sign}{plain(value.value)}{value.unit}"


def _range(low: Decimal, high: Decimal, unit: str) -> str:
    if low == -high:
        return f"±{plain(high)}{unit}"
    return f"{plain(low)}~{plain(high)}{unit}"


def read_target(
    text: str | None, *, name: str = "", level1: str = "", level2: str = "", year: int | None = None
) -> Target:
    """Read a target cell (年度指标值) in the light of its row's name and levels and of the form's year.

    Without a `year` a deadline that prints none has none (`--10-31`). 以上, 以下 and 以内 include the number
    (民法典第一千二百五十九条), and so do `>` and `<`. Never raises, whatever the text.

    >>> target = read_target("≥36万人")
    >>> target.direction.value, target.value, target.unit
    ('at_least', Decimal('360000'), '人')
    >>> read_target("10月底", year=2022).day
    '2022-10-31'
    """
    context = context_of(_heading(name), _heading(level2 or level1))
    return shape_target(_target_cell(_printed(text), context), context, _plain(text), year)


def read_actual(text: str | None, target: Target, *, year: int | None = None) -> Actual:
    """Read an actual cell (实际完成值), in the unit that it prints; a bare number has that of its `target`.

    Never raises, whatever the text.
    """
    cell = take_apart(_printed(text))
    bare = len(cell.quantities) == 1 and cell.quantities[0].unit.bare
    return shape_actual(cell, _plain(text), year, unit=target.unit if bare else "")


def read_row(  # noqa: PLR0913 the columns of a row
    target: str | None,
    actual: str | None,
    *,
    name: str | None = None,
    level1: str | None = None,
    level2: str | None = None,
    year: int | None = None,
    rating: Rating | None = None,
    weight: Decimal | None = None,
) -> Reading:
    """Read one row and say whether the actual reaches the target; never raises, whatever the text.

    `name` and the levels tell the good side where no operator stands, `year` is the form's. A person's
    `rating` (met, partly, missed) decides where nothing was measured. `weight`, the row's points, tells
    points that were typed where a value belongs; one that is no finite number tells nothing.

    A sure verdict (met, partly, missed) accounts for every word of both cells; where one is ignored it is
    `judgement`, where the cells cannot be compared `unverifiable`. A deadline includes its day.

    >>> reading = read_row("≥500人", "521人", name="培训人数")
    >>> reading.verdict.value, reading.basis.value, reading.completion
    ('met', 'measured', Decimal('1.042'))
    >>> read_row("一次性通过", "通过", name="项目验收").unknown
    ('一次性',)
    """
    points = weight if weight is not None and weight.is_finite() else None
    context = context_of(_heading(name), _heading(level2 or level1))
    wanted, given = _cells(target, actual, context)
    outcome = judge(Case(wanted, given, context, year, points))
    reading = _reading(
        shape_target(wanted, context, _plain(target), year, outcome),
        shape_actual(given, _plain(actual), year, unit=outcome.unit, value=outcome.actual),
        outcome,
        _missing_unit(wanted, given, context),
    )
    if rating is not None and not reading.measured:
        return reading._replace(verdict=Verdict(rating), basis=Basis.RATED, rule="rated")
    return reading


def row_cells(
    target: str | None,
    actual: str | None,
    *,
    name: str | None = None,
    level1: str | None = None,
    level2: str | None = None,
) -> tuple[Cell, Cell]:
    """Give target and actual of a row taken apart; for a blank target, the one in the row's name, if any."""
    return _cells(target, actual, context_of(_heading(name), _heading(level2 or level1)))


def _cells(target: str | None, actual: str | None, context: Context) -> tuple[Cell, Cell]:
    wanted, given = _target_cell(_printed(target), context), take_apart(_printed(actual))
    if bool(wanted.quantities) != bool(given.quantities):
        return with_counts(wanted, given)
    return wanted, given


def _reading(asked: Target, told: Actual, outcome: Outcome, flags: frozenset[Flag]) -> Reading:
    return Reading(
        asked,
        told,
        asked.kind,
        asked.direction,
        outcome.verdict,
        outcome.basis,
        outcome.completion,
        outcome.late,
        flags.union(asked.flags, told.flags, outcome.flags),
        outcome.rule,
        outcome.working,
        outcome.unknown,
    )


def _printed(text: object) -> str | None:
    return None if text is None else str(text)


def _plain(text: object) -> str:
    return "" if text is None else str(text)


def _heading(text: object) -> str:
    """Give as much of a name or heading as anybody looks at."""
    return "" if text is None else str(text)[:LONGEST]


def _target_cell(text: str | None, context: Context) -> Cell:
    """Take a target cell apart; where it is blank, the target may stand in the row's name."""
    cell = take_apart(text)
    if cell.blank and context.target is not None:
        return context.target
    if len(cell.quantities) == 1 and not cell.dates:
        quantity = with_context(cell.quantities[0], context)
        if quantity is not cell.quantities[0]:
            return Cell(cell.text, blank=False, quantities=(quantity,), words=cell.words, flags=cell.flags)
    return cell


def _missing_unit(target: Cell, actual: Cell, context: Context) -> frozenset[Flag]:
    """Flag numbers that have a unit in neither cell nor in the name."""
    quantities = target.quantities + actual.quantities
    for quantity in quantities:
        if quantity.unit.name:
            return _NO_FLAGS
    return _UNIT_MISSING if quantities and context.prompt is None else _NO_FLAGS


# why a row was judged as it was: both cells token by token, the rule by name, and the words that decided


_SURENESS = frozenset({
    "not_applicable", "unknown", "bad", "handled", "sound", "over", "absent", "present", "partly", "ongoing",
    "missed", "done", "reached", "good", "whole", "on_time", "strong", "weak",
})  # fmt: skip
_PLAIN = frozenset({"figure", "date", "sign", "echo", "unknown", "operator"})


class Why(NamedTuple):
    """Hold the reading of a row with the tokens of both cells and the words that decided."""

    reading: Reading
    target: tuple[Token, ...]
    actual: tuple[Token, ...]
    deciding: tuple[str, ...]

    def lines(self, language: Language, head: Text | None = None) -> Iterator[str]:
        """Tell it line by line in a language."""
        if head is not None:
            yield head[language]
        for side, found in (("target", self.target), ("actual", self.actual)):
            cell: Target | Actual = getattr(self.reading, side)
            yield f"{say(f'values.{side}')[language]}  {cell.text or say('values.blank')[language]}"
            yield from (
                f"    {token.text}  {_kind(token)[language]}" for token in found if token.text.strip()
            )
        yield from (f"{label[language]}  {text[language]}" for label, text in self._told())

    def _told(self) -> Iterator[tuple[Text, Text]]:
        reading = self.reading
        if reading.rule:
            name = Text(*[f"{say(f'values.rule.{reading.rule}')[one]} ({reading.rule})" for one in LANGUAGES])
            yield say("values.by"), name
        if reading.working:
            yield say("values.working"), Text(reading.working, reading.working)
        if self.deciding:
            yield say("values.deciding"), _listed([*self.deciding])
        yield from self._not_accounted_for()
        meant = [likely(fold_cell(cell.text)) for cell in (reading.target, reading.actual)]
        if Flag.SCAN_SUSPECT in reading.flags and any(meant):
            text = "、".join(filter(None, meant))
            yield say("values.likely"), Text(text, text)
        verdict, basis = say(f"values.verdict.{reading.verdict}"), say(f"values.basis.{reading.basis}")
        yield say("values.conclusion"), say("values.told", verdict=verdict, basis=basis)

    def _not_accounted_for(self) -> Iterator[tuple[Text, Text]]:
        """Tell what keeps the verdict from being sure: words of the actual, and demands of the target."""
        actual = fold_cell(self.reading.actual.text)
        unknown = [words for words in self.reading.unknown if words in actual]
        unanswered = [words for words in self.reading.unknown if words not in actual]
        if unknown:
            yield say("values.unknown"), _listed(unknown)
        if unanswered:
            yield say("values.unanswered"), _listed(unanswered)


def _listed(words: list[str]) -> Text:
    return Text("、".join(words), ", ".join(words))


def _kind(token: Token) -> Text:
    """Say what sort of token it is, in the few words that matter to a reader."""
    kind = token.kind
    if kind not in _PLAIN:
        kind = "state" if kind in _SURENESS else "ladder" if kind in {"levels", "stages"} else "neutral"
    return say(f"values.token.{kind}")


def explain_row(row: Indicator, year: int | None = None) -> Why:
    """Explain the reading of an indicator's row; `year` is the form's. Never raises, whatever the texts.

    `deciding` are the tokens, target first, without which the verdict would be another; each is tried, so
    that this costs a reading a token.
    """
    reading = _read(row.target, row.actual, row, year)
    target, actual = row_cells(row.target, row.actual, name=row.name, level1=row.level1, level2=row.level2)
    name = row.name or ""
    asked = tuple(tokens(target, f"{name}{actual.text}"))
    told = tuple(tokens(actual, f"{name}{target.text}"))
    return Why(reading, asked, told, tuple(dict.fromkeys(_deciding(row, year, reading, (target, actual)))))


def _deciding(row: Indicator, year: int | None, reading: Reading, cells: tuple[Cell, Cell]) -> Iterator[str]:
    """Give the tokens without which the verdict would be another."""
    for side, cell in enumerate(cells):
        place = 0
        for token in tokens(cell, ""):
            start = cell.text.index(token.text, place)
            place = start + len(token.text)
            if token.kind == "sign":
                continue
            texts = [one.text for one in cells]
            texts[side] = f"{cell.text[:start]}{cell.text[place:]}"
            if _read(texts[0], texts[1], row, year).verdict is not reading.verdict:
                yield token.text


def _read(target: str | None, actual: str | None, row: Indicator, year: int | None) -> Reading:
    return read_row(
        target, actual, name=row.name, level1=row.level1, level2=row.level2, year=year, rating=row.rating
    )
