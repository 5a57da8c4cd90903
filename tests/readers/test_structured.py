"""Form files: what reads, what is refused, and that every fault of a file is told at once."""

import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import perfkit
from perfkit.errors import DataError
from perfkit.form import Budget, Form, Fund, Goals, Ignore, Indicator
from perfkit.readers import form_schema, form_yaml
from perfkit.readers.structured import read_structured
from tests.strategies import forms, reviewed_forms

FORMS = Path("params/forms")
ROOT = Path(__file__).parents[2]


def read(text: str, name: str = "form.yaml") -> Form:
    return read_structured(text.encode(), name)


def faults(text: str, name: str = "form.yaml") -> list[str]:
    with pytest.raises(DataError) as caught:
        read(text, name)
    return [str(fault) for fault in caught.value.faults]


def test_figures_keep_the_digits_as_printed():
    form = read(
        "project: 甲\ntotal: 96.90\nindicators:\n  - {name: 指标一, weight: 2.50, score: 2.5, actual: 1.10}"
    )
    assert str(form.total) == "96.90"
    assert str(form.indicators[0].weight) == "2.50"
    assert form.indicators[0].actual == "1.10"


@pytest.mark.parametrize("blank", ["", "~", "null", '""', "'-'", "—", "——", "' '"])
def test_a_blank_is_not_filled_in_and_not_zero(blank):
    form = read(f"project: 甲\nindicators:\n  - {{name: 指标一, score: {blank}, target: {blank}}}")
    assert form.indicators[0].score is None
    assert form.indicators[0].target is None


@pytest.mark.parametrize(
    ("printed", "unit", "amount"),
    [
        ("9280000", "元", "9280000"),
        ('"9,280,000.50"', "元", "9280000.50"),
        ("372.29万元", "万元", "372.29"),
        ("372.29万元", "元", "3722900"),
        ("0", "万元", "0"),
    ],
)
def test_amounts_stand_in_the_unit_of_the_form(printed, unit, amount):
    form = read(
        f"project: 甲\nmoney_unit: {unit}\nbudget: {{total: {{executed: {printed}}}}}\nindicators: []"
    )
    assert form.budget.total.executed == Decimal(amount)


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("year: twenty", "year, line 2", ["'twenty'", "four digits"]),
        ("budget: {total: {executed: 很多}}", "budget.total.executed, line 2", ["'很多'", "number in 万元"]),
        ("budget: {total: {weight: -1}}", "budget.total.weight, line 2", ["'-1'", "0 or more"]),
        ("money_unit: 美元", "money_unit, line 2", ["'美元'", "'元' or '万元'"]),
        ("totel: 90", "totel, line 2", ["unknown key 'totel'", "did you mean 'total'?"]),
        ("budget: {totals: {}}", "budget.totals, line 2", ["unknown key 'totals'", "did you mean 'total'?"]),
        ("goals: 提高", "goals, line 2", ["a mapping"]),
        ("total: [1]", "total, line 2", ["not a text"]),
        ("total: inf", "total, line 2", ["'inf'"]),
        ("review_total: 高", "review_total, line 2", ["'高'", "number of points"]),
        ("budget: {total: {review: 高}}", "budget.total.review, line 2", ["'高'", "number of points"]),
        ("budget: {fiscal: {review: 9}}", "budget.fiscal.review, line 2", ["unknown key 'review'"]),
        ("total: 1e400", "total, line 2", ["'1e400'"]),
    ],
)
def test_a_fault_says_where_what_was_got_and_what_was_expected(line, place, words):
    [fault] = faults(f"project: 甲\n{line}\nindicators: []")
    assert fault.startswith(f"form.yaml, {place}: ")
    for word in words:
        assert word in fault


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{weight: -1}", ["indicators[0].weight, line 2", "below zero", "'-1'"]),
        ("{deduction: -0.5}", ["indicators[0].deduction, line 2", "a deduction below zero", "'-0.5'"]),
        ("{deduction: 两分}", ["indicators[0].deduction, line 2", "not a number of points"]),
        ("{review: 良好}", ["indicators[0].review, line 2", "not a number of points"]),
        ("{weight: 十分}", ["indicators[0].weight, line 2", "not a number of points"]),
        ("{scor: 1}", ["unknown key 'scor'", "did you mean 'score'?"]),
        ("{rating: good}", ["'good'", "'met', 'partly' or 'missed'"]),
        ("{ignore: [PK310]}", ["without a reason", "ignore_reason"]),
        ("一行字", ["not of the right kind", "a mapping"]),
        ("{target: [1, 2]}", ["not a text"]),
    ],
)
def test_a_fault_in_a_row_names_the_row(row, words):
    [fault] = faults(f"indicators:\n  - {row}\nproject: 甲")
    for word in words:
        assert word in fault


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("indicators: [{name: 路灯, weight: -1}]", "第1项指标“路灯”的分值（weight），第2行"),
        ("indicators: [{name: 路灯}, {deduction: 两分}]", "第2项指标的扣分（deduction），第2行"),
        ("indicators: [{name: 路灯, scroe: 1}]", "第1项指标“路灯”的scroe，第2行"),
        ("indicators: [路灯]", "第1项指标，第2行"),
        ("indicators: []\nbudget: {fiscal: {executed: 很多}}", "财政拨款的全年执行数（executed），第3行"),
        ("indicators: []\nsubtotals: [{weight: 十}]", "第1处小计的分值（weight），第3行"),
        ("indicators: []\ntotel: 9", "totel，第3行"),
    ],
)
def test_a_fault_names_its_place_in_the_words_of_the_form(text, place):
    with pytest.raises(DataError) as raised:
        read(f"project: 甲\n{text}")
    assert raised.value.told("zh").startswith(f"form.yaml，{place}：")


def test_all_faults_of_a_file_are_told_at_once():
    found = faults("year: twenty\ntotel: 1\nindicators:\n  - {weight: -1}\n  - {score: 高}")
    assert len(found) == 5  # project is missing as well
    assert sum("line 4" in fault or "line 5" in fault for fault in found) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("project: [", ["not valid YAML", "line 2"]),
        ("project: 甲\nproject: 乙", ["'project' stands twice", "line 2"]),
        ("a: &x [1]\nb: *x", ["an alias"]),
        ("project: !!python/object/apply:os.system [echo]", ["a tag"]),
        ("[" * 5000, ["nested too deeply"]),
        ("project: 甲\n---\nproject: 乙", ["a second document"]),
        ("- 1", ["not a form file", "list"]),
        ("", ["not a form file", "nothing"]),
        ("target: >=36万", ["not valid YAML", "quote a text"]),
        ("a: \x00", ["does not allow", "U+0000", "line 1"]),
        ("? [1, 2]\n: 3", ["a key that is itself"]),
    ],
)
def test_yaml_that_is_refused(text, words):
    [fault] = faults(text)
    for word in words:
        assert word in fault


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"project": "甲",}', ["not valid JSON", "line 1"]),
        ('{"project": "甲", "project": "乙", "indicators": []}', ["'project' stands twice"]),
        ("[" * 200_000, ["nested too deeply"]),
    ],
)
def test_json_that_is_refused(text, words):
    [fault] = faults(text, "form.json")
    for word in words:
        assert word in fault


def test_text_in_another_encoding_is_named_not_guessed():
    with pytest.raises(DataError, match="not UTF-8") as caught:
        read_structured("project: 在线学习".encode("gb18030"), "form.yaml")
    assert "save it again" in str(caught.value)


def test_json_reads_like_yaml():
    text = '{"project": "甲", "year": 2022, "total": 96.90, "indicators": [{"name": "指标一", "weight": 10}]}'
    assert read(text, "form.json") == read(text, "form.yaml")


FULL = Form(
    project="甲: 乙 #",
    year=2022,
    department="部",
    unit="单位",
    money_unit="元",
    budget=Budget(
        Fund(
            Decimal(100), Decimal("90.50"), Decimal(0), Decimal(10), "0.00%", Decimal("0.0"), Decimal("0.50")
        ),
        fiscal=Fund(executed=Decimal(0)),
    ),
    goals=Goals("目标", "- 完成\n- 了"),
    indicators=(
        Indicator("指标一", "产出指标", "数量指标", ">=36万", "007", Decimal(10), Decimal("9.90"), "原因"),
        Indicator("二", target="是", actual="true", rating="met", evidence="见附件"),
        Indicator("三", ignore=(Ignore("PK310", "有问卷"),), initial_target="1_000"),
        Indicator("四", deduction=Decimal("0.50"), review=Decimal("7.0"), opinion="材料不全: 补报"),
    ),
    total=Decimal("9.90"),
    review_total=Decimal("7.50"),
    grade="差",
    notes="yes",
)


def test_what_is_written_reads_back_as_the_same_form():
    assert read(form_yaml(FULL)) == FULL


@pytest.mark.parametrize("path", sorted((ROOT / FORMS).glob("*.yaml")), ids=lambda path: path.stem)
def test_the_forms_of_the_project_fit_the_schema(path):
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(form_schema())
    jsonschema.validate(data, form_schema())
    assert read(form_yaml(perfkit.read(path))) == perfkit.read(path)


def test_the_schema_refuses_what_the_reader_refuses():
    with pytest.raises(jsonschema.ValidationError, match="totel"):
        jsonschema.validate({"project": "甲", "indicators": [], "totel": 1}, form_schema())


def test_places_give_the_line_of_each_value():
    form = read("project: 甲\nindicators:\n  - name: 指标一\n    weight: 10\n")
    assert form.source.places["indicators[0].weight"] == "line 4"


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        perfkit.read(tmp_path / "none.yaml")
    with pytest.raises(DataError, match="a folder"):
        perfkit.read(tmp_path)


def test_form_to_dict_is_json():
    assert json.loads(json.dumps(FULL.to_dict()))["total"] == "9.90"


@given(form=forms() | reviewed_forms())
def test_any_form_written_reads_back_the_same(form):
    assert read(form_yaml(form)) == form


@given(text=st.text(max_size=300))
def test_no_text_makes_the_reader_fail_otherwise_than_by_its_faults(text):
    for name in ("form.yaml", "form.json"):
        with suppress(DataError):
            read_structured(text.encode("utf-8", "surrogatepass"), name)
