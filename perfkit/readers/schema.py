"""The form file (YAML or JSON) as a schema: which keys there are and what may stand in each.

Only this module knows pydantic. It turns a document into a `Form` or into all its faults at once, each
with its key, its line, what was got, what was expected and a hint.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from perfkit import form as nouns
from perfkit.errors import DataError, Fault
from perfkit.readers.document import Document, join
from perfkit.values import amount, is_blank

_FIGURE = re.compile(r"-?\d{1,15}(\.\d{1,10})?")
_SHOWN = 60
_YEAR = re.compile(r"(?:19|20)\d\d")


def _refuse(what: str, expected: str, hint: str = "") -> PydanticCustomError:
    return PydanticCustomError("form", "{what}", {"what": what, "expected": expected, "hint": hint})


def _text(value: Any) -> str | None:
    if isinstance(value, str) or value is None:
        return None if is_blank(value) else value
    raise _refuse("not a text", "a text or a number, as printed on the form")


def _name(value: Any) -> str:
    text = _text(value)
    if text is None:
        raise _refuse("not filled in", "a text")
    return text


def _money(value: Any, info: ValidationInfo) -> Decimal | None:
    unit = (info.context or {}).get("money_unit", "万元")
    try:
        return amount(_text(value), unit)
    except ValueError:
        raise _refuse(
            "not an amount of money",
            f"a number in {unit}, such as 9280000 or 9,280,000.50",
            "leave it empty if the form leaves it empty",
        ) from None


def _figure(value: Any) -> Decimal | None:
    text = _text(value)
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip().removesuffix("分")
    if not _FIGURE.fullmatch(plain):
        raise _refuse("not a number of points", "a number such as 10 or 9.9")
    return Decimal(plain)


def _weight(value: Any) -> Decimal | None:
    return _not_below_zero("a weight", value)


def _deduction(value: Any) -> Decimal | None:
    return _not_below_zero("a deduction", value)


def _not_below_zero(what: str, value: Any) -> Decimal | None:
    figure = _figure(value)
    if figure is not None and figure < 0:
        raise _refuse(f"{what} below zero", "a number of points, 0 or more")
    return figure


def _year(value: Any) -> int | None:
    text = _text(value)
    if text is None:
        return None
    plain = re.sub(r"年度?$", "", unicodedata.normalize("NFKC", text).strip())
    if not _YEAR.fullmatch(plain):
        raise _refuse("not a year", "four digits, such as 2022")
    return int(plain)


def _as_printed(description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number", "null"], "description": description})


PrintedText = Annotated[
    str | None, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number", "null"]})
]
Name = Annotated[str, BeforeValidator(_name), WithJsonSchema({"type": ["string", "number"], "minLength": 1})]
Money = Annotated[
    Decimal | None, BeforeValidator(_money), _as_printed("An amount in money_unit, as printed.")
]
Points = Annotated[Decimal | None, BeforeValidator(_figure), _as_printed("Points, as printed.")]
Weight = Annotated[Decimal | None, BeforeValidator(_weight), _as_printed("Points, 0 or more (分值).")]
Deduction = Annotated[
    Decimal | None, BeforeValidator(_deduction), _as_printed("Points taken off, 0 or more (扣分).")
]
Year = Annotated[int | None, BeforeValidator(_year), WithJsonSchema({"type": ["integer", "string", "null"]})]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FundLine(_Block):
    """One line of the budget block."""

    initial: Money = Field(None, title="年初预算数")
    adjusted: Money = Field(None, title="全年预算数")
    executed: Money = Field(None, title="全年执行数")


class TotalLine(FundLine):
    """The total line of the budget block, which alone is scored."""

    weight: Weight = Field(None, title="分值")
    rate: PrintedText = Field(None, title="执行率")
    score: Points = Field(None, title="得分")
    review: Points = Field(None, title="核查得分")


class BudgetBlock(_Block):
    """项目资金."""

    total: TotalLine | None = Field(None, title="年度资金总额")
    fiscal: FundLine | None = Field(None, title="当年财政拨款")
    carried_over: FundLine | None = Field(None, title="上年结转资金")
    other: FundLine | None = Field(None, title="其他资金")


class GoalsBlock(_Block):
    """年度总体目标."""

    expected: PrintedText = Field(None, title="预期目标")
    outcome: PrintedText = Field(None, title="实际完成情况")


class IndicatorRow(_Block):
    """One row of the indicator table."""

    level1: PrintedText = Field(None, title="一级指标")
    level2: PrintedText = Field(None, title="二级指标")
    name: PrintedText = Field(None, title="三级指标")
    target: PrintedText = Field(None, title="年度指标值")
    actual: PrintedText = Field(None, title="实际完成值")
    weight: Weight = Field(None, title="分值")
    score: Points = Field(None, title="得分")
    reason: PrintedText = Field(None, title="偏差原因分析及改进措施")
    rating: Literal["met", "partly", "missed"] | None = Field(None, title="定性评判")
    evidence: PrintedText = Field(None, title="佐证材料")
    initial_target: PrintedText = Field(None, title="年初指标值")
    deduction: Deduction = Field(None, title="扣分")
    review: Points = Field(None, title="核查得分")
    opinion: PrintedText = Field(None, title="核查意见")
    ignore: list[str] = Field([], title="Codes of findings that a person has set aside on this row")
    ignore_reason: PrintedText = Field(None, title="Why they are set aside")

    @model_validator(mode="after")
    def _ignored_with_a_reason(self) -> IndicatorRow:
        if self.ignore and self.ignore_reason is None:
            raise _refuse(
                "findings are set aside without a reason", "ignore_reason: a sentence that says why"
            )
        return self


class FormFile(_Block):
    """A self-evaluation form (财政项目支出绩效自评表), values as printed."""

    project: Name = Field(title="项目名称")
    year: Year = Field(None, title="年度")
    department: PrintedText = Field(None, title="主管部门")
    unit: PrintedText = Field(None, title="实施单位")
    money_unit: Literal["元", "万元"] = Field("万元", title="金额单位")
    budget: BudgetBlock | None = Field(None, title="项目资金")
    goals: GoalsBlock | None = Field(None, title="年度总体目标")
    indicators: list[IndicatorRow] = Field(title="绩效指标")
    total: Points = Field(None, title="总分")
    review_total: Points = Field(None, title="核查总分")
    grade: PrintedText = Field(None, title="评价等级")
    notes: PrintedText = Field(None, title="说明")


def to_form(document: Document, source: nouns.Source) -> nouns.Form:
    """Give the form that a document holds; raise DataError with all its faults."""
    if not isinstance(document.data, dict):
        got = type(document.data).__name__ if document.data is not None else "nothing"
        raise DataError(
            Fault("not a form file", document.file, got=got, expected="a mapping that starts with project: …")
        )
    if "form" in document.data and "indicators" not in document.data:
        raise DataError(
            Fault(
                "a params file, not a form",
                document.file,
                hint=f"its form is {_quoted(document.data['form'])}",
            )
        )
    context = {"money_unit": "元" if document.data.get("money_unit") == "元" else "万元"}
    try:
        file = FormFile.model_validate(document.data, context=context)
    except ValidationError as error:
        raise DataError.of(faults(error, FormFile, document)) from None
    return _form(file, source)


def _form(file: FormFile, source: nouns.Source) -> nouns.Form:
    values = dict(file)
    lines = {name: nouns.Fund(**dict(line)) for name, line in (file.budget or BudgetBlock()) if line}
    values["budget"] = nouns.Budget(**lines)
    values["goals"] = nouns.Goals(**dict(file.goals or GoalsBlock()))
    values["indicators"] = tuple(_indicator(row) for row in file.indicators)
    return nouns.Form(**values, source=source)


def _indicator(row: IndicatorRow) -> nouns.Indicator:
    values = dict(row)
    reason = values.pop("ignore_reason") or ""
    values["ignore"] = tuple(nouns.Ignore(code, reason) for code in row.ignore)
    return nouns.Indicator(**values)


_EXPECTED = {
    "list_type": "a list",
    "model_type": "a mapping of keys to values",
    "dict_type": "a mapping of keys to values",
    "string_type": "a text",
    "bool_type": "true or false",
}


def faults(error: ValidationError, model: type[BaseModel], document: Document) -> list[Fault]:
    """Turn what pydantic found into faults with key, line, what was got, what was expected and a hint."""
    return [_fault(item, model, document) for item in error.errors(include_url=False)]


def _fault(item: Any, model: type[BaseModel], document: Document) -> Fault:
    path = ""
    for key in item["loc"]:
        path = join(path, key)
    where = {"file": document.file, "place": document.place(path)}
    context = item.get("ctx", {})
    match item["type"]:
        case "extra_forbidden":
            return _unknown_key(item["loc"], model, where)
        case "missing":
            return Fault(f"the key {item['loc'][-1]!r} is missing", **where)
        case "form":
            got = "" if isinstance(item["input"], dict) else _quoted(item["input"])
            return Fault(
                context["what"], **where, got=got, expected=context["expected"], hint=context["hint"]
            )
        case "literal_error":
            return Fault(
                "not one of the allowed values",
                **where,
                got=_quoted(item["input"]),
                expected=context["expected"],
            )
        case kind:
            expected = _EXPECTED.get(kind, item["msg"])
            return Fault("not of the right kind", **where, got=_quoted(item["input"]), expected=expected)


def _unknown_key(loc: tuple[str | int, ...], model: type[BaseModel], where: dict[str, str]) -> Fault:
    known = _keys_at(loc[:-1], model)
    near = get_close_matches(str(loc[-1]), known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else ""
    return Fault(f"unknown key {str(loc[-1])!r}", **where, expected=", ".join(known), hint=hint)


def _keys_at(loc: tuple[str | int, ...], model: type[BaseModel]) -> list[str]:
    """Give the keys allowed at a place, by walking from the root model through its fields."""
    for key in loc:
        if isinstance(key, str) and (field := model.model_fields.get(key)):
            model = _model_in(field.annotation) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Find the model inside `Model | None` or `list[Model]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model), None)


def _quoted(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
