"""An office's own words: put otherwise as it likes, but no figure lost and none added."""

import pytest

import perfkit
from perfkit.errors import SettingsError
from perfkit.narrative.lint import unsupported_figures
from perfkit.narrative.voice import own_words, phrases, voice
from tests.narrative.cases import ROOT, seed

OWN = "headline.execution"

WRONG = [
    ("zh: {headline.excution: x}", "没有这个短语", "headline.execution"),
    ("zh: {headline.execution: 预算执行良好}", "缺少这个短语原有的占位符", "rate"),
    ("zh: {headline.execution: '执行{{ rate | rate }}，{{ score }}'}", "不是这个短语原有的", "score"),
    ("zh: {headline.execution: '执行{{ rate | figure }}'}", "不是这个短语原有的", "rate"),
    ("zh: {headline.execution: '执行{{ rate | rate }}，名列第1'}", "添加了数字", "1"),
    ("zh: {headline.execution: '执行{{ rate | rate }}，三项领先'}", "添加了数字", "三"),
    (
        "zh: {headline.execution: '{% if rate %}执行{{ rate | rate }}{% endif %}'}",
        "不是这个短语原有的",
        "rate",
    ),
    ("zh: {headline.execution: '{% for x in rate %}{{ x }}{% endfor %}'}", "只能有占位符", "for"),
    ("zh: {headline.execution: '{{ rate '}", "占位符写法有误", ""),
    ("zh: {headline.execution: '{{ rate.__class__ }}{{ rate | rate }}'}", "不是这个短语原有的", "rate"),
    ("zh: {headline.execution: [1]}", "不是一个短语", "1"),
    ("fr: {headline.execution: x}", "不是措辞文件的格式", "fr"),
    ("[1, 2]", "不是措辞文件的格式", ""),
]


@pytest.mark.parametrize(("text", "what", "named"), WRONG)
def test_words_that_would_change_a_figure_are_a_fault(tmp_path, text, what, named):
    with pytest.raises(SettingsError) as raised:
        own_words(written(tmp_path, text))
    told = raised.value.told("zh")
    assert what in told
    assert named in told
    assert "words.yaml" in told


def written(tmp_path, text):
    path = tmp_path / "words.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_faults_come_at_once(tmp_path):
    text = "zh: {headline.exec: x, headline.execution: y}\nen: {headline.execution: z}"
    with pytest.raises(SettingsError) as raised:
        own_words(written(tmp_path, text))
    assert len(raised.value.faults) == 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_phrase_as_it_stands_is_right(tmp_path, language):
    import yaml

    text = yaml.safe_dump({language: dict(phrases(language))}, allow_unicode=True)
    assert own_words(written(tmp_path, text))[language] == phrases(language)


def test_the_story_speaks_them(tmp_path, monkeypatch):
    workspace = tmp_path / "office"
    (workspace / "params").mkdir(parents=True)
    words = "zh:\n  headline.execution: 资金支出达{{ rate | rate }}\n"
    (workspace / "own.yaml").write_text(words, encoding="utf-8")
    (workspace / "perfkit.yaml").write_text("words: own.yaml\n", encoding="utf-8")
    form, card = seed("online-learning-2022")
    monkeypatch.chdir(workspace)
    findings = perfkit.check(form, card)
    story = perfkit.narrate(form, card, findings)
    assert "资金支出达98.98%" in story.headline
    assert [str(figure) for figure in unsupported_figures(story, card, findings)] == []
    (workspace / "own.yaml").write_text("zh: {}\n", encoding="utf-8")
    import os

    os.utime(workspace / "own.yaml", ns=(1, 1))
    assert "资金支出" not in perfkit.narrate(form, card, findings).headline
    theme = workspace / "looks" / "theme.yaml"
    theme.parent.mkdir()
    theme.write_text("words: ours.yaml\n", encoding="utf-8")
    ours = "zh:\n  headline.execution: 支出进度{{ rate | rate }}\n"
    (theme.parent / "ours.yaml").write_text(ours, encoding="utf-8")
    assert "支出进度" not in perfkit.narrate(form, card, findings).headline
    assert "支出进度98.98%" in perfkit.narrate(form, card, findings, theme="looks/theme.yaml").headline
    (workspace / "perfkit.yaml").write_text("words: own.yaml\ntheme: looks/theme.yaml\n", encoding="utf-8")
    assert "支出进度98.98%" in perfkit.narrate(form, card, findings).headline
    (workspace / "own.yaml").write_text(
        words, encoding="utf-8"
    )  # the workspace's own goes before the theme's
    assert "资金支出达98.98%" in perfkit.narrate(form, card, findings).headline
    monkeypatch.chdir(ROOT)
    assert voice("zh").say("deviations.no_loss") == phrases("zh")["deviations.no_loss"]
