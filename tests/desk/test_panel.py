"""The what-if panel: what its widgets say is what perfkit.score gives for the changed form."""

import shutil
import warnings
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import perfkit
from perfkit.desk import Change, changed
from perfkit.errors import SettingsError

ROOT = Path(__file__).parents[2]
TRAINING = "params/forms/leadership-training-2022.yaml"
PROFILE = "shanghai-2022"
# of ipywidgets' own, as the fixture says
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


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
    with pytest.raises(SettingsError, match="No such file or directory"):
        desk.pick(folder="nowhere")
    with pytest.raises(SettingsError, match="a file where a folder is needed"):
        desk.pick(folder="params/online-learning-2022.yaml")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params").mkdir()
    (tmp_path / "perfkit.yaml").write_text("profile: hubei\nlanguage: en\n")
    return tmp_path


def test_the_first_project_is_picked_and_a_form_that_nobody_imported_stands_after_them(workspace):
    from perfkit import desk

    forms = workspace / "forms"
    forms.mkdir()
    for name in ("b.yaml", "a.yaml", "c.yaml"):
        shutil.copy(ROOT / TRAINING, forms / name)
    (forms / "notes.md").write_text("no form")
    (forms / "~$a.xlsx").write_text("Excel's own")
    alone = desk.pick()
    assert alone.choice.options == ("forms/a.yaml", "forms/b.yaml", "forms/c.yaml")
    assert (alone.form.project, alone.profile) == ("领导干部培训经费", "hubei")
    for name in ("b", "z"):
        (workspace / "params" / f"{name}.yaml").write_text(f"form: forms/b.yaml\nprofile: {PROFILE}\n")
    first = desk.pick()
    assert first.choice.options == ("b", "z", "forms/a.yaml", "forms/c.yaml")
    assert (first.choice.value, first.profile) == ("b", PROFILE)
    assert desk.pick(after=first).choice.value == "z"
    first.choice.value = "forms/c.yaml"
    assert desk.pick(after=first).choice.value == "b"


@pytest.mark.parametrize(
    ("language", "said", "hint"),
    [("zh", "这里没有自评表", "perfkit import"), ("en", "there is no form here", "perfkit import")],
)
def test_a_place_without_a_form_says_what_to_do(workspace, monkeypatch, language, said, hint):
    from perfkit import desk

    monkeypatch.setenv("PERFKIT_LANGUAGE", language)
    for picker in (desk.pick(language), desk.pick(language, folder=workspace)):
        assert said in picker.children[0].value
        with pytest.raises(SettingsError, match=said):
            picker.form  # noqa: B018
    assert hint in desk.pick(language).children[0].value


def test_the_panel_keeps_a_scenario_and_compares_it(workspace):
    from perfkit import desk

    panel = desk.panel(perfkit.read(ROOT / TRAINING), PROFILE, language="en")
    box = panel.scenarios
    assert [label for label, _ in box.one.options] == ["the form as it is", "now"]
    assert "There is no difference" in box.compared.value
    panel.rows[1].actual.value = "300课时"
    assert "全年培训课时" in box.compared.value
    assert "+0.90" in box.compared.value
    box.name.value = "more hours"
    box.keep.click()
    assert "kept: more hours" in box.said.value
    box.keep.click()
    assert "already there" in box.said.value
    panel.rows[6].score.value = "1"
    box.name.value = "more/hours"
    box.keep.click()
    assert "not a name" in box.said.value
    box.name.value = "and met"
    box.keep.click()
    assert [label for label, _ in box.two.options] == ["the form as it is", "now", "and met", "more hours"]
    box.one.value, box.two.value = "and met", "more hours"
    assert ">88.64<" in box.compared.value
    assert "−0.60" in box.compared.value
    again = desk.panel(perfkit.read(ROOT / TRAINING), PROFILE)
    assert [value for _, value in again.scenarios.one.options][2:] == ["and met", "more hours"]
    other = desk.panel(perfkit.read(ROOT / "params/forms/online-learning-2022.yaml"), PROFILE)
    assert len(other.scenarios.one.options) == 2  # a scenario belongs to its project
    assert list((workspace / "params").iterdir()) == []


def test_every_control_of_the_panel_has_a_name_of_its_own(panel):
    def controls(widget):
        for child in getattr(widget, "children", ()):
            yield from controls(child)
        if type(widget).__name__ in ("Text", "Dropdown", "Button"):
            yield widget

    names = [each.description or each.tooltip for each in controls(panel)]
    assert len(names) == 3 * len(panel.rows) + 6
    assert all(names)
    assert len(set(names)) == len(names)


def test_a_review_stands_beside_the_rows_of_a_form_that_has_one(panel):
    form = panel.form
    rows = (
        replace(form.indicators[0], review=Decimal("0.5"), opinion="<b>台账</b>不全"),
        *form.indicators[1:],
    )
    reviewed = type(panel)(replace(form, indicators=rows), PROFILE, "en")
    grids = [
        next(child for child in each.children if type(child).__name__ == "GridBox")
        for each in (panel, reviewed)
    ]
    cells = [[cell.value for cell in grid.children] for grid in grids]
    assert [len(found) / (len(rows) + 1) for found in cells] == [7, 8]
    assert cells[1][7] == "<b>Review score</b>"
    assert cells[1][15:24:8] == ["0.5<br>&lt;b&gt;台账&lt;/b&gt;不全", "—"]
    assert "The review gives" in reviewed.story.value
