"""What a user gets wrong, told in Chinese: every command and every kind of file, and no sentence in English."""

import re
import shutil
from pathlib import Path

import pytest

from perfkit.cli import cli
from perfkit.errors import PerfkitError, kind_of, misread, theirs
from perfkit.profiles import ProfileFile, load_profile
from perfkit.profiles.yamlfile import keys_at
from perfkit.publish.theme import Theme, load_theme
from perfkit.readers import read
from perfkit.writers import write
from tests.cli.calls import call

ROOT = Path(__file__).parents[2]
FORM = "params/forms/online-learning-2022.yaml"
THREE_WORDS = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
QUOTED = re.compile(r"“[^”]*”|'[^']*'|\"[^\"]*\"|\bperfkit [ \w./*-]+|pip install \S+")


def english(text):
    """Give the lines that hold three words of English in a row; what is quoted is somebody else's."""
    return [line for line in text.splitlines() if THREE_WORDS.search(QUOTED.sub("", line))]


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "params", tmp_path / "params")
    monkeypatch.chdir(tmp_path)
    return tmp_path


MISTAKES = [
    (), ("scor",), ("--no-such",), ("score",), ("score", "none.yaml"), ("score", FORM, "--format", "xml"),
    ("score", FORM, "--why", "abc"), ("score", FORM, "--why", "99"), ("score", FORM, "--no-such"), ("score", FORM, "--profile"),
    ("score", FORM, FORM), ("score", FORM, "--profile", "mof-2002"), ("score", "params"), ("score", "/dev/null"),
    ("check",), ("check", "none*.xlsx"), ("check", FORM, "--select", "PK999"), ("check", FORM, "--format", "xlsx"),
    ("check", FORM, "--by", "unit"), ("check", FORM, "--by", "department"), ("check", FORM, "--to", "params"),
    ("rollup",), ("import",), ("import", "params"), ("import", "none.xlsx"), ("import", FORM, "--to", f"{FORM}/params"),
    ("import", FORM, "--explain", "--to", "page.txt"), ("import", FORM, "--profile", "zzz"),
    ("export",), ("export", FORM), ("export", "--to", "form.xlsx"), ("export", FORM, "--to", "form.odt"),
    ("export", FORM, "--to", "params"), ("export", "--results", "all.xlsx"), ("export", "--results", "all.pdf"),
    ("export", "--results", "all.xlsx", FORM), ("profiles", "none"), ("explain",), ("explain", "PK999"), ("explain", "PK1"),
    ("words", "zzz"), ("schema", "x"), ("report",), ("report", "none"), ("report", "params", "--to", "odt"),
    ("report", "params", "--to", ""), ("report", "params", "--jobs", "x"), ("report", "params", "--jobs", "0"),
    ("report", "params", "--seconds", "-1"), ("report", "params", "--memory", "lots"), ("report", "params", "--out", FORM),
    ("report", "params", "--out", ""), ("report", "params", "--profile", "none"), ("report", "params/forms/none/*.yaml"),
    ("why",), ("why", "none"), ("diff",), ("diff", "1", "2"), ("query",), ("query", ""), ("query", "drop table runs"),
    ("summary",), ("summary", "--to", "odt"), ("verify",), ("verify", "a.docx"), ("verify", "a.docx", "--form", FORM),
    ("verify", FORM, "--form", FORM), ("verify", "a.pdf", "--form", FORM, "--to", "b.docx"), ("verify", "bad.docx", "--form", FORM),
    ("verify", "bad.docx", "--reports", "none"), ("preview",), ("preview", "none"), ("preview", "params", "--port", "x"),
    ("bundle",), ("bundle", "--python", "x"), ("bundle", "--python", "3.12", "--platform", "win_amd64", "--wheel", "none.whl"),
    ("completion",), ("completion", "pwsh"), ("init", FORM), ("init", "a", "b"), ("doctor", "x"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_told_in_chinese(arguments, workspace, monkeypatch):
    (workspace / "bad.docx").write_text("no document")
    status, out, err = call(monkeypatch, *arguments)
    assert status == (2 if arguments else 0)
    assert re.search(r"[\u4e00-\u9fff]", out + err)
    assert english(out + err) == []
    assert "Traceback" not in err


MEANT = [
    (("报告", "params"), "report"), (("reprot",), "report"), (("导入",), "import"), (("预览",), "preview"),
    (("report", "params", "--fromat", "html"), "--to"), (("report", "params", "--outptu", "x"), "--out"),
    (("score", FORM, "--fromat", "json"), "--format"), (("check", FORM, "--output", "x"), None),
    (("report", "params", "--to", "word"), "docx"), (("report", "params", "--to", "网页"), "html"),
    (("summary", "--to", "excel"), "xlsx"), (("甲乙丙",), None),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "near"), MEANT, ids=str)
def test_an_unknown_word_is_told_with_the_one_that_it_means(arguments, near, workspace, monkeypatch):
    status, _, err = call(monkeypatch, *arguments)
    assert status == 2
    assert re.findall(r"您要的是 '?([\w-]+)'? 吗", err) == ([near] if near else [])


def test_from_below_a_workspace_params_and_reports_are_the_workspaces(workspace, monkeypatch):
    (workspace / "inbox").mkdir()
    shutil.copy(FORM, workspace / "inbox" / "new.json.yaml")
    monkeypatch.chdir(workspace / "inbox")
    assert call(monkeypatch, "report", "new.json.yaml", "--to", "html")[0] == 0
    assert call(monkeypatch, "import", "new.json.yaml")[0] == 0
    assert "在线学习" in call(monkeypatch, "query", "select project from current_projects")[1]
    assert [each.name for each in workspace.joinpath("inbox").iterdir()] == ["new.json.yaml"]
    assert (workspace / "reports" / "new.json.html").is_file()


def test_a_params_file_is_exported_as_its_form(workspace, monkeypatch):
    params = FORM.replace("forms/", "")
    assert call(monkeypatch, "export", params, "--to", "form.xlsx")[0] == 0
    assert read(Path("form.xlsx")).project == read(Path(FORM)).project


def test_an_unknown_code_is_told_where_it_stands(workspace, monkeypatch):
    assert "perfkit：代码：没有这种问题" in call(monkeypatch, "explain", "PK999")[2]
    assert "您要的是" not in call(monkeypatch, "explain", "PK999")[2]
    assert "您要的是 PK21" in call(monkeypatch, "explain", "PK21O")[2]
    assert "选项 --ignore：没有这种问题" in call(monkeypatch, "check", FORM, "--ignore", "PK999")[2]


FILES = {
    "bad.yaml": "project: [\n", "colon.yaml": "project: a: b\n", "tab.yaml": "project:\n\tx: 1\n", "quote.yaml": "project: 'x\n",
    "key.yaml": "projekt: x\n", "list.yaml": "- 1\n", "empty.yaml": "", "number.yaml": "5\n", "twice.yaml": "project: x\nproject: y\n",
    "alias.yaml": "a: &a 1\nproject: *a\n", "tag.yaml": "project: !x 1\n", "two.yaml": "a: 1\n---\nb: 1\n", "control.yaml": "a: \x01\n",
    "form.json": '{"project": }', "a.xlsx": "no book", "a.docx": "no document", "a.pdf": "%PDF-1.4 nothing", "a.html": "<p>x</p>",
    "a.txt": "hello", "a.png": "x", "none.xlsx": None, "a.zip": "PK\x03\x04", "empty.pdf": "",
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_form_is_told_in_chinese(name, workspace, monkeypatch):
    if FILES[name] is not None:
        (workspace / name).write_text(FILES[name], encoding="utf-8")
    status, out, err = call(monkeypatch, "import", name)
    assert status == 2
    assert name in err
    assert english(out + err) == []


SETTINGS = [
    "form: none.yaml\nprofile: none\nlanguage: fr\ntheme: none\nprevious: none\nextra: 1\ncode: maybe\n",
    "form: [1]\n", "form: 5\nlanguage: 5\nprofile: 5\n", "forms: x\n", f"form: {FORM}\n<<: {{a: 1}}\n", f"form: {FORM}\ncode: .inf\n",
    "form: 'x\n", f"form: {FORM}\nprofile: own.yaml\n",
]  # fmt: skip


@pytest.mark.parametrize("text", SETTINGS)
def test_a_params_file_that_is_wrong_is_told_in_chinese(text, workspace, monkeypatch):
    (workspace / "params" / "x.yaml").write_text(text, encoding="utf-8")
    (workspace / "own.yaml").write_text("extends: [\n", encoding="utf-8")
    for command in ("score", "report"):
        status, out, err = call(monkeypatch, command, "params/x.yaml")
        assert status == 2
        assert english(out + err) == []


@pytest.mark.parametrize(
    "text",
    ["language: fr\n", "profil: x\n", "- 1\n", "profile: 5\nlanguage: [x]\n", "theme: none\n", "a: [\n"],
)
def test_a_workspace_file_that_is_wrong_is_told_in_chinese(text, workspace, monkeypatch):
    (workspace / "perfkit.yaml").write_text(text, encoding="utf-8")
    status, _, err = call(monkeypatch, "score", FORM)
    assert status == 2
    assert "perfkit.yaml" in err
    assert english(err) == []


WRONG = ["text", "-5", "[1, 2]", "{a: 1}", "true", "[a: b]", "1e99"]


def keys(model):
    """Give each key of a settings file, and those of its sections."""
    for name in keys_at(model, ()):
        yield f"{name}: {{}}"
        inside = keys_at(model, (name,))
        yield from (f"{name}: {{{{{each}: {{}}}}}}" for each in inside if inside != keys_at(model, ()))


def values_of_a_form():
    for name in (
        "project",
        "year",
        "money_unit",
        "total",
        "goals",
        "budget",
        "indicators",
        "subtotals",
        "reading",
        "kind",
    ):
        yield f"{name}: {{}}"
    for name in ("initial", "weight", "rate", "score"):
        yield f"budget: {{{{total: {{{{{name}: {{}}}}}}}}}}"
    for name in ("name", "target", "weight", "score", "rating", "deduction", "review", "ignore"):
        yield f"indicators: [{{{{{name}: {{}}}}}}]"


KINDS = {
    "profile": (lambda file: load_profile(str(file)), [f"extends: mof-2020\n{key}" for key in keys(ProfileFile)]),
    "theme": (lambda file: load_theme(file.name, file.parent, file.parent), list(keys(Theme))),
    "form": (read, list(values_of_a_form())),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_of_another_kind_is_told_in_chinese(kind, tmp_path):
    """Whatever pydantic says of a value has words of ours."""
    load, patterns = KINDS[kind]
    told = set()
    for number, (pattern, wrong) in enumerate((each, value) for each in patterns for value in WRONG):
        file = tmp_path / f"{number}.yaml"
        file.write_text(pattern.format(wrong) + "\n", encoding="utf-8")
        try:
            load(file)
        except PerfkitError as error:
            told |= set(error.told("zh").splitlines())
    assert len(told) > 20
    assert english("\n".join(told)) == []


def test_the_words_of_another_program_are_quoted():
    assert english(str(theirs(ValueError("something is odd here")).zh)) == []
    assert theirs(ValueError("odd")).en == "ValueError: odd"
    assert theirs("") == ""
    assert (
        misread("while parsing a flow sequence", "did not find expected ',' or ']'").zh
        == "[ ] 里，缺少“,”或“]”"
    )
    assert misread(None, "what no catalogue has seen").zh == "程序报告“what no catalogue has seen”"
    assert [kind_of(value)["zh"] for value in (None, [1], "x")] == ["什么也没有", "列表", "文字"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "latin-1", "ascii"])
@pytest.mark.parametrize("command", ["", *sorted(cli.commands)])
def test_help_with_its_examples_goes_to_every_console(command, encoding, monkeypatch):
    for language in ("zh", "en"):
        status, out, err = call(
            monkeypatch, *filter(None, [command]), "--help", language=language, encoding=encoding
        )
        assert (status, err) == (0, "")
        assert f"perfkit {command}".strip() in out.split("\n\n", 2)[-1]
        assert "[U+" not in out or encoding in {"latin-1", "ascii"}  # English help has Chinese terms
        if language == "zh":
            assert english(out) == []


def test_a_name_that_the_system_cannot_write_is_told(workspace, monkeypatch):
    """As one in UTF-8 is under zh_CN.GBK; half a character cannot be written anywhere."""
    status, _, told = call(monkeypatch, "report", "\ud83d.xlsx")
    assert status == 2
    assert "[U+D83D].xlsx：这个名字用本机的字符编码写不出来" in told


def cut_short(kind, tmp_path):
    whole = tmp_path / f"whole{kind}"
    write(read(FORM), whole)
    return whole.read_bytes()[:4000]


SPOILT = {
    "book cut short": (".xlsx", lambda folder: cut_short(".xlsx", folder), "压缩的内容不完整"),
    "document cut short": (".docx", lambda folder: cut_short(".docx", folder), "压缩的内容不完整"),
    "document of no bytes": (".docx", lambda folder: b"", "文件是空的"),
    "text called a book": (".xlsx", lambda folder: "项目情况：甲\n".encode(), "文本请把名称改为 .txt"),
    "text called a document": (".docx", lambda folder: "项目情况：甲\n".encode("gbk"), "文本请把名称改为 .txt"),
    "bytes called a PDF": (".pdf", lambda folder: b"%PDF-1.4\n" + bytes(range(256)), "PDF 的结构读不出来"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.parametrize("command", ["import", "verify"])
def test_what_is_wrong_with_a_spoilt_file_is_told_without_a_word_of_english(
    name, command, workspace, monkeypatch
):
    kind, content, told = SPOILT[name]
    if command == "verify" and kind == ".xlsx":
        kind = ".docx"  # a report is none
    Path(f"报告{kind}").write_bytes(content(workspace))
    more = ("--form", FORM) if command == "verify" else ()
    status, out, err = call(monkeypatch, command, f"报告{kind}", *more)
    assert (status, out) == (2, "")
    assert told in err
    assert "另存为 UTF-8" not in err
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", re.sub(r"perfkit.*?：", "", err))
