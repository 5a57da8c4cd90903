"""The commands as a user runs them: output, exit status, and errors without a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEARNING = "params/forms/online-learning-2022.yaml"
TRAINING = "params/forms/leadership-training-2022.yaml"
COMMANDS = [
    "init", "import", "score", "check", "report", "why", "export", "profiles", "explain", "schema", "diff", "query",
    "doctor", "completion", "rollup",
]  # fmt: skip


def perfkit(*arguments, cwd=ROOT, status=0):
    result = subprocess.run(
        [sys.executable, "-m", "perfkit", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False,
    )  # fmt: skip
    assert result.returncode == status, result.stderr or result.stdout
    assert "Traceback" not in result.stderr
    return result


def test_help_lists_every_command_of_the_contract():
    listing = perfkit("--help").stdout
    assert [name for name in COMMANDS if f"\n  {name} " not in listing] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command):
    text = perfkit(command, "--help").stdout
    assert "Example" in text
    assert f"perfkit {command}" in text.split("Example", 1)[1]


def test_version():
    assert perfkit("--version").stdout.startswith("perfkit, version ")


def test_score_prints_json_of_the_contract():
    card = json.loads(perfkit("score", LEARNING, "--profile", "shanghai-2022", "--format", "json").stdout)
    total = {"weight": "100", "declared": "96.90", "computed": "97.90", "score": "96.90", "grade": "优"}
    assert card["total"] == total
    assert list(card) == ["project", "year", "profile", "budget", "indicators", "total"]


def test_score_prints_a_table_with_explanations():
    text = perfkit("score", TRAINING, "--profile", "shanghai-2022").stdout
    for words in ("全年培训课时", "87.14", "119,132", "10.41%"):
        assert words in text, words


def test_check_exits_with_one_only_for_errors(tmp_path):
    perfkit("check", LEARNING, "--profile", "shanghai-2022", "--ignore", "PK")
    broken = tmp_path / "form.yaml"
    broken.write_text(
        (ROOT / LEARNING).read_text(encoding="utf-8").replace("total: 96.90", "total: 97.90"), "utf-8"
    )
    result = perfkit("check", broken, "--profile", "shanghai-2022", "--format", "json", status=1)
    codes = {finding["code"] for finding in json.loads(result.stdout)}
    assert "PK104" in codes


def test_check_goes_on_after_a_form_that_cannot_be_read(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("project: [", encoding="utf-8")
    result = perfkit("check", broken, LEARNING, "--format", "json", status=2)
    assert json.loads(result.stdout)
    assert "broken.yaml" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("score", "none.yaml"), ["none.yaml", "no such file", "hint"]),
        (("check", "none.yaml"), ["none.yaml"]),
        (("report", "none"), ["none"]),
        (("score", LEARNING, "--profile", "mof-2002"), ["mof-2002", "mof-2020"]),
        (("score", LEARNING, "--format", "xml"), ["xml", "json"]),
        (("explain", "PK999"), ["PK999"]),
        (("report", "params", "--to", "docx"), ["docx", "html"]),
        (("report", "params", "--out", ""), ["--out", "folder"]),
        (("export", LEARNING, "--to", "form.odt"), ["form.odt", ".xlsx"]),
        (("scor", LEARNING), ["scor"]),
        (("import", "none.xlsx"), ["none.xlsx: no such file"]),
        (("import", "params"), ["params: a folder", "params/*"]),
        (("import", LEARNING, "--profile", "shanghai2022"), ["shanghai2022", "shanghai-2022"]),
        (("score", "params"), ["params: a folder", "params/*"]),
        (("score", "/dev/null"), ["/dev/null: a pipe or a device", "save the form in a file"]),
        (("score", "params/online-learning-2022.yaml"), ["params file, not a form", f"'{LEARNING}'"]),
        (("report", LEARNING), ["form file, not a params file", f"perfkit import {LEARNING}"]),
        (
            ("why", "params", "--out", "/dev/null/reports"),
            ["/dev/null/reports", "a file where a folder is needed", "hint"],
        ),
        (
            ("report", "params", "--out", "/dev/null/reports"),
            ["/dev/null", "a file where a folder is needed", "hint"],
        ),
        (("init", "/dev/null/office"), ["/dev/null/office", "a file where a folder is needed", "hint"]),
        (
            ("import", LEARNING, "--to", "/dev/null/params"),
            ["/dev/null/params", "a file where a folder is needed", "hint"],
        ),
        (
            ("check", LEARNING, "--format", "sarif", "--to", "/dev/null/x"),
            ["/dev/null", "a file where a folder is needed"],
        ),
        (("export", LEARNING, "--to", "/dev/null/x.xlsx"), ["/dev/null", "a file where a folder is needed"]),
    ],
)
def test_a_mistake_is_told_without_a_traceback(arguments, words):
    result = perfkit(*arguments, status=2)
    for word in words:
        assert word in result.stderr
    assert result.stdout == ""


def test_the_list_of_commands_fits_a_terminal_of_eighty_columns():
    lines = perfkit("--help").stdout.partition("Commands:")[2].splitlines()
    assert len(lines) > len(COMMANDS)
    assert [line for line in lines if line.endswith("...") or len(line) > 80] == []


def test_a_report_tells_nothing_but_itself_and_its_form_is_not_taken_for_its_params(tmp_path):
    perfkit("init", tmp_path)
    told = perfkit("report", "params", "--to", "html", cwd=tmp_path).stderr.splitlines()
    begins = ["1 report to make", "1/1 online-learning-2022: made in", "1 made: reports"]
    assert [line[: len(begin)] for line, begin in zip(told, begins, strict=True)] == begins
    result = perfkit("report", LEARNING, "--to", "html", cwd=tmp_path, status=2)
    assert "a form file, not a params file" in result.stderr


def test_schema_is_json():
    assert json.loads(perfkit("schema").stdout)["properties"]["money_unit"]["enum"] == ["元", "万元"]


def test_init_makes_a_workspace_and_keeps_what_is_there(tmp_path):
    perfkit("init", "office", cwd=tmp_path)
    office = tmp_path / "office"
    made = sorted(path.relative_to(office).as_posix() for path in office.rglob("*") if path.is_file())
    assert "notebooks/project_report.ipynb" in made
    assert "params/online-learning-2022.yaml" in made
    assert "forms/领导干部培训经费.xlsx" in made
    (office / "README.md").write_text("mine", encoding="utf-8")
    assert "kept" in perfkit("init", "office", cwd=tmp_path).stderr
    assert (office / "README.md").read_text(encoding="utf-8") == "mine"


def test_import_of_the_excel_example_gives_the_published_form(tmp_path):
    perfkit("init", cwd=tmp_path)
    line = perfkit("import", "forms/*.xlsx", "--profile", "shanghai-2022", cwd=tmp_path).stdout
    assert "87.14" in line
    card = json.loads(
        perfkit(
            "score",
            "params/forms/领导干部培训经费.yaml",
            "--profile",
            "shanghai-2022",
            "--format",
            "json",
            cwd=tmp_path,
        ).stdout
    )
    assert card["total"]["score"] == "87.14"
    assert perfkit("import", "forms/*.xlsx", cwd=tmp_path).stdout == line  # the same again is no conflict


def test_doctor_says_that_all_is_well():
    assert "mend" not in perfkit("doctor").stdout


def test_import_lists_what_a_form_prints_and_nobody_reads(tmp_path):
    form = """项目名称	甲项目	主管部门	甲局
另有配套	73.5
三级指标	年度指标值	实际完成值	分值	得分
培训人次	36人	35人	90	88	已扣2分
总分			90	88
"""
    (tmp_path / "form.txt").write_text(form, encoding="utf-8")
    done = perfkit("import", "form.txt", cwd=tmp_path)
    assert "adds up; 2 not read, see below" in done.stdout
    assert "form.txt, line 4, field 6: '已扣2分'" in done.stderr
    assert "form.txt, line 2, field 1: '另有配套 | 73.5'" in done.stderr
