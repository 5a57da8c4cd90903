"""Neighbours of what once failed: more of each kind than anybody reported, each with what must come of it.

A row is the kind, the neighbour, and what is held of it. The first trials stand in the rooms'
own tests; tests/data/trials.txt names them, kind by kind. Neighbours of kernels, runs, questions and the ledger are in test_neighbours_at_work.py.
"""

import ast
import os
import re
from pathlib import Path

import pytest
import yaml
from nbformat.v4 import new_code_cell, new_output

import perfkit
from perfkit.batch import why
from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.publish import publish
from perfkit.publish.images import Pictures
from perfkit.readers.formats import parse
from tests.batch.light import add_project, light_report, make_workspace
from tests.publish.notebooks import markdown, notebook, output, stream
from tests.readers import books
from tests.readers.test_hostile import FORM, SHEET, with_part
from tests.trees import tree

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC"


def page_of(*cells, to="html", **how):
    return publish(
        notebook(markdown("# 题\n\n前文"), *cells, markdown("## 后文"), language="zh"), [to], **how
    )


LARGE = {
    "lines without number": stream("行\n" * 400_000),
    "a colour for every letter": stream("\x1b[31m红\x1b[0m" * 100_000),
    "one word of Markdown": markdown("[" * 50_000),
    "stars": markdown("*a " * 30_000),
    "ticks": markdown("`" * 50_000 + "a"),
    "quotes in quotes": markdown(">" * 5_000 + "引"),
    "lists in lists": markdown("\n".join(" " * n + "- 一" for n in range(300))),
    "dollars": markdown("$" * 50_001),
    "a table in Markdown": markdown("|a|\n|-|\n" + "|1|\n" * 20_000),
    "elements in elements": output("<div>" * 20_000 + "甲"),
    "columns without number": output("<table><tr>" + "<td>1" * 5_000 + "</table>"),
    "a word in a cell": output("<table><tr><td>" + "长" * 300_000 + "</table>"),
    "a traceback": new_code_cell("x", outputs=[new_output("error", ename="E", evalue="v" * 500_000, traceback=["t" * 5_000_000])]),
    "data as text": output(application__json={"a": ["b" * 100] * 20_000}, text__plain="c" * 3_000_000),
}  # fmt: skip


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", LARGE)
def test_an_output_of_any_size_leaves_what_is_before_and_after(name):
    page = page_of(LARGE[name])["html"].decode()
    assert "前文" in page
    assert "后文</h2>" in page
    assert len(page) < 4_500_000


PICTURES = {
    "a blank, as a blank": ("![甲](<图 片.png>)", True),
    "a blank, as its code": ("![甲](图%20片.png)", True),
    "in a folder": ("![甲](图/一.png)", True),
    "by reference": ("![甲][p]\n\n[p]: pic.png", True),
    "in HTML": ("<img src='./pic.png' alt='甲'>", True),
    "in capitals": ("![甲](PIC2.PNG)", True),
    "with a title": ('![甲](pic.png "题名")', True),
    "outside": ("![甲](../outside.png)", False),
    "by its full path": ("![甲](/outside.png)", False),
    "on a host": ("![甲](http://host/pic.png)", False),
    "no picture": ("![甲](text.png)", False),
    "a name too long": (f"![甲]({'a' * 5000}.png)", False),
    "a name with a NUL": ("![甲](a%00.png)", False),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_beside_the_notebook_is_embedded_or_said_to_be_missing(name, tmp_path):
    import base64

    data = base64.b64decode(PNG)
    home = tmp_path / "notebooks"
    (home / "图").mkdir(parents=True)
    (tmp_path / "outside.png").write_bytes(data)
    for file in ("图 片.png", "图/一.png", "pic.png", "PIC2.PNG"):
        (home / file).write_bytes(data)
    (home / "text.png").write_text("secret", encoding="utf-8")
    written, there = PICTURES[name]
    page = page_of(markdown(written), folder=str(home))["html"].decode()
    assert ("data:image/png;base64," in page, "图片未收入报告" in page) == (there, not there)
    assert "secret" not in page


CHARACTERS = {
    "cuneiform": "𒀀", "of somebody's own": "\ue001", "Khitan": "𘬀", "a new emoji": "\U0001fadf", "Tibetan": "བོད", "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "marks upon marks": "Z" + "\u0351\u036b\u0343" * 20, "no character": "\ufdd0", "a flag": "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "half of one": "甲\ud83d",
}  # fmt: skip


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_report_with_any_character_is_a_report_in_every_format(name):
    text = CHARACTERS[name]
    rows = output(f"<h2>{text}</h2><table><tr><th>{text}</th></tr><tr><td>{text}</td></tr></table>")
    made = publish(
        notebook(markdown(f"# {text}"), rows, stream(text), language="zh"), ["html", "pdf", "docx"]
    )
    assert set(made) == {"html", "pdf", "docx"}
    for note in made.notes:
        assert re.search(r"U\+[0-9A-F]{4,6}", note)
        note.encode("utf-8")


PROGRESS = {
    "two bars in one line": ("甲 1%\r甲 9%\n乙 1%\r乙 100%\n", "甲 9%\n乙 100%"),
    "a bar that is cleared": ("100%|███|\r         \r完成", "完成"),
    "up a line": ("甲\n\x1b[A乙\n", None),
    "a bell": ("甲\x07乙", None),
    "only returns": ("\r\r\r", ""),
}


@pytest.mark.parametrize("name", PROGRESS)
def test_progress_is_shown_as_a_terminal_leaves_it(name):
    from perfkit.publish.cleaning import as_shown

    written, shown = PROGRESS[name]
    if shown is not None:
        assert as_shown(written).rstrip() == shown
    page = page_of(stream(written))["html"].decode()
    assert "后文</h2>" in page
    assert not set(page) & {"\x07", "\x1b"}


FORMULAS = {
    "aligned": (r"$$\begin{aligned}a&=b\\c&=d\end{aligned}$$", True), "over lines": ("$$\na=\n\\frac{1}{2}\n$$", True),
    "in a list": ("- 甲 $x^2$", True), "in a table": ("|a|\n|-|\n|$x_1$|", True), "in a heading": ("### $x$ 节", True),
    "two prices": ("$5 和 $6", False), "prices without blanks": ("单价$5和$6之间", False), "in code": ("`$x$`", False), "with a blank": ("$ x $", None), "one dollar": ("甲 $x", False),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_one_where_it_is_meant(name):
    written, meant = FORMULAS[name]
    page = page_of(markdown(written))["html"].decode()
    assert "后文</h2>" in page
    assert meant is None or ("<math" in page) == meant


STYLES = [r"fill:\75rl(x)", r"fill:u\72l(x)", r"fill:u/**/rl(x)", r"@im\port 'x';", "background:image-set('x' 1x)", r"fill:URL(x)", "fill:url (x)", "behavior:expression(x)"]  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_no_style_of_a_drawing_asks_for_anything(style):
    pictures = Pictures()
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><style>a{{{style}}} {style}</style><rect width="1" height="1" style="{style}"/></svg>'
    address = pictures.add(svg)
    kept = pictures.get(address).svg if address else ""
    plain = (
        re.sub(r"\\([0-9a-fA-F]{1,6})\s?", lambda found: chr(int(found[1], 16)), kept)
        .replace("\\", "")
        .lower()
    )
    assert not re.search(r"url\(|@import|image-set|expression", plain)


_USE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><desc>一张图</desc>{}</svg>'
ENDLESS = {
    "uses itself": '<g id="a"><use href="#a"/></g><use href="#a"/>',
    "a circle": '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
    "a bomb": '<g id="p0"><rect width="1" height="1"/></g>' + "".join(f'<g id="p{n + 1}">' + f'<use href="#p{n}"/>' * 10 + "</g>" for n in range(9)) + '<use href="#p9"/>',
    "a long chain": "".join(f'<g id="p{n + 1}"><use href="#p{n}"/></g>' for n in range(5000)) + '<use href="#p5000"/>',
    "a shorter chain": "".join(f'<g id="p{n + 1}"><use href="#p{n}"/></g>' for n in range(400)) + '<use href="#p400"/>',
    "levels": "<g>" * 2000 + "</g>" * 2000, "many parts": '<g id="a"><path d="M0 0L1 1"/></g>' + '<use href="#a"/>' * 9000,
    "a use of nothing": '<use href="#x"/><rect width="1" height="1"/>',
    "a size that is none": '<svg viewBox="0 0 1.2.3 .." width="1.2.3" height=".."><rect width="1" height="1"/></svg>',
}  # fmt: skip


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize("to", ["html", "pdf", "docx"])
def test_a_drawing_without_end_ends_no_report(name, to):
    made = page_of(output(image__svg_xml=_USE.format(ENDLESS[name]), text__plain="图"), to=to)[to]
    assert made
    if to == "html":
        assert "后文</h2>" in made.decode()


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\n"
ODD = {
    "an alias bomb": BOMB, "a date that is none": "office: 2023-02-30\nprofile: 2023-02-30\nzh: 2023-02-30\n", "a tag": "office: !!python/name:os.system\n",
    "a merge": "<<: 1\n", "an endless number": f"office: {'9' * 5000}\nprofile: {'9' * 5000}\n", "levels": "a: " + "[" * 3000, "a list": "- a\n",
    "half a character": 'office: "\\ud800"\n', "a NUL": "\x00", "another encoding": "office: 甲".encode("gbk"), "two documents": "a: 1\n---\nb: 2\n", "a text": "甲",
}  # fmt: skip


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A workspace with three projects."""
    workspace = make_workspace(tmp_path)
    for name in "abc":
        add_project(workspace, name)
    monkeypatch.chdir(workspace)
    return workspace


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("kind", ["theme", "words", "perfkit.yaml", "form"])
def test_a_broken_file_of_any_kind_is_told_once_and_in_time(office, kind, name):
    content = ODD[name] if isinstance(ODD[name], bytes) else ODD[name].encode()
    if kind == "form":
        (office / "params/forms/b.yaml").write_bytes(content)
    elif kind == "perfkit.yaml":
        (office / "perfkit.yaml").write_bytes(content)
    else:
        (office / "own.yaml").write_bytes(content)
        (office / "perfkit.yaml").write_text(f"{kind}: own.yaml\n", encoding="utf-8")
    faults = _faults_of_a_run(office, kind)
    assert len(set(map(str, faults))) == len(faults)


def _faults_of_a_run(office, kind):
    try:
        run = light_report(office, rows=True)
    except perfkit.PerfkitError as error:
        return error.faults
    if kind == "form":
        assert [line["name"] for line in run.failed] == ["b"]
    return run.faults


WORDS = {
    "a place lost": "zh: {summary.graded: 甲}", "a place added": "zh: {heading.summary: '{{ secret }}'}", "no template": "zh: {heading.summary: '{% if'}",
    "a figure added": "zh: {heading.summary: 总体情况99}", "another key": "zh: {nothing.here: 甲}", "no text": "zh: {heading.summary: [1]}",
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_own_words_that_break_a_story_are_told_once_before_any_report_is_begun(office, name):
    (office / "own.yaml").write_text(WORDS[name], encoding="utf-8")
    (office / "perfkit.yaml").write_text("words: own.yaml\n", encoding="utf-8")
    with pytest.raises(perfkit.SettingsError) as told:
        light_report(office)
    assert [fault.file for fault in told.value.faults] == ["own.yaml"]
    assert {reason.name for reason in why("params") if "own.yaml" in reason.faults} == {"a", "b", "c"}


SPECIAL = ["a pipe", "a device", "a circle", "a folder", "nothing"]


def special(path, kind):
    match kind:
        case "a pipe":
            os.mkfifo(path)
        case "a device":
            path.symlink_to("/dev/zero")
        case "a circle":
            path.symlink_to(path.name)
        case "a folder":
            path.mkdir()


@pytest.mark.timeout(60)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among the files of this system")
@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize(
    "key", ["theme", "previous", "form", "profile", "logo", "template", "words", "notebook"]
)
def test_what_is_no_file_is_told_wherever_it_is_named(office, key, kind):
    special(office / "odd.yaml", kind)
    if key in ("logo", "template"):
        (office / "own.yaml").write_text(f"{key}: odd.yaml\n", encoding="utf-8")
        (office / "perfkit.yaml").write_text("theme: own.yaml\n", encoding="utf-8")
    elif key in ("words", "notebook"):
        (office / "perfkit.yaml").write_text(f"{key}: odd.yaml\n", encoding="utf-8")
    else:
        add_project(office, "b", **{key: "odd.yaml"})
        if key == "previous":  # the small notebook has no such parameter, which is told as well
            assert {reason.name for reason in why("params") if reason.faults} == {"b"}
            return
    if key in ("words", "notebook", "logo", "template"):  # of no project alone
        with pytest.raises(perfkit.PerfkitError) as told:
            light_report(office)
        assert told.value.faults[0].file
        return
    run = light_report(office)
    assert run.failed
    assert all(line["error"] for line in run.failed)


FIGURES = ["1e30", "-1e30", "1e-30", "-5", "0", "99999999999999999999999999999999999999.99"]


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize(
    "field", ["weight", "score", "rate", "initial", "executed", "total", "deduction", "review"]
)
def test_no_printed_figure_ends_a_check(figure, field):
    from decimal import Decimal

    number = Decimal(figure)
    money = Fund(Decimal(100), Decimal(100), Decimal(90), Decimal(10), "90%", Decimal(9))
    row = Indicator(
        name="甲", target="≥1个", actual="1个", weight=Decimal(90), score=Decimal(90), level1="产出指标"
    )
    parts = {"rate": f"{figure}%"} if field == "rate" else {field: number}
    form = Form(
        project="甲", year=2023, total=number if field == "total" else Decimal(99),
        budget=Budget(_with(money, parts) if field in ("rate", "initial", "executed") else money),
        indicators=(_with(row, parts) if field in ("weight", "score", "deduction", "review") else row,),
    )  # fmt: skip
    for profile in perfkit.profile_names():
        card = perfkit.score(form, profile)
        perfkit.narrate(form, card, perfkit.check(form, card))


def _with(thing, parts):
    from dataclasses import replace

    return replace(thing, **parts)


DOCTYPES = {
    "in another encoding": lambda xml: ("\ufeff<!DOCTYPE x [<!ENTITY a 'b'>]>" + xml.decode().partition("?>")[2]).encode("utf-16-le"),
    "behind an instruction": lambda xml: b"<?a b?><!DOCTYPE x>" + xml.partition(b"?>")[2],
    "behind blanks": lambda xml: b" " * 70_000 + b"<!DOCTYPE x>" + xml,
    "in an encoding of nobody's": lambda xml: b'<?xml version="1.0" encoding="x-y"?><!DOCTYPE x>' + xml.partition(b"?>")[2],
    "from outside": lambda xml: b'<!DOCTYPE x PUBLIC "a" "http://host/x.dtd">' + xml.partition(b"?>")[2],
}  # fmt: skip


@pytest.mark.parametrize("name", DOCTYPES)
@pytest.mark.parametrize("part", [SHEET, "[Content_Types].xml", "xl/styles.xml", "_rels/.rels"])
def test_a_document_type_is_refused_wherever_it_stands(name, part):
    data = with_part(part, DOCTYPES[name])(books.book(FORM))
    with pytest.raises(perfkit.DataError) as told:
        parse(data, "a.xlsx")
    assert told.value.faults[0].file == "a.xlsx"


@pytest.mark.parametrize(
    "source", ["a = '", "  x\n y", "for", "f(", "%%bash\n(", "x = 1\n\ty", "print 1", "ä = é = ", "'''"]
)
def test_a_cell_that_is_no_python_shows_the_user_s_own_line(source):
    from perfkit.kernel.engine import PerfkitEngine

    made = notebook(tagged=False)
    made.cells = [new_code_cell(source, metadata={"tags": ["raises-exception"]})]
    made.cells[0].metadata.tags = ["raises-exception"]
    for cell in made.cells:
        cell.metadata.papermill = {}
    made.metadata.kernelspec = {"name": "python3", "display_name": "", "language": "python"}
    made.metadata.papermill = {}
    PerfkitEngine.execute_notebook(made, "python3", progress_bar=False, autosave_cell_every=0)
    told = "".join(line for cell in made.cells for out in cell.outputs for line in out.get("traceback", ()))
    assert "perfkit" not in told


def test_params_of_odd_kinds_reach_the_notebook_as_text(office):
    values = {"mode": "2023-11-30"}
    path = add_project(office, "b", **values)
    path.write_text("form: params/forms/b.yaml\nmode: 2023-11-30\n", encoding="utf-8")
    from perfkit.params import load_params

    assert load_params(path).values["mode"] == "2023-11-30"
    assert yaml.safe_load(path.read_text("utf-8"))["mode"] != "2023-11-30"


@pytest.mark.parametrize("place", [0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("damage", ["cut", "spoilt", "noise"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_damaged_picture_ends_no_report(kind, damage, place):
    import base64
    from io import BytesIO
    from random import Random

    from PIL import Image

    made = BytesIO()
    Image.effect_noise((60, 40), 50).convert("RGB").save(made, kind)
    raw = bytearray(made.getvalue())
    at = int(len(raw) * place)
    if damage == "cut":
        del raw[at:]
    else:
        raw[at : at + (4 if damage == "spoilt" else 400)] = Random(at).randbytes(
            4 if damage == "spoilt" else 400
        )
    shown = {"png": "image__png", "jpeg": "image__jpeg"}.get(kind.lower(), "image__png")
    cell = output(**{shown: base64.b64encode(raw).decode()}, text__plain="图")
    for to in ("html", "pdf", "docx"):
        assert page_of(cell, to=to)[to]


@pytest.mark.parametrize(
    ("target", "reached", "missed"),
    [
        ("≥5×10⁴人", "50000人", "49999人"),
        ("≥5×10^4人", "5万人", "4.9万人"),
        ("≥10³个", "1000个", "999个"),
        ("≥1.2×10⁵吨", "12万吨", "11.9万吨"),
        ("≯30万元", "30万元", "30.1万元"),
        ("≮30个", "30个", "29个"),
        ("≥12.3k㎡", "12.3平方公里", "12.2平方公里"),
        ("≥12.3km²", "1230公顷", "1229公顷"),
        ("≥12.3㎢", "12.3km²", "12.2km²"),
        ("11⽉底前", "11月20日", "12月20日"),
    ],
)
def test_signs_powers_and_units_mean_what_is_printed(target, reached, missed):
    rows = [
        Indicator(name="甲", target=target, actual=actual, level1="产出指标") for actual in (reached, missed)
    ]
    card = perfkit.score(Form(year=2023, indicators=tuple(rows)))
    assert [row["verdict"] for row in card.to_dict()["indicators"]] == ["met", "missed"]


def test_a_clock_set_back_leaves_the_last_run_the_last(office, monkeypatch):
    from perfkit.batch import diff, ledger, query
    from perfkit.batch.portfolio import Portfolio

    light_report(office, rows=True)
    first = query("select ended from current_reports order by name").rows
    monkeypatch.setattr(ledger, "now", lambda: "1999-01-01T00:00:00+00:00")
    add_project(office, "a", executed=50)
    assert [line["name"] for line in light_report(office, rows=True).made] == ["a"]
    (row,) = [row for row in Portfolio.of("reports").projects if row["name"] == "a"]
    assert row["executed"] == 50
    ((executed, ended),) = query(
        "select executed, ended from current_projects join current_reports using (name) where name = 'a'"
    ).rows
    assert (float(executed), ended[:4]) == (50, "1999")
    assert ended < first[0][0]
    assert not light_report(office, rows=True).made
    assert any(str(move).startswith("a") for move in diff("previous", "latest"))


@pytest.mark.parametrize("lines", ["no rows", "no project"])
def test_a_document_without_a_row_or_a_project_is_listed_and_nothing_is_written(tmp_path, lines):
    import subprocess
    import sys

    kept = [
        line
        for line in FORM.strip().splitlines()
        if not line.startswith("产出指标" if lines == "no rows" else "项目名称")
    ]
    (tmp_path / "form.xlsx").write_bytes(books.book("\n".join(kept)))
    done = subprocess.run(
        [sys.executable, "-m", "perfkit", "import", "form.xlsx"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"form.xlsx" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["form.xlsx"]


JUDGED = [
    ("≤30万元/公里", "总投资412万元", "", "unverifiable"),
    ("≤400元/人·天", "人均1150元", "", "unverifiable"),
    ("≥200人次", "举办4期", "", "unverifiable"),
    ("≥2册", "新购5200册", "生均新增图书", "unverifiable"),
    ("9月底前", "工期90天", "", "unverifiable"),
    ("≤60天", "8月12日竣工", "", "unverifiable"),
    ("≥6年", "已安装", "使用年限", "unverifiable"),
    ("≥12项", "完成", "", "unverifiable"),
    ("持续发挥效益", "落实管护人员1名", "", "judgement"),
    ("≥98%", "受理212件，按时办结209件", "按时办结率", "met"),
    ("≥90%", "发放问卷120份，满意104份", "满意度", "missed"),
    ("60万元以内", "上半年25万元，下半年36.4万元", "", "missed"),
    ("≥5处", "城东2处、城西2处、高新区2处", "", "met"),
    ("每期≥40人", "第一期38人，第二期45人", "", "missed"),
    ("每村1名（15个村）", "15名", "", "met"),
    ("较上年下降", "2022年96起，2023年81起", "", "met"),
    ("≥6%", "上年12万人次，本年12.5万人次", "游客增长率", "missed"),
    ("≥300天", "287天/365天", "", "missed"),
    ("1万亩", "建成0.7万亩，其余0.3万亩在建", "", "missed"),
    ("≥3批", "3批均因故取消", "", "missed"),
    ("春节前", "1月16日", "", "met"),
    ("100%", "1OO%", "", "unverifiable"),
]


@pytest.mark.parametrize(("target", "actual", "name", "verdict"), JUDGED)
def test_cells_of_the_trials_are_judged_as_a_reviewer_would(target, actual, name, verdict):
    row = Indicator(name=name or "甲", target=target, actual=actual, level1="产出指标")
    (found,) = perfkit.score(Form(year=2023, indicators=(row,))).to_dict()["indicators"]
    assert found["verdict"] == verdict


def test_every_kind_of_the_trials_has_tests():
    home = Path(__file__).parent
    lines = [line.split("|") for line in (home / "data/trials.txt").read_text("utf-8").splitlines()[1:]]
    assert {line[0].strip() for line in lines} == set("ABCDE")
    for _, kind, named in lines:
        assert named.split(), kind
        for one in named.split():
            file, _, function = one.partition("::")
            assert function in {
                each.name for each in ast.walk(tree(home / file)) if isinstance(each, ast.FunctionDef)
            }, one
