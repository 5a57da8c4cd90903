"""Results as tidy pandas tables, a row a thing, with the columns and types that other people rely on.

Figures are columns of Decimal (dtype object), so that 96.90 stays 96.90 and sums stay exact; a missing one
is None. Text is pandas' `string`, a missing one `<NA>`; counts are `Int64`. Turn figures into floats where
floats will do: `frame["score"].astype(float)`.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any, Literal

from perfkit.checks import Findings
from perfkit.display import views
from perfkit.display.views import has_label, label
from perfkit.form import Form
from perfkit.narrative import Grid, Paragraph, Points, Section, Story
from perfkit.profile import Profile
from perfkit.rollup import RollUp
from perfkit.scoring import ExecutionScore, RowScore, Scorecard
from perfkit.text import choose
from perfkit.text.figures import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd

    from perfkit.language import Language
    from perfkit.rollup import Line
    from perfkit.scoring import Total

_HEAD = frozenset({"name", "title", "source", "file"})

Part = tuple[str, tuple[tuple[str, str], ...]]


def parts(profile: Profile, language: Language) -> tuple[Part, ...]:
    """Give the parts of a rule set (weights, execution, quantity, …) with their settings as text.

    What a rule set leaves unset is left out; what it is called is on its heading.
    """
    found = {key: value for key, value in profile.to_dict().items() if key not in _HEAD}
    alone = {key: value for key, value in found.items() if not isinstance(value, dict)}
    blocks = {"": alone} | {key: value for key, value in found.items() if isinstance(value, dict)}
    told = ((name, tuple(_settings(block, language))) for name, block in blocks.items())
    return tuple((name, settings) for name, settings in told if settings)


def _settings(block: dict[str, Any], language: Language, before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in block.items():
        if value is None or value in ([], {}, ""):
            continue
        if isinstance(value, dict) and not {"zh", "en"} <= value.keys():
            yield from _settings(value, language, f"{before}{name}.")
        else:
            yield f"{before}{name}", _said(value, language)


def _said(value: Any, language: Language) -> str:
    if isinstance(value, dict):
        return str(value[language]) if language in value else " ".join(map(str, value.values()))
    if isinstance(value, list | tuple):
        return ", ".join(_said(item, language) for item in value)
    return str(value)


Dtype = Literal["string", "Int64", "object", "bool"]

FORM: Mapping[str, Dtype] = {
    "number": "Int64",
    "level1": "string",
    "level2": "string",
    "name": "string",
    "target": "string",
    "actual": "string",
    "weight": "object",
    "score": "object",
    "reason": "string",
    "rating": "string",
    "evidence": "string",
    "initial_target": "string",
}
"""A row an indicator, as printed: `number` from 1, `weight` and `score` Decimals."""

BESIDE: Mapping[str, Dtype] = {"deduction": "object", "review": "object", "opinion": "string"}
"""Columns beside the score (扣分, 核查得分, 核查意见): a form and its card have those that are filled."""

SCORECARD: Mapping[str, Dtype] = {
    "number": "Int64",
    "level1": "string",
    "level2": "string",
    "name": "string",
    "target": "string",
    "actual": "string",
    "kind": "string",
    "direction": "string",
    "verdict": "string",
    "basis": "string",
    "completion": "object",
    "weight": "object",
    "declared": "object",
    "computed": "object",
    "score": "object",
    "lost": "object",
    "status": "string",
    "explanation": "string",
}
"""A row an indicator, as scored; the budget line is the last row, its `number` missing."""

FINDINGS: Mapping[str, Dtype] = {
    "code": "string",
    "slug": "string",
    "severity": "string",
    "file": "string",
    "row": "Int64",
    "field": "string",
    "message": "string",
    "evidence": "string",
    "fix": "string",
}
"""A row a finding, worst first."""

STORY: Mapping[str, Dtype] = {
    "section": "string",
    "heading": "string",
    "kind": "string",
    "lead": "string",
    "text": "string",
}
"""A row a block of the story: `kind` is paragraph, point or row; a row's cells are joined by tabs."""

PROFILE: Mapping[str, Dtype] = {"part": "string", "name": "string", "value": "string"}
"""A row a setting of the rule set: the `part` it belongs to (execution, grades, …), its `value` as text."""

ROLL_UP: Mapping[str, Dtype] = {
    "number": "Int64",
    "level1": "string",
    "level2": "string",
    "name": "string",
    "unit": "string",
    "target": "string",
    "actual": "string",
    "weight": "object",
    "score": "object",
    "share": "object",
    "explanation": "string",
}
"""A row a line and unit, the whole's first (its `unit` missing); the total, of each of them too, is last."""


_SAID: Mapping[str, Callable[[Any, Language], object]] = {
    "verdict": lambda value, language: choose(f"values.verdict.{value}", language),
    "basis": lambda value, language: choose(f"values.basis.{value}", language),
    "status": lambda value, language: label(f"status_{value}", language),
    "severity": label,
    "grade": views.grade,
    "completion": lambda value, _language: percent(value),
}
"""The columns whose cells hold words of perfkit's own, and how each is said in a language."""


def named(frame: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Give a table for people: its columns, and perfkit's own words in its cells, in a language.

    What a form says, figures and codes stay as they are, and so does a column that perfkit does not know.
    """
    import pandas as pd

    def told(column: str) -> pd.Series[Any]:
        cells, say = frame[column], _SAID.get(column)
        if say is None:
            return cells
        said = [None if pd.isna(value) else say(value, language) for value in cells]
        return pd.Series(said, index=frame.index, dtype=object)

    shown = pd.DataFrame({heading(str(column), language): told(column) for column in frame.columns})
    index = frame.index.name
    shown.index.name = None if index is None else heading(str(index), language)
    return shown


def heading(column: str, language: Language) -> str:
    """Give the heading of a column in a language; the column's own name where perfkit has no word for it."""
    known = next((key for key in (f"frame.{column}", column) if has_label(key)), None)
    return label(known, language) if known else column


@singledispatch
def frame_of(result: object) -> pd.DataFrame:
    """Give a result as a tidy pandas table; the columns of each kind stand above in this module."""
    raise TypeError(f"no table is known for {type(result).__name__}")


def _frame(columns: Mapping[str, Dtype], rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=dtype) for name, dtype in columns.items()}
    )


@frame_of.register(Form)
def _(form: Form) -> pd.DataFrame:
    columns = {**FORM, **{name: BESIDE[name] for name in views.beside(form)}}
    texts = [name for name in columns if name != "number"]
    return _frame(
        columns, [{"number": n, **{name: getattr(row, name) for name in texts}} for n, row in form.numbered()]
    )


@frame_of.register(Scorecard)
def _(card: Scorecard) -> pd.DataFrame:
    beside = views.beside(card.form)
    columns = {**SCORECARD, **{name: BESIDE[name] for name in beside}}
    rows = [
        {
            **{
                name: getattr(row.indicator, name)
                for name in ("level1", "level2", "name", "target", "actual", *beside)
            },
            **{name: str(getattr(row.reading, name)) for name in ("kind", "direction", "verdict", "basis")},
            "number": row.number,
            "completion": row.reading.completion,
            **_points(row),
        }
        for row in card.indicators
    ]
    budget = {"name": "预算执行率", "review": card.budget.review}
    return _frame(columns, [*rows, dict.fromkeys(columns) | budget | _points(card.budget)])


def _points(row: RowScore | ExecutionScore) -> dict[str, Any]:
    figures = {name: getattr(row, name) for name in ("weight", "declared", "computed", "score", "lost")}
    return figures | {"status": str(row.status), "explanation": row.explanation.zh}


@frame_of.register(Findings)
def _(findings: Findings) -> pd.DataFrame:
    return _frame(FINDINGS, findings.to_dict())


@frame_of.register(Story)
def _(story: Story) -> pd.DataFrame:
    return _frame(STORY, [row for section in story.sections for row in _blocks(section)])


@frame_of.register(Section)
def _(section: Section) -> pd.DataFrame:
    return _frame(STORY, _blocks(section))


def _blocks(section: Section) -> list[dict[str, str]]:
    told: list[tuple[str, str, str]] = []
    for block in section.blocks:
        match block:
            case Paragraph():
                told.append(("paragraph", block.lead, block.text))
            case Points():
                told += [("point", "", item) for item in block.items]
            case Grid():
                told += [("row", "", "\t".join(cells)) for cells in (block.heading, *block.rows)]
    return [
        {"section": section.key, "heading": section.heading, "kind": kind, "lead": lead, "text": text}
        for kind, lead, text in told
    ]


@frame_of.register(Profile)
def _(profile: Profile) -> pd.DataFrame:
    told = parts(profile, "zh")
    return _frame(PROFILE, [{"part": part, "name": k, "value": v} for part, of in told for k, v in of])


@frame_of.register(RollUp)
def _(result: RollUp) -> pd.DataFrame:
    return _frame(ROLL_UP, [dict.fromkeys(ROLL_UP) | row for row in _rolled(result)])


def _rolled(result: RollUp) -> Iterator[dict[str, Any]]:
    for line in result.lines:
        head = {"number": line.number, "level1": line.level1, "level2": line.level2}
        head["name"] = "预算执行率" if line.number is None else line.name
        yield head | _cells(result, line.number) | _earned(line)
        for unit, part in zip(result.units, line.parts, strict=True):
            if part is not None:
                printed = getattr(part, "indicator", None)
                cells = {name: getattr(printed, name, None) for name in ("target", "actual")}
                yield head | cells | {"unit": unit.name, "share": unit.share} | _earned(part)
    yield {"name": "总分"} | _earned(result.total)
    for unit in result.units:
        yield {"name": "总分", "unit": unit.name, "share": unit.share} | _earned(unit.card.total)


def _cells(result: RollUp, number: int | None) -> dict[str, str | None]:
    if number is None or result.form is None:
        return {}
    row = result.form.indicators[number - 1]
    return {"target": row.target, "actual": row.actual}


def _earned(part: Line | RowScore | ExecutionScore | Total) -> dict[str, Any]:
    return {"weight": part.weight, "score": part.score, "explanation": part.explanation.zh}
