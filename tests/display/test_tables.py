"""The tables of a report: the parts a reader needs, well formed, escaped, and heard by a screen reader."""

import re
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from lxml import html

import perfkit
from perfkit.checks import Findings
from perfkit.display import tables
from perfkit.display.terminal import text_of
from perfkit.form import Ignore
from perfkit.language import Text
from perfkit.scoring import Status
from tests.display import samples
from tests.display.snapshots import assert_as_before
from tests.strategies import forms, reviewed_forms

LANGUAGES = ("zh", "en")
HOSTILE = (
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "</td></tr></table><h1>x",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt; &amp;amp;",
    "\u202egpj.exe\u202c \u2066x\u2069",
    "a\x00b\x07c\x1b[31m",
    "שלום עולם مرحبا",
    "javascript:alert(1)",
    "$x$ *a* _b_ #import",
    "'; DROP TABLE",
)  # fmt: skip


def fragments(card, language, findings=None, story=None):
    """Give every fragment of a report on a card."""
    findings = samples.findings() if findings is None else findings
    yield tables.title_block(card, findings, story or samples.story(language=language))
    yield tables.dimensions(card, language=language)
    yield tables.money(card, language=language)
    yield tables.official(card, findings, language=language)
    yield tables.findings(findings, language=language)
    yield tables.explanations(card, language=language)
    yield tables.provenance(card, language=language)


def parsed(fragment):
    return html.fragment_fromstring(fragment.text, create_parent="body")


def words(element):
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", samples.EVERY)
def test_every_fragment_stands_for_every_form(name, language):
    for fragment in fragments(samples.EVERY[name](), language):
        page = parsed(fragment)
        text = words(page)
        assert not re.search(r"\b(None|nan|NaN|Undefined)\b", text), fragment.name
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert all(element.get("lang") == language for element in page if element.tag != "style")
        for table in page.iter("table"):
            assert table.find("caption") is not None
            assert all(
                cell.get("scope") in {"row", "col", "rowgroup", "colgroup"} for cell in table.iter("th")
            )
            assert_rectangular(table)


def assert_rectangular(table):
    """Hold that merged cells fill the grid: every row of a part is as wide as the others."""
    for part in table.iterchildren("thead", "tbody", "tfoot"):
        hanging, widths = [], set()  # rows that each merged column still reaches down
        for row in part.iterchildren("tr"):
            width, hanging = len(hanging), [left - 1 for left in hanging if left > 1]
            for cell in row.iterchildren("th", "td"):
                span, deep = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
                width += span
                hanging += [deep - 1] * span if deep > 1 else []
            widths.add(width)
        assert len(widths) <= 1, widths
        assert not hanging


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_shown_and_never_obeyed(text, language):
    card = samples.named(text)
    plain = [fragment.text for fragment in fragments(samples.named("x"), language)]
    told = list(fragments(card, language, samples.findings(text), samples.story(text, language)))
    for fragment, harmless in zip(told, plain, strict=True):
        page = parsed(fragment)
        assert not page.xpath("//script | //img | //h1[not(ancestor::header)]")
        assert tags(page) - {"bdi", "span"} == tags(
            html.fragment_fromstring(harmless, create_parent="body")
        ) - {
            "bdi",
            "span",
        }
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", fragment.text)
        assert not [a for a in page.xpath("//@href") if not a.startswith("#")]


def tags(page):
    return {element.tag for element in page.iter()}


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable()])
def test_hostile_text_is_still_there_to_read(text):
    shown = " ".join(text.split())
    for fragment in (tables.official(samples.named(text)), tables.explanations(samples.named(text))):
        assert shown in words(parsed(fragment)), fragment.name


def test_right_to_left_text_is_set_apart():
    page = parsed(tables.official(samples.named("שלום")))
    assert {element.text for element in page.iter("bdi")} == {"שלום"}


def test_chinese_in_an_english_report_is_marked_as_chinese():
    page = parsed(tables.official(samples.online(), language="en"))
    name = page.xpath('//tr[@id="row-1"]/th[@scope="row"]')[0]
    assert [(span.get("lang"), span.text) for span in name] == [("zh", "发布新课件")]
    assert not parsed(tables.official(samples.online())).xpath("//span[@lang]")


def test_the_title_block_answers_the_chief():
    page = parsed(tables.title_block(samples.online(), samples.findings(), samples.story()))
    assert words(page.find(".//h1")) == "在线学习工作经费"
    assert words(page.find('.//p[@class="pk-headline"]')).startswith("得分 96.90")
    figures = {words(div.find("dt")): words(div.find("dd")) for div in page.iter("div")}
    assert figures == {
        "得分与等级": "96.90 优",
        "预算执行率": "98.98%",
        "达成指标": "12 / 16 项",
        "审核发现": "1 错误 · 4 警告 · 1 提示",
    }


def test_a_form_that_is_not_wholly_scored_says_so():
    rows = samples.one_row()
    card = replace(rows, total=replace(rows.total, complete=False, grade=None))
    assert "不完整" in words(parsed(tables.title_block(card, [], samples.story())))


def test_the_official_table_reads_as_the_form():
    page = parsed(tables.official(samples.leadership(), samples.findings()))
    level1 = page.xpath('//table[2]/tbody//th[@scope="rowgroup"]')
    spans = {
        words(cell): int(cell.get("rowspan")) for cell in level1 if words(cell) in {"产出指标", "效益指标"}
    }
    assert spans == {"产出指标": 8, "效益指标": 7}
    row = page.xpath('//tr[@id="row-2"]')[0]
    assert [words(cell) for cell in row] == [
        "全年培训课时",
        ">=300课时",
        "32课时",
        "1",
        "0.1目标 >=300课时扣 0.9 分",
        "受疫情影响，线下专题班停办，每月论坛转为线上直播",
    ]
    assert "loss" in row.xpath("td[4]/@class")[0]
    assert words(row.xpath("td[4]/details/summary")[0]) == "0.1"
    foot = page.xpath("//tfoot/tr")[0]
    assert [words(cell) for cell in foot][:2] == ["总分", "100"]
    assert words(foot[2].find("details/summary")) == "87.14"


def test_a_total_that_is_not_the_sum_stands_beside_it():
    card = samples.leadership()
    plain = parsed(tables.dimensions(card)).xpath("//tfoot/tr")
    assert [words(row[0]) for row in plain] == ["总分"]
    online = parsed(tables.dimensions(samples.online())).xpath("//tfoot/tr")
    assert words(online[0][3]) == "96.90"
    capped = replace(card, total=replace(card.total, score=Decimal(59)))
    rows = parsed(tables.dimensions(capped)).xpath("//tfoot/tr")
    told = [[words(cell) for cell in row] for row in rows]
    assert told == [
        ["各项合计", "16", "100", "87.14", "12.86", "87.1%"],
        ["总分", "—", "100", "59", "41", "—"],
    ]


@pytest.mark.parametrize(
    ("changes", "total", "told"),
    [
        ({}, "59", [["各项合计", "100", "87.14", "12.86"], ["总分（表列较低，以表列计）", "100", "59", "41"]]),
        ({"weight": None}, None, [["各项合计", "90", "77.14", "12.86"], ["未填分值的指标", "—", "10", "—"],
                                  ["总分", "90", "87.14", "—"]]),
        ({"score": None, "actual": None}, None, [["总分", "100", "77.14", "12.86"], ["其中未计分", "10", "—", "—"]]),
    ],
)  # fmt: skip
def test_the_dimensions_tie_to_the_total_line_by_line(changes, total, told):
    form = samples.leadership().form
    rows = (replace(form.indicators[0], **changes), *form.indicators[1:])
    form = replace(form, indicators=rows, total=None if total is None else Decimal(total))
    card = perfkit.score(form, "shanghai-2022")
    foot = parsed(tables.dimensions(card)).xpath("//tfoot/tr")
    assert [[words(row[place]) for place in (0, 2, 3, 4)] for row in foot] == told


@pytest.mark.parametrize("of", [tables.official, lambda card: tables.printed(card.form)])
def test_columns_beside_the_score_stand_only_where_a_row_fills_them(of):
    plain, beside = (parsed(of(card)) for card in (samples.online(), samples.reviewed()))
    heads = [words(cell) for cell in beside.findall(".//thead//th")]
    assert heads[-2:] == ["扣分", "核查得分"]
    assert [words(cell) for cell in plain.findall(".//thead//th")] == heads[:-2]
    rows = beside.findall(".//tbody/tr[@id]")
    assert [[words(cell) for cell in row.findall("td")][-2:] for row in rows[:2]] == [
        ["—", "—"],
        ["0.5", "9"],
    ]
    assert [words(cell) for cell in beside.findall(".//tfoot//td")][-2:] == ["—", "94.5"]
    funds = [words(cell) for cell in beside.findall(".//tr") if words(cell).startswith("年度资金总额")]
    assert funds[0].split()[-1] == "9.5"
    for table in beside.findall(".//table"):
        assert len({_width(row) for row in table.findall("./thead/tr") + table.findall("./tfoot/tr")}) <= 1


def _width(row):
    return sum(int(cell.get("colspan", 1)) for cell in row)


def test_every_mark_leads_to_its_finding():
    page = parsed(tables.official(samples.leadership(), samples.findings()))
    listed = parsed(tables.findings(samples.findings()))
    anchors = [item.get("id") for item in listed.iter("li")]
    assert anchors == ["PK108", "PK103", "PK407", "PK210-1", "PK210-1.2", "PK404-1"]
    assert sorted(a.get("href")[1:] for a in page.iter("a")) == sorted(anchors)
    (reason,) = page.xpath('//tr[@id="row-1"]/td[last()]')
    assert [a.text for a in reason.iter("a")] == ["PK210", "PK210"]


def test_findings_come_worst_first_with_their_severity_in_words():
    items = list(parsed(tables.findings(samples.findings(), language="en")).iter("li"))
    assert [words(item.find('.//span[@class="pk-severity"]')) for item in items][:2] == ["Error", "Warning"]
    assert words(parsed(tables.findings([]))) == "审核发现 未发现问题"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "zh",
            "经人工核对后不再列为问题 PK210 完成率 3,479%，没有说明原因 · 第 1 行；理由：另附调查报告；认定人：王某",
        ),
        (
            "en",
            "Set aside by a person PK210 完成率 3,479%，没有说明原因 · row 1; reason: 另附调查报告; decided by 王某",
        ),
    ],
)
def test_what_a_person_set_aside_is_told_with_its_reason(language, told):
    found = samples.findings()
    one = replace(found[3], set_aside=Ignore("PK210", "另附调查报告", "王某"))
    for kept in ([], list(found)[:2]):
        page = words(parsed(tables.findings(Findings(kept, [one]), language=language)))
        assert page.endswith(told)
        shown = " ".join(text_of(Findings(kept, [one]), language=language).split())
        assert "另附调查报告" in shown
        assert "王某" in shown
    assert "PK210" not in words(parsed(tables.findings(Findings([], []), language=language)))


def test_a_score_against_the_rules_shows_both():
    card = samples.leadership()
    row = replace(card.indicators[1], status=Status.DIFFERS, computed=Decimal("0.11"), score=Decimal("0.11"))
    card = replace(card, indicators=(card.indicators[0], row, *card.indicators[2:]))
    page = parsed(tables.official(card))
    assert words(page.xpath('//tr[@id="row-2"]/td[4]')[0]).endswith("自评 0.1扣 0.89 分")


def test_every_score_stands_with_its_explanation():
    card = samples.online()
    rows = parsed(tables.explanations(card)).xpath("//tbody/tr")
    assert len(rows) == len(card.indicators) + 1
    assert words(rows[0][1]) == "预算执行"
    assert all(words(row[4]) for row in rows)


def test_the_time_of_making_is_local_with_its_zone(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        page = parsed(tables.provenance(samples.online(), language="en"))
        told = [words(dd) for dd in page.iter("dd")]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert any(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC\+08:00", text) for text in told)


def test_provenance_names_file_hash_rules_versions_and_time(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    card = samples.online()
    page = parsed(tables.provenance(card, language="en"))
    facts = {words(div.find("dt")): [words(dd) for dd in div.iter("dd")] for div in page.iter("div")}
    assert facts["Form file"] == ["params/forms/a-form.yaml"]
    assert facts["SHA-256"] == ["0123456789abcdef" * 4]
    assert facts["Scoring rules"][0] == "shanghai-2022"
    assert facts["Made"] == ["2023-11-14 22:13 UTC"]
    assert {"perfkit", "matplotlib", "pandas", "typst", "Python"} == {
        part.split()[0] for part in facts["Software"][0].split(", ")
    }


@pytest.mark.parametrize(
    ("file", "shown"),
    [("params/forms/a.yaml", "params/forms/a.yaml"), ("/somewhere/secret/a.yaml", "a.yaml"), ("", "—")],
)
def test_no_path_of_the_machine_leaves_it(file, shown):
    card = samples.online()
    card = replace(card, form=replace(card.form, source=replace(card.form.source, file=file)))
    page = parsed(tables.provenance(card))
    assert words(page.xpath("//dd")[0]) == shown


def test_a_path_inside_the_workspace_is_told_from_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from perfkit.display.tables import relative

    assert relative(str(tmp_path / "params" / "a.yaml")) == "params/a.yaml"


@settings(max_examples=25)
@given(forms(most=5) | reviewed_forms(most=5))
def test_whatever_a_form_holds_every_fragment_stands(form):
    card = perfkit.score(form)
    for fragment in fragments(card, "en"):
        page = parsed(fragment)
        assert not page.xpath("//script")
        for table in page.iter("table"):
            assert_rectangular(table)


@pytest.mark.parametrize(
    ("name", "fragment"),
    [
        ("dimensions.zh", lambda: tables.dimensions(samples.leadership())),
        ("money.en", lambda: tables.money(samples.leadership(), language="en")),
        ("findings.zh", lambda: tables.findings(samples.findings()[:2])),
        ("official.zh", lambda: tables.official(samples.one_row(), samples.findings()[2:4])),
    ],
)
def test_small_fragments_are_as_they_were(name, fragment):
    assert_as_before(f"{name}.html", fragment().text)


def test_a_finding_without_evidence_or_fix_says_no_more_than_it_has():
    (only,) = samples.findings()[:1]
    bare = replace(only, evidence=Text("", ""), fix=Text("", ""))
    assert len(parsed(tables.findings([bare])).findall(".//p")) == 2
