"""What report, index, summary, query and desk say of the same projects agrees, digit by digit."""

from __future__ import annotations

import re
import time
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from lxml import html

import perfkit
from perfkit import desk
from perfkit.batch import export_results, query
from perfkit.batch.portfolio import write_index
from perfkit.display import tables
from perfkit.summary import Summary, make
from perfkit.text.figures import carried, fixed, fixed_percent, fixed_wan
from tests.batch.filled import fill, project
from tests.batch.light import light_report, make_workspace
from tests.batch.test_index import data_of

# What binary fractions and rounding half to even would get wrong: sums, shares and averages that end in a 5.
FORM = """\
project: {name}
year: 2022
department: 甲部门
unit: 乙单位
money_unit: 万元
budget:
  total: {{initial: {adjusted}, adjusted: {adjusted}, executed: {executed}, weight: 10, score: {execution}}}
indicators:
  - {{level1: 产出指标, level2: 数量指标, name: 课程, target: 10门, actual: 10门, weight: 50, score: 50}}
  - {{level1: 效益指标, level2: 社会效益指标, name: 课件, target: 16门, actual: 15门, weight: 40, score: {score},
      reason: 少一门}}
total: {total}
"""
PROJECTS = {
    "a": {"adjusted": "100.00", "executed": "100.00", "execution": "10", "score": "37.125", "total": "97.125"},
    "b": {"adjusted": "0.35", "executed": "0.35", "execution": "10", "score": "37.205", "total": "97.205"},
    "c": {"adjusted": "1.15", "executed": "1.15", "execution": "10", "score": "36.995", "total": "96.995"},
    "d": {"adjusted": "2000000.005", "executed": "1942500.0048", "execution": "9.71", "score": "36.175", "total": "95.885"},
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A workspace whose reports are made, index and summary written; its time is that of Shanghai."""
    workspace = make_workspace(tmp_path_factory.mktemp("office"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace)
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        for name, figures in PROJECTS.items():
            (workspace / f"params/forms/{name}.yaml").write_text(
                FORM.format(name=name, **figures), encoding="utf-8"
            )
            (workspace / f"params/{name}.yaml").write_text(
                f"form: params/forms/{name}.yaml\n", encoding="utf-8"
            )
        assert light_report(workspace, rows=True).ok
        make("reports", ["xlsx"])
        yield workspace
    time.tzset()


@pytest.fixture(scope="module")
def cards(office):
    return {name: perfkit.score(perfkit.read(f"params/forms/{name}.yaml"), "mof-2020") for name in PROJECTS}


def words(page: str) -> str:
    return " ".join(" ".join(html.fromstring(page).itertext()).split())


def column(name: str) -> list:
    return [value for (value,) in query(f"select {name} from current_projects order by name").rows]


def test_each_score_and_rate_is_the_same_figure_everywhere(office, cards):
    page = (office / "reports/index.html").read_text(encoding="utf-8")
    data = data_of(page)
    listed = [set(" ".join(row.itertext()).split()) for row in html.fromstring(page).xpath("//table//tr")]
    rows = {row[data["columns"].index("name")]: row for row in data["rows"]}
    ranking = {row[1]: row for row in Summary("reports").projects().rows}
    compared = {name: desk.profiles(card.form, ["mof-2020"]).loc["mof-2020"] for name, card in cards.items()}
    exact = dict(
        zip(
            PROJECTS,
            column("score_text || ' ' || declared_text || ' ' || computed_text || ' ' || rate_text"),
            strict=True,
        )
    )
    for name, card in cards.items():
        total, rate = card.total, card.budget.rate
        assert exact[name] == f"{total.score:f} {total.declared:f} {total.computed:f} {rate:f}"
        assert (compared[name].score, compared[name].rate) == (total.score, rate)
        assert rows[name][data["columns"].index("score")] == float(fixed(total.score))
        assert rows[name][data["columns"].index("rate")] == float(fixed(rate))
        (plain,) = (row for row in listed if name in row)
        assert {fixed(total.score), fixed_percent(rate)} <= plain
        assert {fixed(total.score), fixed_percent(rate)} <= set(ranking[name])
        findings = perfkit.check(card.form, card)
        story = perfkit.narrate(card.form, card, findings)
        report = words(tables.title_block(card, findings, story).text)
        assert carried(total.score) in report.split()
        assert carried(total.score) in words(desk.panel(card.form, "mof-2020").total.value).split()
        assert carried(total.score) in str(story)
    assert fixed(cards["a"].total.score) == "97.13"
    assert "97.12<" not in page


def test_totals_shares_and_averages_are_the_same_everywhere(office, cards):
    scores = [card.total.score for card in cards.values()]
    money = {
        kind: sum(Decimal(PROJECTS[name][kind]) * 10_000 for name in PROJECTS)
        for kind in ("adjusted", "executed")
    }
    mean, rate = fixed(sum(scores) / len(scores)), fixed_percent(100 * money["executed"] / money["adjusted"])
    budget, executed = (fixed_wan(figure) for figure in money.values())
    assert [figure for _, figure in Summary("reports").title().figures] == [mean, budget, executed, rate]
    assert Summary("reports").figures().rows[0][2:] == (mean, budget, executed, rate)
    assert {mean, budget, executed, rate} <= set(
        words((office / "reports/index.html").read_text(encoding="utf-8")).split()
    )
    for kind, whole in money.items():
        assert sum(map(Decimal, column(f"{kind}_text"))) == whole
        assert fixed(Decimal(repr(query(f"select sum({kind}) from current_projects").rows[0][0]))) == fixed(
            whole
        )
    sheet = openpyxl.load_workbook("reports/summary.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]][2:] == [float(mean), *(float(figure.replace(",", "")) for figure in (budget, executed)),
                                                     float(Decimal(rate.rstrip("%")).scaleb(-2))]  # fmt: skip


def test_points_lost_are_drawn_as_they_are_written(office, cards):
    lost = [
        row.lost for card in cards.values() for row in card.indicators if row.indicator.level1 == "效益指标"
    ]
    mean = fixed(sum(lost) / len(cards))
    assert mean != f"{float(sum(lost) / len(cards)):.2f}", "a mean that floats would round otherwise"
    page = (office / "reports/index.html").read_text(encoding="utf-8")
    for drawn in (page, Summary("reports").losses()._repr_html_()):
        assert re.search(rf'aria-label="[^"]*[。 ][^"]* {mean}[",]', drawn)


def test_times_are_local_with_their_zone_and_the_same_in_report_and_index(office, cards, monkeypatch):
    report = words(tables.provenance(cards["a"]).text)
    index = words((office / "reports/index.html").read_text(encoding="utf-8"))
    for page in (report, index):
        assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC\+08:00", page)
    told = datetime.fromisoformat(query("select ended from runs").rows[0][0])
    assert told.utcoffset().total_seconds() == 8 * 3600
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write_index(office / "reports")
    for page in (
        tables.provenance(cards["a"]).text,
        (office / "reports/index.html").read_text(encoding="utf-8"),
    ):
        assert "2023-11-14 22:13 UTC" in words(page)


def test_results_as_a_spreadsheet_are_in_the_language_of_the_workspace(tmp_path, monkeypatch):
    (tmp_path / "params").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    fill(tmp_path / "reports", [project("a")])
    for said, sheet in (("", "项目"), ("language: en\n", "projects"), ("language: zh\n", "项目")):
        (tmp_path / "perfkit.yaml").write_text(said, encoding="utf-8")
        export_results(tmp_path / "results.xlsx")
        assert openpyxl.load_workbook(tmp_path / "results.xlsx").sheetnames[0] == sheet
