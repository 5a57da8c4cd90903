"""Reports as files: each format is read so that an untouched report is silent and an edit is found in place."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest

import perfkit
from perfkit.batch import report
from perfkit.errors import DataError, SettingsError
from perfkit.readers import form_yaml
from perfkit.verify import rules_named, verify, verify_summary
from perfkit.verify.documents import _running, commented, passages
from perfkit.writers import write
from tests.cli.calls import call

ROOT = Path(__file__).parents[2]
FORM = "params/forms/online-learning-2022.yaml"
KINDS = ("html", "pdf", "docx")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The report of a published project in every format."""
    folder = tmp_path_factory.mktemp("reports")
    report(["params/online-learning-2022.yaml"], to=KINDS, out=folder)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_as_it_was_made_is_silent(reports, kind):
    found = verify(reports / f"online-learning-2022.{kind}", [perfkit.read(FORM)], profile="shanghai-2022")
    assert [str(one) for one in found] == []
    assert found.compared > 100


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_on_an_offices_paper_is_silent_also_as_a_pdf_that_is_made_of_its_word_file(
    tmp_path, monkeypatch, language
):
    (tmp_path / "params").mkdir()
    shutil.copytree(ROOT / "params/forms", tmp_path / "params/forms")
    look = "office: 某市财政局\nnumber: 某财绩〔2024〕12 号\nfooter: 第 3 次印刷，注意保存\nwords: own.yaml\n"
    (tmp_path / "theme.yaml").write_text(look, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(
        "zh: {headline.execution: '资金支出{{ rate | rate }}'}\n", encoding="utf-8"
    )
    params = f"form: {FORM}\nprofile: shanghai-2022\nlanguage: {language}\ntheme: theme.yaml\n"
    (tmp_path / "params/a.yaml").write_text(params, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    report(["params/a.yaml"], to=KINDS)
    word = tmp_path / "reports/a.docx"
    office = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    made = tmp_path / "made"
    subprocess.run([*office, "--convert-to", "pdf", "--outdir", made, word], check=True, capture_output=True)
    for path in (*(tmp_path / f"reports/a.{kind}" for kind in KINDS), made / "a.pdf"):
        asked = {"profile": "shanghai-2022", "theme": "theme.yaml"}
        assert [str(one) for one in verify(path, [perfkit.read(FORM)], **asked)] == []
    text = (tmp_path / "reports/a.html").read_text(encoding="utf-8")
    assert ("资金支出98.98%" in text) == (language == "zh")


def test_a_report_is_silent_beside_the_units_own_file_that_it_was_made_from(tmp_path, monkeypatch):
    write(perfkit.read(FORM), tmp_path / "form.xlsx")
    form = perfkit.read(tmp_path / "form.xlsx")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params/forms").mkdir(parents=True)
    (tmp_path / "params/forms/form.yaml").write_text(form_yaml(form), encoding="utf-8")
    (tmp_path / "params/form.yaml").write_text(
        "form: params/forms/form.yaml\nprofile: shanghai-2022\n", encoding="utf-8"
    )
    report(["params/form.yaml"], to=["html"])
    assert [str(one) for one in verify(tmp_path / "reports/form.html", [form], profile="shanghai-2022")] == []


def test_an_edit_in_word_is_found_and_commented_where_it_stands(reports, tmp_path):
    path, target = tmp_path / "edited.docx", tmp_path / "checked.docx"
    shutil.copy(reports / "online-learning-2022.docx", path)
    document = docx.Document(path)
    (paragraph,) = [each for each in document.paragraphs if "年中调减1,075,000元" in each.text]
    for run in paragraph.runs:
        run.text = run.text.replace("1,075,000", "1,750,000")
    document.save(path)
    found = verify(path, [perfkit.read(FORM)], profile="shanghai-2022")
    assert ("contradicts", "1,750,000", "1,075,000") in {(one.kind, one.got, one.expected) for one in found}
    assert len(found.of("contradicts")) == 1
    commented(found, target, "zh")
    told = [comment.text for comment in docx.Document(target).comments]
    assert len(told) == len(found.discrepancies)
    assert any("1,750,000" in text for text in told)


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_names_other_rules_is_told_once(reports, kind):
    found = verify(reports / f"online-learning-2022.{kind}", [perfkit.read(FORM)], profile="hubei")
    assert [(one.kind, one.got, one.expected) for one in found] == [("contradicts", "shanghai-2022", "hubei")]


WORD = "评分规则：own：本县办法：自定规则 own（扩展 shanghai-2022）"
PAPER = "软件版本 perfkit\n评分规则 own\n本县办法"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (WORD, "own"), (PAPER, "own"), ("Scoring rules: shanghai-2022: Shanghai", "shanghai-2022"), ("评分规则\n本县办法2023\n", "本县办法2023"),
        ("评分规则：见附件", ""), ("本项目评分规则：按财政局通知：逐项计分", ""), ("评分规则已经领导小组审定。", ""), ("预算执行98.98%", ""),
    ],
)  # fmt: skip
def test_the_rules_that_a_report_names(text, named, tmp_path):
    document = tmp_path / "report.txt"
    document.write_text(text, encoding="utf-8")
    assert rules_named(document) == named


def test_a_report_by_rules_of_ones_own_is_held_against_them_or_not_at_all(tmp_path, monkeypatch):
    """Figures that are right by the office's own rules are never called wrong by others."""
    shutil.copytree(ROOT / "params", tmp_path / "params")
    monkeypatch.chdir(tmp_path)
    Path("report.txt").write_text(f"预算执行率为98.98%，得9.9分（满分10分）。\n{WORD}\n", encoding="utf-8")
    Path("own.yaml").write_text("extends: shanghai-2022\n", encoding="utf-8")
    form = ("verify", "report.txt", "--form", "params/forms/online-learning-2022.yaml")
    status, out, err = call(monkeypatch, *form)
    assert (status, "98.97" in out) == (0, False)
    assert "按报告写明的评分规则比对：own" in err
    status, out, err = call(monkeypatch, *form, "--profile", "hubei")
    assert (status, "98.97" in out) == (1, False)
    assert "“own”，应为“hubei”" in out
    assert "--profile" in err
    Path("own.yaml").unlink()
    status, out, err = call(monkeypatch, *form)
    assert (status, "98.97" in out) == (1, False)
    assert "“own”，应为“mof-2020”" in out
    assert "--profile" in err


def test_a_summary_is_held_against_a_ledger_that_is_there(tmp_path):
    document = tmp_path / "summary.txt"
    document.write_text("共3个项目。", encoding="utf-8")
    with pytest.raises(SettingsError, match="no report in this folder"):
        verify_summary(document, tmp_path)


@pytest.mark.parametrize("kind", ["a document type", "a bomb"])
def test_a_word_file_that_is_made_to_harm_is_refused(tmp_path, kind):
    source = Path(__file__).parents[1] / "data" / "readers" / "official.docx"
    with (
        zipfile.ZipFile(source) as old,
        zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                head, mark, rest = data.partition(b"<w:document")
                typed = head + b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + mark + rest
                data = typed if kind == "a document type" else data + b" " * 400_000_000
            new.writestr(name, data)
    with pytest.raises(DataError, match=r"unpacks|document type|entities|DOCTYPE"):
        passages(tmp_path / "a.docx")


def test_what_frames_a_page_is_no_sentence_of_its_report(tmp_path):
    page = (
        "<body><a href='#content'>跳到正文</a><header><p>某市教育局</p></header><main><header><h1>题</h1></header>"
        "<nav><p>目录</p></nav><p>见<a href='#t'>表1</a>。</p><button>复制表格</button></main>"
        "<footer><p>内部使用，请勿外传。</p></footer></body>"
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert [each.text for each in passages(tmp_path / "a.html")] == ["题", "见表1。"]


def test_what_heads_all_pages_but_the_first_is_a_running_head():
    pages = [["某市教育局", "题", "一", "二", "三", "1 / 3"]]
    pages += [["题 · 2022 第5号", f"文{n}", "一", "二", "三", f"{n} / 3"] for n in (2, 3)]
    assert {"题 · 0 第0号", "0 / 0"} <= _running(pages)
    assert "某市教育局" not in _running(pages)
