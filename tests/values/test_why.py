"""A row explained: both cells token by token, the rule by name, and the words that decided."""

import pytest

from perfkit.form import Indicator
from perfkit.values import explain_row
from perfkit.values.cell import likely


def row(target, actual, name="办结率", level2="质量指标"):
    return Indicator(name=name, level1="产出指标", level2=level2, target=target, actual=actual)


def test_every_character_of_both_cells_is_told():
    why = explain_row(row("≥90%", "共受理120件，办结102件"), 2023)
    assert "".join(token.text for token in why.target) == "≥90%"
    assert "".join(token.text for token in why.actual) == "共受理120件,办结102件"
    assert [token.kind for token in why.actual] == ["particle", "doing", "figure", "sign", "echo", "figure"]


@pytest.mark.parametrize(
    ("target", "actual", "name", "deciding"),
    [
        ("10月底", "11月", "完工时间", ("10月底", "11月")),
        ("及时", "培训班未开展", "培训及时性", ("及时", "未")),
        ("≥3处", "新建公厕3处", "改造校舍", ("公厕",)),
        ("效果明显", "达成预期指标", "社会影响", ("达成",)),
    ],
)
def test_a_word_decides_without_which_the_verdict_would_be_another(target, actual, name, deciding):
    assert set(deciding) <= set(explain_row(row(target, actual, name), 2023).deciding)


def test_it_is_told_in_both_languages():
    why = explain_row(row("≥90%", "共受理120件，办结102件"), 2023)
    chinese, english = ("\n".join(why.lines(language)) for language in ("zh", "en"))
    for words in (
        "由部分与总数推算比率 (part-of-a-whole)",
        "办结102件÷共受理120件=85%",
        "未达成（依据：由所填数据推算）",
    ):
        assert words in chinese
    for words in (
        "the share that a part makes of its whole (part-of-a-whole)",
        "missed (derived, worked out",
    ):
        assert words in english


def test_words_that_nothing_knows_are_told():
    text = "\n".join(explain_row(row("≥3处", "新建公厕3处", "改造校舍"), 2023).lines("zh"))
    assert "未能识别的词语  公厕" in text


def test_a_blank_cell_is_told():
    assert "（未填）" in "\n".join(explain_row(row("≥3处", None, "改造校舍"), 2023).lines("zh"))


@pytest.mark.parametrize(
    ("actual", "meant"), [("1OO%", "100%"), ("290%", "≥90%"), ("工5%", ""), ("100%", "")]
)
def test_a_scan_error_is_told_with_what_it_likely_meant(actual, meant):
    assert likely(actual) == meant
    told = "\n".join(explain_row(row("100%", actual, "合格率"), 2023).lines("zh"))
    assert ("疑似应为" in told) == bool(meant)


def test_what_a_target_asks_for_and_nothing_answers_is_told():
    chinese, english = (
        "\n".join(explain_row(row("≥28%，并形成长效机制", "31%", "整改率"), 2023).lines(language))
        for language in ("zh", "en")
    )
    assert "目标值中未作答的要求  形成长效机制" in chinese
    assert "Asked for in the target, and not answered  形成长效机制" in english
    assert "未能识别的词语" not in chinese
