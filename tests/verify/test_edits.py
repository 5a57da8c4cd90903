"""Edited reports: what a person changed is found, what they did not change or truly added is not."""

import pytest

import perfkit
from perfkit.verify.alignment import differences, lexicon, sentences, tokens
from perfkit.verify.reference import subject, written
from tests.narrative.situations import SITUATIONS
from tests.verify.edits import KINDS
from tests.verify.trial import (
    LANGUAGES,
    contradicted_truth,
    found_in_untouched,
    lines_of,
    missed_edit,
    passages_of,
    report,
    verified,
)

FORMS = 12  # make trial takes two hundred


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_found_in_a_report_as_it_was_made(language):
    for seed in range(FORMS):
        assert found_in_untouched(*report(seed, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_edit_of_a_report_is_found(kind, language):
    tried = [missed_edit(*report(seed, language), kind, seed) for seed in range(FORMS)]
    made = [each for each in tried if each != ()]
    missed = [each for each in made if each is not None]
    assert len(made) >= FORMS // 3
    assert len(missed) <= 0.02 * len(made), missed


def test_a_name_that_stands_alone_in_its_row_is_found_where_it_was_changed():
    one, passages = report(45, "en")
    lines = [
        line.replace(one.form.project, "乡镇文化站") if "Project\t" in line else line
        for line in lines_of(passages)
    ]
    assert [found.got for found in verified(one, passages_of(lines))] == ["乡镇文化站"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_person_truly_adds_is_no_contradiction(language):
    for seed in range(FORMS):
        assert contradicted_truth(*report(seed, language), seed) == []


TURNED = [
    ("online-learning-2022", "zh", "单位：元", "单位：万元", "the unit of a figure"),
    ("online-learning-2022", "zh", "项目资金（元）", "项目资金（万元）", "the unit of a figure"),
    ("online-learning-2022", "zh", "警告 PK402", "错误 PK402", "a direction or a verdict"),
    ("online-learning-2022", "zh", "来自当年财政拨款", "来自其他资金", "what is spoken of"),
    ("online-learning-2022", "zh", "”2022年度单位", "”2023年度单位", "a figure"),
    ("online-learning-2022", "zh", "预算8,205,000元。", "预算八百万元。", "a figure"),
    ("online-learning-2022", "en", "No reason stated", "Each reason stated", "a negation"),
    ("online-learning-2022", "en", "a cause but no measure", "a cause and a measure", "a negation"),
    ("online-learning-2022", "en", "found four warnings", "found no warnings", "a figure that is missing"),
    ("online-learning-2022", "en", "2 of them in Output", "2 of them in Benefit", "what is spoken of"),
    ("online-learning-2022", "en", "(implementing unit)", "(department)", "what is spoken of"),
    ("online-learning-2022", "en", "at most 1 each", "at least 1 each", "a direction or a verdict"),
    ("online-learning-2022", "en", "three indicators lost 3 points", "all indicators met",
     "whether all indicators are met"),
    ("leadership-training-2022", "zh", "130%以上", "130%以下", "a direction or a verdict"),
]  # fmt: skip


def published(project, language):
    one = subject(perfkit.read(f"params/forms/{project}.yaml"), "shanghai-2022")
    return one, lines_of(written(one, language, whole=False))


@pytest.mark.parametrize(("project", "language", "old", "new", "what"), TURNED)
def test_a_statement_turned_round_contradicts(project, language, old, new, what):
    one, lines = published(project, language)
    at = next(number for number, line in enumerate(lines) if old in line)
    lines[at] = lines[at].replace(old, new)
    found = [each for each in verified(one, passages_of(lines)) if each.kind == "contradicts"]
    assert [each.what["en"] for each in found] == [what]
    assert found[0].passage == at


@pytest.mark.parametrize(
    ("old", "new"), [("共扣2分。", "共扣分。"), ("14项达到，2项未达到", "全部达到"), ("疫情封控", "资金紧张")]
)
def test_what_was_lost_or_put_otherwise_is_not_borne_out(old, new):
    one, lines = published("online-learning-2022", "zh")
    at = next(number for number, line in enumerate(lines) if old in line)
    lines[at] = lines[at].replace(old, new)
    assert {each.kind for each in verified(one, passages_of(lines))} == {"unsupported"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_that_tells_of_money_carried_over_is_silent(language):
    form, rules, _ = SITUATIONS["a budget raised by what was carried over"]
    one = subject(form, rules)
    lines = lines_of(written(one, language, whole=False))
    assert any("上年结转60万元" in line or "carried over from the year before" in line for line in lines)
    assert verified(one, passages_of(lines)) == []


ALSO_TRUE = [
    "本年度共召开推进会4次，发放问卷350份，三年来累计投入两千余万元，惠及百余家单位。",
    "其中产出指标大部分完成，个别指标受客观因素影响略有延后。",
    "上年各项指标均已完成，执行率为93.4%。",
    "全年预算8,205,000元，折合820.5万元。",
    "预算共八百二十万五千元，其中十二项支出已公开。",
    "In 2021 the budget execution rate was 91.3%; for 2021 the total score was 88.",
    "In 2021 all indicators were met and the execution rate was 91.3%.",
]


@pytest.mark.parametrize("sentence", ALSO_TRUE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_true_sentence_of_any_kind_is_no_contradiction(sentence, language):
    one, lines = published("online-learning-2022", language)
    for at in (0, 14, 27, len(lines)):
        found = verified(one, passages_of([*lines[:at], sentence, *lines[at:]]))
        assert [each for each in found if each.kind == "contradicts"] == []


OF_SOMETHING_ELSE = [
    "截至2022年9月底，预算执行率为71.2%。", "一季度支出5万元，上半年累计支出23万元。", "By 30 September the budget execution rate was 64%.",
    "全省同类项目平均预算执行率为64%，平均总分88分。", "县财政局复核总分为76.25分，等级为中。", "专家组评价总分为91.5分。",
    "The county's average execution rate was 93.1%.", "The reviewers' total score is 76.25.",
    "评价等级分为优、良、中、差四档，总分90分以上为优。", "等级：中（60—80分）、差（60分以下）。", "指标体系总分100分，其中预算执行10分。",
    "A total score of 90 or more is Excellent.", "预算执行率目标为95%以上。", "要求预算执行率为95%。",
    "产出指标共设置7项指标。", "其中数量指标共设3个指标。", "各项指标均已完成填报并经核对。", "并非所有指标均已完成核查。",
    "主管部门是指预算部门。", "实施单位为县级二级预算单位，共有编制27人。", "Not all indicators were met in the years before.",
    "The year before, the initial budget was 810,000 yuan.", "全年预算数为8,205,000元，结余84,475元。",
    "预算执行率为98.98%，未达100%。", "根据《中华人民共和国预算法》第五十七条，结果应当公开。", "第3页 共12页", "（盖章）",
    "分管领导：陈志强副局长；绩效专员：赵敏，工号8823。", "档号：2024-YJ-0117，保存期限30年。",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_another_time_body_or_scale_is_no_contradiction(language):
    one, lines = published("online-learning-2022", language)
    for number, sentence in enumerate(OF_SOMETHING_ELSE):
        lines.insert(3 + 4 * number, sentence)
    found = verified(one, passages_of(lines))
    assert [str(each) for each in found if each.kind == "contradicts"] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "总分90分，等级为优。",
        "主管部门为市水利局。",
        "共设置9项指标。",
        "所有指标均已完成。",
        "预算执行率为98.9%，未达100%，总分88分。",
    ],
)
def test_the_same_said_of_the_project_is_one(sentence):
    one, lines = published("online-learning-2022", "zh")
    found = verified(one, passages_of([*lines[:9], sentence, *lines[9:]]))
    assert any(each.kind == "contradicts" and each.passage == 9 for each in found)


INVENTED = [
    "该项目获得省级表彰。",
    "项目成果已在全市推广，受到群众广泛好评。",
    "The project was commended by the province.",
]


@pytest.mark.parametrize("sentence", INVENTED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_without_figures_that_was_added_is_for_a_person_to_judge(sentence, language):
    one, lines = published("online-learning-2022", language)
    for at in (0, 14, 27, len(lines)):
        found = verified(one, passages_of([*lines[:at], sentence, *lines[at:]]))
        assert [(each.kind, each.what["en"], each.passage) for each in found] == [
            ("unjudged", "a sentence that was added", at)
        ]
    told = {}
    for at in (20, 30, 40):  # at the end of a paragraph, or in a row's last cell
        found = verified(one, passages_of([*lines[:at], lines[at] + sentence, *lines[at + 1 :]]))
        told[at] = [(each.kind, each.passage) for each in found]
    assert told == {at: [("unjudged", at)] for at in told}


def test_a_line_of_a_cell_that_a_page_shows_alone_is_none_that_was_added():
    one, lines = published("online-learning-2022", "en")
    torn = [
        "社会效益指",
        "Expected goal Actual outcome",
        "No.",
        "Indicator Weight form rules score Explanation",
    ]
    for line in torn:
        assert verified(one, passages_of([*lines, line])) == [], line


@pytest.mark.parametrize(("rest", "changes"), [("性", 0), ("度", 1)])
def test_a_name_that_a_page_breaks_into_two_lines_is_whole(rest, changes):
    other = "成本控制率 100%，已达到全年的目标。"
    ours = sentences(passages_of([other, "系统运行稳定性 0%"]))
    theirs = sentences(passages_of(["系统运行稳定", rest, other]))
    pair = next(differences(theirs, ours))
    assert (pair.theirs.text, len(pair.changes)) == ("系统运行稳定", changes)


def test_every_word_of_the_lexicon_is_a_text():
    words = lexicon()
    groups = [*words.opposites, *words.terms, words.negations, words.units, words.quantities, words.pronouns]
    assert {type(word) for group in groups for word in group} == {str}


@pytest.mark.parametrize(
    ("text", "value"),
    [("八百万元", 800), ("三千五百二十户", 3520), ("两百处", 200), ("十二万元", 12), ("百姓", None)],
)
def test_counts_in_words_are_figures(text, value):
    assert next(tokens(text)).value == value


WRONG = [
    ("预算执行率为45.3%，进度正常。", "the execution rate", "45.3"),
    ("本项目自评总分为12.5分。", "the total score", "12.5"),
    ("全年执行数：3.5万元。", "the amount executed", "3.5万元"),
    ("主管部门：省体育局。", "the department", "省体育局"),
    ("项目名称：山区饮水安全项目。", "the project's name", "山区饮水安全项目"),
    ("评价等级为差。", "the grade", "差"),
    ("各项绩效指标均已完成。", "whether all indicators are met", "16"),
    ("All performance indicators were met.", "whether all indicators are met", "16"),
    ("The initial budget was 3 yuan.", "the initial budget", "3yuan"),
]


@pytest.mark.parametrize(("sentence", "what", "got"), WRONG)
def test_a_false_sentence_of_another_hand_contradicts(sentence, what, got):
    one = subject(perfkit.read("params/forms/online-learning-2022.yaml"), "shanghai-2022")
    lines = [*lines_of(written(one, "zh", whole=False)), sentence]
    (found,) = [each for each in verified(one, passages_of(lines)) if each.kind == "contradicts"]
    assert (found.what.en, found.got) == (what, got)


@pytest.mark.parametrize(
    ("name", "altered"),
    [
        ("上海市干部教育中心", "上海市水利教育中心"),
        ("上海市干部教育中心", "上海市教育中心"),
        ("上海市干部教育中心", "上海市老干部教育中心"),
        ("在线学习工作经费", "在线培训工作经费"),
    ],
)
def test_an_altered_name_is_told_whole(name, altered):
    one, lines = published("online-learning-2022", "zh")
    (at, *_) = [number for number, line in enumerate(lines) if name in line and len(line) > 40]
    lines[at] = lines[at].replace(name, altered, 1)
    (found,) = [each for each in verified(one, passages_of(lines)) if each.kind == "contradicts"]
    assert (found.got, found.expected) == (altered, name)
