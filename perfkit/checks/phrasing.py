"""How a hit becomes a finding: the page's sentences filled with the hit's figures, in both languages.

Labels, in both languages, are what findings and their outputs call the parts of a form. Figures are
compared at the precision that is printed, never through floats.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from perfkit.checks.finding import SEVERITY, Finding, Owner, Page, pages
from perfkit.form import place_at
from perfkit.language import LANGUAGES, Text
from perfkit.scoring.explanation import total
from perfkit.scoring.totals import cents
from perfkit.text import say
from perfkit.text.catalogue import words
from perfkit.text.figures import HUNDRED, counted, percent_of, plain, points
from perfkit.text.figures import fixed as percent
from perfkit.text.figures import grouped as figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfkit.checks.registry import Hit
    from perfkit.form import Form

__all__ = [
    "HUNDRED",
    "add",
    "cents",
    "counted",
    "decimals",
    "figure",
    "or_blank",
    "percent",
    "percent_of",
    "points",
    "signed",
]


FIELDS = {
    "project": say("checks.field.project"),
    "department": say("checks.field.department"),
    "unit": say("checks.field.unit"),
    "total": say("checks.field.total"),
    "grade": say("checks.field.grade"),
    "notes": say("checks.field.notes"),
    "indicators": say("checks.field.indicators"),
    "goals.expected": say("checks.field.goals.expected"),
    "goals.outcome": say("checks.field.goals.outcome"),
    "level1": say("checks.field.level1"),
    "level2": say("checks.field.level2"),
    "name": say("checks.field.name"),
    "target": say("checks.field.target"),
    "actual": say("checks.field.actual"),
    "weight": say("checks.field.weight"),
    "score": say("checks.field.score"),
    "reason": say("checks.field.reason"),
    "deduction": say("checks.field.deduction"),
    "review": say("checks.field.review"),
    "opinion": say("checks.field.opinion"),
    "review_total": say("checks.field.review_total"),
    "rate": say("checks.field.rate"),
    "initial": say("checks.field.initial"),
    "adjusted": say("checks.field.adjusted"),
    "executed": say("checks.field.executed"),
}


def field_text(field: str) -> Text:
    """Give a field by its title on the form; a fund's column by its own."""
    return FIELDS.get(field) or FIELDS.get(field.rpartition(".")[2]) or Text(field, field)


def field_label(field: str, language: str) -> str:
    """Give a field by its title on the form in one language."""
    return field_text(field)[language]


def level_text(level: str) -> Text:
    """Give a canonical level 1 or level 2 by its name."""
    return _known("level", level)


def _known(what: str, word: str) -> Text:
    """Give a word of the form in both languages, as it stands where the catalogue has no English for it."""
    return say(f"checks.{what}.{word}") if f"{what}.{word}" in words("checks") else Text(word, word)


def row_label(row: int | None, language: str) -> str:
    """Give a row by its number, "" for the form as a whole."""
    if row is None:
        return ""
    return say("checks.row_of_form", row=row)[language]


def severity_label(severity: str, language: str) -> str:
    """Give a severity in words."""
    return SEVERITY[severity][language]


def add(figures: Iterable[Decimal]) -> Decimal:
    """Give a sum, exact whatever its size."""
    return total(figures)


def decimals(figure: Decimal | None) -> int:
    """Count the decimals of a figure, zeros at its end left out."""
    if figure is None or not figure.is_finite():
        return 0
    text = f"{figure:f}"
    return len(text.partition(".")[2].rstrip("0"))


def signed(gap: Decimal) -> Text:
    """Tell a gap in points as too many or too few."""
    size = plain(abs(gap))
    return say("checks.too_many", size=size) if gap > 0 else say("checks.too_few", size=size)


def or_blank(amount: Decimal | None, unit: str = "") -> Text:
    """Tell a figure with its Chinese unit, or that it is not filled in."""
    return say("checks.blank") if amount is None else Text(figure(amount) + unit, figure(amount))


LONGEST = 60
LOOKED_AT = 4 * LONGEST
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def finding_of(code: str, hit: Hit, form: Form, severities: Mapping[str, str]) -> Finding:
    """Word a hit on a form as the finding that a reviewer reads."""
    return worded(
        pages()[code],
        hit,
        severities,
        file=form.source.file,
        place=place_of(form, hit),
        source=form.source.own_file,
        owner=Owner(form.project, form.department or "", form.unit or ""),
        about=_about(form, hit.row),
    )


def worded(  # noqa: PLR0913 where a finding stands is two texts
    page: Page,
    hit: Hit,
    severities: Mapping[str, str],
    *,
    file: str,
    place: str = "",
    source: str = "",
    owner: Owner = Owner(),  # noqa: B008 frozen, and the same for all that have none
    about: Mapping[str, Any] = MappingProxyType({}),
) -> Finding:
    """Fill the page's sentences with the hit's figures; `severities` are the profile's own."""
    wording = page.worded(hit.variant)
    values = {**about, **hit.values}
    severity: Any = severities.get(page.code) or severities.get(page.slug) or hit.severity or page.severity
    return Finding(
        code=page.code,
        slug=page.slug,
        severity=severity,
        message=fill(wording.message, values),
        evidence=_with_others(fill(wording.evidence, values), hit.also),
        fix=fill(wording.fix, values),
        file=file,
        row=hit.row,
        field=hit.field,
        place=place,
        source=source or file,
        owner=owner,
        also=hit.also,
    )


def _with_others(evidence: Text, codes: tuple[str, ...]) -> Text:
    """Add the names of the findings that the same cause would have made."""
    if not codes:
        return evidence
    titles = [pages()[code].title for code in codes]
    zh, en = "、".join(title.zh for title in titles), "; ".join(title.en for title in titles)
    return say("checks.with_others", evidence=evidence, others=Text(zh, en))


def fill(template: Text, values: Mapping[str, Any]) -> Text:
    """Fill a template in both languages; a value is shown as a person would write it."""
    return Text(**{language: _filled(template[language], values, language) for language in LANGUAGES})


def _filled(template: str, values: Mapping[str, Any], language: str) -> str:
    return template.format_map({name: shown(values[name], language) for name in _names(template)})


@cache
def _names(template: str) -> tuple[str, ...]:
    return tuple({name for _, name, _, _ in Formatter().parse(template) if name})


def shown(value: Any, language: str) -> str:
    """Show a value in a sentence: no exponent, no trailing zeros, a long text cut, a blank as a dash."""
    if value is None:
        return "—"
    if isinstance(value, Text):
        return value[language]
    if isinstance(value, Decimal):
        return figure(value)
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(shown(item, language) for item in value) or "—"
    text = printable(str(value)[:LOOKED_AT])
    return (text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…") or "—"


def printable(text: str) -> str:
    """Give a text on one line, without control and direction characters that could upset a terminal."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def place_of(form: Form, hit: Hit) -> str:
    """Give the place of a hit's cell, of its row where the column is not known, "" where nothing is."""
    row = "" if hit.row is None else f"indicators[{hit.row - 1}]"
    path = f"{row}.{hit.field}" if row else hit.field
    unread = {cell.path: cell.place for cell in form.unread}
    return form.source.places.get(path) or unread.get(path) or place_at(form.source.places, path)


def _about(form: Form, row: int | None) -> dict[str, Any]:
    about: dict[str, Any] = {"money": _known("money", form.money_unit)}
    if row is None:
        return about
    printed = form.indicators[row - 1]
    name = printed.name or printed.target
    label = (
        say("checks.row", row=row) if not name else Text(f"“{shown(name, 'zh')}”", f"“{shown(name, 'en')}”")
    )
    return about | {
        "name": label,
        "number": row,
        "target": printed.target,
        "actual": printed.actual,
        "weight": printed.weight,
        "score": printed.score,
        "reason": printed.reason,
    }
