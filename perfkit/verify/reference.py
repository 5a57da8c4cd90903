"""What is true of a project or a department: what perfkit itself writes, and each fact by its label.

Of a form these are the parts of the report's notebook in its order: title block, story with figures and
tables, official table, findings, explanations and provenance. Of a department, the parts of its summary.

A sentence that perfkit did not write is judged by its labels alone: `预算执行率为95%` is held against the
rate, `总分98分` against the three totals. A figure without a label of ours is for a person to judge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from perfkit.errors import Fault, SettingsError
from perfkit.language import LANGUAGES, Text
from perfkit.text import say
from perfkit.verify.alignment import Sentence, lexicon, moved, sentences
from perfkit.verify.documents import CELL, Passage, of_html

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfkit.checks import Findings
    from perfkit.form import Form
    from perfkit.language import Language
    from perfkit.scoring import Scorecard


_AFTER = (
    "dimensions",
    "execution",
    "deviations",
    "over_achievement",
    "previous",
    "review",
    "findings",
    "measures",
    "use",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Hold one project that a document tells of: its form, scorecard and findings, and its report's theme."""

    form: Form
    card: Scorecard
    findings: Findings
    previous: Scorecard | None = None
    theme: str = ""


def subject(form: Form, profile: Any, previous: Form | None = None, theme: str = "") -> Subject:
    """Score and check a form, and score that of the year before, by a profile."""
    import perfkit

    card = perfkit.score(form, profile=profile)
    before = perfkit.score(previous, profile=profile) if previous else None
    return Subject(form, card, perfkit.check(form, card), before, theme)


@dataclass(frozen=True)
class Reference:
    """Hold what a document is held against.

    `texts` is what perfkit writes in each language, and in each with the official form at the end, as in
    Word; `names` the names and cells of the forms, and whether
    each names a project, a body or an indicator; `subjects` the projects, none for a department's summary.
    """

    texts: Sequence[Sequence[Passage]]
    names: Mapping[str, bool]
    subjects: Sequence[Subject] = ()

    @classmethod
    def of_forms(cls, subjects: Sequence[Subject], *, whole: bool) -> Self:
        """Give the reference of one report or several.

        `whole` says that the document is a page, whose rows open to their explanations; on paper they do not.
        """
        orders = [
            order
            for language in LANGUAGES
            for order in zip(*(_orders(one, language, whole=whole) for one in subjects), strict=True)
        ]
        texts = [list(chain.from_iterable(order)) for order in orders]
        return cls(texts, {name: kind for one in subjects for name, kind in _named(one.form)}, subjects)

    @classmethod
    def of_reports(cls, folder: str | Path) -> Self:
        """Give the reference of a department's summary, from the ledger of a folder of reports.

        Raises:
            SettingsError: there is no ledger.
            MachineError: the ledger is damaged.
        """
        from perfkit.batch.ledger import FILE
        from perfkit.summary import Summary

        if not (Path(folder) / FILE).is_file():
            what, hint = say("summary.no_reports"), say("summary.no_reports_hint")
            raise SettingsError(Fault(what, str(folder), hint=hint))
        summaries = {language: Summary(folder, language) for language in LANGUAGES}
        parts = {language: summary.parts() for language, summary in summaries.items()}
        texts = [[*_read(part), *_four_figures(part[0])] for part in parts.values()]
        names: dict[str, bool] = {}
        for project in summaries["zh"].state.projects:
            names |= dict.fromkeys(
                filter(None, (project[key] for key in ("project", "department", "unit"))), True
            )
            for row in summaries["zh"].state.indicators.get(project["name"], ()):
                names |= dict.fromkeys(filter(None, (row["target"], row["actual"])), False)
                names |= dict.fromkeys(filter(None, (row["indicator"],)), True)
        return cls(texts, names)

    def beside(self, theirs: Sequence[Sentence]) -> list[Sentence]:
        """Give the sentences in the language and the order that a document shares more of."""
        said = {sentence.keys for sentence in theirs}
        read = [sentences(text) for text in self.texts]
        shared = [sum(sentence.keys in said for sentence in text) for text in read]
        likely = [text for text, count in zip(read, shared, strict=True) if count == max(shared)]
        return likely[0] if len(likely) == 1 else min(likely, key=lambda text: moved(theirs, text))


def _named(form: Form) -> Iterator[tuple[str, bool]]:
    for row in form.indicators:
        yield from ((text, False) for text in (row.target, row.actual, row.reason) if text)
        yield from ((text, True) for text in (row.name, row.level1, row.level2) if text)
    yield from ((text, True) for text in (form.project, form.department, form.unit) if text)


def written(one: Subject, language: Language, *, whole: bool) -> list[Passage]:
    """Give what perfkit writes about a project, a paragraph or a table's row each, in reading order."""
    return _orders(one, language, whole=whole)[0]


def _orders(one: Subject, language: Language, *, whole: bool) -> tuple[list[Passage], list[Passage]]:
    """Give it in the order of a page, and in that of Word, where the official form lies behind the report."""
    head = f"{one.form.project} · {one.form.year}"
    before, official, after = _fragments(one, language)
    told, form, rest = (_read(part, whole=whole) for part in (before, official, after))
    closing = [Passage(head, Text(head, head)), *_four_figures(before[0]), *_letterhead(one, head)]
    return [*told, *form, *rest, *closing], [*told, *rest, *form, *closing]


def _letterhead(one: Subject, head: str) -> Iterator[Passage]:
    """Give the lines that a theme puts on the pages of a report, in the ways in which they stand together."""
    from perfkit.params import settings
    from perfkit.publish.theme import load_theme

    theme = load_theme(settings(theme=one.theme).theme, Path())
    lines = (f"{theme.office} {theme.number}", theme.office, theme.number, theme.footer)
    for line in (*lines, f"{head} {theme.number}" if theme.number else ""):
        if line.strip():
            yield Passage(line, Text(line, line))


def _four_figures(block: str) -> Iterator[Passage]:
    """Give the four figures of a title block as Word has them: a row of labels, a row of figures."""
    from lxml import etree

    root: Any = etree.fromstring(f"<body>{block}</body>", etree.HTMLParser())
    for tag in ("dt", "dd"):
        texts = [" ".join("".join(each.itertext()).split()) for each in root.iter(tag)]
        if texts:
            yield Passage("\t".join(texts), Text("", ""), row=True)


def _read(fragments: Iterable[str], *, whole: bool = True) -> list[Passage]:
    from lxml import etree

    read: list[Passage] = []
    for fragment in fragments:
        root: Any = etree.fromstring(f"<body>{fragment}</body>", etree.HTMLParser())
        for details in () if whole else root.xpath("//td//details"):
            for child in [child for child in details if child.tag != "summary"]:
                details.remove(child)
        read += of_html(root)
        read += _lettering(root)
    return read


def _lettering(root: Any) -> Iterator[Passage]:
    """Give the labels of a chart's bars, each with its figure, as a PDF prints them."""
    for chart in root.iter("svg"):
        words = [" ".join("".join(text.itertext()).split()) for text in chart.iter("text")]
        for label, figure in zip(words[::2], words[1::2], strict=False):
            told = f"{label} {figure}"
            yield Passage(told, Text(told, told))


def _fragments(one: Subject, language: Language) -> tuple[list[str], list[str], list[str]]:
    """Give the parts of the report: what comes before the official form, the form, and what comes after."""
    import perfkit
    from perfkit.display import figures, tables

    card, findings = one.card, one.findings
    before, theme = one.previous, one.theme
    story = perfkit.narrate(one.form, card, findings, language=language, previous=before, theme=theme)
    shown: dict[str, str] = {section.key: section._repr_html_() for section in story.sections}
    told = [
        tables.title_block(card, findings, story).text,
        shown.get("summary", ""),
        *_drawing(figures.dimensions(card, language=language)),
        tables.dimensions(card, language=language).text,
        shown.get("execution", ""),
        *_drawing(figures.money(card, language=language)),
        tables.money(card, language=language).text,
        shown.get("deviations", ""),
        *_drawing(figures.losses(card, language=language)),
        *_drawing(figures.completion(card, language=language)),
        *(shown.get(key, "") for key in _AFTER[3:]),
    ]
    rest = [
        tables.findings(findings, language=language).text,
        tables.explanations(card, language=language).text,
        tables.provenance(card, language=language).text,
        shown.get("dimensions", ""),
    ]
    return told, [tables.official(card, findings, language=language).text], rest


def _drawing(figure: Any) -> Iterator[str]:
    """Give what stands beside a figure: its title, its subtitle and the sentence that describes it."""
    from html import escape

    yield "".join(f"<p>{escape(text)}</p>" for text in (figure.title, figure.subtitle, figure.alt))


# what is true of a project, by the label that stands before it in a sentence of another hand


_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_YEAR = re.compile(
    r"(?:19|20)\d\d(?=年)|(?<=\b(?:in|of) )(?:19|20)\d\d\b|(?<=\b(?:for) )(?:19|20)\d\d\b", re.IGNORECASE
)
_WAN = Decimal(10_000)
# What must stand after the figure of a fact, or must not.
_FOLLOWS = {
    "rate": re.compile("%|percent"),
    "total": re.compile("(?!的?(?:%|万|元|项|个))"),
    "rows": re.compile(""),
}
_UNMET = ("missed", "partly")
_NAMES = {"project", "department", "unit"}
_TOLD = {
    "rate": say("verify.of.rate"),
    "total": say("verify.of.total"),
    "initial": say("verify.of.initial"),
    "adjusted": say("verify.of.adjusted"),
    "executed": say("verify.of.executed"),
    "rows": say("verify.of.rows"),
    "project": say("verify.of.project"),
    "department": say("verify.of.department"),
    "unit": say("verify.of.unit"),
    "grade": say("verify.of.grade"),
    "all_met": say("verify.of.all_met"),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold what a sentence says under a label: as printed, and whether it is true."""

    what: Text
    got: str
    true: bool
    expected: str


def claims(sentence: str, subjects: Sequence[Subject]) -> Iterator[Claim]:
    """Read the labelled facts of a sentence, each held against the project.

    What is said of another year, of a part of the year or of others' projects is no claim.
    """
    if len(subjects) != 1 or of_another_year(sentence, subjects[0].form.year):
        return
    plain = "".join(sentence.replace(CELL, "：").split()).casefold()  # a cell is named by the one before it
    for key, labels in lexicon().facts.items():
        for label in labels:
            for found in label.finditer(plain):
                if key not in _NAMES and lexicon().scopes.search(plain, 0, found.start()):
                    continue
                claim = _claim(key, found[0], plain[found.end() :], subjects[0])
                if claim is not None:
                    yield claim


def of_another_year(sentence: str, year: int | None) -> bool:
    """Tell whether a sentence speaks of another year than the form's (上年, 2021年)."""
    lower = sentence.casefold()
    told = {int(number) for number in _YEAR.findall(sentence)}
    return any(word in lower for word in lexicon().years) or bool(told - {year})


def _claim(key: str, label: str, after: str, one: Subject) -> Claim | None:
    if key in _NAMES:
        return _name(key, label, after, getattr(one.form, key) or "")
    if key in _WHOLE:
        return _WHOLE[key](after, one)
    found = _FIGURE.match(after)
    if found is None:
        return None
    value, rest = Decimal(found[0].replace(",", "")), after[found.end() :]
    if key in {"initial", "adjusted", "executed"}:
        return _amount(key, value, rest, found[0], one)
    bound = rest.removeprefix("分").startswith(lexicon().bounds)
    if bound or not _FOLLOWS[key].match(rest) or not (true := _values(key, one)):
        return None
    return Claim(_TOLD[key], found[0], _close(value, true), _printed(true))


def _values(key: str, one: Subject) -> list[Decimal]:
    total = one.card.total
    known: dict[str, tuple[Decimal | None, ...]] = {
        "rate": (one.card.budget.rate, one.card.budget.printed_rate),
        "total": (total.declared, total.score, total.computed),
        "rows": (Decimal(len(one.form.indicators)),),
    }
    return [value for value in known[key] if value is not None]


def _close(value: Decimal, true: Sequence[Decimal]) -> bool:
    """Tell whether a figure is one of the true ones, rounded or cut to its own digits."""
    exponent = value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return any(abs(value - each) < step for each in true)


def _printed(true: Sequence[Decimal]) -> str:
    return " / ".join(dict.fromkeys(f"{value:f}" for value in true))


def _amount(key: str, value: Decimal, rest: str, got: str, one: Subject) -> Claim | None:
    amount = getattr(one.form.budget.total, key)
    unit = re.match(r"(万元|亿元|元|yuan)", rest)
    if amount is None or unit is None:
        return None
    scale = {"万元": _WAN, "亿元": _WAN * _WAN}.get(unit[1], Decimal(1))
    own = amount * (_WAN if one.form.money_unit == "万元" else 1)
    return Claim(_TOLD[key], got + unit[1], _close(value, [own / scale]), f"{own / scale:f}{unit[1]}")


def _name(key: str, label: str, after: str, true: str) -> Claim | None:
    got = re.split(r"[，。；,;.、（(：]", after, maxsplit=1)[0].strip("“”\"'‘’《》")
    plain = "".join(true.split()).casefold()
    if not plain or not got or (label.endswith(("为", "是")) and not got.endswith(lexicon().bodies)):
        return None
    return Claim(_TOLD[key], got, got in plain or plain in got, true)


def _grade(after: str, one: Subject) -> Claim | None:
    grades = {grade.name for grade in one.card.profile.grades}
    got = after.strip("“”\"'‘’")[:1]
    others = grades & set(re.split("[，。；]", after, maxsplit=1)[0]) - {got}
    if got not in grades or others or one.card.total.grade is None:  # a scale names several
        return None
    return Claim(_TOLD["grade"], got, got == one.card.total.grade, one.card.total.grade)


def _all_met(_: str, one: Subject) -> Claim:
    """Hold “all indicators are met” against the rows; those that only a person can judge may be."""
    verdicts = [row.reading.verdict.value for row in one.card.indicators]
    unmet = sum(verdict in _UNMET for verdict in verdicts)
    return Claim(_TOLD["all_met"], f"{len(verdicts)}", unmet == 0, f"{len(verdicts) - unmet}")


_WHOLE = {"grade": _grade, "all_met": _all_met}
