"""Forms as LibreOffice prints them, with rules and without, and as pdftotext lays them out.

With rules the form comes back whole. Without, each value comes back, or is listed, or the form is doubted.
"""

import re
import shutil
import subprocess
from io import BytesIO

import pytest
from docx import Document
from docx.shared import Cm, Pt

from perfkit.readers.formats import parse
from tests.readers.books import page, rows_of, spans

OFFICE, LAYOUT = shutil.which("soffice"), shutil.which("pdftotext")
pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(OFFICE is None or LAYOUT is None, reason="LibreOffice or pdftotext is not installed"),
]

HEAD = """2023年度项目支出绩效自评表
项目名称 | 消防改造经费 | < | < | < | < | < | <
主管部门 | 市教育局 | < | < | 实施单位 | 市教育装备中心 | < | <
项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | 320.5 | 310.5 | 295.2 | 10 | 95.07% | 9.51
^ | 其中：当年财政拨款 | 300 | 290 | 275 | — | — | —
^ | 上年结转资金 | 20.5 | 20.5 | 20.2 | — | — | —
年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | <
^ | 完成35所学校的消防设施改造，师生满意度不低于90%。 | < | < | 完成33所学校的消防设施改造，师生满意度92%。 | < | < | <
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施"""
OUTPUT = """产出指标 | 数量指标 | 改造学校数量 | ≥35所 | 33所 | 20 | 18.86 | 2所学校因招标流标延期，已重新组织招标，计划下年一季度完成
^ | ^ | 采购灭火器 | ≥1200具 | 1200具 | 10 | 10 |
^ | 质量指标 | 工程验收合格率 | ≥95% | 100% | 20 | 20 |"""
BENEFIT = """效益指标 | 社会效益指标 | 重大安全责任事故发生数 | ≤0起 | 0起 | 15 | 15 |
^ | 可持续影响指标 | 安全管理长效机制 | 建立健全 | 建立健全 | 15 | 15 |
满意度指标 | 服务对象满意度指标 | 师生满意度 | ≥90% | 92% | 10 | 10 |"""
TOTAL = "总分 | < | < | < | < | 100 | 98.37 |"
NOTES = "说明 | 因上级部门调整工作计划，年中追加预算12.5万元用于应急抢修，已按程序报批，并在年底前支付完毕。 | < | < | < | < | < | <"
LAYOUTS = {
    "whole": (HEAD, OUTPUT, BENEFIT, TOTAL),
    "notes": (HEAD, OUTPUT, BENEFIT, TOTAL, NOTES),
    "levels": (HEAD, OUTPUT, "合计 | < | < | < | < | 50 | 48.86 |", BENEFIT, TOTAL),
    "yuan": (HEAD.replace("万元", "元").replace("320.5", "3,205,000.00").replace("295.2", "2,952,000.00"), OUTPUT, BENEFIT, TOTAL),
    "unmerged": (HEAD, OUTPUT.replace("^", ""), BENEFIT.replace("^", ""), TOTAL),
}  # fmt: skip


def word(text, *, ruled):
    document = Document()
    document.styles["Normal"].font.size = Pt(9)
    document.sections[0].left_margin = document.sections[0].right_margin = Cm(1.5)
    title, *rows = rows_of(text)
    document.add_paragraph(title[0]).alignment = 1
    table = document.add_table(len(rows), 8)
    table.style = "Table Grid" if ruled else table.style
    for r, c, tall, wide, value in spans(rows):
        cell = table.cell(r, c)
        if (tall, wide) != (1, 1):
            cell = cell.merge(table.cell(r + tall - 1, c + wide - 1))
        cell.text = value
        cell.vertical_alignment = 1
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Print every layout with rules and without, in one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("printed")
    for name, lines in LAYOUTS.items():
        for ruled in (True, False):
            (folder / f"{name}-{ruled}.docx").write_bytes(word("\n".join(lines), ruled=ruled))
    command = [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
               "--outdir", folder, *folder.glob("*.docx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for path in folder.glob("*.pdf"):
        subprocess.run([LAYOUT, "-layout", path], check=True)
    return folder


def values(form):
    """Give every value of a form by its path, without blanks and without where it came from."""
    found = {}

    def gather(path, part):
        items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        for name, value in items:
            gather(f"{path}.{name}", value)
        if not isinstance(part, dict | list) and not path.endswith(".place"):
            found[path] = re.sub(r"\s+", "", str(part))

    gather("", {key: part for key, part in form.to_dict().items() if key not in {"source", "reading"}})
    return found


def silent(form, read):
    """Give what a reading neither has nor lists, where it does not ask for a check of every value."""
    listed = [cell.text for cell in read.unread] + [doubt.text for doubt in read.reading.doubts]
    unread = re.sub(r"\s+", "", " ".join(listed))
    if any("please check every" in doubt.why.en for doubt in read.reading.doubts):
        return []
    got = values(read)
    return [
        (path, value)
        for path, value in values(form).items()
        if got.get(path) != value and value not in unread
    ]


def written(name):
    (form,) = parse(page("\n".join(LAYOUTS[name])), "form.html")
    assert form.unread == ()
    return form


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_with_rules_a_form_comes_back_whole(printed, name, ending):
    (read,) = parse((printed / f"{name}-True.{ending}").read_bytes(), f"form.{ending}")
    assert values(read) == values(written(name))
    assert read.unread == ()


@pytest.mark.parametrize("name", sorted(set(LAYOUTS) - {"yuan"}))
def test_without_rules_too(printed, name):
    (read,) = parse((printed / f"{name}-False.pdf").read_bytes(), "form.pdf")
    assert values(read) == values(written(name))
    assert read.unread == ()


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("ending", ["True.txt", "False.txt", "False.pdf"])
def test_what_a_rendering_loses_is_said(printed, name, ending):
    (read,) = parse((printed / f"{name}-{ending}").read_bytes(), f"form.{ending}")
    assert silent(written(name), read) == []
