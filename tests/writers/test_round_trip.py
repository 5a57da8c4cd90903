"""What is written reads back: over generated forms, with every layout, as Excel and as Word."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfkit.form import Budget, Form, Fund, Goals, Indicator
from perfkit.readers.formats import parse
from perfkit.readers.layout.words import column_role, is_total, key, label_role
from perfkit.writers import Layout, write

HAN = "甲乙丙丁培训项目系统运行稳定学员发布课件合格率及时完成经费机制建设"
ODD = (
    "=1+1", "+A1", "-lookup", "@SUM(A1)", "<script>alert(1)</script>", '#import "x"', "$x$ *a* _b_",
    "指标1：合格率", "★补助面积", "其中：桃树", "a & b < c", "_x0041_", "100%", "3", "1e400", "'quoted", "=", "翻\u202e",
    "完成1部宣传片,2套方案", "≥95%", "90-100分", "https://example.org", "无", "总体目标明确",
)  # fmt: skip


def means_nothing(text):
    """Tell whether a text is neither a figure alone nor a word that forms themselves print."""
    plain = key(text)
    printed = label_role(plain) or column_role(plain) or column_role(plain, "budget") or is_total(text)
    return not printed and text.strip("0123456789%，、（） ") != ""


def words(longest=12):
    """Give cell texts: Chinese, mixed, and those that a program may take for something else."""
    mixed = st.text(HAN + "abc019，、（）%", min_size=2, max_size=longest)
    return st.sampled_from(ODD) | mixed.filter(means_nothing)


def figures(most=10**6):
    return st.decimals(0, most, places=2, allow_nan=False).map(lambda d: d + 0) | st.integers(0, most).map(
        Decimal
    )


def points():
    return st.none() | st.decimals(0, 40, places=1) | st.integers(1, 40).map(Decimal)


def targets():
    return st.none() | words() | st.builds(
        "{}{}{}".format, st.sampled_from(["≥", "<=", "=", ">", "≧", ""]), st.integers(1, 9999),
        st.sampled_from(["", "个", "%", "万元", "人次", "元/人*月"]),
    )  # fmt: skip


LEVELS = st.none() | st.sampled_from(["产出指标", "产出指标(50分)", "效益指标30分）", "满意度指标", "成本"])


@st.composite
def rows(draw):
    row = Indicator(
        name=draw(st.none() | words()),
        level1=draw(LEVELS),
        level2=draw(
            st.none() | st.sampled_from(["数量指标", "社会效益", "服务对象满意度指标等", "可持续影响指标"])
        ),
        target=draw(targets()),
        actual=draw(targets()),
        weight=draw(points()),
        score=draw(points()),
        reason=draw(st.none() | words(40) | st.just("第一行\n第二行")),
    )
    named = row.name or row.target or row.actual
    return row if named else replace(row, name="发布课件")


@st.composite
def forms(draw):
    funds = [Fund(*(draw(st.none() | figures()) for _ in range(3))) for _ in range(4)]
    rate = draw(st.none() | st.sampled_from(["98.98%", "100%", "0.958", "97.80%", "1", "0%"]))
    total = replace(funds[0], weight=draw(points()), rate=rate, score=draw(points()))
    return Form(
        project=draw(words()),
        year=draw(st.none() | st.integers(2016, 2030)),
        department=draw(st.none() | words()),
        unit=draw(st.none() | st.just("219001-某单位") | words()),
        money_unit=draw(st.sampled_from(["元", "万元"])),
        budget=Budget(total, *funds[1:]),
        goals=Goals(draw(st.none() | words(80) | st.just("一、甲。\n二、乙。")), draw(st.none() | words(80))),
        indicators=tuple(draw(st.lists(rows(), min_size=1, max_size=6))),
        total=draw(st.none() | st.sampled_from([Decimal("96.90"), Decimal(100), Decimal("87.5")])),
        grade=draw(st.none() | st.sampled_from(["优", "良", "差"])),
        notes=draw(st.none() | words(40)),
    )  # fmt: skip


def layouts():
    return st.builds(
        Layout,
        parted_target=st.booleans(),
        stacked_goals=st.booleans(),
        merged_levels=st.booleans(),
        two_line_heading=st.booleans(),
    )


def written(form, ending, folder, layout=None):
    path = folder / f"form{ending}"
    write(form, path, layout=layout)
    (read,) = parse(path.read_bytes(), path.name)
    return read


@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
@settings(max_examples=40)
@given(form=forms(), layout=layouts())
def test_reading_what_was_written_gives_the_same_form(tmp_path_factory, ending, form, layout):
    read = written(form, ending, tmp_path_factory.mktemp("written"), layout)
    assert read == form
    assert read.unread == ()


@given(form=forms())
@settings(max_examples=15)
def test_a_form_without_points_reads_back_from_the_scoreless_layout(tmp_path_factory, form):
    total = replace(form.budget.total, weight=None, score=None)
    rows = tuple(replace(row, weight=None, score=None) for row in form.indicators)
    plain = replace(form, budget=replace(form.budget, total=total), indicators=rows, total=None, grade=None)
    assert written(plain, ".xlsx", tmp_path_factory.mktemp("plain"), Layout(scored=False)) == plain
