"""Rows of published forms and rows judged by hand: the verdict must be a reviewer's."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from perfkit.values import Flag, Verdict, read_row
from perfkit.values.cell import take_apart

DATA = Path(__file__).parents[1] / "data" / "values"
YEARS = {
    form["form"]: form["year"]
    for form in map(json.loads, (DATA / "forms.jsonl").read_text("utf-8").splitlines())
}
PUBLISHED = [json.loads(line) for line in (DATA / "rows.jsonl").read_text("utf-8").splitlines()]


def rows_of(name):
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [
        [cell.strip() for cell in line.split("|")]
        for line in lines
        if line.strip() and not line.startswith("#")
    ]


JUDGED = rows_of("judged.txt")
DEPARTMENTS = rows_of("departments.txt")
FRESH = rows_of("fresh.txt")
NEAR_MISSES = rows_of("near_misses.txt")


def read_published(row):
    return read_row(
        row["target"],
        row["actual"],
        name=row["l3"],
        level1=row["l1"],
        level2=row["l2"],
        year=YEARS[row["form"]],
    )


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row['form']}-{row['row']}")
def test_published_row(row):
    reading = read_published(row)
    if row["verdict"] == "skip":
        assert reading.verdict is Verdict.UNVERIFIABLE
        assert reading.flags & {Flag.SCAN_SUSPECT, Flag.TEMPLATE}
    else:
        assert reading.verdict == row["verdict"]


@pytest.mark.parametrize("cells", JUDGED, ids="|".join)
def test_judged_row(cells):
    level2, name, target, actual, judged = cells
    verdict, _, basis = judged.partition(" ")
    reading = read_row(target, actual, name=name, level2=level2, year=2022)
    assert (reading.verdict, reading.basis if basis else "") == (verdict, basis)


@pytest.mark.parametrize("cells", DEPARTMENTS, ids="|".join)
def test_row_of_a_department(cells):
    level2, name, target, actual, verdict, *year = cells
    assert read_row(target, actual, name=name, level2=level2, year=int(*year or [2022])).verdict == verdict


def test_fresh_rows_are_judged_as_a_reviewer_would():
    wrong, sure = [], []
    for level2, name, target, actual, judged, *year in FRESH:
        verdict, _, share = judged.partition(" ")
        reading = read_row(target, actual, name=name, level2=level2, year=int(*year or [2022]))
        if reading.verdict != verdict:
            wrong.append((name, target, actual, verdict, reading.verdict))
            sure += wrong[-1:] if reading.verdict in {"met", "partly", "missed"} else []
        elif share:
            assert reading.completion is not None, (name, target, actual)
            assert round(reading.completion, 3) == Decimal(share), (name, target, actual)
    assert len(wrong) <= 0.08 * len(FRESH), wrong
    assert len(sure) <= 0.01 * len(FRESH), sure


@pytest.mark.parametrize("cells", NEAR_MISSES, ids="|".join)
def test_near_miss(cells):
    level2, name, target, actual, judged = cells
    verdict, _, basis = judged.partition(" ")
    reading = read_row(target, actual, name=name, level2=level2, year=2023)
    assert (reading.verdict, reading.basis if basis else "") == (verdict, basis)
    assert bool(reading.working) == (reading.basis == "derived")


# What takes back what an actual tells, before it or behind it: with it no row is met.
TAKEN_BACK = [
    "{}（预计）",
    "{}（上年数）",
    "{}（部分）",
    "{}，以上数据为预计",
    "{}，其中部分未完成",
    "{}，但未达预期",
    "{}，未经核实",
    "{}，数据待核实",
    "{}，有待提高",
    "{}，尚需整改",
]
MET = [
    (level2, name, target, actual, int(*year or [2022]))
    for level2, name, target, actual, verdict, *year in [*JUDGED, *DEPARTMENTS, *FRESH, *NEAR_MISSES]
    if verdict.startswith("met") and read_row(target, actual, name=name, level2=level2).verdict == "met"
][::5]


@pytest.mark.parametrize("words", TAKEN_BACK)
def test_no_row_is_met_by_what_the_actual_takes_back(words):
    rows = [(level2, name, target, words.format(actual), year) for level2, name, target, actual, year in MET]
    swallowed = [
        row for row in rows if read_row(*row[2:4], name=row[1], level2=row[0], year=row[4]).verdict == "met"
    ]
    assert swallowed == []


# What a target asks for besides: a figure that met the target does not speak of it. Words may say that the whole
# target is met (达标), so that at most one row in a hundred may stay met.
ASKED_BESIDES = [
    "{}，且群众满意度≥95%",
    "{}，群众满意度达到95%以上",
    "{}且群众满意度不低于95%",
    "{}，并形成长效机制",
    "{}，同时建立台账",
    "{}，并通过省级验收",
    "{}，且不发生安全事故",
    "{}，且按时完成率100%",
    "{}，其中重点项目99个",
    "{}，其中女性不少于50%",
    "{}，每季度不少于9次",
    "{}；出台管理办法2项",
    "{}、发放宣传册9999份",
    "{}以及编制报告9份",
    "2031年{}",
]


@pytest.mark.parametrize("words", ASKED_BESIDES)
def test_a_figure_answers_no_more_of_a_target_than_it_speaks_of(words):
    rows = [(level2, name, words.format(target), *rest) for level2, name, target, *rest in MET]
    rows = [row for row in rows if take_apart(row[3]).parts and not take_apart(row[2]).dates]
    assert len(rows) > 300
    swallowed = [
        row for row in rows if read_row(*row[2:4], name=row[1], level2=row[0], year=row[4]).verdict == "met"
    ]
    assert len(swallowed) <= len(rows) / 100, swallowed


@pytest.mark.parametrize("words", ["预计{}", "力争{}", "拟{}", "未{}", "减少{}"])
def test_a_lone_figure_is_no_answer_behind_a_word_that_turns_it(words):
    lone = [row for row in MET if take_apart(row[3]).quantities and not take_apart(row[3]).words]
    if words in {"未{}", "减少{}"}:  # of several figures these turn the first alone
        lone = [row for row in lone if len(take_apart(row[3]).quantities) == 1]
    assert len(lone) > 150
    turned = [
        (name, target, words.format(actual))
        for level2, name, target, actual, year in lone
        if (words != "减少{}" or (target.startswith("≥") and not set("降减缩节约省提前") & set(name)))
        and read_row(target, words.format(actual), name=name, level2=level2, year=year).verdict == "met"
    ]
    assert turned == []


@pytest.mark.parametrize(
    ("target", "actual", "verdict"),
    [("≥98%", "98%左右", "judgement"), ("≥98%", "98.3%左右", "met"), ("≥98%", "约99%", "met"), ("≥98%", "约97.8%", "missed"), ("≥200人", "约198人", "missed"), ("≥200人", "约180人", "missed"), ("≥200人", "200余人", "met"), ("约200人", "约200人", "met"), ("≤200人", "约200人", "judgement"), ("≥1000人", "约1200人", "met")],
)  # fmt: skip
def test_a_rounded_figure_near_its_bound_proves_nothing(target, actual, verdict):
    assert read_row(target, actual, name="培训" if "人" in target else "合格率").verdict == verdict


@pytest.mark.parametrize("cells", JUDGED, ids="|".join)
def test_nothing_measured_has_no_ratio(cells):
    level2, name, target, actual, _ = cells
    reading = read_row(target, actual, name=name, level2=level2, year=2022)
    if reading.completion is not None:
        assert reading.measured
        assert reading.actual.value is not None
        assert reading.actual.unit == reading.target.unit


def test_sound_published_rows_carry_no_flag_of_doubt():
    doubts = {Flag.SCAN_SUSPECT, Flag.TEMPLATE, Flag.UNIT_MISMATCH}
    doubted = [row for row in PUBLISHED if row["verdict"] == "met" and read_published(row).flags & doubts]
    assert doubted == []
