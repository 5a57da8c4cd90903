"""Whole commands: a line of odd words, a workspace that is spoiled, a wheel, a question, what a browser sends.

No case asks the network, opens a browser, or writes outside its folder.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import click
from hypothesis import strategies as st

from perfkit.cli import cli
from perfkit.errors import PerfkitError
from tests.fuzz import seeds, spoiling
from tests.fuzz.spoiling import cases, raw

if TYPE_CHECKING:
    from random import Random


def run(*words: str) -> None:
    """Run one command line here; usage and statuses are answers."""
    _stay_here()
    try:
        cli.main(list(words), prog_name="perfkit", standalone_mode=False)
    except click.exceptions.Exit as left:
        assert left.exit_code in {0, 1, 2}  # noqa: PT017
    except click.exceptions.Abort:
        return
    except click.ClickException as error:
        error.format_message()
    except PerfkitError as error:
        error.told("zh"), error.told("en")
    except OSError as error:
        assert error.strerror  # noqa: PT017  # `main` says what the system refused


def _stay_here() -> None:
    """Have pip ask no index, no browser open, and a preview end when its page is made."""
    from perfkit import preview

    async def none(*_: object):
        for each in ():
            yield each

    os.environ |= {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INPUT": "1"}
    click.launch, preview.saved = (lambda _: 0), none


def command(path: Path) -> None:
    """Run one command line in a small workspace."""
    folder = seeds.workspace(path.parent)
    for name in ("bad.xlsx", "bad.yaml", "bad.docx"):
        (folder / name).write_bytes(b"\x00\xff: [")
    (folder / "params" / "a.yaml").write_text("form: params/forms/form.yaml\n", encoding="utf-8")
    try:
        words = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
    except ValueError:
        return
    if isinstance(words, list) and all(isinstance(each, str) for each in words):
        here = [word if word.strip() not in {"/", ".."} else "x" for word in words]
        run(*[os.fsdecode(raw(word.replace("\x00", ""))) for word in here])  # as a shell would give them


# The command line: which words it is made of.
_COMMANDS = [
    ("import",), ("score",), ("check",), ("rollup",), ("verify",), ("export",), ("profiles",), ("explain",),
    ("words",), ("schema",), ("summary",), ("why",), ("diff",), ("query",), ("completion",), ("report",), ("preview",),
    ("bundle",), ("bundle", "--python", "3.12", "--platform", "win_amd64"), ("init",), ("doctor",), (),
]  # fmt: skip
_OPTIONS = [
    "--to", "--out", "--profile", "--language", "--format", "--why", "--select", "--ignore", "--explain", "--force", "--form", "--blank",
    "--results", "--reports", "--jobs", "--help", "-h", "--version", "--strict", "--seconds", "--memory", "--project", "--previous", "--port", "--no-open",
    "--python", "--platform", "--wheel", "--cluster", "--", "-x", "--x", "--to=x.xlsx", "--format=json", "--language=en", "--to=html", "--to=html,docx",
]  # fmt: skip
_OPERANDS = [
    "params", "params/a.yaml", "params/forms/form.yaml", "bad.xlsx", "bad.yaml", "bad.docx", "no.yaml", "*", "**/*.yaml", "[", "?", ".", "..", "/", "",
    "~", "~nouser", "/dev/null", "-", "x.xlsx", "x.docx", "x.csv", "x", "mof-2020", "hubei", "PK101", "zh", "en", "json", "xlsx", "sarif", "1", "0", "-1", "latest", "previous",
    "0.5", "500MB", "tcp://127.0.0.1:1", "tls://x", "win_amd64", "3.12", "select 1", "select * from current_projects", "reports", "theme.yaml",
]  # fmt: skip


def command_lines() -> st.SearchStrategy[bytes]:
    """Give command lines as JSON lists: a command, options and operands of its kind and of no kind."""
    odd = st.sampled_from([text for text in spoiling.TEXTS if len(text) < 400]) | st.text(max_size=8)
    operand = st.sampled_from(_OPERANDS)
    word = operand | operand | st.sampled_from(_OPTIONS) | odd
    lines = st.tuples(st.sampled_from(_COMMANDS), st.lists(word, max_size=6))
    return lines.map(lambda line: raw(json.dumps([*line[0], *line[1]])))


# A workspace with a file of every kind, packed.


def workspaces() -> list[bytes]:
    """Give one sound workspace."""
    notebook = (seeds.ROOT / "notebooks" / "project_report.ipynb").read_bytes()
    theme, words = seeds.themes()[0], "zh: {heading.summary: 总的情况}\n".encode()
    own = seeds.profile_files()[0]
    parts = {
        "perfkit.yaml": b"theme: theme.yaml\nwords: words.yaml\nlanguage: zh\n",
        "theme.yaml": theme, "words.yaml": words, "profiles/own.yaml": own, "notebooks/project_report.ipynb": notebook,
        "params/a.yaml": b"form: params/forms/a.yaml\nprofile: own\n", "params/forms/a.yaml": seeds.FORMS[0].read_bytes(),
        "params/b.yaml": b"form: forms/c.xlsx\nprofile: shanghai-2022\nprevious: params/forms/a.yaml\n",
        "forms/c.xlsx": seeds.files("official.xlsx")[0], "forms/d.txt": seeds.tables()[0], "reports/perfkit.db": seeds.ledgers()[0],
        "reports/a.html": b"", "reports/b.html": b"",
    }  # fmt: skip
    return [_packed(parts)]


def _packed(parts: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


_WAYS = {
    ".yaml": spoiling.spoiled_yaml, ".ipynb": spoiling.spoiled_json, ".db": spoiling.spoiled_ledger, ".xlsx": spoiling.spoiled_package,
}  # fmt: skip


def spoiled_workspace(chance: Random, data: bytes, _others: list[bytes]) -> bytes:
    """Spoil one or two files of a workspace by their kind, lose one, or put one in the place of another."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = sorted(parts)
    for _ in range(chance.choice((1, 1, 2, 3))):
        name = chance.choice(names)
        match chance.randrange(8):
            case 0:
                parts.pop(name, None)
            case 1:
                parts[name] = parts.get(chance.choice(names), b"")
            case 2:
                parts[
                    chance.choice(
                        [
                            "copy.py",
                            "reports",
                            "params",
                            "notebooks/a.ipynb",
                            "params/甲\n.yaml",
                            f"params/{'长' * 80}.yaml",
                        ]
                    )
                ] = b"x"
            case _:
                way = _WAYS.get(Path(name).suffix, spoiling.spoiled)
                parts[name] = way(chance, parts.get(name, b"a: 1"), [data])
    return _packed(parts)


def _unpacked(path: Path) -> None:
    folder = path.parent / "office"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with (
        suppress(OSError, ValueError, zipfile.BadZipFile, NotImplementedError),
        zipfile.ZipFile(path) as archive,
    ):
        archive.extractall(folder)
    os.chdir(folder)


def reported(path: Path) -> None:
    """Report on all that lies in a workspace, and ask the ledger of it."""
    _unpacked(path)
    to = ("html", "html", "html,docx", "html,pdf")[path.stat().st_size % 4]
    run("report", "params", "forms", "--to", to, "--jobs", "1", "--seconds", "20", "--memory", "700MB")
    run("why", "params")
    run("query", "select * from current_projects")
    run("summary", "--to", "docx,xlsx")


def previewed(path: Path) -> None:
    """Show the page of a params file, and that of a form."""
    _unpacked(path)
    run("preview", ("params/a.yaml", "params/b.yaml", "forms/c.xlsx", "forms/d.txt")[path.stat().st_size % 4])


def examined(path: Path) -> None:
    """Ask what the machine can do, in a workspace."""
    _unpacked(path)
    run("doctor")


def summed_up(path: Path) -> None:
    """Write the summary of a workspace, roll its forms up, check and score them, export what is there."""
    _unpacked(path)
    run("summary", "--to", "docx,xlsx")
    run("rollup", "params/a.yaml", "params/forms/a.yaml")
    run("check", "params/*.yaml", "forms/*", "--format", "json")
    run("score", "params/a.yaml")
    run("export", "params/forms/a.yaml", "--to", "official.docx")
    run("export", "--results", "results.xlsx")


def wheels() -> list[bytes]:
    """Give wheels that need nothing, or something."""
    begin = "Metadata-Version: 2.1\nName: perfkit\nVersion: 0.1.0\n"
    needs = ("", "Requires-Dist: x>=1; sys_platform == 'win32'\nRequires-Dist: y[z]~=2; extra == 'a'\n")
    home = "perfkit-0.1.0.dist-info"
    return [
        _packed({
            "perfkit/__init__.py": b"", f"{home}/METADATA": (begin + need).encode(),
            f"{home}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n", f"{home}/RECORD": b"",
        })
        for need in needs
    ]  # fmt: skip


def bundled(path: Path) -> None:
    """Bundle a wheel; no index is asked."""
    own = path.replace(path.parent / "perfkit-0.1.0-py3-none-any.whl")
    shutil.rmtree(path.parent / "bundle", ignore_errors=True)
    run("bundle", "--python", "3.12", "--platform", "win_amd64", "--wheel", str(own), "--to", "bundle")


_EXPRESSIONS = [
    "*", "name", "score", "count(*)", "1", "null", "x'ff'", "'文'", "9e999", "-9223372036854775808", "rowid", "?", ":a", "zeroblob(9999999)", "random()", "a.b.c",
]  # fmt: skip
_FUNCTIONS = [
    "sum", "avg", "total", "group_concat", "hex", "char", "unicode", "printf", "instr", "replace", "trim", "substr", "like", "glob", "json", "json_extract",
    "json_group_array", "json_patch", "date", "strftime", "julianday", "abs", "round", "min", "max", "coalesce", "nullif", "typeof", "quote", "zeroblob", "load_extension",
    "readfile", "fts3_tokenizer", "sqlite_version", "sqlite_compileoption_get", "row_number", "lag", "ntile", "last_insert_rowid", "soundex", "likelihood", "unhex", "sqlite_offset",
]  # fmt: skip
_TABLES = [
    "reports", "projects", "current_projects", "current_indicators", "current_findings", "runs", "sqlite_master", "sqlite_schema", "pragma_table_info('runs')", "temp.x",
    "json_each('[1]')", "dbstat", "sqlite_dbpage", "generate_series(1,9)", "(values (1), (2))", "main.runs", "nowhere",
]  # fmt: skip
_OTHERS = [
    "vacuum into 'x.db'", "attach 'x.db' as y", "create table x (a)", "delete from runs", "pragma {}", "pragma {} = 1", "update runs set run = 9", "begin", "analyze", "detach main",
    "insert into runs default values", "drop view current_projects", "create trigger t after insert on runs begin select 1; end", "explain query plan select {}", "values ({})",
]  # fmt: skip


def spoiled_question(chance: Random, data: bytes, others: list[bytes]) -> bytes:
    """Make a question of the words there are, or spoil one."""
    match chance.randrange(4):
        case 0:
            return spoiling.spoiled(chance, data, others)
        case 1:
            return raw(chance.choice(_OTHERS).replace("{}", _expression(chance)))
    parts = [f"select {_expression(chance)}, {_expression(chance)} from {chance.choice(_TABLES)}"]
    if chance.randrange(3) == 0:
        parts.append(f"{chance.choice(('join', 'left join', 'natural join', ','))} {chance.choice(_TABLES)}")
    ends = ("where", "group by", "having", "order by", "limit", "union all select")
    parts += [f"{word} {_expression(chance)}" for word in ends if chance.randrange(4) == 0]
    if chance.randrange(5) == 0:
        parts.insert(0, "with recursive a(n) as (select 1 union all select n + 1 from a limit 99)")
    return raw(" ".join(parts))


def _expression(chance: Random, depth: int = 0) -> str:
    match chance.randrange(6 if depth < 3 else 2):
        case 2 | 3:
            inside = ", ".join(_expression(chance, depth + 1) for _ in range(chance.randrange(4)))
            return f"{chance.choice(_FUNCTIONS)}({inside}){' over (order by 1)' if chance.randrange(9) == 0 else ''}"
        case 4:
            mark = chance.choice(
                ["+", "||", "/", "%", "like", "glob", "is not", "in", "->>", "collate", "between 1 and", "<<"]
            )
            return f"{_expression(chance, depth + 1)} {mark} {_expression(chance, depth + 1)}"
        case 5:
            return f"(select {_expression(chance, depth + 1)} from {chance.choice(_TABLES)})"
        case 1:
            return f"'{chance.choice(spoiling.TEXTS)}'"
    return chance.choice(_EXPRESSIONS)


def questions() -> st.SearchStrategy[bytes]:
    """Give SQL: sound, spoiled, and what asks for more than a question may."""
    sound = [
        "select project, score from current_projects order by score desc", "select * from reports", "with recursive a(n) as (select 1 union all select n+1 from a) select * from a",
        "select printf('%1000000000d', 1)", "attach 'x' as y", "pragma journal_mode=delete", "select zeroblob(2000000000)", "explain select 1", "values (1),(2)",
        "select x'ff', 9e999, -9223372036854775808, cast(x'ff' as text)", "select load_extension('x')", "select 1; select 2", "/* */", "select json('{')", "select * from sqlite_master",
    ]  # fmt: skip
    return cases([seed.encode() for seed in sound], spoiled_question)


def question(path: Path) -> None:
    """Ask a small ledger in SQL; whatever is asked, the folder stays as it was."""
    from perfkit.batch import query
    from tests.batch.filled import fill, project

    out = path.parent / "asked"
    if not out.exists():
        out.mkdir()
        fill(out, [project("a"), project("b")])
    before = (sorted(out.iterdir()), (out / "perfkit.db").read_bytes())
    sql = path.read_bytes().decode("utf-8", "surrogateescape")
    try:
        answer = query(sql, out=out)
        answer.to_csv(), answer._repr_html_(), answer.write(path.parent / "answer.xlsx")
    finally:
        assert (sorted(out.iterdir()), (out / "perfkit.db").read_bytes()) == before


def requests() -> list[bytes]:
    """Give what a browser, and what nobody, sends to the preview; KEY and PORT stand for those of the server."""
    host = b"Host: 127.0.0.1:PORT\r\n"
    return [
        b"GET /KEY/ HTTP/1.1\r\n" + host + b"\r\n", b"GET /KEY/report HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n",
        b"POST /KEY/report HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        b"GET /KEY/events HTTP/1.1\r\n" + host + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"POST /KEY/ HTTP/1.1\r\n" + host + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 30\r\n\r\n--x\r\n\r\na\r\n--x--",
        b"GET /KEY/../a?%zz=%ff HTTP/1.0\r\nCookie: a=b; c\r\n" + host + b"Range: bytes=0-\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]  # fmt: skip


def requested(path: Path) -> None:
    """Send bytes to the preview's server; it says nothing of errors, and answers the next one."""
    told = _Told()
    for name in ("tornado.application", "tornado.general", "asyncio"):
        logging.getLogger(name).addHandler(told)
        logging.getLogger(name).propagate = False
    asyncio.run(_requested(path.read_bytes()))
    assert not told.records, told.records


class _Told(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(logging.Formatter().format(record))


async def _requested(data: bytes) -> None:
    from perfkit.preview import Page, Server

    server = Server()
    server.show(Page(b"<p>one</p>"))
    try:
        for each in (data, b"GET /KEY/report HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(
                each.replace(b"KEY", server.key.encode()).replace(b"PORT", str(server.port).encode())
            )
            answer = b""
            with suppress(TimeoutError, ConnectionError):
                answer = await asyncio.wait_for(reader.read(), 0.1 if each is data else 20)
            writer.close()
    finally:
        server.close()
    assert answer.endswith(b"<p>one</p>")
