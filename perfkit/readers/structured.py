"""Form files (YAML, JSON) as a schema of keys and what may stand in each; read, and written back.

Only this module knows pydantic. It turns a document into a `Form` or into all its faults at once, each
with its key, its line, what was got, what was expected and a hint.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import yaml
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
from perfkit.errors import DataError, Fault, Words, kind_of, theirs
from perfkit.form import Form, Source
from perfkit.language import Text
from perfkit.readers.document import Document, join, parse
from perfkit.text import say
from perfkit.values import amount, is_blank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


_FIGURE = re.compile(r"-?\d{1,15}(\.\d{1,10})?")
_SHOWN = 60
_YEAR = re.compile(r"(?:19|20)\d\d")


def _refuse(what: Words, expected: Words, hint: Words = "") -> PydanticCustomError:
    return PydanticCustomError("form", "{what}", {"what": what, "expected": expected, "hint": hint})


def _text(value: Any) -> str | None:
    if isinstance(value, str) or value is None:
        return None if is_blank(value) else value
    raise _refuse(say("faults.not_text"), say("faults.text_number_printed_on"))


def _name(value: Any) -> str:
    text = _text(value)
    if text is None:
        raise _refuse(say("faults.not_filled"), say("expected.text"))
    return text


def _money(value: Any, info: ValidationInfo) -> Decimal | None:
    unit = (info.context or {}).get("money_unit", "万元")
    try:
        return amount(_text(value), unit)
    except ValueError:
        raise _refuse(
            say("faults.not_amount_money"),
            say("faults.number_such_n9280000_n9", unit=unit),
            say("faults.leave_empty_if_form"),
        ) from None


def _figure(value: Any) -> Decimal | None:
    text = _text(value)
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip().removesuffix("分")
    if not _FIGURE.fullmatch(plain):
        raise _refuse(say("faults.not_number_points"), say("faults.number_such_n10_n9"))
    return Decimal(plain)


def _weight(value: Any) -> Decimal | None:
    return _not_below_zero("weight", value)


def _deduction(value: Any) -> Decimal | None:
    return _not_below_zero("deduction", value)


def _not_below_zero(what: str, value: Any) -> Decimal | None:
    figure = _figure(value)
    if figure is not None and figure < 0:
        raise _refuse(say(f"faults.below_zero.{what}"), say("faults.number_points_n0_more"))
    return figure


def _year(value: Any) -> int | None:
    text = _text(value)
    if text is None:
        return None
    plain = re.sub(r"年度?$", "", unicodedata.normalize("NFKC", text).strip())
    if not _YEAR.fullmatch(plain):
        raise _refuse(say("faults.not_year"), say("faults.four_digits_such_n2022"))
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


class _SetAside(_Block):
    ignore: list[str] = Field([], title="Codes of findings that a person has set aside here")
    ignore_reason: PrintedText = Field(None, title="Why they are set aside")
    ignored_by: PrintedText = Field(None, title="Who decided it")

    @model_validator(mode="after")
    def _ignored_with_a_reason(self) -> Self:
        if self.ignore and self.ignore_reason is None:
            raise _refuse(say("faults.findings_are_set_aside"), say("faults.ignore_reason_sentence_says"))
        return self


class IndicatorRow(_SetAside):
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
    measures: PrintedText = Field(None, title="改进措施")
    place: PrintedText = Field(None, title="The row's place in the unit's own file, such as 绩效自评!A12")


class SubtotalLine(_Block):
    """A printed subtotal (小计, 合计) of a level 1 or level 2."""

    level1: PrintedText = Field(None, title="一级指标")
    level2: PrintedText = Field(None, title="二级指标")
    weight: Weight = Field(None, title="分值")
    score: Points = Field(None, title="得分")


class FundManagementItem(_Block):
    """One item of 资金管理情况."""

    name: PrintedText = Field(None, title="项目")
    text: PrintedText = Field(None, title="情况说明")
    weight: Weight = Field(None, title="分值")
    score: Points = Field(None, title="得分")


class Both(_Block):
    """A sentence in Chinese and in English."""

    zh: str = ""
    en: str = ""


class DoubtedValue(_Block):
    """One value that the reading is not sure of."""

    path: str = Field("", title="The value, such as indicators[3].weight; blank for what belongs to none")
    place: PrintedText = Field(None, title="Where it stands in the unit's own file")
    text: PrintedText = Field(None, title="The text of the cell")
    why: Both | str = Field("", title="Why it is doubted")


class ReadingBlock(_Block):
    """How sure the reading of the unit's own file is."""

    state: Literal["proven", "doubted"] = Field(title="proven by the form's own arithmetic, or doubted")
    doubts: list[DoubtedValue] | None = Field([], title="The values to be checked")


class SourceBlock(_Block):
    """The unit's own file that the form was imported from."""

    file: Name = Field(title="The file")
    sha256: PrintedText = Field(None, title="The digest of its bytes")
    places: dict[str, str] = Field({}, title="The cell of each value in that file")


class FormFile(_SetAside):
    """A self-evaluation form (财政项目支出绩效自评表), values as printed."""

    project: Name = Field(title="项目名称")
    year: Year = Field(None, title="年度")
    department: PrintedText = Field(None, title="主管部门")
    unit: PrintedText = Field(None, title="实施单位")
    kind: Literal["project", "transfer", "department"] = Field("project", title="自评表种类")
    money_unit: Literal["元", "万元"] = Field("万元", title="金额单位")
    budget: BudgetBlock | None = Field(None, title="项目资金")
    goals: GoalsBlock | None = Field(None, title="年度总体目标")
    indicators: list[IndicatorRow] = Field(title="绩效指标")
    subtotals: list[SubtotalLine] = Field([], title="小计")
    fund_management: list[FundManagementItem] = Field([], title="资金管理情况")
    total: Points = Field(None, title="总分")
    review_total: Points = Field(None, title="核查总分")
    grade: PrintedText = Field(None, title="评价等级")
    notes: PrintedText = Field(None, title="说明")
    filled_by: PrintedText = Field(None, title="填表人")
    phone: PrintedText = Field(None, title="联系电话")
    filled_on: PrintedText = Field(None, title="填报日期")
    reading: ReadingBlock | None = Field(None, title="How sure the reading is")
    source: SourceBlock | None = Field(None, title="Where the form was imported from")


def to_form(document: Document, source: nouns.Source) -> nouns.Form:
    """Give the form that a document holds; raise DataError with all its faults."""
    if not isinstance(document.data, dict):
        got = kind_of(document.data)
        raise DataError(
            Fault(
                say("faults.not_form_file"),
                document.file,
                got=got,
                expected=say("faults.mapping_starts_with_project"),
            )
        )
    if "form" in document.data and "indicators" not in document.data:
        raise DataError(
            Fault(
                say("faults.params_file_not_form"),
                document.file,
                hint=say("faults.its_form", value=_quoted(document.data["form"])),
            )
        )
    context = {"money_unit": "元" if document.data.get("money_unit") == "元" else "万元"}
    try:
        file = FormFile.model_validate(document.data, context=context)
    except ValidationError as error:
        raise DataError.of(faults(error, FormFile, document)) from None
    return _form(file, source)


def _form(file: FormFile, source: nouns.Source) -> nouns.Form:
    values = _set_aside(file)
    lines = {name: nouns.Fund(**dict(line)) for name, line in (file.budget or BudgetBlock()) if line}
    values["budget"] = nouns.Budget(**lines)
    values["goals"] = nouns.Goals(**dict(file.goals or GoalsBlock()))
    values["indicators"] = tuple(nouns.Indicator(**_set_aside(row)) for row in file.indicators)
    values["subtotals"] = tuple(nouns.Subtotal(**dict(each)) for each in file.subtotals)
    values["fund_management"] = tuple(nouns.FundManagement(**dict(each)) for each in file.fund_management)
    values["reading"] = _proof(file.reading)
    values["source"] = _origin(file, source)
    return nouns.Form(**values)


def _set_aside(block: _SetAside) -> dict[str, Any]:
    """Give the values of a row or form, with what a person set aside on it."""
    values = dict(block)
    reason, by = values.pop("ignore_reason") or "", values.pop("ignored_by") or ""
    values["ignore"] = tuple(nouns.Ignore(code, reason, by) for code in block.ignore)
    return values


def _proof(block: ReadingBlock | None) -> nouns.Proof:
    if block is None:
        return nouns.Proof()
    doubts = tuple(
        nouns.Doubt(each.path, each.place or "", each.text or "", _said(each.why))
        for each in block.doubts or ()
    )
    struck = not doubts and "doubts" in block.model_fields_set  # a person struck the last one from the list
    return nouns.Proof("proven" if struck else block.state, doubts)


def _said(why: Both | str) -> Text:
    return Text(why, why) if isinstance(why, str) else Text(why.zh, why.en or why.zh)


def _origin(file: FormFile, source: nouns.Source) -> nouns.Source:
    """Give the source with the places in the unit's own file, where the form file names it."""
    if file.source is None:
        return source
    places = _own_places(file.source.places, file.indicators)
    return replace(source, places=places, origin=file.source.file, origin_sha256=file.source.sha256 or "")


def _own_places(places: Mapping[str, str], rows: Sequence[IndicatorRow]) -> dict[str, str]:
    """Give the places in the unit's own file, those of a row under the number that it has now.

    Rows that were moved or put in by hand since the import are told by their own `place`.
    """
    count = 1 + max((int(found[1]) for path in places if (found := _ROW.match(path))), default=-1)
    index_of = {nouns.row_place(places, index): index for index in range(count)}
    own = {path: place for path, place in places.items() if not _ROW.match(path)}
    for index, row in enumerate(rows):
        if row.place is None or row.place not in index_of:
            continue
        now, was = f"indicators[{index}]", f"indicators[{index_of[row.place]}]"
        cells = {path: place for path, place in places.items() if path.startswith(f"{was}.")}
        own |= {now: row.place} | {now + path.removeprefix(was): place for path, place in cells.items()}
    return own


_ROW = re.compile(r"indicators\[(\d+)\]")


_EXPECTED = {
    "list_type": say("expected.list"),
    "model_type": say("expected.mapping"),
    "dict_type": say("expected.mapping"),
    "string_type": say("expected.text"),
    "bool_type": say("expected.true_false"),
}


def faults(error: ValidationError, model: type[BaseModel], document: Document) -> list[Fault]:
    """Turn what pydantic found into faults with key, line, what was got, what was expected and a hint."""
    return [_fault(item, model, document) for item in error.errors(include_url=False)]


def _fault(item: Any, model: type[BaseModel], document: Document) -> Fault:
    path = ""
    for key in item["loc"]:
        path = join(path, key)
    where: dict[str, Any] = {"file": document.file, "place": _place(document, path)}
    context = item.get("ctx", {})
    match item["type"]:
        case "extra_forbidden":
            return _unknown_key(item["loc"], model, where)
        case "missing":
            return Fault(say("faults.key_missing", value=repr(item["loc"][-1])), **where)
        case "form":
            got = "" if isinstance(item["input"], dict) else _quoted(item["input"])
            return Fault(
                context["what"], **where, got=got, expected=context["expected"], hint=context["hint"]
            )
        case "literal_error":
            return Fault(
                say("faults.not_one_allowed_values"),
                **where,
                got=_quoted(item["input"]),
                expected=Text(context["expected"].replace(" or ", " 或 "), context["expected"]),
            )
        case kind:
            expected = _EXPECTED.get(kind) or theirs(item["msg"])
            return Fault(say("faults.not_right_kind"), **where, got=_quoted(item["input"]), expected=expected)


def _place(document: Document, path: str) -> Text:
    """Say where a value stands: in Chinese in the form's own words, with its key; in English by its path."""
    rows = document.data.get("indicators") if isinstance(document.data, dict) else None
    row = nouns.row_of(path)
    of = rows[row] if isinstance(rows, list) and row is not None and row < len(rows) else None
    name = of.get("name") if isinstance(of, dict) else None
    named, key = nouns.value_named(path, name if isinstance(name, str) else "").zh, path.rpartition(".")[2]
    if not (path.endswith("]") or named.endswith(key)):
        named = say("reading.value.key", value=named, key=key).zh
    return Text("，".join(filter(None, (named, document.places.get(path, "")))), document.place(path))


def _unknown_key(loc: tuple[str | int, ...], model: type[BaseModel], where: dict[str, Any]) -> Fault:
    known = _keys_at(loc[:-1], model)
    near = get_close_matches(str(loc[-1]), known, n=1)
    hint = say("faults.did_you_mean", value=repr(near[0])) if near else ""
    return Fault(
        say("faults.unknown_key_2", value=repr(str(loc[-1]))), **where, expected=", ".join(known), hint=hint
    )


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


# form files (YAML, JSON): read into a `Form`, and written back as a person would have typed them


SUFFIXES = frozenset({".yaml", ".yml", ".json"})
DOCUMENTS = frozenset((
    ".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".docx", ".doc", ".wps", ".odt", ".rtf", ".pdf",
    ".html", ".htm", ".mht", ".mhtml", ".txt",
))  # fmt: skip
"""How files are named that may be forms as units send them; what they are is told by their bytes."""
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff"})


def read_structured(content: bytes, file: str) -> Form:
    """Read the bytes of a form file; raise DataError with all its faults at once."""
    document = parse(content, file)
    source = Source(file=file, sha256=hashlib.sha256(content).hexdigest(), places=document.places)
    return to_form(document, source)


def form_schema() -> dict[str, Any]:
    """Give the JSON Schema of the form file, for editors to complete and check it."""
    schema = FormFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def form_yaml(form: Form) -> str:
    """Give the text of a form file that reads back as the same form: a line a fund, a line an indicator."""
    values = form.to_dict()
    values["budget"] = {name: _Line(line) for name, line in values["budget"].items()}
    for block in ("indicators", "subtotals", "fund_management"):
        values |= {block: [_Line(row) for row in values[block]]} if block in values else {}
    if "places" in values.get("source", {}):
        values["source"]["places"] = _Line(values["source"]["places"])
    return yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDE)


_WIDE = 100_000


class _Line(dict[str, Any]):
    """Mark a mapping that stands on one line, as a row stands on the form."""


class _Dumper(yaml.SafeDumper):
    """Write figures bare (96.90, not '96.90'), since the reader keeps every scalar as its text."""


_FIGURES = frozenset("0123456789.-")


def _scalar(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    tag = "tag:yaml.org,2002:str"
    bare = text and set(text) <= _FIGURES
    number: str = dumper.resolve(yaml.ScalarNode, text, (True, False)) if bare else tag  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(number, text)


def _line(dumper: yaml.SafeDumper, line: _Line) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", line, flow_style=True)


_Dumper.add_representer(str, _scalar)
_Dumper.add_representer(_Line, _line)


def write_form(form: Form, path: Path) -> None:
    """Write a form file in place of whatever stood there, whole or not at all."""
    from perfkit.files import write_atomic

    write_atomic(path, form_yaml(form).encode("utf-8"))
