"""What has to be made, and why: from nothing, from unchanged, touched, changed and faulty inputs."""

from __future__ import annotations

import json
import os
import shutil
import time

import pytest

from perfkit.batch import why
from perfkit.batch.inputs import Readings, changed, key_of, versions
from perfkit.batch.ledger import Ledger
from perfkit.batch.plan import Planner, Reason, find
from perfkit.display.progress import Quiet
from perfkit.errors import DataError, SettingsError
from perfkit.params import load_params
from tests.batch.light import add_project, light_report, make_workspace, outcomes


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace with three reports made."""
    workspace = make_workspace(tmp_path_factory.mktemp("made"))
    for name in ("a", "b", "c"):
        settle(add_project(workspace, name), workspace / "params" / "forms" / f"{name}.yaml")
    assert len(light_report(workspace).made) == 3
    return workspace


@pytest.fixture
def office(made, tmp_path, monkeypatch):
    """A copy of it, to change."""
    monkeypatch.chdir(shutil.copytree(made, tmp_path / "office"))
    return tmp_path / "office"


class Hears(Quiet):
    """Keep what a run says as a whole."""

    def __init__(self, said):
        super().__init__()
        self.said = said

    def say(self, text):
        self.said.append(text)


def settle(*paths):
    """Let files be older than the tick of a clock, as those of a real workspace are."""
    for path in paths:
        os.utime(path, ns=(10**18, 10**18))


def reasons(workspace) -> dict[str, tuple[str, ...]]:
    return {reason.name: reason.because for reason in why(workspace / "params", out=workspace / "reports")}


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


CHANGES = {
    "form": lambda w: edit(w / "params/forms/b.yaml", "乙单位", "丙单位"),
    "params": lambda w: edit(w / "params/b.yaml", 'forms/b.yaml"', 'forms/b.yaml"\nmode: "x"'),
    "html missing": lambda w: (w / "reports/b.html").unlink(),
    "pdf altered": lambda w: (w / "reports/b.pdf").write_bytes(b"x"),
    "ipynb altered": lambda w: (w / "reports/b.ipynb").write_bytes(b"y"),
}


@pytest.mark.parametrize("reason", CHANGES)
def test_why_names_what_changed(office, reason):
    CHANGES[reason](office)
    assert reasons(office) == {"a": (), "b": (reason,), "c": ()}
    run = light_report(office)
    assert [line["name"] for line in run.made] == ["b"]
    assert [line["name"] for line in run.skipped] == ["a", "c"]
    assert not any(reasons(office).values())


def test_a_change_of_the_notebook_is_everybody_s(office):
    edit(office / "notebooks/project_report.ipynb", "print('done')", "print('made')")
    assert set(reasons(office).values()) == {("notebook",)}


def test_profiles_themes_and_languages_count(office):
    own = office / "profiles" / "own.yaml"
    own.parent.mkdir()
    own.write_text("extends: mof-2020\n", encoding="utf-8")
    edit(office / "params/a.yaml", "\n", "\nprofile: own\nlanguage: en\n")
    assert reasons(office)["a"] == ("params", "profile", "language")
    light_report(office)
    own.write_text("extends: mof-2021\n", encoding="utf-8")
    assert reasons(office)["a"] == ("profile",)


def test_a_version_that_moves_is_named():
    now, before = ({"form": "x", "versions": digest} for digest in ("new", "old"))
    assert changed(before, now, lambda: versions() | {"typst": "0.13"}) == [
        f"typst 0.13 → {versions()['typst']}"
    ]
    assert changed(before, now, versions) == ["versions"]
    assert {"perfkit", "python", "matplotlib", "typst", "pandas", "nbconvert"} <= versions().keys()


def test_a_touched_file_is_not_a_changed_one(office):
    for path in (office / "params/a.yaml", office / "params/forms/a.yaml", office / "reports/a.html"):
        os.utime(path)
    assert not any(reasons(office).values())
    run = light_report(office)
    assert len(run.skipped) == 3
    with Ledger.of(office / "reports") as ledger:
        a, b = ledger.made("a"), ledger.made("b")
    assert a.seen_at > b.seen_at
    assert a.run < run.run


def test_a_change_within_a_tick_of_the_clock_is_seen(office):
    path = office / "params/forms/c.yaml"
    now = time.time_ns() + 10**10  # so that it lies within a tick of whenever the report looks
    os.utime(path, ns=(now, now))
    light_report(office)
    edit(path, "乙单位", "己单位")  # the same size
    os.utime(path, ns=(now, now))
    assert reasons(office)["c"] == ("form",)


def test_another_format_is_made_when_asked_for(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    monkeypatch.chdir(workspace)
    light_report(workspace, formats=("html",))
    assert reasons(workspace)["a"] == ("pdf missing",)


def _notes(office, name):
    return [line["error"] for line in outcomes(office / "reports") if line["name"] == name][-1]


def test_a_file_of_earlier_content_does_not_stand_beside_what_is_made_now(office):
    CHANGES["form"](office)
    light_report(office, formats=("html",))
    assert not (office / "reports/b.pdf").exists()
    assert "b.pdf" in _notes(office, "b")
    assert (office / "reports/a.pdf").exists(), "its form is the same"
    assert reasons(office) == {"a": (), "b": ("pdf missing",), "c": ()}


def test_a_file_of_the_same_content_stays_and_goes_when_the_content_changes(office):
    light_report(office, formats=("html",), force=True)
    assert _notes(office, "b") is None
    assert not any(reasons(office).values())
    CHANGES["form"](office)
    light_report(office, formats=("html",))
    assert not (office / "reports/b.pdf").exists()


def test_a_file_that_a_person_changed_stays_and_is_told(office):
    CHANGES["pdf altered"](office)
    CHANGES["form"](office)
    light_report(office, formats=("html",))
    assert (office / "reports/b.pdf").read_bytes() == b"x"
    assert "b.pdf" in _notes(office, "b")


def test_a_pdf_whose_font_went_away_does_not_tell_of_earlier_content(office):
    with_absent_fonts(office, "a")
    light_report(office)
    assert not (office / "reports/a.pdf").exists()
    assert "a.pdf" in _notes(office, "a")
    assert "No Such Font" in _notes(office, "a")


def test_force_makes_everything_again(office):
    assert len(light_report(office, force=True).made) == 3


def test_nothing_changed_is_found_from_stamps_alone(office, monkeypatch):
    from perfkit.batch import plan

    monkeypatch.setattr(plan, "load_params", lambda _: pytest.fail("a file was read"))
    with Ledger.of(office / "reports") as ledger:
        planner = Planner(office / "reports", ("html", "pdf"), ledger, Readings.of(office / "reports"))
        assert len(planner.plan(find([office / "params"])).fresh) == 3


def test_every_fault_of_every_file_in_one_listing(office):
    edit(office / "params/a.yaml", "\n", "\nprofil: mof-2020\nlanguage: fr\n")
    edit(office / "params/forms/b.yaml", "weight: 90", "weight: -1")
    edit(office / "params/forms/b.yaml", "year: 2022", "year: twenty")
    run = light_report(office)
    assert run.exit_status == 1
    assert {line["name"]: line["cause"] for line in run.failed} == {"a": "input", "b": "input"}
    told = "\n".join(line["error"] for line in run.failed)
    for word in ("profil", "language", "weight", "year", "did you mean"):
        assert word in told
    assert len(run.faults) >= 4
    before = sorted((path.name, path.stat().st_mtime_ns) for path in (office / "reports").glob("[a-c].*"))
    with pytest.raises(SettingsError) as refusal:
        light_report(office, strict=True)
    assert len(refusal.value.faults) == len(run.faults)
    assert before == sorted(
        (path.name, path.stat().st_mtime_ns) for path in (office / "reports").glob("[a-c].*")
    )


def test_when_no_file_can_be_used_it_is_an_error(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    edit(workspace / "params/forms/a.yaml", "weight: 90", "weight: -1")
    monkeypatch.chdir(workspace)
    with pytest.raises(DataError, match="weight"):
        light_report(workspace)


@pytest.mark.parametrize("name", ["index", "results", "Journal", "Perfkit"])
def test_a_report_cannot_take_the_batch_s_own_names(tmp_path, monkeypatch, name):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    add_project(workspace, name)
    monkeypatch.chdir(workspace)
    run = light_report(workspace)
    assert ([line["name"] for line in run.made], [line["name"] for line in run.failed]) == (["a"], [name])


@pytest.mark.parametrize(("name", "words"), [("长" * 82, "too long"), ("a\x1b[2Jb", "control character")])
def test_a_name_that_no_report_can_have_is_told_before_anything_runs(office, name, words):
    shutil.copy(office / "params/a.yaml", office / f"params/{name}.yaml")
    run = light_report(office)
    assert [line["name"] for line in run.failed] == [name]
    assert words in run.failed[0]["error"]
    assert not list((office / "reports").glob(f"{name}*"))


@pytest.mark.parametrize("name", ["a.yml", "A.yaml"])
def test_two_params_files_of_one_name_are_told(office, name):
    (office / "params" / name).write_text("form: params/forms/a.yaml\n", encoding="utf-8")
    run = light_report(office)
    assert len(run.failed) == 1
    assert "same name" in run.failed[0]["error"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["params"], ["a", "b", "c"]),
        (["params/a.yaml"], ["a"]),
        (["params/[ab].yaml"], ["a", "b"]),
        (["params/*"], ["a", "b", "c"]),
        (["params/b.yaml", "params"], ["b", "a", "c"]),
    ],
)
def test_a_path_is_a_file_a_folder_or_a_glob(office, given, names):
    assert [path.stem for path in find(given)] == names
    assert [path.stem for path in find([str(office / one) for one in given])] == names


def test_a_path_that_means_nothing_is_told(office):
    with pytest.raises(SettingsError) as error:
        find(["param", "params/*.json"])
    assert [fault.file for fault in error.value.faults] == ["param", "params/*.json"]


def test_keys_do_not_depend_on_the_order_of_a_file(office):
    one = key_of(load_params(office / "params/a.yaml"))
    text = (office / "params/a.yaml").read_text(encoding="utf-8")
    (office / "params/a.yaml").write_text("# a remark\n\n" + text, encoding="utf-8")
    assert key_of(load_params(office / "params/a.yaml")) == one


def test_what_projects_share_counts_for_those_that_it_concerns(office):
    edit(office / "params/a.yaml", "\n", "\nlanguage: zh\nprofile: mof-2020\n")
    light_report(office)
    (office / "perfkit.yaml").write_text("language: en\n", encoding="utf-8")
    assert reasons(office) == {"a": (), "b": ("params", "language"), "c": ("params", "language")}
    assert len(light_report(office).made) == 2
    (office / "perfkit.yaml").write_text("# a remark\nlanguage: en\n", encoding="utf-8")
    assert not any(reasons(office).values())
    assert len(light_report(office).skipped) == 3
    settle(*(office / "params").rglob("*.yaml"))
    light_report(office)
    with Ledger.of(office / "reports") as ledger, pytest.MonkeyPatch.context() as patch:
        patch.setattr("perfkit.batch.plan.load_params", lambda *_, **__: pytest.fail("a file was read"))
        planner = Planner(office / "reports", ("html", "pdf"), ledger, Readings.of(office / "reports"))
        assert len(planner.plan(find([office / "params"])).fresh) == 3
    (office / "perfkit.yaml").unlink()
    assert len(light_report(office).made) == 2


def test_a_notebook_that_projects_share_counts(office):
    shutil.copy(office / "notebooks/project_report.ipynb", office / "notebooks/ours.ipynb")
    (office / "perfkit.yaml").write_text("notebook: notebooks/ours.ipynb\n", encoding="utf-8")
    assert not any(reasons(office).values()), "another name, the same cells"
    edit(office / "notebooks/ours.ipynb", "print('done')", "print('ours')")
    assert set(reasons(office).values()) == {("notebook",)}


def test_a_file_that_the_params_name_counts(office):
    (office / "data.csv").write_text("a", encoding="utf-8")
    edit(office / "params/b.yaml", "\n", '\nmode: "data.csv"\n')
    light_report(office)
    assert not any(reasons(office).values())
    (office / "data.csv").write_text("b", encoding="utf-8")
    assert reasons(office) == {"a": (), "b": ("mode",), "c": ()}
    (office / "data.csv").unlink()
    assert reasons(office) == {"a": (), "b": ("mode",), "c": ()}


def test_a_faulty_theme_is_told_before_anything_runs(office):
    (office / "ours.yaml").write_text("primary: pale\n", encoding="utf-8")
    for name in ("a", "b"):
        edit(office / f"params/{name}.yaml", "\n", "\ntheme: ours.yaml\n")
    run = light_report(office)
    assert {line["name"]: line["cause"] for line in run.failed} == {"a": "input", "b": "input"}
    assert len(run.faults) == 1, "one fault, though two projects have it"


ABSENT = "fonts: {headings: No Such Font, text: No Such Font}\n"


def with_absent_fonts(office, *names) -> None:
    (office / "ours.yaml").write_text(ABSENT, encoding="utf-8")
    for name in names:
        edit(office / f"params/{name}.yaml", "\n", "\ntheme: ours.yaml\n")


def test_fonts_that_are_not_here_are_told_once_and_html_comes_all_the_same(office, monkeypatch):
    monkeypatch.setenv("PERFKIT_LANGUAGE", "zh")
    with_absent_fonts(office, "a", "b")
    said = []
    monkeypatch.setattr("tests.batch.light.Quiet", lambda: Hears(said))
    run = light_report(office)
    assert {line["name"] for line in run.made} == {"a", "b"}
    (told,) = [line for line in said if "字体" in line]
    assert "2 份报告没有 PDF" in told
    assert told.count("ours.yaml") == 2, "two keys, once each"
    assert "reports to make" not in "".join(said[: said.index(told)])
    assert [fault.place["zh"] for fault in run.faults] == ["主题的 fonts.headings", "主题的 fonts.text"]
    assert run.exit_status == 1
    for line in outcomes(office / "reports")[-2:]:
        assert line["status"] == "made"
        assert "No Such Font" in line["error"]
        assert sorted(json.loads(line["files"])) == ["html", "ipynb"]
    assert reasons(office) == {"a": ("pdf missing",), "b": ("pdf missing",), "c": ()}
    assert {line["name"] for line in light_report(office).made} == {"a", "b"}, "tried again until it is here"


@pytest.mark.parametrize("settings", [{"formats": ("pdf",)}, {"strict": True}])
def test_fonts_that_are_not_here_are_a_fault_where_nothing_else_may_come(office, settings):
    with_absent_fonts(office, "a", "b", "c")
    with pytest.raises(SettingsError, match="No Such Font") as refusal:
        light_report(office, **settings)
    assert len(refusal.value.faults) == 2


@pytest.mark.parametrize("theme", [ABSENT, "fonts: {folder: nowhere}\n"])
def test_fonts_matter_to_no_other_format(office, theme):
    with_absent_fonts(office, "a", "b", "c")
    (office / "ours.yaml").write_text(theme, encoding="utf-8")
    assert "ours.yaml" in str(light_report(office).faults[0])
    run = light_report(office, formats=("html", "docx"))
    assert (len(run.made), run.exit_status) == (3, 0)


def test_a_path_without_params_files_leads_on(office):
    (office / "forms").mkdir()
    (office / "forms" / "a.xlsx").write_bytes(b"")
    (office / "none").mkdir()
    for given, hint in (
        ("forms", "perfkit report forms"),
        ("none", "lie in params"),
        ("a*", "lie in params"),
    ):
        with pytest.raises(SettingsError, match=hint):
            why([given])


def test_the_words_that_projects_share_count(office):
    (office / "ours.yaml").write_text("{}\n", encoding="utf-8")
    (office / "perfkit.yaml").write_text("words: ours.yaml\n", encoding="utf-8")
    light_report(office)
    assert not any(reasons(office).values())
    (office / "ours.yaml").write_text("# other words\n{}\n", encoding="utf-8")
    assert set(reasons(office).values()) == {("words",)}


def test_the_words_that_a_theme_names_count(office):
    words = office / "ours.yaml"
    words.write_text("{}\n", encoding="utf-8")
    (office / "theme.yaml").write_text("words: ours.yaml\n", encoding="utf-8")
    with (office / "params/a.yaml").open("a", encoding="utf-8") as params:
        params.write("theme: theme.yaml\n")
    light_report(office)
    assert not any(reasons(office).values())
    words.write_text("# other words\n{}\n", encoding="utf-8")
    assert reasons(office) == {"a": ("words",), "b": (), "c": ()}
    words.write_text("zh: {headline.excution: x}\n", encoding="utf-8")
    told = next(each for each in why("params") if each.name == "a")
    assert "headline.execution" in str(told.faults)


def test_why_reads_no_form(office, monkeypatch):
    edit(office / "params/forms/a.yaml", "乙单位", "丙单位")
    monkeypatch.setattr("perfkit.batch.inputs.read_all", lambda _: pytest.fail("a form was read"))
    assert reasons(office)["a"] == ("form",)


def test_reasons_are_told_in_the_reader_s_language(monkeypatch):
    reason = Reason("a", ("form", "pdf missing", "html altered", "typst 0.13 → 0.15"))
    told = {}
    for language in ("zh", "en"):
        monkeypatch.setenv("PERFKIT_LANGUAGE", language)
        told[language] = str(reason)
    assert told["en"] == "a: form, pdf missing, html altered, typst 0.13 → 0.15"
    assert told["zh"] == "a：自评表变了，没有 pdf 文件，html 文件被改过，typst 0.13 → 0.15"
