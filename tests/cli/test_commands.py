"""The commands as a user runs them: output, exit status, and errors without a traceback."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from perfkit.batch import results
from perfkit.batch.ledger import Writer
from perfkit.cli.speaking import formats_option
from perfkit.readers import form_yaml
from tests.verify.edits import form

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
    total |= {"state": "final", "because": []}
    assert card["total"] == total
    assert list(card) == ["project", "year", "profile", "budget", "indicators", "total"]


def test_score_prints_a_table_with_explanations():
    text = perfkit("score", TRAINING, "--profile", "shanghai-2022").stdout
    for words in ("全年培训课时", "87.14", "119,132", "10.41%"):
        assert words in text, words


def test_score_tells_why_a_row_was_judged_so():
    text = perfkit("score", LEARNING, "--why", "1", "--language", "zh").stdout
    for words in ("第1行 发布新课件", "500课时", "521课时", "(plain-figure)", "达成（依据：数值或日期）"):
        assert words in text, words
    assert "16" in perfkit("score", LEARNING, "--why", "17", status=2).stderr


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


def test_check_writes_a_work_list_for_each_unit(tmp_path):
    result = perfkit("check", "params/*.yaml", "--by", "unit", "--to", tmp_path / "lists", "--language", "zh")
    made = {path.name for path in (tmp_path / "lists").iterdir()}
    assert made
    assert all(name in result.stdout for name in made)
    assert "--by unit" in perfkit("check", LEARNING, "--by", "unit", status=2).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("score", "none.yaml"), ["none.yaml", "no such file", "hint"]),
        (("check", "none.yaml"), ["none.yaml"]),
        (("report", "none"), ["none"]),
        (("score", LEARNING, "--profile", "mof-2002"), ["mof-2002", "mof-2020"]),
        (("score", LEARNING, "--format", "xml"), ["xml", "json"]),
        (("explain", "PK999"), ["PK999"]),
        (("report", "params", "--to", "odt"), ["odt", "docx", "html"]),
        (("report", "params", "--out", ""), ["--out", "folder"]),
        (("export", LEARNING, "--to", "form.odt"), ["form.odt", ".xlsx"]),
        (("scor", LEARNING), ["scor"]),
        (("import", "none.xlsx"), ["none.xlsx: no such file"]),
        (("import", "params"), ["params: a folder", "params/*"]),
        (("import", LEARNING, "--profile", "shanghai2022"), ["shanghai2022", "shanghai-2022"]),
        (("score", "params"), ["params: a folder", "params/*"]),
        (("score", "/dev/null"), ["/dev/null: a pipe or a device", "save the form in a file"]),
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


@pytest.mark.parametrize("name", ["copy", "json", "random", "yaml", "click", "decimal"])
def test_a_file_named_like_a_module_beside_the_params_is_nobody_s_module(tmp_path, name):
    (tmp_path / f"{name}.py").write_text("raise SystemExit(9)", encoding="utf-8")
    assert "mof-2020" in perfkit("profiles", cwd=tmp_path).stdout


@pytest.mark.parametrize("content", ["", "raise ValueError('own')"])
def test_the_library_names_a_file_that_stands_in_the_place_of_a_module(tmp_path, content):
    (tmp_path / "pydantic.py").write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import perfkit; perfkit.report"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    said = "MachineError: pydantic.py: this file stands in the place of Python's module pydantic"
    assert said in done.stderr.decode()


def test_the_list_of_commands_fits_a_terminal_of_eighty_columns():
    lines = perfkit("--help").stdout.partition("Commands:")[2].splitlines()
    assert len(lines) > len(COMMANDS)
    assert [line for line in lines if line.endswith("...") or len(line) > 80] == []


def test_a_report_tells_nothing_but_itself_and_a_form_is_reported_on_as_its_params_are(tmp_path):
    perfkit("init", tmp_path)
    told = perfkit("report", "params", "--to", "html", cwd=tmp_path).stderr.splitlines()
    begins = ["1 report to make", "1/1 online-learning-2022: made in", "1 made: reports"]
    assert [line[: len(begin)] for line, begin in zip(told, begins, strict=True)] == begins
    again = perfkit("report", LEARNING, "--to", "html", cwd=tmp_path).stderr.splitlines()
    assert again[-1].startswith("1 unchanged")


def test_a_params_file_says_the_profile_of_a_score_and_a_check(tmp_path):
    params = "params/online-learning-2022.yaml"
    assert json.loads(perfkit("score", params, "--format", "json").stdout)["profile"] == "shanghai-2022"
    own = perfkit("check", params, "--format", "json")
    assert own.stdout == perfkit("check", LEARNING, "--profile", "shanghai-2022", "--format", "json").stdout
    given = perfkit("score", params, "--format", "json", "--profile", "hubei").stdout
    assert json.loads(given)["profile"] == "hubei"


def test_what_projects_share_stands_once(tmp_path):
    perfkit("init", cwd=tmp_path)
    (tmp_path / "perfkit.yaml").write_text("profile: shanghai-2022\nlanguage: en\n", encoding="utf-8")
    (tmp_path / "params" / "online-learning-2022.yaml").unlink()
    told = perfkit("report", "forms", LEARNING, "--to", "html", cwd=tmp_path)
    assert "2 made" in told.stderr
    params = (tmp_path / "params" / "online-learning-2022.yaml").read_text(encoding="utf-8")
    assert params == "form: params/forms/online-learning-2022.yaml\n"
    page = (tmp_path / "reports" / "online-learning-2022.html").read_text(encoding="utf-8")
    assert 'lang="en"' in page
    assert "Shanghai (published forms of 2022)" in page
    assert (
        json.loads(perfkit("score", LEARNING, "--format", "json", cwd=tmp_path).stdout)["profile"]
        == "shanghai-2022"
    )
    (tmp_path / "perfkit.yaml").write_text("profil: hubei\nlanguage: de\n", encoding="utf-8")
    wrong = perfkit("score", LEARNING, cwd=tmp_path, status=2).stderr
    for word in ("perfkit.yaml, profil, line 1", "'profil'", "did you mean 'profile'?", "'de'", "zh or en"):
        assert word in wrong


def body(page: Path) -> str:
    """Give a page without what each run says of itself: when it was made."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "", page.read_text(encoding="utf-8"))


def test_plain_papermill_asks_what_projects_share_as_a_report_does(tmp_path):
    perfkit("init", cwd=tmp_path)
    (tmp_path / "theme.yaml").write_text("office: 市财政局\nprimary: '#7a1f1f'\n", encoding="utf-8")
    (tmp_path / "perfkit.yaml").write_text(
        "profile: shanghai-2022\nlanguage: en\ntheme: theme.yaml\n", encoding="utf-8"
    )
    params = tmp_path / "params" / "online-learning-2022.yaml"
    params.write_text("form: params/forms/online-learning-2022.yaml\n", encoding="utf-8")
    perfkit("report", "params", "--to", "html", cwd=tmp_path)
    cwd = tmp_path / "notebooks"  # an analyst works there, a batch one folder up
    for command in (
        ("papermill", tmp_path / "notebooks/project_report.ipynb", "out.ipynb", "-f", params),
        ("jupyter", "nbconvert", "--to", "perfkit-html", "out.ipynb"),
    ):
        subprocess.run([sys.executable, "-m", *map(str, command)], cwd=cwd, capture_output=True, check=True)
    made = body(tmp_path / "reports" / "online-learning-2022.html")
    assert body(cwd / "out.html") == made
    for told in ('lang="en"', "Shanghai (published forms of 2022)", "市财政局", "#7a1f1f"):
        assert told in made


def test_a_profile_asked_for_goes_before_the_params_file_for_this_run_and_it_is_told(tmp_path):
    perfkit("init", cwd=tmp_path)
    params = tmp_path / "params" / "online-learning-2022.yaml"
    said = params.read_text(encoding="utf-8")
    page = tmp_path / "reports" / "online-learning-2022.html"
    perfkit("report", "params", "--to", "html", cwd=tmp_path)
    other = perfkit("report", "params", "--to", "html", "--profile", "hubei", cwd=tmp_path).stderr
    assert "Scored by --profile hubei: 1 params file names other rules" in other
    assert "湖北" in page.read_text(encoding="utf-8")
    assert params.read_text(encoding="utf-8") == said
    assert (
        "1 unchanged"
        in perfkit("report", "params", "--to", "html", "--profile", "hubei", cwd=tmp_path).stderr
    )
    assert "1 made" in perfkit("report", "params", "--to", "html", cwd=tmp_path).stderr
    assert "湖北" not in page.read_text(encoding="utf-8")
    wrong = perfkit("report", "params", "--profile", "hubie", cwd=tmp_path, status=2).stderr
    assert "hubei" in wrong


def test_a_theme_that_projects_share_is_found_in_a_folder_without_notebooks(tmp_path):
    (tmp_path / "theme.yaml").write_text("office: 市财政局\n", encoding="utf-8")
    (tmp_path / "perfkit.yaml").write_text("theme: theme.yaml\n", encoding="utf-8")
    perfkit("export", ROOT / TRAINING, "--to", "培训.xlsx", cwd=tmp_path)
    perfkit("report", "培训.xlsx", "--to", "html", cwd=tmp_path)
    assert "市财政局" in (tmp_path / "reports" / "培训.html").read_text(encoding="utf-8")


def test_forms_become_reports_in_any_folder_and_hand_edits_are_kept(tmp_path):
    forms = tmp_path / "报送"
    perfkit("export", TRAINING, "--to", forms / "培训.xlsx") if forms.mkdir() is None else None
    told = perfkit("report", "报送/*.xlsx", "--profile", "shanghai-2022", "--to", "html", cwd=tmp_path)
    assert "params/培训.yaml" in told.stdout
    assert "reports/index.html" in told.stderr
    form = tmp_path / "params" / "forms" / "培训.yaml"
    edited = form.read_text(encoding="utf-8").replace("领导干部培训经费", "领导干部培训经费（修改）")
    form.write_text(edited, encoding="utf-8")
    again = perfkit("report", "报送", "--to", "html", cwd=tmp_path)
    assert "edited by hand, kept" in again.stderr
    assert form.read_text(encoding="utf-8") == edited
    assert "1 made" in again.stderr
    perfkit("export", LEARNING, "--to", forms / "培训.xlsx")
    other = perfkit("report", "报送", "--to", "html", cwd=tmp_path, status=2)
    assert "another form is already there" in other.stderr


def test_a_folder_of_form_files_alone_is_reported_and_each_that_is_broken_is_told(tmp_path):
    forms = tmp_path / "forms"
    forms.mkdir()
    (forms / "培训.yaml").write_bytes((ROOT / TRAINING).read_bytes())
    (forms / "broken.yaml").write_text("project: [", encoding="utf-8")
    (forms / "perfkit.yaml").write_text("language: zh\n", encoding="utf-8")
    told = perfkit("report", "forms", "--to", "html", cwd=tmp_path, status=1)
    assert "params/培训.yaml" in told.stdout
    assert "1 made" in told.stderr
    assert "broken.yaml" in told.stderr
    assert "perfkit.yaml" not in told.stderr
    assert (tmp_path / "reports" / "培训.html").is_file()


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


@pytest.mark.parametrize(
    ("project", "unit", "found"),
    [
        ("2024年乡村道路养护项目", "县公路管理所", True),
        ("乡村公路道路养护项目", "县公路管理所", True),
        ("乡村道路养护项目", "县林业局", False),
        ("图书更新项目", "县公路管理所", False),
    ],
)
def test_import_names_the_form_of_the_year_before_that_the_ledger_has(tmp_path, project, unit, found):
    then = replace(form(0), project="2023年乡村道路养护项目", unit="县公路管理所", year=2023)
    (tmp_path / "then.yaml").write_text(form_yaml(then), "utf-8")
    (tmp_path / "now.yaml").write_text(
        form_yaml(replace(then, project=project, unit=unit, year=2024)), "utf-8"
    )
    perfkit("import", "then.yaml", cwd=tmp_path)
    (tmp_path / "reports").mkdir()
    with Writer.of(tmp_path / "reports") as ledger:
        ledger.begin({})
        rows = results.rows_of(
            "then", str(tmp_path / "params/forms/then.yaml"), "mof-2020", "zh", str(tmp_path)
        )
        ledger.record({"name": "then", "status": "made", "params": "../params/then.yaml"}, rows=rows)
    (tmp_path / "reports" / "then.html").touch()
    told = perfkit("import", "now.yaml", cwd=tmp_path).stderr
    values = yaml.safe_load((tmp_path / "params" / "now.yaml").read_text("utf-8"))
    assert values.get("previous") == ("params/forms/then.yaml" if found else None)
    assert ("nearly" in told) == ("公路道路" in project)


@pytest.mark.parametrize("imported", [("now.yaml", "then.yaml"), ("then.yaml", "now.yaml")])
@pytest.mark.parametrize("together", [True, False])
def test_two_years_that_were_never_reported_find_each_other(tmp_path, imported, together):
    then = replace(form(0), project="2023年乡村道路养护项目", unit="县公路管理所", year=2023)
    now = replace(then, project="2024年乡村道路养护项目", year=2024)
    later = replace(then, project="乡村公路道路养护项目", year=2025)
    stranger = replace(then, unit="县林业局", year=2023)
    for name, one in {"then": then, "now": now, "later": later, "stranger": stranger}.items():
        (tmp_path / f"{name}.yaml").write_text(form_yaml(one), "utf-8")
    first = ["stranger.yaml", *imported]
    told = ""
    for files in [[*first, "later.yaml"]] if together else [["then.yaml"], ["stranger.yaml", "now.yaml"]]:
        told += perfkit("import", *files, cwd=tmp_path).stderr
    folder = tmp_path / "params"
    named = {
        path.stem: yaml.safe_load(path.read_text("utf-8")).get("previous") for path in folder.glob("*.yaml")
    }
    assert named["now"] == "params/forms/then.yaml"
    assert named["then"] is named["stranger"] is None
    assert "params/now.yaml" in told
    if together:
        assert named["later"] == "params/forms/now.yaml"
        assert "nearly" in told


def test_a_form_of_last_year_whose_params_are_at_fault_stops_no_import(tmp_path):
    then = replace(form(0), project="道路", unit="县公路管理所", year=2023)
    for name, one in {"then": then, "now": replace(then, year=2024)}.items():
        (tmp_path / f"{name}.yaml").write_text(form_yaml(one), "utf-8")
    perfkit("import", "then.yaml", cwd=tmp_path)
    (tmp_path / "params" / "then.yaml").write_text("form: params/forms/then.yaml\nlanguage: fr\n", "utf-8")
    assert perfkit("import", "now.yaml", cwd=tmp_path).returncode == 0
    assert "previous" not in (tmp_path / "params" / "now.yaml").read_text("utf-8")


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


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([], "html,pdf"),
        (["--to", "html", "--to", "docx"], "html,docx"),
        (["--to", "pdf,html", "--to", "pdf"], "pdf,html"),
    ],
)
def test_formats_given_several_times_all_count(given, found):
    shown = click.command()(
        formats_option(lambda: ("html", "pdf", "docx"), "html,pdf")(lambda to: click.echo(",".join(to)))
    )
    assert CliRunner().invoke(shown, given).output.strip() == found
    assert CliRunner().invoke(shown, [*given, "--to", ","]).exit_code == (0 if given else 2)
