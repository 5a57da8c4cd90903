"""The what-if panel: what its widgets say is what perfkit.score gives for the changed form."""

import warnings
from dataclasses import replace
from decimal import Decimal

import pytest

import perfkit
from perfkit.desk import Change, changed

PROFILE = "shanghai-2022"


@pytest.fixture
def panel():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # ipywidgets' own
        from perfkit import desk

        return desk.panel(perfkit.read("params/forms/leadership-training-2022.yaml"), PROFILE)


def test_an_untouched_panel_shows_the_form_as_it_is(panel):
    assert panel.card.total.score == Decimal("87.14")
    assert "87.14" in panel.total.value
    assert "(+" not in panel.total.value


def test_a_changed_actual_moves_score_story_and_figure(panel):
    story, figure = panel.story.value, panel.figure.value
    panel.rows[1].actual.value = "300课时"
    expected = perfkit.score(
        changed(perfkit.read("params/forms/leadership-training-2022.yaml"), {2: Change("300课时")}, PROFILE),
        PROFILE,
    )
    assert panel.card.total == expected.total
    assert "88.04 (+0.90)" in panel.total.value
    assert panel.rows[1].result.value == "1.00 (+0.90)"
    assert panel.story.value != story
    assert panel.figure.value != figure


def test_a_rating_a_score_and_a_profile_follow_too(panel):
    panel.rows[6].rating.value = "met"
    assert panel.card.total.score == Decimal("87.94")
    panel.rows[6].score.value = "1"
    assert panel.card.total.score == Decimal("88.14")
    panel.profile.value = "rate-cap-2022"
    assert panel.card.total.score == Decimal(59)


def test_reset_puts_the_form_back(panel):
    panel.rows[1].actual.value = "300课时"
    panel.rows[6].score.value = "1"
    panel._reset.click()
    assert panel.card.total.score == Decimal("87.14")
    assert panel.form == perfkit.read("params/forms/leadership-training-2022.yaml")


def test_what_is_typed_is_text_never_markup(panel):
    panel.rows[1].actual.value = "<script>alert(1)</script>"
    shown = panel.total.value + panel.story.value + panel.figure.value + panel.rows[1].result.value
    assert "<script" not in shown


@pytest.mark.parametrize("typed", ["", "abc", "nan", "1e999", "−"])
def test_a_score_that_is_no_number_changes_nothing(panel, typed):
    panel.rows[6].score.value = typed
    assert panel.card.total.score == Decimal("87.14")


def test_a_project_is_picked_from_params_or_from_a_folder_of_forms():
    from perfkit import desk

    picker = desk.pick()
    picker.choice.value = "leadership-training-2022"
    assert (picker.form.project, picker.profile) == ("领导干部培训经费", PROFILE)
    folder = desk.pick(folder="params/forms")
    folder.choice.value = "online-learning-2022.yaml"
    assert (folder.form.project, folder.profile) == ("在线学习工作经费", "mof-2020")
    with pytest.raises(FileNotFoundError):
        desk.pick(folder="nowhere")


def test_a_review_stands_beside_the_rows_of_a_form_that_has_one(panel):
    form = panel.form
    rows = (
        replace(form.indicators[0], review=Decimal("0.5"), opinion="<b>台账</b>不全"),
        *form.indicators[1:],
    )
    reviewed = type(panel)(replace(form, indicators=rows), PROFILE, "en")
    cells = [[cell.value for cell in each.children[2].children] for each in (panel, reviewed)]
    assert [len(found) / (len(rows) + 1) for found in cells] == [7, 8]
    assert cells[1][7] == "<b>Review</b>"
    assert cells[1][15:24:8] == ["0.5<br>&lt;b&gt;台账&lt;/b&gt;不全", "—"]
    assert "The review gives" in reviewed.story.value
