"""The blocks of a form file beside the table: subtotals, what is set aside, the reading, the unit's own file."""

from dataclasses import replace
from pathlib import Path

import pytest

from perfkit.cli import cli
from perfkit.errors import DataError
from perfkit.form import Form, Ignore, Indicator, Proof, with_set_aside
from perfkit.readers import form_yaml, read
from perfkit.writers import write

FORM = """
project: 试验
kind: transfer
filled_by: 张三
phone: 021-1
filled_on: 2023-02-01
ignore: [PK501]
ignore_reason: 已核实
ignored_by: 李处长
indicators:
  - {level1: 产出指标, level2: 数量指标, name: 甲, target: ≥1个, actual: 1个, weight: 50, score: 50, measures: 加强, place: "表!A9", ignore: [PK310], ignore_reason: 见附件}
  - {level1: 产出指标, level2: 数量指标, name: 乙, target: ≥1个, actual: 1个, weight: 50, score: 50, place: "表!A8"}
subtotals: [{level1: 产出指标, weight: 100, score: 100}]
fund_management: [{name: 资金使用, text: 合规, weight: 2, score: 2}]
reading: {state: doubted, doubts: [{path: "indicators[0].weight", place: "表!F9", text: 5o, why: {zh: 不是数字, en: no number}}]}
source: {file: 报送/一中.xlsx, sha256: ab, places: {"indicators[0].name": "表!A8", "indicators[0].score": "表!G8", "indicators[1].name": "表!A9", "indicators[1].score": "表!G9", total: "表!G20"}}
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "一中.yaml"
    path.write_text(FORM, encoding="utf-8")
    return path


def test_every_block_is_read_and_written_back(written: Path) -> None:
    form = read(written)
    assert form.subtotals[0].score == 100
    assert form.ignore == (Ignore("PK501", "已核实", "李处长"),)
    assert form.reading.doubts[0].why.en == "no number"
    assert (form.indicators[0].measures, form.fund_management[0].name) == ("加强", "资金使用")
    again = written.with_name("again.yaml")
    again.write_text(form_yaml(form), encoding="utf-8")
    assert read(again) == form
    assert read(again).reading == form.reading
    assert read(again).source.own_file == "报送/一中.xlsx"


def test_a_doubt_that_belongs_to_no_value_is_read_back(written: Path) -> None:
    form = read(written)
    stray = replace(form.reading.doubts[0], path="", place="表!J4", text="市教育局")
    written.write_text(form_yaml(replace(form, reading=Proof("doubted", (stray,)))), encoding="utf-8")
    assert read(written).reading.doubts == (stray,)


def test_places_are_cells_of_the_units_own_file_also_where_rows_were_moved(written: Path) -> None:
    places = read(written).source.places
    assert places["indicators[0].score"] == "表!G9"
    assert places["indicators[1].score"] == "表!G8"
    assert places["total"] == "表!G20"


@pytest.mark.parametrize("block", ["ignore: [PK501]", "ignore: [PK501]\nignore_reason: 无填"])
def test_nothing_is_set_aside_without_a_reason(tmp_path: Path, block: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"project: 甲\n{block}\nindicators: []\n", encoding="utf-8")
    if "reason" in block:
        assert read(path).ignore[0].reason == "无填"
    else:
        with pytest.raises(DataError, match="without a reason"):
            read(path)


def test_what_is_set_aside_stays_with_its_row() -> None:
    aside = (Ignore("PK310", "见附件"),)
    old = Form(
        indicators=(Indicator(name="甲", ignore=aside), Indicator(name="乙")), ignore=(Ignore("PK501", "好"),)
    )
    new = with_set_aside(Form(indicators=(Indicator(name="乙"), Indicator(name=" 甲"))), old)
    assert [row.ignore for row in new.indicators] == [(), aside]
    assert new.ignore == old.ignore


def test_import_force_keeps_what_was_set_aside(tmp_path: Path, written: Path) -> None:
    from click.testing import CliRunner

    write(read(written), tmp_path / "二中.xlsx", blank=False)
    folder = tmp_path / "params"
    call = ["import", str(tmp_path / "二中.xlsx"), "--to", str(folder)]
    assert CliRunner().invoke(cli, call).exit_code == 0
    form = folder / "forms" / "二中.yaml"
    text = form.read_text(encoding="utf-8")
    form.write_text(
        text.replace("name: 甲,", "name: 甲, ignore: [PK310], ignore_reason: 已核,"), encoding="utf-8"
    )
    assert CliRunner().invoke(cli, [*call, "--force"]).exit_code == 0
    assert read(form).indicators[0].ignore == (Ignore("PK310", "已核"),)
