"""Sound files of every kind, to be spoiled; and the strategies that spoil them."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import nbformat
import yaml

import perfkit
from tests.fuzz import spoiling
from tests.fuzz.engine import ROOT
from tests.fuzz.spoiling import cases

DATA = ROOT / "tests" / "data"
READERS = DATA / "readers"
FORMS = [
    ROOT / "params" / "forms" / f"{name}.yaml"
    for name in ("online-learning-2022", "leadership-training-2022")
]


def files(*patterns: str) -> list[bytes]:
    """Give the test files of some endings."""
    return [path.read_bytes() for pattern in patterns for path in sorted(READERS.rglob(pattern))]


def workspace(folder: Path) -> Path:
    """Make the workspace that a case is tried in, as far as it is not there."""
    (folder / "params" / "forms").mkdir(parents=True, exist_ok=True)
    (folder / "profiles").mkdir(exist_ok=True)
    (folder / "perfkit.yaml").unlink(missing_ok=True)
    shutil.copy(FORMS[0], folder / "params" / "forms" / "form.yaml")
    return folder


RTF = rb"{\rtf1\ansi\ansicpg936{\trowd\cellx2000\cellx4000 \u39033?\u30446?\cell \u30002?\cell\row}\par x}"
FLAT = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>1</Data></Cell></Row></Table></Worksheet></Workbook>'


def packages(*patterns: str):
    return lambda: cases(files(*patterns), spoiling.spoiled_package)


def plain(*patterns: str, seeds: tuple[bytes, ...] = ()):
    return lambda: cases([*files(*patterns), *seeds])


def open_pdfs() -> list[bytes]:
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


def zips() -> list[bytes]:
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


def mails() -> list[bytes]:
    page = files("page.html")[0]
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
    part = b"Content-Type: text/html; charset=utf-8\r\nContent-Location: a.htm\r\n"
    return [
        head + part + b"\r\n" + page + b"\r\n--x--\r\n",
        head + part.replace(b"utf-8", b"gbk") + b"\r\n" + page,
    ]


def tables() -> list[bytes]:
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


def pictures() -> list[bytes]:
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


def notebooks() -> list[bytes]:
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


def reports(kind: str) -> list[bytes]:
    """Give the report on a seed form, as published."""
    from perfkit.publish import publish
    from tests.publish.notebooks import run_report

    return [publish(run_report(FORMS[0], profile="shanghai-2022"), (kind,))[kind]]


def told_reports() -> list[bytes]:
    """Give the text of a report, as it is told to others."""
    from perfkit.publish import publish
    from perfkit.verify.documents import passages
    from tests.publish.notebooks import run_report

    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_bytes(publish(run_report(FORMS[0], profile="shanghai-2022"), ("html",))["html"])
        text = "\n".join(passage.text for passage in passages(page))
    return [text.encode(code) for code in ("utf-8", "gb18030", "utf-16")]


MADE = ("a", "b")  # the reports that the ledger knows


def ledgers() -> list[bytes]:
    """Give the ledger of two real forms in two runs, and one of next to nothing; one report has failed."""
    from perfkit.batch.ledger import Writer
    from perfkit.batch.results import rows_of
    from tests.batch.filled import fill, outcome, project

    made = []
    for full in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            fill(folder, [project("a", "90"), project("b")], [project("a", "85.5")])
            with Writer.of(folder) as book:
                book.begin({"perfkit": "1"})
                for name, form in zip(MADE, FORMS, strict=True) if full else ():
                    rows = rows_of(name, str(form), "shanghai-2022", "zh", str(ROOT))
                    book.record(outcome(name, error="注意：…"), rows=rows)
                book.record(outcome("c", "failed", cause="cell", error="ValueError: x"))
                book.end(2, 0, 1)
            made.append((Path(folder) / "perfkit.db").read_bytes())
    return made


def put_ledger(out: Path, data: bytes) -> None:
    """Put a ledger into a folder of reports that are there."""
    out.mkdir(exist_ok=True)
    (out / "perfkit.db").write_bytes(data)
    for name in MADE:
        (out / f"{name}.html").touch()


def themes() -> list[bytes]:
    return [
        'office: 甲\nnumber: 沪〔2023〕1号\nfooter: 内部\nprimary: "#1d4e79"\nloss: "#8a5a00"\nglyphs: true\nfonts: {headings: "", text: 仿宋_GB2312, folder: .}\n'.encode(),
        b"logo: case.yaml\ntemplate: case.yaml\n",
    ]


def word_files() -> list[bytes]:
    from perfkit.narrative.voice import phrases

    return [
        yaml.safe_dump({language: phrases(language)}, allow_unicode=True).encode()
        for language in ("zh", "en")
    ] + ["zh: {summary.graded: 文}\n".encode()]


def params_files() -> list[bytes]:
    return [
        b"form: params/forms/form.yaml\nprofile: shanghai-2022\nlanguage: zh\ntheme: ''\nprevious: params/forms/form.yaml\ncode: false\n",
        "form: params/forms/form.yaml\n日期: 2023-11-30\nx: [1, {a: 1.5}]\n".encode(),
    ]


def profile_files() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "perfkit" / "profiles").glob("*.yaml"))]


def trees(seeds, way=spoiling.spoiled_yaml):
    return lambda: cases(seeds(), way)


def form_seeds() -> list[bytes]:
    return [path.read_bytes() for path in FORMS]


def json_forms() -> list[bytes]:
    return [
        json.dumps(yaml.safe_load(data), ensure_ascii=False, default=str).encode() for data in form_seeds()
    ]
