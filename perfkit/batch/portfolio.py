"""All projects together: the numbers of a department's summary, and index.html, which shows them.

The numbers (自评情况汇总) are counts, money, averages, grades and points lost over the present state of every
project; they are also what notebooks/portfolio_report.ipynb is made of. The index has every project on one
page, to sort, filter and search, and asks nobody for anything: it carries its rows as compact data and makes
table rows only for what is scrolled to, so that ten thousand projects stay smooth; the plain table in it
serves without JavaScript.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from perfkit.batch.ledger import Ledger, is_gone
from perfkit.batch.results import LOSSES, Row
from perfkit.checks.across import Copies
from perfkit.display.markup import bars
from perfkit.display.tables import made
from perfkit.files import write_atomic
from perfkit.publish.theme import font_face
from perfkit.text.catalogue import choose, in_language
from perfkit.text.figures import cut, fixed, fixed_percent, fixed_wan, moment
from perfkit.text.folding import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

FAILURE = ("name", "status", "cause", "error", "cell", "again")
GRADES = ("优", "良", "中", "低", "差")  # best first; 低 is Guangdong's
RATE_BINS = ((0, "<30%"), (30, "30–60%"), (60, "60–80%"), (80, "80–100%"), (100, "≥100%"))
SCORE_BINS = tuple((low, f"{low}–{low + 5}" if low else "<60") for low in (0, *range(60, 100, 5)))


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Hold every project's present row, the reports that failed, and what of those made is to be told.

    `notes` name a report and say what of it could not be set as it stands, such as a character no font has.
    """

    projects: tuple[Row, ...]
    failures: tuple[Row, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, out: str | Path = "reports") -> Self:
        """Read the portfolio of a folder of reports.

        A project is in it as long as its params file and any of its reports' files are; one that failed,
        until it is made or its params file is gone.
        """
        return cls.read(out)[0]

    @classmethod
    def read(
        cls, out: str | Path, tables: Sequence[str] = ()
    ) -> tuple[Self, dict[str, dict[str, list[Row]]]]:
        """Read the portfolio, and each report's rows in other tables of the ledger, by its name."""
        folder = Path(out)
        files = folder.glob("*.*") if folder.is_dir() else ()
        there = {path.name.split(".")[0] for path in files}
        with Ledger.of(folder) as ledger:
            names: set[str] = set()
            failures: dict[str, Row] = {}
            notes: list[tuple[str, str]] = []
            for outcome in ledger.outcomes():
                if not is_gone(outcome, folder):
                    names.add(outcome["name"])
                    if outcome["status"] == "failed":
                        failures[outcome["name"]] = {key: outcome[key] for key in FAILURE}
                    elif outcome["error"]:
                        notes += [(outcome["name"], note) for note in outcome["error"].splitlines()]
            projects: list[Row] = []
            beside: dict[str, dict[str, list[Row]]] = {}
            for name, report, rows in ledger.last_rows(("projects", *tables)):
                if name in names and _is_there(name, folder, there):
                    if rows is None:
                        fault = ledger.unlike(report).faults[0]
                        told = one_line(str(replace(fault, file="", hint="")))
                        row = {"name": name, "status": "failed", "cause": "ledger", "error": told}
                        failures[name] = dict.fromkeys(FAILURE) | row
                    else:
                        projects += rows.pop("projects")
                        beside[name] = rows
        return cls(tuple(projects), tuple(failures.values()), tuple(notes)), beside

    @property
    def mean(self) -> Decimal | None:
        """Give the mean score (平均得分) of the projects whose total is final."""
        scores = [r["score"] for r in self.projects if r["score"] is not None and r["state"] == "final"]
        return sum(scores, Decimal(0)) / len(scores) if scores else None

    def total(self, column: str) -> Decimal:
        """Give a sum of money over all projects, in 元: `initial`, `adjusted` or `executed`."""
        return sum((row[column] for row in self.projects if row[column] is not None), Decimal(0))

    @property
    def rate(self) -> Decimal | None:
        """Give the execution rate (预算执行率) of all money together, in percent; of one project its own.

        A profile may round a project's rate up or divide by another budget, and its report says so.
        """
        both = [row for row in self.projects if row["adjusted"] and row["executed"] is not None]
        alone = self.projects if len(self.projects) == 1 else both
        if len(alone) == 1:
            own: Decimal | None = alone[0]["rate"]
            return own
        budget = sum((row["adjusted"] for row in both), Decimal(0))
        return 100 * sum((row["executed"] for row in both), Decimal(0)) / budget if budget else None

    def grades(self) -> list[tuple[str, int]]:
        """Count the final totals of each grade, best first; "" stands for those without."""
        counts = Counter(row["grade"] or "" for row in self.projects if row["state"] == "final")
        order = {grade: place for place, grade in enumerate(GRADES)}
        return sorted(counts.items(), key=lambda item: (order.get(item[0], 9), item[0]))

    @property
    def provisional(self) -> int:
        """Count the totals that are to be verified (待核实), whose grades do not count yet."""
        return sum(row["state"] != "final" for row in self.projects)

    def losses(self) -> list[tuple[str, Decimal]]:
        """Give the mean points lost by dimension, most first; only dimensions that lost any."""
        count = len(self.projects) or 1
        means = {name: self._lost(name) / count for name in LOSSES}
        return sorted(((name, mean) for name, mean in means.items() if mean > 0), key=lambda item: -item[1])

    def _lost(self, dimension: str) -> Decimal:
        return sum((row[f"{dimension}_lost"] or Decimal(0) for row in self.projects), Decimal(0))

    def binned(self, column: str, bins: Sequence[tuple[int, str]]) -> list[tuple[str, int]]:
        """Count the values of a column by bins, half-open upwards."""
        values = [row[column] for row in self.projects if row[column] is not None]
        edges = [*(low for low, _ in bins), float("inf")]
        return [
            (label, sum(edges[place] <= value < edges[place + 1] for value in values))
            for place, (_, label) in enumerate(bins)
        ]

    def copies(self) -> list[tuple[Row, str]]:
        """Give each project that repeats an earlier one (重复报送), with the name of that one's report.

        Both are in every sum, mean and count: only a person can tell which of the two to keep.
        """
        seen = Copies()
        told = (
            (row, seen.earlier(*(row[key] for key in ("name", "project", "year", "department", "unit"))))
            for row in self.projects
        )
        return [(row, other) for row, other in told if other is not None]

    def remarks(self) -> list[tuple[str, str]]:
        """Give what is to be known of reports that were made: their notes, and which repeat another."""
        repeated = [
            (row["name"], choose("batch.repeats", row["language"] or "zh", other=other))
            for row, other in self.copies()
        ]
        return [*repeated, *self.notes]

    def to_frame(self) -> pd.DataFrame:
        """Give a row for each project."""
        import pandas as pd

        return pd.DataFrame([*self.projects])

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False, na_rep="—", border=0))


def _is_there(name: str, folder: Path, there: Iterable[str]) -> bool:
    return name in there or any((folder / f"{name}.{kind}").exists() for kind in ("html", "pdf", "ipynb"))


PAGE = Path(__file__).parent / "page"
PLAIN = 200  # rows of the table that is read without JavaScript
TOLD = 200  # failures, and notes, that are listed
WORDS = ("department", "unit", "grade", "codes", "because")
COLUMNS = ("name", "project", "department", "unit", "year", "score", "grade", "because", "rate", "lost",
           "errors", "findings", "codes", "status", "open", "files")  # fmt: skip
FILES = ("html", "pdf", "docx")  # a project's files on the page, each a power of two in its row
SUMMARIES = ("html", "pdf", "docx", "xlsx")
HEADS = ("project", "department", "unit", "year", "score", "grade", "because", "review", "deviation", "rate",
         "lost", "errors", "findings")  # fmt: skip
KINDS = {"html": "HTML", "pdf": "PDF", "docx": "Word", "xlsx": "Excel"}
REVIEW = ("review", "deviation")  # columns that stand only where a project was reviewed (核查)
SAID = ("report", "made", "broken", "none", "shown", "copied", "title", "with_errors")  # what the script says
KEPT = ("name", "department", "unit", "year", "score", "rate", "errors", "codes", *REVIEW)


def write_index(folder: Path, portfolio: Portfolio | None = None) -> None:
    """Write the index of a folder of reports: of its `portfolio`, where that has been read already."""
    page = index_page(Portfolio.of(folder) if portfolio is None else portfolio, folder)
    write_atomic(folder / "index.html", page.encode("utf-8", "replace"))


def index_page(portfolio: Portfolio, folder: Path) -> str:
    """Give the page."""
    language = Counter(row["language"] for row in portfolio.projects).most_common(1)
    chosen = language[0][0] if language else "zh"
    text = in_language("index", chosen)
    failed = {line["name"] for line in portfolio.failures}
    rows = [_entry(row, failed, folder) for row in portfolio.projects]
    beside = REVIEW if any(row["review"] is not None for row in rows) else ()
    words = {name: list(dict.fromkeys(row[name] or "" for row in rows)) for name in WORDS}
    # The page opens with final totals, the lowest first; then come the others.
    worst = sorted(rows, key=lambda row: (row["open"], row["score"] is None, row["score"], row["name"]))
    script = (PAGE / "index.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page: str = _template().render(
        language=chosen, text=text, style=(PAGE / "index.css").read_text(encoding="utf-8"), script=script,
        script_hash=f"sha256-{digest}", updated=moment(made()),
        figures=_figures(portfolio, text), failures=_failures(portfolio, folder, text),
        notes=portfolio.remarks()[:TOLD], total=len(rows),
        charts=_charts(portfolio, text), filters=_filters(rows, words, text), heads=_heads(text, beside),
        rows=[_plain(row, text) for row in worst[:PLAIN]], reviewed=bool(beside), kinds=KINDS,
        opened=any(row["open"] for row in rows),
        summaries=[kind for kind in SUMMARIES if (folder / f"summary.{kind}").exists()],
        data=_data(rows, (*COLUMNS, *beside), words, language=chosen, kinds=KINDS, files=FILES,
                   text={key: text[key] for key in SAID}, heads={name: text[name] for name in HEADS}),
    )  # fmt: skip
    carried = "font-src data:; base-uri 'none'"
    glyphs = f"<style>{font_face(page)}</style></head>"
    return page.replace("base-uri 'none'", carried, 1).replace("</head>", glyphs, 1)


@cache
def _template() -> Any:
    from jinja2 import Environment
    from markupsafe import Markup

    template = Environment(autoescape=True).from_string((PAGE / "index.html.j2").read_text(encoding="utf-8"))
    template.globals["Markup"] = Markup
    return template


def _entry(row: Row, failed: set[str], folder: Path) -> Row:
    """Give a project's row of the page; `open` is 1 where its total is to be verified, `because` says why."""
    name = row["name"]
    known = None not in (row["weight"], row["score"]) and row["weight"] >= row["score"]
    lost = row["weight"] - row["score"] if known else None  # rows without a weight may hold more than it
    files = sum((folder / f"{name}.{kind}").exists() << place for place, kind in enumerate(FILES))
    is_open = row["state"] != "final"
    return {
        **{key: row[key] for key in KEPT},
        "grade": _graded(row), "because": (row["because"] or "") if is_open else "", "open": int(is_open),
        "project": row["project"] or name, "lost": lost,
        "status": int(name in failed), "files": files,
        "findings": row["errors"] + row["warnings"] + row["infos"],
    }  # fmt: skip


def _graded(row: Row) -> str | None:
    """Give the grade; a total that is to be verified (待核实) says so beside it."""
    if row["state"] == "final":
        grade: str | None = row["grade"]
        return grade
    mark = choose("batch.to_be_verified", row["language"])
    return f"{row['grade']} · {mark}" if row["grade"] else mark


def _data(rows: Sequence[Row], columns: Sequence[str], words: dict[str, list[str]], **told: Any) -> Any:
    """Give the rows as JSON that cannot end its script element, whatever a form says."""
    from markupsafe import Markup

    places = {name: {word: place for place, word in enumerate(found)} for name, found in words.items()}

    def value(row: Row, column: str) -> Any:
        held = row[column]
        if column in places:
            return places[column][held or ""]
        return float(cut(held, 2, ROUND_HALF_UP)) if isinstance(held, Decimal) else held

    packed = [[value(row, column) for column in columns] for row in rows]
    data = {**told, "columns": columns, "words": words, "rows": packed}
    packed_text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    safe = packed_text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(safe)  # noqa: S704  # no "<" is left in it


def _plain(row: Row, text: Mapping[str, str]) -> Row:
    """Give a row of the table as text."""
    rate, deviation = (fixed_percent(row[key]) for key in ("rate", "deviation"))
    findings = text["with_errors"].format_map(row) if row["errors"] else str(row["findings"])
    return row | {
        "score": fixed(row["score"]), "lost": fixed(row["lost"]), "rate": rate, "findings": findings,
        "review": fixed(row["review"]), "deviation": deviation,
        "link": quote(row["name"]), "failed": row["status"],
        "links": [kind for place, kind in enumerate(FILES) if row["files"] >> place & 1],
    }  # fmt: skip


def _figures(portfolio: Portfolio, text: Mapping[str, str]) -> list[tuple[str, str, str]]:
    left_out, copies = portfolio.provisional, len(portfolio.copies())
    return [
        (
            text["projects"],
            f"{len(portfolio.projects):,}",
            text["repeated"].format(count=copies) if copies else "",
        ),
        (text["mean"], fixed(portfolio.mean), text["without"].format(count=left_out) if left_out else ""),
        (text["budget"], fixed_wan(portfolio.total("adjusted")), text["yuan"]),
        (text["executed"], fixed_wan(portfolio.total("executed")), text["yuan"]),
        (text["rate"], fixed_percent(portfolio.rate), ""),
        (text["failed"], f"{len(portfolio.failures):,}", ""),
    ]


def _failures(portfolio: Portfolio, folder: Path, text: Mapping[str, str]) -> list[Row]:
    return [
        {
            "name": line["name"], "cause": text.get(f"cause_{line.get('cause')}", line.get("cause", "")),
            "error": (line["error"].splitlines() or [""])[0][:200],
            "cell": line.get("cell"), "again": line.get("again", ""),
            "stays": (folder / f"{line['name']}.html").exists(),
        }
        for line in portfolio.failures[:TOLD]
    ]  # fmt: skip


def _charts(portfolio: Portfolio, text: Mapping[str, str]) -> list[dict[str, Any]]:
    from markupsafe import Markup

    losses = [(text[name], mean) for name, mean in portfolio.losses()]
    grades = [(grade or text["ungraded"], count) for grade, count in portfolio.grades()]
    final = tuple(row for row in portfolio.projects if row["state"] == "final")
    scores = Portfolio(final).binned("score", SCORE_BINS)
    if portfolio.provisional:
        for counted in (scores, grades):
            counted.append((text["to_verify"], portfolio.provisional))
    drawn: tuple[tuple[str, list[tuple[str, Any]], dict[str, Any]], ...] = (
        ("scores", scores, {}),
        ("grades", grades, {}),
        ("rates", portfolio.binned("rate", RATE_BINS), {}),
        ("losses", losses, {"digits": 2, "kind": "loss"}),
    )
    return [
        {"title": text[key], "svg": Markup(bars(text[key], values, **how))}  # noqa: S704  # bars() escapes
        for key, values, how in drawn
    ]


def _filters(rows: Sequence[Row], words: dict[str, Any], text: Mapping[str, str]) -> list[tuple[str, Any]]:
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


def _heads(text: Mapping[str, str], beside: Sequence[str]) -> list[tuple[str, str, str]]:
    named = (("project", ""), ("department", "dept wide"), ("year", "year num wide"), ("score", "score num"),
             ("grade", "grade"), *((name, "review num wide beside") for name in beside),
             ("rate", "rate num wide"), ("lost", "lost num wide"), ("findings", "finds num wide"),
             ("status", "status wide"))  # fmt: skip
    return [*((by, text[by], kind) for by, kind in named), ("", text["report"], "files")]
