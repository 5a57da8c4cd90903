"""A form that is imported twice: what is there is never lost unasked, and what would be lost is told."""

import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

import perfkit
from perfkit.cli.speaking import expand
from perfkit.writers import write
from tests.cli.calls import call

ROOT = Path(__file__).parents[2]
FORM = perfkit.read(ROOT / "params/forms/leadership-training-2022.yaml")
EXCEL = "培训.xlsx"
KEPT = Path("params/forms/培训.yaml")


@pytest.fixture
def imported(tmp_path, monkeypatch):
    """A folder where a form came as Excel, was imported and then edited by hand."""
    monkeypatch.chdir(tmp_path)
    write(FORM, Path(EXCEL))
    assert call(monkeypatch, "import", EXCEL, "--profile", "shanghai-2022")[0] == 0
    text = KEPT.read_text("utf-8")
    assert FORM.indicators[0].target in text
    KEPT.write_text(text.replace(FORM.indicators[0].target, "1课时", 1), "utf-8")
    return tmp_path


def newer():
    """The form as a unit sends it again, with another actual and other money."""
    rows = list(FORM.indicators)
    rows[1] = replace(rows[1], actual="7个")
    budget = replace(
        FORM.budget, fiscal=replace(FORM.budget.fiscal, executed=FORM.budget.fiscal.executed - 1)
    )
    return replace(FORM, indicators=tuple(rows), budget=budget)


@pytest.mark.parametrize("command", ["import", "report"])
def test_a_form_sent_again_tells_what_would_be_lost_and_what_to_type(command, imported, monkeypatch):
    write(newer(), Path(EXCEL))
    before = KEPT.read_bytes()
    status, _, err = call(monkeypatch, command, EXCEL)
    assert status == 2
    assert "这张表导入过" in err
    assert f"1课时 → {FORM.indicators[0].target}" in err
    assert f"第2项指标“{FORM.indicators[1].name}”的完成值 {FORM.indicators[1].actual} → 7个" in err
    assert "财政拨款的全年执行数" in err
    assert KEPT.read_bytes() == before
    (typed,) = re.findall(r"运行 (perfkit import .*?)：", err)
    assert typed == f"perfkit import {EXCEL} --force --profile shanghai-2022"
    assert call(monkeypatch, *shlex.split(typed)[1:])[0] == 0
    assert "7个" in KEPT.read_text("utf-8")
    assert "profile: shanghai-2022" in Path("params/培训.yaml").read_text("utf-8")


def test_an_edit_by_hand_is_kept_while_the_file_is_as_it_was(imported, monkeypatch):
    status, _, err = call(monkeypatch, "import", EXCEL)
    assert status == 0
    assert "手工改过，保留不动" in err
    assert "1课时" in KEPT.read_text("utf-8")


def test_the_same_file_from_another_place_is_unchanged_where_nobody_edited(imported, monkeypatch):
    Path("备份").mkdir()
    shutil.copy(EXCEL, "备份")
    _, _, err = call(monkeypatch, "import", f"备份/{EXCEL}")
    assert "手工改过" in err
    assert call(monkeypatch, "import", EXCEL, "--force")[0] == 0
    before = KEPT.read_bytes()
    status, _, err = call(monkeypatch, "import", f"备份/{EXCEL}")
    assert status == 0
    assert "没有变化" in err
    assert "手工改过" not in err
    assert KEPT.read_bytes() == before


def test_another_project_of_the_same_name_of_file_is_told_as_one(imported, monkeypatch):
    write(replace(FORM, project="道路养护"), Path(EXCEL))
    status, _, err = call(monkeypatch, "import", EXCEL)
    assert status == 2
    assert f"已有“{FORM.project}”，新来的是“道路养护”" in err


def test_many_changes_are_counted_and_the_first_told(imported, monkeypatch):
    write(replace(FORM, indicators=tuple(replace(row, actual="无") for row in FORM.indicators)), Path(EXCEL))
    told = call(monkeypatch, "import", EXCEL, language="en")[2]
    assert re.search(r"got: \d\d differences: ", told)
    assert re.search(r"; \d+ more\n", told)


def test_a_form_taken_anew_leaves_the_rest_of_its_params_file(imported, monkeypatch):
    params = Path("params/培训.yaml")
    kept = 'theme: theme.yaml\nprevious: params/forms/上年.yaml\nown: "0100"\ncode: true\n'
    params.write_text(params.read_text("utf-8") + kept, "utf-8")
    before = params.read_bytes()
    write(newer(), Path(EXCEL))
    status, _, err = call(monkeypatch, "import", EXCEL, "--force")
    assert status == 0
    assert "params/forms/上年.yaml" in err
    assert params.read_bytes() == before
    assert call(monkeypatch, "import", EXCEL, "--force", "--profile", "mof-2020")[0] == 0
    there, now = yaml.safe_load(before), yaml.safe_load(params.read_text("utf-8"))
    assert there["profile"] == "shanghai-2022"
    assert now == there | {"profile": "mof-2020"}


COMMENTED = """\
# 培训中心的表
form: params/forms/培训.yaml   # 导入的
profile: shanghai-2022  # 市里的规则

own: "a # b"
# 最后一行
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n", "", "{profile: mof-2020}\n"])
def test_comments_of_a_params_file_stay_where_a_key_changes(ending, imported, monkeypatch):
    params = Path("params/培训.yaml")
    text = COMMENTED if ending != "" else COMMENTED.rstrip("\n")
    if ending.startswith("{"):  # on one line, which is written anew
        text = '{form: params/forms/培训.yaml, profile: shanghai-2022, own: "a # b"}\n'
    params.write_bytes(text.replace("\n", ending if "\r" in ending else "\n").encode())
    assert call(monkeypatch, "import", EXCEL, "--force", "--profile", "mof-2020")[0] == 0
    now = params.read_text("utf-8")
    values = yaml.safe_load(now)
    assert (values["profile"], values["own"]) == ("mof-2020", "a # b")
    if not ending.startswith("{"):
        assert now.startswith(COMMENTED.replace("profile: shanghai-2022", "profile: mof-2020").rstrip("\n"))
    (Path("params/forms") / "上年.yaml").write_text("", "utf-8")


def test_a_params_file_that_cannot_be_read_is_not_written_over(imported, monkeypatch):
    params = Path("params/培训.yaml")
    params.write_text("theme: [theme.yaml\n", "utf-8")
    assert call(monkeypatch, "import", EXCEL, "--force")[0] != 0
    assert params.read_text("utf-8") == "theme: [theme.yaml\n"


def test_what_a_folder_holds_and_is_not_read_is_named(imported, monkeypatch):
    folder = Path("m")
    folder.mkdir()
    write(FORM, folder / "a.xlsx")
    (folder / "half.xlsx").write_bytes((folder / "a.xlsx").read_bytes()[:900])
    (folder / "pic.png").write_bytes(b"\x89PNG")
    (folder / "notes.zip").write_bytes(b"PK")
    status, _, err = call(monkeypatch, "report", "m", "--to", "html", "--profile", "shanghai-2022")
    assert status == 1
    assert "m：1张图片未读：pic.png" in err
    assert "m：1个文件未读：notes.zip" in err
    assert "half.xlsx" in err
    assert Path("reports/a.html").is_file()


@pytest.mark.parametrize("names", [(), ("pic.png",)])
def test_a_folder_without_a_form_says_what_is_read(names, imported, monkeypatch):
    Path("m").mkdir()
    for name in names:
        Path("m", name).write_bytes(b"\x89PNG")
    status, _, err = call(monkeypatch, "report", "m")
    assert status == 2
    assert "这里没有自评表" in err
    assert ".xlsx" in err
    assert "perfkit[ocr]" in err
    assert "init" not in err
    assert all(Path(name).suffix in err for name in names)


def test_a_doubt_names_its_value_in_the_words_of_the_form(imported, monkeypatch):
    rows = list(FORM.indicators)
    rows[1] = replace(rows[1], weight=None)
    write(replace(FORM, indicators=tuple(rows)), Path("缺分值.xlsx"))
    err = call(monkeypatch, "import", "缺分值.xlsx")[2]
    assert f"第2项指标“{rows[1].name}”的分值（" in err
    assert "indicators[" not in err
    write(replace(FORM, goals=replace(FORM.goals, outcome=None)), Path("缺完成情况.xlsx"))
    blank = call(monkeypatch, "import", "缺完成情况.xlsx")[2]
    assert re.search(r"，完成情况（\w", blank)
    assert "''" not in blank
    assert (
        f"indicator 2 “{rows[1].name}”, weight ("
        in call(monkeypatch, "import", "缺分值.xlsx", "--force", language="en")[2]
    )


def test_the_lock_of_an_open_book_is_left_out_and_said_to_be(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("甲.xlsx", "~$甲.xlsx"):
        Path(name).write_bytes(b"x")
    assert expand(["*.xlsx", "~$甲.xlsx"]) == [Path("甲.xlsx")]
    assert "~$甲.xlsx" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "changes", "told"),
    [
        (0, {}, "已核对相符"),
        (0, {"score": FORM.indicators[0].weight + 1}, "表内勾稽不符，已按原样读取"),
        (None, {"score": FORM.budget.total.weight + 1}, "表内勾稽不符，已按原样读取"),
    ],
)
def test_a_score_above_its_weight_is_not_told_as_consistent(row, changes, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    part = FORM.budget.total if row is None else FORM.indicators[row]
    moved = replace(part, **changes)
    form = replace(FORM, total=FORM.total + moved.score - part.score)
    if row is None:
        form = replace(form, budget=replace(form.budget, total=moved))
    else:
        form = replace(form, indicators=(moved, *form.indicators[1:]))
    write(form, Path(EXCEL))
    status, out, _ = call(monkeypatch, "import", EXCEL)
    assert (status, out.strip().rpartition("；")[2]) == (0, told)


@pytest.mark.parametrize("command", ["import", "report"])
def test_files_of_one_name_are_called_by_their_folders(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = ["甲县/自评表.xlsx", "乙县/自评表.xlsx", "丙县/丙县自评表.xlsx", "乙县/旧/自评表.XLSX"]
    for name in files:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        write(replace(FORM, project=f"{name}道路养护"), Path("表.xlsx"))
        Path("表.xlsx").rename(name)
    monkeypatch.setattr("perfkit.batch.report", lambda *_, **__: SimpleNamespace(exit_status=0))
    assert call(monkeypatch, command, *files)[0] == 0
    assert {path.stem for path in Path("params").glob("*.yaml")} == {
        "甲县-自评表",
        "乙县-自评表",
        "丙县自评表",
        "旧-自评表",
    }
    assert "甲县" in Path("params/forms/甲县-自评表.yaml").read_text("utf-8").splitlines()[0]


def test_files_of_one_name_in_one_folder_keep_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(FORM, Path("自评表.xlsx"))
    write(replace(FORM, project="桥梁维修"), Path("自评表.docx"))
    assert call(monkeypatch, "import", "自评表.xlsx", "自评表.docx")[0] == 0
    assert sorted(path.stem for path in Path("params").glob("*.yaml")) == ["自评表", "自评表-2"]
