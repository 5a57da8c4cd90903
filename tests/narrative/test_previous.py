"""The year before: what moved, by indicator; findings and measures of then; and no figure without support."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

import perfkit
from perfkit.narrative import Grid, Points
from perfkit.narrative.lint import unsupported_figures
from perfkit.narrative.previous import pairs
from tests.narrative.cases import form_of, results, row


def card_of(*rows, year=2023, profile="mof-2020", **more):
    return perfkit.score(form_of(*rows, year=year, **more), profile=profile)


def told(now, then, language="zh"):
    findings = perfkit.check(now.form, now)
    story = perfkit.narrate(now.form, now, findings, language=language, previous=then)
    assert [str(figure) for figure in unsupported_figures(story, now, findings, then)] == []
    return story["previous"]


def lines_of(card):
    """Give the rows of what is to be rectified."""
    blocks = perfkit.narrate(card.form, card)["measures"].blocks
    return [line for block in blocks if isinstance(block, Grid) for line in block.rows]


def text_of(section):
    parts = []
    for block in section.blocks:
        if isinstance(block, Grid):
            parts += ["|".join(line) for line in block.rows]
        elif isinstance(block, Points):
            parts += block.items
        else:
            parts.append(f"{block.lead}{block.text}")
    return "\n".join(parts)


def test_a_story_without_a_year_before_is_silent():
    card = card_of(row())
    assert perfkit.narrate(card.form, card)["previous"].blocks == ()


MOVES = [
    # target then, actual then, target now, actual now, what is said
    ("≥100人次", "100人次", "≥120人次", "130人次", "提高", "两年均达到"),
    ("≥100人次", "100人次", "≥80人次", "90人次", "降低", "两年均达到"),
    ("≥100人次", "80人次", "≥100人次", "100人次", "不变", "上年未达到，本年达到"),
    ("≤30天", "20天", "≤20天", "20天", "提高", "两年均达到"),
    ("≤30天", "20天", "≤40天", "20天", "降低", "两年均达到"),
    ("≥100人次", "100人次", "健全", "健全", "不能比较", "两年均达到"),
    ("≥90%", "95%", "≥90人次", "95人次", "不能比较", "两年均达到"),
]


@pytest.mark.parametrize(("goal", "done", "goal_now", "done_now", "target", "result"), MOVES)
def test_an_indicator_s_target_and_result_are_told_against_last_year_s(
    goal, done, goal_now, done_now, target, result
):
    then = card_of(row(target=goal, actual=done), year=2022)
    now = card_of(row(target=goal_now, actual=done_now))
    (grid,) = [block for block in told(now, then).blocks if isinstance(block, Grid)]
    assert grid.rows[0][3:] == (target, result)
    assert grid.rows[0][1:3] == (f"{goal} → {done}", f"{goal_now} → {done_now}")


def test_score_and_rate_are_told_with_their_difference():
    then = card_of(row(weight="90", score="80"), year=2022)
    now = card_of(row(weight="90", score="85"))
    said = text_of(told(now, then))
    score_then, score_now = then.total.score, now.total.score
    gap = score_now - score_then
    if gap:
        assert re.search(f"{score_then}.*{score_now}.*{gap.normalize():f}分", said)
    assert "2022年度" in said
    assert "预算执行率同为100%" in said


def test_near_names_are_compared_and_told_others_are_new_or_gone():
    then = card_of(row("开展农村干部培训人次"), row("绿化面积", "≥5亩", "5亩"), year=2022)
    now = card_of(row("开展农村干部培训的人次"), row("路灯安装", "≥9盏", "9盏"))
    said = text_of(told(now, then))
    assert "开展农村干部培训的人次（上年名为“开展农村干部培训人次”）" in said
    assert "本年新设的指标有一项：“路灯安装”。" in said
    assert "上年有而本年没有的指标有一项：“绿化面积”。" in said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (row(actual="100人次"), "本年指标已达到目标且没有扣分"),
        (row(actual="70人次"), "本年指标仍未完全达到目标"),
        (row("别的指标"), "本年没有这项指标"),
    ],
)
def test_a_measure_of_last_year_is_held_against_this_year(now, said):
    then = card_of(row(reason="招生不足；下一步加强宣传"), year=2022)
    assert f"“培训人次”：“下一步加强宣传”，{said}" in text_of(told(card_of(now), then))


def test_what_was_announced_for_a_year_is_a_measure_in_a_form_of_the_year_before_it_alone():
    for year, heard in ((2022, True), (2023, False)):
        then = card_of(row(reason="招生不足，2023年提前招生"), year=year)
        now = card_of(row(), year=year + 1)
        assert ("“培训人次”：“2023年提前招生”" in text_of(told(now, then))) is heard
        lost = card_of(row(actual="70人次", reason="招生不足，2023年提前招生"), year=year)
        assert any(line[1] == "2023年提前招生" for line in lines_of(lost)) is heard


def test_findings_of_last_year_that_are_there_again_are_counted():
    lost = row(actual="80人次", score="8")
    again = text_of(told(card_of(lost), card_of(lost, year=2022)))
    gone = text_of(told(card_of(row(actual="100人次", score="10")), card_of(lost, year=2022)))
    assert "本年仍有" in again
    assert "仍有" not in gone or again != gone


def test_twins_are_paired_once():
    rows = [row("同名"), row("同名")]
    now, then = card_of(*rows), card_of(*rows, year=2022)
    found = pairs(now.indicators, then.indicators)
    assert len({pair.then.number for pair in found}) == len(found)


@settings(max_examples=40)
@given(now=results(), then=results())
def test_every_figure_against_the_year_before_is_supported(now, then):
    form, card, findings = now
    for language in ("zh", "en"):
        story = perfkit.narrate(form, card, findings, language=language, previous=then[1])
        section = replace(story, sections=(story["previous"],), headline="")
        assert [str(figure) for figure in unsupported_figures(section, card, findings, then[1])] == []


@pytest.mark.parametrize(("language", "mark"), [("zh", "分（待核实）"), ("en", r" \(to be verified\)")])
def test_a_total_that_is_not_final_is_marked_beside_its_figure(language, mark):
    final = card_of(row(weight="90", score="85"), year=2022)
    open_ = card_of(row(weight="80", score="70"), year=2022)
    assert (final.total.state, open_.total.state) == ("final", "provisional")
    for then, now in ((open_, final), (final, open_)):
        said = text_of(told(now, then, language))
        assert re.findall(rf"([\d.]+){mark}", said) == [f"{open_.total.score:.2f}"], said
