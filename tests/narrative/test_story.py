"""What must hold of every story: losses told once, reasons verbatim, no sentence twice, clean lines."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfkit
from perfkit.checks import Findings
from perfkit.form import Budget, Doubt, Fund, Proof
from perfkit.narrative import Grid
from perfkit.narrative.lint import unsupported_figures
from perfkit.scoring.proof import says_nothing
from tests.narrative.cases import findings_on, form_of, passages, results, row, text_of, told
from tests.strategies import forms, indicators, texts

SECTIONS = [
    *("summary", "execution", "dimensions", "deviations", "over_achievement", "previous"),
    *("review", "findings", "measures", "use"),
]
QUOTED = re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|‘[^’]*’|«[^»]*»")
LOST = {
    "zh": re.compile(r"(?<!共)扣([0-9.]+)分"),
    "en": re.compile(r"(?<!together )lost ([0-9.]+) point|([0-9.]+) points? lost"),
}


def stories(case):
    form, card, findings = case
    return [perfkit.narrate(form, card, findings, language=language) for language in ("zh", "en")]


def bare(text):
    return QUOTED.sub("“”", text)


def losses_told(story):
    """Give the points lost that the deviations tell row by row, the opening left out."""
    told = story["deviations"].blocks[1:]
    section = replace(story["deviations"], blocks=told)
    found = [match for text in passages(section) for match in LOST[story.language].findall(bare(text))]
    return [Decimal("".join(match)) for match in found]


def sentences(story):
    stop = "。" if story.language == "zh" else ". "
    for section in story.sections:
        for block in section.blocks:
            if not isinstance(block, Grid):
                for text in passages(replace(section, blocks=(block,))):
                    masked = QUOTED.sub(lambda quote: quote[0].replace("。", "").replace(". ", ""), text)
                    yield from (
                        sentence.strip(" .") for sentence in masked.split(stop) if sentence.strip(" .")
                    )


@settings(max_examples=40)
@given(case=results())
def test_every_section_is_there_in_order_and_every_line_is_clean(case):
    for story in stories(case):
        assert [section.key for section in story.sections] == SECTIONS
        lines = [story.headline, *(text for section in story.sections for text in passages(section))]
        assert all(line == " ".join(line.split()) and line for line in lines)
        assert not any(re.search(r"\b(?:None|nan|NaN|Infinity)\b|[0-9]E[+-]", bare(line)) for line in lines)
        blocks = [block for section in story.sections for block in section.blocks]
        grids = [block for block in blocks if isinstance(block, Grid)]
        assert all({len(row) for row in grid.rows} == {len(grid.heading)} == {4} for grid in grids)


@settings(max_examples=40)
@given(case=results())
def test_each_lost_point_is_told_once(case):
    lost = [row.lost for row in case[1].indicators if row.applies and (row.lost or 0) > 0]
    for story in stories(case):
        assert Counter(losses_told(story)) == Counter(lost)


@settings(max_examples=40)
@given(case=results())
def test_the_losses_told_are_the_weight_less_the_score(case):
    card = case[1]
    total = card.total
    parts = [card.budget, *card.indicators]
    if total.score is None or not total.complete or any(part.weight is None for part in parts):
        return
    if sum(part.score for part in parts) != total.score:  # a cap, told in the summary
        return
    for story in stories(case):
        assert sum(losses_told(story)) + card.budget.lost == total.weight - total.score


@settings(max_examples=40)
@given(case=results())
def test_the_reason_of_every_deviation_stands_verbatim(case):
    rows = [row for row in case[1].indicators if row.applies and row.indicator.reason]
    departed = [r for r in rows if (r.lost or 0) > 0 or r.reading.verdict in {"missed", "partly"}]
    for story in stories(case):
        told = "\n".join(passages(story["deviations"]))
        said = [row for row in departed if not says_nothing(row.indicator.reason)]
        assert all(f"“{row.indicator.reason}”" in told for row in said)
        assert "“无”" not in told


@settings(max_examples=40)
@given(case=results())
def test_no_sentence_occurs_twice(case):
    for story in stories(case):
        twice = [sentence for sentence, count in Counter(sentences(story)).items() if count > 1]
        assert twice == []


@st.composite
def hostile_forms(draw):
    """Give forms with any text in any cell."""
    rows = draw(st.lists(indicators(), max_size=4))
    cells = [
        {cell: draw(texts(250)) for cell in ("name", "level1", "level2", "reason", "actual")} for _ in rows
    ]
    form = draw(forms())
    return replace(
        form,
        project=draw(texts(250)),
        department=draw(texts()),
        unit=draw(texts()),
        indicators=tuple(replace(row, **cell) for row, cell in zip(rows, cells, strict=True)),
    )


@settings(max_examples=60)
@given(data=st.data(), form=hostile_forms())
def test_hostile_text_stays_text_on_one_line(data, form):
    card = perfkit.score(form)
    findings = data.draw(findings_on(form))
    for story in stories((form, card, findings)):
        lines = [story.headline, *(text for section in story.sections for text in passages(section))]
        assert not any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for line in lines for c in line)
        assert [str(figure) for figure in unsupported_figures(story, card, findings)] == []


@pytest.mark.parametrize(
    "text", ["{{ score }}", "{% if x %}", "<script>alert(1)</script>", "$x$ *a* _b_", "# 一"]
)
def test_markup_in_a_form_is_told_as_it_stands(text):
    form = form_of(row(name=text, reason=text), project=text, department=text)
    for language in ("zh", "en"):
        story = told(form, language=language)
        assert f"“{text}”" in story["summary"].blocks[0].lead
        assert f"“{text}”" in story["summary"].blocks[0].text
        assert "\n".join(passages(story["deviations"])).count(f"“{text}”") >= 2


def test_a_long_name_is_cut_in_prose_and_whole_in_lists_and_tables():
    name = "字" * 200
    prose = told(form_of(row(name=name, weight="90")))
    assert f"“{'字' * 39}…”低于目标值" in prose["deviations"].blocks[1].lead
    assert prose["measures"].blocks[1].rows[0][0].startswith(f"“{name}”：")
    listed = told(form_of(*[row(name=f"{n}{name}", weight="9") for n in range(10)]))
    assert all(f"“{n}{name}”：" in listed["deviations"].blocks[1].items[n] for n in range(10))


def test_two_hundred_rows_are_told_as_a_list():
    form = form_of(*[row(name=f"事项{n}", actual=f"{n % 90}人次", weight="0.45") for n in range(200)])
    story = told(form)
    assert len(story["deviations"].blocks[1].items) == len(story["measures"].blocks[1].rows) == 200
    assert "200项指标有扣分" in story.headline


def test_rows_of_the_same_name_are_told_apart_by_their_number():
    story = told(form_of(row(name="甲", weight="45"), row(name="甲", weight="45")))
    leads = [block.lead for block in story["deviations"].blocks[1:3]]
    assert leads == ["“甲”（第1行）低于目标值，扣9分。", "“甲”（第2行）低于目标值，扣9分。"]


MEASURES = [
    ("受天气影响", "待填", "待填"),
    ("受天气影响，下一步将于2023年6月底前补植", "下一步将于2023年6月底前补植", "2023年6月底前"),
    ("招标流标。改进措施：重新招标，年底前完成。", "改进措施：重新招标，年底前完成", "年底前"),
    ("拟于3月15日前完成验收", "拟于3月15日前完成验收", "3月15日前"),
    ("2022年5月起停工", "待填", "待填"),
    ("加强技术指导,加大宣传力度;加大项目支持力度", "加强技术指导,加大宣传力度;加大项目支持力度", "待填"),
    ("招标流标，已重新组织，下年加强前期准备", "已重新组织，下年加强前期准备", "待填"),
    ("完善手续耗时较长，影响进度", "待填", "待填"),
    ("推进滞后", "待填", "待填"),
    ("相关预算已压减", "待填", "待填"),
    ("下年度预算提前编制", "下年度预算提前编制", "待填"),
    ("受疫情影响，线下专题班停办，每月论坛转为线上直播", "每月论坛转为线上直播", "待填"),
    ("由线下培训改为线上直播", "由线下培训改为线上直播", "待填"),
    (None, "待填", "待填"),
]


@pytest.mark.parametrize(("reason", "measure", "deadline"), MEASURES)
def test_a_measure_is_filled_in_from_the_reason_or_left_to_fill_in(reason, measure, deadline):
    table = told(form_of(row(reason=reason), unit="县公路局"))["measures"].blocks[1]
    assert table.heading == ("问题", "措施", "责任单位", "完成时限")
    assert table.rows[0][1:] == (measure, "县公路局（实施单位）", deadline)


def test_a_language_without_phrases_is_a_fault_of_the_settings():
    with pytest.raises(perfkit.SettingsError, match="expected: zh or en"):
        told(form_of(row()), language="fr")


def test_a_budget_score_without_a_weight_is_not_told_as_points_of_zero():
    line = Budget(total=Fund(Decimal(100), Decimal(100), Decimal(90), None, "90%", Decimal(9)))
    story = told(form_of(row(weight=None, actual="100人次"), budget=line))
    assert "满分0分" not in text_of(story)


def test_a_section_has_a_place_by_its_key():
    story = told(form_of(row()))
    assert story["use"].heading == "结果应用"
    with pytest.raises(KeyError):
        story["uses"]


@pytest.mark.parametrize(
    ("language", "head", "body"),
    [
        (
            "zh",
            "得分70（以表列总分计，各项合计100.00），等级",
            "相差30分：表列总分较低，以表列计，须核对是总分有误还是分项有误。",
        ),
        (
            "en",
            "Score 70 (the printed total; the lines add up to 100.00), grade",
            "The printed total is lower and counts",
        ),
    ],
)
def test_a_total_printed_below_its_lines_is_told_where_it_stands_first(language, head, body):
    form = form_of(row(actual="100人次", weight="90", score="90"), total=Decimal(70))
    card = perfkit.score(form)
    assert card.total.state == "final"
    story = perfkit.narrate(form, card, perfkit.check(form, card), language=language)
    assert story.headline.startswith(head)
    assert body in text_of(story)
    whole = perfkit.score(replace(form, total=Decimal(100)))
    assert (
        "100"
        not in perfkit.narrate(whole.form, whole, (), language=language)
        .headline.partition("，等级")[0][5:]
        .partition(", grade")[0][5:]
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "五处须与原件核对，审核发现三处"),
        ("en", "five places to check against the document, three findings to verify"),
    ],
)
def test_places_to_check_and_findings_are_counted_apart(language, told):
    doubted = Proof("doubted", tuple(Doubt(f"indicators[{number}].name") for number in range(5)))
    card = perfkit.score(form_of(row(weight="90"), reading=doubted))
    findings = perfkit.check(card.form, card)
    serious = [finding for finding in findings if finding.severity != "info"]
    story = perfkit.narrate(card.form, card, Findings(serious[:3]), language=language)
    assert len(serious) >= 3
    assert story.headline.endswith(told)
    assert re.search("有5处请与原件核对|5 place", text_of(story))
