"""What is tried: each reader, each file of settings, the ledger, notebooks, edited reports, whole commands.

A document that is read goes on to be scored, checked and told of, and its form is written and read again:
what a reader lets through must not break what comes after it.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import nbformat

import perfkit
from tests.fuzz import commands, seeds, spoiling
from tests.fuzz.engine import ROOT, Target
from tests.fuzz.seeds import FORMS, workspace
from tests.fuzz.spoiling import cases

if TYPE_CHECKING:
    from pathlib import Path


def ready() -> None:
    """Import, before the fork, what all cases need."""
    import perfkit.batch.portfolio
    import perfkit.desk
    import perfkit.publish
    import perfkit.readers.formats
    import perfkit.summary
    import perfkit.verify.documents

    perfkit.publish.warm(("html", "docx", "pdf"))
    for form in map(perfkit.read, FORMS):
        through([form])


def through(forms: list[perfkit.Form]) -> None:
    """Do with forms all that can be done with them short of a page."""
    from perfkit.readers.structured import form_yaml, read_structured
    from perfkit.values import explain_row

    for form in forms[:2]:
        card = perfkit.score(form)
        findings = perfkit.check(form, card)
        for language in ("zh", "en"):
            perfkit.narrate(form, card, findings, language=language)
            card.to_dict(language), findings.to_dict()
        for row in form.indicators[:3]:
            explain_row(row, form.year).lines("zh", "")
        assert read_structured(form_yaml(form).encode("utf-8"), "form.yaml").indicators == form.indicators


def document(path: Path) -> None:
    """Read a document in this process, as import, `--explain` and everything after it do; no scan in it."""
    from perfkit.readers.container import LaterError, put_off
    from perfkit.readers.formats import grids_of, parse
    from perfkit.readers.layout.cell_roles import explained

    data = path.read_bytes()
    try:
        with put_off():
            forms = parse(data, path.name)
            through(forms)
            if path.suffix != ".zip":
                list(explained(grids_of(data, path.name), forms))
    except LaterError as error:
        assert error.seconds > 0  # noqa: PT017


def in_full(path: Path) -> None:
    """Read a document that has to be recognised or converted."""
    from perfkit.readers.bulk import read_here

    through(read_here(path, path.name))


def form_file(path: Path) -> None:
    """Read a form file, and give it to every command that takes one."""
    through(perfkit.read_all(path))


def params(path: Path) -> None:
    """Load a params file, and ask for it as `score`, `report` and `why` do."""
    from perfkit.batch import why
    from perfkit.cli.speaking import subject
    from perfkit.params import is_params, load_params

    own = path.replace(workspace(path.parent) / "params" / "case.yaml")
    is_params(own)
    [str(reason) for reason in why([own])]
    subject(own)
    nbformat.validate(_injected(load_params(own).values))


def _injected(values) -> nbformat.NotebookNode:
    """Put params into the report's notebook, as papermill does."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    notebook = load_notebook_node(str(ROOT / "notebooks" / "project_report.ipynb"))
    json.dumps(dict(values), allow_nan=False)
    return parameterize_notebook(notebook, dict(values))


def common(path: Path) -> None:
    """Read `perfkit.yaml`, and score and tell by what it says."""
    from perfkit.params import settings, shared

    folder = workspace(path.parent)
    path.replace(folder / "perfkit.yaml")
    shared(folder), settings()
    through([perfkit.read(FORMS[0])])


def profile(path: Path) -> None:
    """Load a profile, score by it, tell it."""
    from perfkit.profile import settings_of

    own = path.replace(workspace(path.parent) / "profiles" / "case.yaml")
    found = perfkit.load_profile(str(own))
    json.dumps(settings_of(found))
    for form in map(perfkit.read, FORMS):
        card = perfkit.score(form, profile=found)
        perfkit.narrate(form, card, perfkit.check(form, card))
        perfkit.roll_up([form], found)


def theme(path: Path) -> None:
    """Publish a small report in a theme."""
    from perfkit.publish import publish
    from tests.publish.notebooks import notebook

    publish(notebook("<h1>甲项目</h1><p>文</p>", theme=str(path)), ("html", "pdf", "docx"))


def words(path: Path) -> None:
    """Tell a story in own words."""
    folder = workspace(path.parent)
    path.replace(folder / "words.yaml")
    (folder / "perfkit.yaml").write_text("words: words.yaml\n", encoding="utf-8")
    through([perfkit.read(FORMS[1])])


def notebook(path: Path) -> None:
    """Ask a notebook for its parameters, and publish it where it is a notebook at all."""
    from perfkit.params import notebook_parameters
    from perfkit.publish import publish

    try:
        read = nbformat.read(path, 4)
        nbformat.validate(read)
    except Exception:  # noqa: BLE001  # what nbformat itself refuses never reaches us
        notebook_parameters(path)
        return
    publish(read, ("html", "docx", "pdf") if len(path.read_bytes()) % 3 == 0 else ("html", "docx"))
    notebook_parameters(path)


def edited(path: Path) -> None:
    """Hold an edited report against its form."""
    from perfkit.verify import verify
    from perfkit.verify.documents import commented

    found = verify(path, [perfkit.read(FORMS[0])], profile="shanghai-2022")
    found.to_dict("zh"), [one.told("en") for one in found]
    if path.suffix == ".docx":
        commented(found, path.parent / "commented.docx", "zh")


def summarised(path: Path) -> None:
    """Hold an edited summary against its ledger, a spoiled report among what is read as one."""
    from perfkit.verify import verify_summary

    out = workspace(path.parent) / "reports"
    if not (out / "perfkit.db").exists():
        seeds.put_ledger(out, seeds.ledgers()[0])
    verify_summary(path, out)


def ledger(path: Path) -> None:
    """Ask a ledger all that can be asked."""
    from perfkit.batch import diff, export_results, query, why
    from perfkit.batch.ledger import Ledger, Writer
    from perfkit.batch.portfolio import Portfolio, write_index
    from perfkit.summary import Summary, workbook
    from perfkit.verify import verify_summary

    out = workspace(path.parent) / "reports"
    shutil.rmtree(out, ignore_errors=True)
    seeds.put_ledger(out, path.read_bytes())
    note = path.parent / "summary.md"
    note.write_text("共 2 个项目，平均 90 分。", encoding="utf-8")
    params = workspace(path.parent) / "params" / "a.yaml"
    params.write_text("form: params/forms/form.yaml\n", encoding="utf-8")

    def asked(*questions) -> None:
        for question in questions:
            try:
                question()
            except perfkit.PerfkitError as error:
                error.told("zh")

    def told(summary: Summary) -> None:
        summary.parts(), summary.title(), summary.overview(), workbook(summary, "zh")

    def written() -> None:
        with Writer.of(out) as book:
            book.begin({"perfkit": "1"})
            book.end(0, 0, 0)

    asked(
        lambda: [str(reason) for reason in why([params], out=out)],
        lambda: [str(move) for move in diff("previous", "latest", out=out)],
        lambda: query("select * from current_projects", out=out).to_csv(),
        lambda: query("select * from reports", out=out)._repr_html_(),
        lambda: export_results(out / "results.xlsx", out),
        lambda: write_index(out),
        lambda: Portfolio.of(out)._repr_html_(),
        lambda: told(Summary(out)),
        lambda: verify_summary(note, out),
        lambda: Ledger.of(out).unsound(ever=True),
        written,
    )


WHOLE = {"seconds": 120, "memory": 2_500_000_000}  # of what other programs are started for


def spoiled_workspaces():
    return cases(commands.workspaces(), commands.spoiled_workspace)


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("xlsx", ".xlsx", seeds.packages("*.xlsx"), document),
        Target("docx", ".docx", seeds.packages("*.docx"), document),
        Target("ods", ".ods", seeds.packages("*.ods"), document),
        Target("xls", ".xls", seeds.plain("*.xls"), document),
        Target("pdf", ".pdf", lambda: cases(seeds.open_pdfs()), document, few=15, seconds=20),
        Target("html", ".html", seeds.plain("*.htm*"), document),
        Target("mhtml", ".mht", lambda: cases(seeds.mails()), document, few=10),
        Target("txt", ".txt", lambda: cases([*seeds.tables(), *seeds.files("*.txt")]), document, few=30),
        Target(
            "zip", ".zip", lambda: cases(seeds.zips(), spoiling.spoiled_package), document, few=10, seconds=20
        ),
        Target(
            "office",
            ".rtf",
            lambda: cases([seeds.RTF, seeds.FLAT]),
            in_full,
            few=0,
            seconds=120,
            memory=2_500_000_000,
        ),
        Target("doc", ".doc", seeds.plain("*.doc"), in_full, few=2, **WHOLE),
        Target("wps", ".wps", seeds.plain("*.doc"), in_full, few=1, **WHOLE),
        Target(
            "pictures",
            ".png",
            lambda: cases(seeds.pictures()),
            in_full,
            few=4,
            seconds=60,
            memory=2_500_000_000,
        ),
        Target("form-yaml", ".yaml", seeds.trees(seeds.form_seeds), form_file, few=30),
        Target("form-json", ".json", seeds.trees(seeds.json_forms, spoiling.spoiled_json), form_file, few=15),
        Target("params", ".yaml", seeds.trees(seeds.params_files), params, few=30),
        Target("perfkit-yaml", ".yaml", seeds.trees(seeds.params_files), common, few=10),
        Target("profile", ".yaml", seeds.trees(seeds.profile_files), profile, few=30),
        Target("theme", ".yaml", seeds.trees(seeds.themes), theme, few=15),
        Target("words", ".yaml", seeds.trees(seeds.word_files), words, few=20),
        Target(
            "notebook",
            ".ipynb",
            seeds.trees(seeds.notebooks, spoiling.spoiled_json),
            notebook,
            few=20,
            seconds=20,
        ),
        Target(
            "verify-docx",
            ".docx",
            lambda: cases(seeds.reports("docx"), spoiling.spoiled_package),
            edited,
            few=6,
        ),
        Target("verify-html", ".html", lambda: cases(seeds.reports("html")), edited, few=6),
        Target("verify-pdf", ".pdf", lambda: cases(seeds.reports("pdf")), edited, few=4, seconds=20),
        Target("ledger", ".db", lambda: cases(seeds.ledgers(), spoiling.spoiled_ledger), ledger, few=15),
        Target("verify-summary", ".md", lambda: cases(seeds.told_reports()), summarised, few=4),
        Target("verify-text", ".md", lambda: cases(seeds.told_reports()), edited, few=6),
        Target("query", ".sql", commands.questions, commands.question, few=60, seconds=20),
        Target("command", ".json", commands.command_lines, commands.command, few=60, **WHOLE),
        Target("report", ".zip", spoiled_workspaces, commands.reported, few=2, **WHOLE),
        Target("preview", ".zip", spoiled_workspaces, commands.previewed, few=2, **WHOLE),
        Target("doctor", ".zip", spoiled_workspaces, commands.examined, few=1, **WHOLE),
        Target("summary", ".zip", spoiled_workspaces, commands.summed_up, few=4, **WHOLE),
        Target(
            "bundle",
            ".whl",
            lambda: cases(commands.wheels(), spoiling.spoiled_package),
            commands.bundled,
            few=3,
            **WHOLE,
        ),
        Target("request", ".http", lambda: cases(commands.requests()), commands.requested, few=20),
    )
}
