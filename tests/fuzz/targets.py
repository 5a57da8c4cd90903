"""What is tried: each reader, each file of settings, the ledger, notebooks, edited reports, the command line.

A document that is read goes on to be scored, checked and told of, and its form is written and read again:
what a reader lets through must not break what comes after it.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import click
import nbformat
import yaml
from hypothesis import strategies as st

import perfkit
from perfkit.cli import cli
from tests.fuzz import spoiling
from tests.fuzz.engine import ROOT, Target
from tests.fuzz.spoiling import cases, raw

DATA = ROOT / "tests" / "data"
READERS = DATA / "readers"
FORMS = [
    ROOT / "params" / "forms" / f"{name}.yaml"
    for name in ("online-learning-2022", "leadership-training-2022")
]


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


def files(*patterns: str) -> list[bytes]:
    """Give the test files of some endings."""
    return [path.read_bytes() for pattern in patterns for path in sorted(READERS.rglob(pattern))]


def document(path: Path) -> None:
    """Read a document in this process, as import, `--explain` and everything after it do; no scan in it."""
    from perfkit.readers.formats import grids_of, parse
    from perfkit.readers.later import LaterError, put_off
    from perfkit.readers.layout.explanation import explained

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
    from perfkit.readers.worker import read_here

    through(read_here(path, path.name))


def form_file(path: Path) -> None:
    """Read a form file, and give it to every command that takes one."""
    through(perfkit.read_all(path))


def workspace(folder: Path) -> Path:
    """Make the workspace that a case is tried in, as far as it is not there."""
    (folder / "params" / "forms").mkdir(parents=True, exist_ok=True)
    (folder / "profiles").mkdir(exist_ok=True)
    (folder / "perfkit.yaml").unlink(missing_ok=True)
    shutil.copy(FORMS[0], folder / "params" / "forms" / "form.yaml")
    return folder


def params(path: Path) -> None:
    """Load a params file, and ask for it as `score`, `report` and `why` do."""
    from perfkit.batch import why
    from perfkit.cli.output import subject
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
    from perfkit.shared import settings, shared

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

    verify(path, [perfkit.read(FORMS[0])], profile="shanghai-2022")


def ledger(path: Path) -> None:
    """Ask a ledger all that can be asked."""
    from perfkit.batch import diff, export_results, query, why
    from perfkit.batch.ledger import Ledger, Writer
    from perfkit.batch.portfolio import Portfolio, write_index
    from perfkit.summary import Summary
    from perfkit.summary.make import workbook
    from perfkit.verify import verify_summary

    out = workspace(path.parent) / "reports"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    path.replace(out / "perfkit.db")
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


def question(path: Path) -> None:
    """Ask a small ledger in SQL."""
    from perfkit.batch import query
    from tests.batch.filled import fill, project

    out = path.parent / "asked"
    if not out.exists():
        out.mkdir()
        fill(out, [project("a"), project("b")])
    sql = path.read_bytes().decode("utf-8", "surrogateescape")
    answer = query(sql, out=out)
    answer.to_csv(), answer._repr_html_(), answer.write(path.parent / "answer.xlsx")


def command(path: Path) -> None:
    """Run one command line in a small workspace; usage and statuses are answers."""
    folder = workspace(path.parent)
    for name in ("bad.xlsx", "bad.yaml", "bad.docx"):
        (folder / name).write_bytes(b"\x00\xff: [")
    (folder / "params" / "a.yaml").write_text("form: params/forms/form.yaml\n", encoding="utf-8")
    try:
        arguments = json.loads(
            path.read_bytes().decode("utf-8", "surrogatepass")
        )  # as a shell would give them
    except ValueError:
        return
    if not isinstance(arguments, list) or not all(isinstance(each, str) for each in arguments):
        return
    try:
        cli.main(
            [os.fsdecode(raw(each.replace("\x00", ""))) for each in arguments],
            prog_name="perfkit",
            standalone_mode=False,
        )
    except (click.exceptions.Exit, click.exceptions.Abort):
        return
    except click.ClickException as error:
        error.format_message()
    except OSError as error:
        assert error.strerror  # noqa: PT017  # `main` says what the system refused


RTF = rb"{\rtf1\ansi\ansicpg936{\trowd\cellx2000\cellx4000 \u39033?\u30446?\cell \u30002?\cell\row}\par x}"
FLAT = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>1</Data></Cell></Row></Table></Worksheet></Workbook>'

# The command line: which words it is made of.
_COMMANDS = [
    ("import",), ("score",), ("check",), ("rollup",), ("verify",), ("export",), ("profiles",), ("explain",),
    ("words",), ("schema",), ("summary",), ("why",), ("diff",), ("query",), ("completion",), (),
]  # fmt: skip
_OPTIONS = [
    "--to",
    "--out",
    "--profile",
    "--language",
    "--format",
    "--why",
    "--select",
    "--ignore",
    "--explain",
    "--force",
    "--form",
    "--blank",
    "--results",
    "--jobs",
    "--help",
    "-h",
    "--version",
    "--strict",
    "--seconds",
    "--memory",
    "--project",
    "--previous",
    "--",
    "-x",
    "--x",
    "--to=x.xlsx",
    "--format=json",
    "--language=en",
]
_OPERANDS = [
    "params", "params/a.yaml", "params/forms/form.yaml", "bad.xlsx", "bad.yaml", "bad.docx", "no.yaml", "*", "**/*.yaml", "[", "?", ".", "..", "/", "",
    "~", "~nouser", "/dev/null", "-", "x.xlsx", "x.docx", "x.csv", "x", "mof-2020", "hubei", "PK101", "zh", "en", "json", "xlsx", "sarif", "1", "0", "-1", "latest", "previous",
    "select 1", "select * from current_projects", "reports",
]  # fmt: skip


def command_lines() -> st.SearchStrategy[bytes]:
    """Give command lines as JSON lists: a command, options and operands of its kind and of no kind."""
    odd = st.sampled_from([text for text in spoiling.TEXTS if len(text) < 400]) | st.text(max_size=8)
    operand = st.sampled_from(_OPERANDS)
    word = operand | operand | st.sampled_from(_OPTIONS) | odd
    lines = st.tuples(st.sampled_from(_COMMANDS), st.lists(word, max_size=6))
    return lines.map(lambda line: raw(json.dumps([*line[0], *line[1]])))


def questions() -> st.SearchStrategy[bytes]:
    """Give SQL: sound, spoiled, and what asks for more than a question may."""
    seeds = [
        "select project, score from current_projects order by score desc", "select * from reports", "with recursive a(n) as (select 1 union all select n+1 from a) select * from a",
        "select printf('%1000000000d', 1)", "attach 'x' as y", "pragma journal_mode=delete", "select zeroblob(2000000000)", "explain select 1", "values (1),(2)",
        "select x'ff', 9e999, -9223372036854775808, cast(x'ff' as text)", "select load_extension('x')", "select 1; select 2", "/* */", "select json('{')", "select * from sqlite_master",
    ]  # fmt: skip
    return cases([seed.encode() for seed in seeds])


def packages(*patterns: str):
    return lambda: cases(files(*patterns), spoiling.spoiled_package)


def plain(*patterns: str, seeds: tuple[bytes, ...] = ()):
    return lambda: cases([*files(*patterns), *seeds])


def _open_pdfs() -> list[bytes]:
    """Give our PDFs with nothing packed, so that what is spoiled is the page itself."""
    import pikepdf

    made = []
    for path in sorted(READERS.rglob("*.pdf")):
        with pikepdf.open(path) as pdf:
            target = BytesIO()
            pdf.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                     object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
        made += [target.getvalue(), path.read_bytes()]
    return made


def _zips() -> list[bytes]:
    made = []
    for flags in (0, 0x800):
        target = BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name in ("表/甲.xlsx", "表/乙.docx", "丙.txt", "丁.yaml"):
                kind = name.rpartition(".")[2]
                content = FORMS[0].read_bytes() if kind == "yaml" else files(f"*.{kind}")[0]
                part = zipfile.ZipInfo(name if flags else name.encode("gbk").decode("cp437"))
                archive.writestr(part, content)
        made.append(target.getvalue())
    return made


def _mails() -> list[bytes]:
    page = files("page.html")[0]
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
    part = b"Content-Type: text/html; charset=utf-8\r\nContent-Location: a.htm\r\n"
    return [
        head + part + b"\r\n" + page + b"\r\n--x--\r\n",
        head + part.replace(b"utf-8", b"gbk") + b"\r\n" + page,
    ]


def _tables() -> list[bytes]:
    """Give the form of the web page as the text that tables are copied and saved as."""
    (form,) = [perfkit.read(FORMS[0])]
    rows = [
        [row.level1, row.level2, row.name, row.target, row.actual, str(row.weight), str(row.score)]
        for row in form.indicators
    ]
    heads = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    lines = [["项目支出绩效自评表（2022年度）"], ["项目名称", form.project], heads, *rows]
    texts = ["\n".join(mark.join(map(str, line)) for line in lines) for mark in ("\t", ",", " | ", "    ")]
    return [text.encode(code) for text in texts for code in ("utf-8", "gb18030", "utf-16")]


def _pictures() -> list[bytes]:
    """Give small pictures of most kinds, with nothing on them that takes long to recognise."""
    from PIL import Image, ImageDraw

    made = []
    image = Image.new("RGB", (200, 120), "white")
    ImageDraw.Draw(image).rectangle((10, 10, 190, 110), outline="black")
    for kind in ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"):
        target = BytesIO()
        image.save(target, kind)
        made.append(target.getvalue())
    return made


def _notebooks() -> list[bytes]:
    """Give executed notebooks with every kind of output that a report shows."""
    from tests.publish.notebooks import markdown, notebook, output, stream

    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><style>a{fill:red}</style><path d="M0 0L9 9"/><text x="1">文</text></svg>'
    table = "<table><thead><tr><th>甲<th>乙</tr></thead><tbody><tr><td rowspan=2>1<td>2</tr><tr><td>3</tr></tbody></table>"
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    full = notebook(
        "<h1>甲项目</h1><p class=pk-subtitle>财政局</p>", table, output(image__svg_xml=svg), output(image__png=dot),
        output(text__latex="$$\\frac{1}{2}$$"), output(text__markdown="**文** $x_1$\n\n|a|b|\n|-|-|\n|1|2|"),
        stream("1%\r50%\r100%\n\x1b[31m红\x1b[0m"), stream("错", "stderr"),
        markdown("# 节\n\n文 $\\sum_{i=1}^n x_i$ `码` [链](http://x) ![图](attachment:a.png)\n\n```python\nx\n```\n\n- 一\n  - 二\n\n> 引"),
        output(application__json={"a": 1}), output(text__plain="x"),
    )  # fmt: skip
    full.cells[-3].attachments = {"a.png": {"image/png": dot}}
    failed = notebook("x")
    failed.cells.append(
        nbformat.v4.new_code_cell(
            "1/0", outputs=[nbformat.v4.new_output("error", ename="E", evalue="v", traceback=["\x1b[0;31mE"])]
        )
    )
    return [nbformat.writes(each).encode() for each in (full, failed)] + [
        (ROOT / "notebooks" / "project_report.ipynb").read_bytes()
    ]


def _reports(kind: str) -> list[bytes]:
    """Give the report on a seed form, as published."""
    from perfkit.publish import publish
    from tests.publish.notebooks import run_report

    return [publish(run_report(FORMS[0], profile="shanghai-2022"), (kind,))[kind]]


def _ledgers() -> list[bytes]:
    import tempfile

    from tests.batch.filled import fill, project

    with tempfile.TemporaryDirectory() as folder:
        fill(folder, [project("a", "90"), project("b")], [project("a", "85.5")])
        return [(Path(folder) / "perfkit.db").read_bytes()]


def _themes() -> list[bytes]:
    return [
        'office: 甲\nnumber: 沪〔2023〕1号\nfooter: 内部\nprimary: "#1d4e79"\nloss: "#8a5a00"\nglyphs: true\nfonts: {headings: "", text: 仿宋_GB2312, folder: .}\n'.encode(),
        b"logo: case.yaml\ntemplate: case.yaml\n",
    ]


def _words() -> list[bytes]:
    from perfkit.narrative.voice import phrases

    return [
        yaml.safe_dump({language: phrases(language)}, allow_unicode=True).encode()
        for language in ("zh", "en")
    ] + ["zh: {summary.graded: 文}\n".encode()]


def _params() -> list[bytes]:
    return [
        b"form: params/forms/form.yaml\nprofile: shanghai-2022\nlanguage: zh\ntheme: ''\nprevious: params/forms/form.yaml\ncode: false\n",
        "form: params/forms/form.yaml\n日期: 2023-11-30\nx: [1, {a: 1.5}]\n".encode(),
    ]


def _profiles() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "perfkit" / "profiles").glob("*.yaml"))]


def trees(seeds, way=spoiling.spoiled_yaml):
    return lambda: cases(seeds(), way)


def form_seeds() -> list[bytes]:
    return [path.read_bytes() for path in FORMS]


def json_forms() -> list[bytes]:
    return [
        json.dumps(yaml.safe_load(data), ensure_ascii=False, default=str).encode() for data in form_seeds()
    ]


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("xlsx", ".xlsx", packages("*.xlsx"), document),
        Target("docx", ".docx", packages("*.docx"), document),
        Target("ods", ".ods", packages("*.ods"), document),
        Target("xls", ".xls", plain("*.xls"), document),
        Target("pdf", ".pdf", lambda: cases(_open_pdfs()), document, few=15, seconds=20),
        Target("html", ".html", plain("*.htm*"), document),
        Target("mhtml", ".mht", lambda: cases(_mails()), document, few=10),
        Target("txt", ".txt", lambda: cases([*_tables(), *files("*.txt")]), document, few=30),
        Target("zip", ".zip", lambda: cases(_zips(), spoiling.spoiled_package), document, few=10, seconds=20),
        Target(
            "office", ".rtf", lambda: cases([RTF, FLAT]), in_full, few=0, seconds=120, memory=2_500_000_000
        ),
        Target(
            "pictures", ".png", lambda: cases(_pictures()), in_full, few=4, seconds=60, memory=2_500_000_000
        ),
        Target("form-yaml", ".yaml", trees(form_seeds), form_file, few=30),
        Target("form-json", ".json", trees(json_forms, spoiling.spoiled_json), form_file, few=15),
        Target("params", ".yaml", trees(_params), params, few=30),
        Target("perfkit-yaml", ".yaml", trees(_params), common, few=10),
        Target("profile", ".yaml", trees(_profiles), profile, few=30),
        Target("theme", ".yaml", trees(_themes), theme, few=15),
        Target("words", ".yaml", trees(_words), words, few=20),
        Target("notebook", ".ipynb", trees(_notebooks, spoiling.spoiled_json), notebook, few=20, seconds=20),
        Target(
            "verify-docx", ".docx", lambda: cases(_reports("docx"), spoiling.spoiled_package), edited, few=6
        ),
        Target("verify-html", ".html", lambda: cases(_reports("html")), edited, few=6),
        Target("verify-pdf", ".pdf", lambda: cases(_reports("pdf")), edited, few=4, seconds=20),
        Target("ledger", ".db", lambda: cases(_ledgers(), spoiling.spoiled_ledger), ledger, few=15),
        Target("query", ".sql", questions, question, few=20, seconds=20),
        Target("command", ".json", command_lines, command, few=60),
    )
}
