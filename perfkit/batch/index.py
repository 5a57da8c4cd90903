"""index.html: every project on one page, to sort, filter and search; it asks nobody for anything.

The page carries its rows as compact data and makes table rows only for what is scrolled to, so that ten
thousand projects stay smooth; the plain table in it serves without JavaScript.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from perfkit.batch.charts import bars
from perfkit.batch.portfolio import RATE_BINS, SCORE_BINS, Portfolio, money, text_of
from perfkit.files import write_atomic
from perfkit.stores import there

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.batch.rows import Row

PAGE = Path(__file__).parent / "page"
PLAIN = 200  # rows of the table that is read without JavaScript
TOLD = 200  # failures that are listed
WORDS = ("department", "unit", "grade", "codes")
COLUMNS = ("name", "project", "department", "unit", "year", "score", "grade", "rate", "lost",
           "errors", "findings", "codes", "status", "files")  # fmt: skip
REVIEW = ("review", "deviation")  # columns that stand only where a project was reviewed (核查)

KEPT = ("name", "department", "unit", "year", "score", "grade", "rate", "errors", "codes", *REVIEW)


def write_index(folder: Path) -> None:
    """Write the index of a folder of reports from its journal and results."""
    write_atomic(folder / "index.html", index_page(Portfolio.of(folder), folder).encode("utf-8", "replace"))


def index_page(portfolio: Portfolio, folder: Path) -> str:
    """Give the page."""
    language = Counter(row["language"] for row in portfolio.projects).most_common(1)
    chosen = language[0][0] if language else "zh"
    text = _texts(chosen)
    failed = {line["name"] for line in portfolio.failures}
    rows = [_entry(row, failed, folder) for row in portfolio.projects]
    beside = REVIEW if any(row["review"] is not None for row in rows) else ()
    words = {name: list(dict.fromkeys(row[name] or "" for row in rows)) for name in WORDS}
    script = (PAGE / "index.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page: str = _template().render(
        language=chosen, text=text, style=(PAGE / "index.css").read_text(encoding="utf-8"), script=script,
        script_hash=f"sha256-{digest}", updated=f"{datetime.now().astimezone():%Y-%m-%d %H:%M}",
        figures=_figures(portfolio, text), failures=_failures(portfolio, folder, text), total=len(rows),
        charts=_charts(portfolio, text), filters=_filters(rows, words, text), heads=_heads(text, beside),
        rows=[_plain(row) for row in _worst(rows)], reviewed=bool(beside),
        data=_data(rows, (*COLUMNS, *beside), words, text, chosen),
    )  # fmt: skip
    return page


@cache
def _template() -> Any:
    from jinja2 import Environment
    from markupsafe import Markup

    template = Environment(autoescape=True).from_string((PAGE / "index.html.j2").read_text(encoding="utf-8"))
    template.globals["Markup"] = Markup
    return template


@cache
def _texts(language: str) -> dict[str, str]:
    import yaml

    both = yaml.safe_load((PAGE / "texts.yaml").read_text(encoding="utf-8"))
    return {key: pair[0 if language == "zh" else 1] for key, pair in both.items()}


def _entry(row: Row, failed: set[str], folder: Path) -> Row:
    """Give a project's row of the page; `files` counts 1 for HTML, 2 for PDF."""
    name = row["name"]
    lost = None if row["weight"] is None or row["score"] is None else row["weight"] - row["score"]
    files = there(folder / f"{name}.html") + 2 * there(folder / f"{name}.pdf")
    return {
        **{key: row[key] for key in KEPT},
        "project": row["project"] or name, "lost": lost, "status": int(name in failed), "files": files,
        "findings": row["errors"] + row["warnings"] + row["infos"],
    }  # fmt: skip


def _data(
    rows: Sequence[Row],
    columns: Sequence[str],
    words: dict[str, list[str]],
    text: dict[str, str],
    language: str,
) -> Any:
    """Give the rows as JSON that cannot end its script element, whatever a form says."""
    from markupsafe import Markup

    places = {name: {word: place for place, word in enumerate(found)} for name, found in words.items()}
    packed = [
        [
            places[column][row[column] or ""] if column in places else _number(row[column])
            for column in columns
        ]
        for row in rows
    ]
    said = {key: text[key] for key in ("report", "made", "broken", "none", "shown")}
    data = {"language": language, "columns": columns, "words": words, "text": said, "rows": packed}
    packed_text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    safe = packed_text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(safe)  # noqa: S704  # no "<" is left in it


def _number(value: Any) -> Any:
    return round(float(value), 2) if hasattr(value, "as_tuple") else value


def _worst(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["score"] is None, row["score"], row["name"]))[:PLAIN]


def _plain(row: Row) -> Row:
    """Give a row of the table as text."""
    rate, deviation = ("—" if row[key] is None else f"{row[key]:.2f}%" for key in ("rate", "deviation"))
    findings = f"{row['errors']} / {row['findings']}" if row["errors"] else str(row["findings"])
    return row | {
        "score": text_of(row["score"]), "lost": text_of(row["lost"]), "rate": rate, "findings": findings,
        "review": text_of(row["review"]), "deviation": deviation,
        "link": quote(row["name"]), "html": row["files"] & 1, "pdf": row["files"] & 2,
        "failed": row["status"],
    }  # fmt: skip


def _figures(portfolio: Portfolio, text: dict[str, str]) -> list[tuple[str, str, str]]:
    rate = portfolio.rate
    return [
        (text["projects"], f"{len(portfolio.projects):,}", ""),
        (text["mean"], text_of(portfolio.mean), ""),
        (text["budget"], money(portfolio.total("adjusted")), text["yuan"]),
        (text["executed"], money(portfolio.total("executed")), text["yuan"]),
        (text["rate"], "—" if rate is None else f"{rate:.2f}%", ""),
        (text["failed"], f"{len(portfolio.failures):,}", ""),
    ]


def _failures(portfolio: Portfolio, folder: Path, text: dict[str, str]) -> list[Row]:
    return [
        {
            "name": line["name"], "cause": text.get(f"cause_{line.get('cause')}", line.get("cause", "")),
            "error": (line["error"].splitlines() or [""])[0][:200],
            "cell": line.get("cell"), "again": line.get("again", ""),
            "stays": there(folder / f"{line['name']}.html"),
        }
        for line in portfolio.failures[:TOLD]
    ]  # fmt: skip


def _charts(portfolio: Portfolio, text: dict[str, str]) -> list[dict[str, Any]]:
    from markupsafe import Markup

    losses = [(text[name], float(mean)) for name, mean in portfolio.losses()]
    grades = [(grade or text["ungraded"], count) for grade, count in portfolio.grades()]
    drawn: tuple[tuple[str, list[tuple[str, Any]], dict[str, Any]], ...] = (
        ("scores", portfolio.binned("score", SCORE_BINS), {}),
        ("grades", grades, {}),
        ("rates", portfolio.binned("rate", RATE_BINS), {}),
        ("losses", losses, {"digits": 2, "kind": "loss"}),
    )
    return [
        {"title": text[key], "svg": Markup(bars(text[key], values, **how))}  # noqa: S704  # bars() escapes
        for key, values, how in drawn
    ]


def _filters(
    rows: Sequence[Row], words: dict[str, list[str]], text: dict[str, str]
) -> list[tuple[str, list[Any]]]:
    years = sorted({row["year"] for row in rows if row["year"] is not None}, reverse=True)
    codes = sorted({code for found in words["codes"] for code in found.split()})
    return [
        ("department", _numbered(words["department"])),
        ("year", [(year, year) for year in years]),
        ("grade", _numbered(words["grade"])),
        ("finding", [(code, code) for code in codes]),
        ("status", [(0, text["made"]), (1, text["broken"])]),
    ]


def _numbered(words: Sequence[str]) -> list[tuple[int, str]]:
    return sorted(((place, word) for place, word in enumerate(words) if word), key=lambda item: item[1])


def _heads(text: dict[str, str], beside: Sequence[str]) -> list[tuple[str, str, str]]:
    named = (("project", ""), ("department", "dept wide"), ("year", "year num wide"), ("score", "score num"),
             ("grade", "grade"), *((name, "review num wide beside") for name in beside),
             ("rate", "rate num wide"), ("lost", "lost num wide"), ("findings", "finds num wide"),
             ("status", "status wide"))  # fmt: skip
    return [*((by, text[by], kind) for by, kind in named), ("", text["report"], "files")]
