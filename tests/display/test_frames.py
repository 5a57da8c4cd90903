"""Frames: tidy, with the columns and types that are documented, exact."""

from decimal import Decimal

import pandas as pd
import pytest

from perfkit.checks import Findings
from perfkit.display import frames
from perfkit.rollup import roll_up
from tests.display import samples

SHOWN = {
    "form": (lambda card: card.form, frames.FORM),
    "card": (lambda card: card, frames.SCORECARD),
    "findings": (lambda card: samples.findings(), frames.FINDINGS),
    "no findings": (lambda card: Findings(), frames.FINDINGS),
    "story": (lambda card: samples.story(), frames.STORY),
    "section": (lambda card: samples.story()["summary"], frames.STORY),
    "profile": (lambda card: card.profile, frames.PROFILE),
    "roll-up": (lambda card: roll_up([card.form, card.form], samples.MEANS), frames.ROLL_UP),
    "roll-up of scores": (lambda card: roll_up([card.form, card.form], samples.SCORED_FIRST), frames.ROLL_UP),
}


@pytest.mark.parametrize("what", SHOWN)
@pytest.mark.parametrize("name", samples.EVERY)
def test_columns_and_types_are_the_documented_ones(name, what):
    of, columns = SHOWN[what]
    frame = of(samples.EVERY[name]()).to_frame()
    assert list(frame.columns) == list(columns)
    for column, dtype in columns.items():
        assert frame[column].dtype == pd.Series([], dtype=dtype).dtype, column


def test_a_scorecard_keeps_its_figures_exact():
    frame = samples.online().to_frame()
    assert len(frame) == 17
    assert frame["score"].sum() == Decimal("96.9")
    assert all(isinstance(value, Decimal) for value in frame["weight"])
    budget = frame.iloc[-1]
    assert budget["number"] is pd.NA
    assert (budget["name"], budget["score"], budget["lost"]) == ("预算执行率", Decimal("9.9"), Decimal("0.1"))
    assert frame["score"].astype(float).sum() == pytest.approx(96.9)


def test_what_is_missing_is_missing():
    frame = samples.all_blank().to_frame()
    assert frame["target"].isna().all()
    assert [value for value in frame["score"] if value is not None] == []


def test_a_story_is_told_block_by_block():
    frame = samples.story().to_frame()
    assert list(frame["kind"]) == ["paragraph", "point", "point", "row", "row"]


def test_columns_beside_the_score_stand_only_where_a_row_fills_them():
    card = samples.reviewed()
    for frame in (card.form.to_frame(), card.to_frame()):
        assert [name for name in frame.columns if name in frames.BESIDE] == ["deduction", "review"]
        assert list(frame["deduction"])[:2] == [None, Decimal("0.5")]
    assert list(card.to_frame()["review"])[-1] == Decimal("9.5")


def test_something_else_has_no_frame():
    with pytest.raises(TypeError, match="no table is known for int"):
        frames.frame_of(3)


def test_a_roll_up_has_a_row_for_the_whole_and_one_for_each_unit():
    form = samples.online().form
    frame = roll_up([form, form], samples.MEANS).to_frame()
    assert len(frame) == 3 * 18  # budget line, sixteen rows, total
    whole = frame[frame["unit"].isna()]
    assert list(whole["name"])[:2] == ["预算执行率", "发布新课件"]
    assert list(whole["target"])[1:3] == ["1000课时", "≥720000"]
    assert set(frame["share"].dropna()) == {Decimal("0.5")}


@pytest.mark.parametrize(
    "columns", [frames.FORM, frames.SCORECARD, frames.FINDINGS], ids=["form", "card", "findings"]
)
def test_every_column_has_a_heading_of_its_own_in_both_languages(columns):
    for language in ("zh", "en"):
        headings = [frames.heading(column, language) for column in (*columns, *frames.BESIDE)]
        assert len(set(headings)) == len(headings)
    chinese = [frames.heading(column, "zh") for column in columns]
    assert not [name for name in chinese if name.isascii()]


def test_a_table_is_named_and_its_words_told_and_nothing_else_is_touched():
    import pandas as pd

    frame = pd.DataFrame(
        {"verdict": ["met", None], "status": ["agrees", "judged"], "grade": ["优", "甲"], "own": ["met", "x"]}
    )
    assert frames.named(frame, "zh").to_dict("list") == {
        "是否达成": ["达成", None], "计分方式": ["与规则一致", "人工评定"], "等级": ["优", "甲"], "own": ["met", "x"],
    }  # fmt: skip
    assert frames.named(frame, "en")["Grade"].tolist() == ["Excellent (优)", "甲"]
    assert list(frame) == ["verdict", "status", "grade", "own"]
