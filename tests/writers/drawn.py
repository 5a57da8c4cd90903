"""Forms as they may come, drawn with Hypothesis: for everything that writes a form and reads it back.

`forms` and `layouts` give any form in any layout. `cases` draws a fixed batch of both, for tests whose
program is too slow to start for every form. `shown` leaves out of a form what no page can show.
"""

import re
from dataclasses import fields, replace
from decimal import Decimal
from functools import cache
from itertools import cycle

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from perfkit.form import Budget, Form, Fund, Goals, Indicator
from perfkit.language import Text
from perfkit.readers.layout.words import column_role, is_total, key, label_role
from perfkit.text.folding import INVISIBLE
from perfkit.writers import Layout

HAN = "甲乙丙丁培训项目系统运行稳定学员发布课件合格率及时完成经费机制建设"
ODD = (
    "=1+1", "+A1", "-lookup", "@SUM(A1)", "<script>alert(1)</script>", '#import "x"', "$x$ *a* _b_",
    "指标1：合格率", "★补助面积", "其中：桃树", "a & b < c", "_x0041_", "100%", "3", "1e400", "'quoted", "=", "翻\u202e",
    "完成1部宣传片,2套方案", "≥95%", "90-100分", "https://example.org", "无", "总体目标明确", "96.90", "０．５％",
    "Windows Server 2019 系统升级", "甲 乙  丙", "GB/T 28181-2016 标准", "（一）完成率 100 %", "第1-3季度",
)  # fmt: skip
LATIN = ("API", "of", "COVID-19", "5G", "OA系统", "v2.0", "KPI", "e-mail", "3.14", "100%", "12,500.00元")
LINES = ("第一行\n第二行", "一、甲。\n二、乙。", "1.受灾\n2.流标\n3.整改", "1.受疫情影响，改为线上\n2.已整改")
LEVELS = st.none() | st.sampled_from(["产出指标", "产出指标(50分)", "效益指标30分）", "满意度指标", "成本"])
KINDS = st.none() | st.sampled_from(["数量指标", "社会效益", "服务对象满意度指标等", "可持续影响指标"])
RATES = ("98.98%", "100%", "0.958", "97.80%", "1", "0%", "98.9756%")


def means_nothing(text):
    """Tell whether a text is neither a figure alone nor a word that forms themselves print."""
    plain = key(text)
    printed = label_role(plain) or column_role(plain) or column_role(plain, "budget") or is_total(text)
    return not printed and text.strip("0123456789%，、（） .元,") != ""


@cache  # a strategy made anew for every draw costs more than the draw
def words(longest=12):
    """Give cell texts: Chinese, mixed, with words of Latin script, and what a program may misread."""
    mixed = st.text(HAN + "abc019，、（）%", min_size=2, max_size=longest)
    spaced = st.lists(st.sampled_from(LATIN) | st.text(HAN, min_size=1, max_size=6), min_size=2, max_size=4)
    texts = mixed | spaced.map(" ".join)
    return st.sampled_from(ODD) | texts.filter(lambda text: means_nothing(text) and len(text) <= longest * 2)


@cache
def prose(longest=40):
    """Give texts of several lines: one a line as typed, or sentences that every program wraps."""
    sentence = st.text(HAN + "，、5%", min_size=8, max_size=40).filter(means_nothing)
    sentences = st.lists(sentence, min_size=2, max_size=longest // 20).map("。".join)
    return words(longest) | st.sampled_from(LINES) | sentences


@cache
def figures():
    """Give amounts of money with two decimals or none, from nothing to hundreds of billions."""
    small = st.decimals(0, 10**6, places=2, allow_nan=False).map(lambda d: d + 0)
    large = st.decimals(10**8, 10**11, places=2, allow_nan=False)
    return small | st.integers(0, 10**6).map(Decimal) | large


@cache
def points():
    """Give weights and scores, or none."""
    return st.none() | st.decimals(0, 40, places=1) | st.integers(1, 40).map(Decimal)


@cache
def targets():
    """Give targets and actuals: words, or a figure with an operator and a unit."""
    return st.none() | words() | st.builds(
        "{}{}{}".format, st.sampled_from(["≥", "<=", "=", ">", "≧", ""]), st.integers(1, 9999),
        st.sampled_from(["", "个", "%", "万元", "人次", "元/人*月"]),
    )  # fmt: skip


def rows():
    """Give an indicator row; it has a name, a target or an actual."""
    drawn = st.builds(
        Indicator, name=st.none() | words(20), level1=LEVELS, level2=KINDS, target=targets(), actual=targets(),
        weight=points(), score=points(), reason=st.none() | prose(),
    )  # fmt: skip
    return drawn.map(
        lambda row: row if row.name or row.target or row.actual else replace(row, name="发布课件")
    )


@cache
def funds():
    """Give the amounts of a money line."""
    return st.builds(Fund, *[st.none() | figures()] * 3)


@cache
def plain_forms(most=6):
    """Give forms of up to so many rows; now and then one that takes several pages."""
    total = st.builds(
        lambda fund, weight, rate, score: replace(fund, weight=weight, rate=rate, score=score),
        funds(), points(), st.none() | st.sampled_from(RATES), points(),
    )  # fmt: skip
    table = st.builds(
        lambda some, times: tuple(some * times),
        st.lists(rows(), min_size=1, max_size=most), st.sampled_from([1, 1, 1, 1, 8]),
    )  # fmt: skip
    return st.builds(
        Form,
        project=words(30),
        year=st.none() | st.integers(2016, 2030),
        department=st.none() | words(),
        unit=st.none() | st.just("219001-某单位") | words(),
        money_unit=st.sampled_from(["元", "万元"]),
        budget=st.builds(Budget, total, funds(), funds(), funds()),
        goals=st.builds(Goals, st.none() | prose(80), st.none() | prose(300)),
        indicators=table,
        total=st.none() | st.sampled_from([Decimal("96.90"), Decimal(100), Decimal("87.5")]),
        grade=st.none() | st.sampled_from(["优", "良", "差"]),
        notes=st.none() | prose(),
        filled_by=st.none() | st.sampled_from(["张三", "王晓明 李四", "=1+1", "<b>某</b>"]),
        phone=st.none() | st.sampled_from(["0877-6123456", "13800138000", "021 6543 2100转8"]),
        filled_on=st.none() | st.sampled_from(["2023年3月1日", "2023-03-01", "2023.3.1"]),
    )


@cache
def forms():
    """Give forms, some with columns beside the score: points taken off, a reviewer's scores and opinions."""
    beside = st.fixed_dictionaries(
        {"deduction": points(), "review": points(), "opinion": st.none() | prose()}
    )
    added = st.builds(
        _with_columns, plain_forms(), st.lists(beside, min_size=1, max_size=3), points(), points(),
        st.sampled_from([("deduction", "review", "opinion"), ("review",), ("deduction",), ("opinion",)]),
    )  # fmt: skip
    return plain_forms() | added


def _with_columns(form, cells, budget, total, columns):
    """Fill some columns beside the score, row by row, and a reviewer's figures for the budget and in total."""
    rows = tuple(
        replace(row, **{column: cell[column] for column in columns})
        for row, cell in zip(form.indicators, cycle(cells), strict=False)
    )
    if "review" not in columns:
        return replace(form, indicators=rows)
    fund = replace(form.budget.total, review=budget)
    return replace(form, indicators=rows, budget=replace(form.budget, total=fund), review_total=total)


@cache
def layouts(*, scored=True):
    """Give every layout that the writers have, with points or without."""
    return st.builds(
        Layout,
        scored=st.just(scored),
        parted_target=st.booleans(),
        stacked_goals=st.booleans(),
        merged_levels=st.booleans(),
        two_line_heading=st.booleans(),
    )


def without_points(form):
    """Take out of a form all that the layout of transfer payments has no place for."""
    points = dict.fromkeys(("weight", "score", "review"))
    total = replace(form.budget.total, **points)
    rows = tuple(replace(row, deduction=None, **points) for row in form.indicators)
    budget = replace(form.budget, total=total)
    return replace(form, budget=budget, indicators=rows, total=None, review_total=None, grade=None)


@cache
def laid_out(drawn=forms):
    """Give a form and a layout that has a place for all of it."""
    return st.tuples(drawn(), layouts()) | st.tuples(drawn().map(without_points), layouts(scored=False))


_SHORT = 5
_SPREAD = 6  # Hypothesis goes on from an example with up to five that are nearly the same


def cases(count):
    """Draw so many forms with their layouts, always the same ones, without the columns beside the score.

    On paper those columns make the others so narrow that a wrapped line and a short one look alike.
    """
    drawn = []

    @settings(
        max_examples=count * _SPREAD, phases=[Phase.generate], database=None, derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],  # a busy machine draws the same forms
    )  # fmt: skip
    @given(laid_out(plain_forms))
    def collect(case):
        drawn.append(case)

    collect()
    return drawn[:: len(drawn) // count][:count]


def shown(form, medium):
    """Leave out of a form what a web page (html) or paper (pdf) cannot show.

    On both, a run of blanks is one blank, and signs without a shape (U+202E) are not drawn. On paper, a
    break near the edge of its cell looks like any wrapped line: only short lines keep theirs.
    """

    def change(text):
        text = re.sub(" {2,}", " ", text.replace("\u202e", ""))
        long = any(len(line) > _SHORT for line in text.split("\n"))
        return text.replace("\n", "") if long and medium == "pdf" else text

    return _each_text(form, change)


def without_blanks_of_wraps(form):
    """Take out the blanks that are not between two Latin words: Writer does not draw those at which it wraps."""
    return _each_text(form, lambda text: re.sub("(?<![A-Za-z0-9]) | (?![A-Za-z0-9])", "", text))


def without_unseen(form):
    """Take out the characters that nobody sees: readers read as if they were not there."""
    return _each_text(form, lambda text: INVISIBLE.sub("", text))


def _each_text(part, change):
    if isinstance(part, str):
        return change(part)
    if isinstance(part, tuple):
        return tuple(_each_text(item, change) for item in part)
    if hasattr(part, "__dataclass_fields__") and not isinstance(part, Decimal | Text):  # a text of ours stays
        return replace(part, **{f.name: _each_text(getattr(part, f.name), change) for f in fields(part)})
    return part


def differences(read, form):
    """List the fields in which two forms differ: path, what was read, what was written."""
    ours, theirs = dict(_flat("", form)), dict(_flat("", read))
    paths = dict.fromkeys([*ours, *theirs])
    return [(path, theirs.get(path), ours.get(path)) for path in paths if theirs.get(path) != ours.get(path)]


def _flat(path, part):
    if isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from _flat(f"{path}[{number}]", item)
    elif hasattr(part, "__dataclass_fields__"):
        for f in fields(part):
            if f.name not in {"source", "reading", "place"}:  # how it was read, not what it says
                yield from _flat(f"{path}.{f.name}".lstrip("."), getattr(part, f.name))
    else:
        yield path, part
