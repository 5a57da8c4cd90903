"""How a hit becomes a finding: the page's sentences filled with the hit's figures, in both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from perfkit.checks.figures import figure
from perfkit.checks.finding import Finding
from perfkit.checks.pages import Page, pages
from perfkit.language import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfkit.checks.registry import Hit
    from perfkit.form import Form

LONGEST = 60
LOOKED_AT = 4 * LONGEST
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_MONEY = {"元": "in yuan", "万元": "in 10,000 yuan"}


def finding_of(code: str, hit: Hit, form: Form, severities: Mapping[str, str]) -> Finding:
    """Word a hit on a form as the finding that a reviewer reads."""
    return worded(
        pages()[code],
        hit,
        severities,
        file=form.source.file,
        place=place_of(form, hit),
        about=_about(form, hit.row),
    )


def worded(  # noqa: PLR0913 where a finding stands is two texts
    page: Page,
    hit: Hit,
    severities: Mapping[str, str],
    *,
    file: str,
    place: str = "",
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
        evidence=fill(wording.evidence, values),
        fix=fill(wording.fix, values),
        file=file,
        row=hit.row,
        field=hit.field,
        place=place,
    )


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
    """Give the place that a hit's cell was read from, or its row's, "" where neither is known."""
    row = "" if hit.row is None else f"indicators[{hit.row - 1}]"
    path = f"{row}.{hit.field}" if row else hit.field
    unread = {cell.path: cell.place for cell in form.unread}
    places = form.source.places
    return places.get(path) or unread.get(path) or places.get(row, "")


def _about(form: Form, row: int | None) -> dict[str, Any]:
    about: dict[str, Any] = {"money": Text(form.money_unit, _MONEY.get(form.money_unit, form.money_unit))}
    if row is None:
        return about
    printed = form.indicators[row - 1]
    name = printed.name or printed.target
    label = (
        Text(f"第{row}行", f"row {row}")
        if not name
        else Text(f"“{shown(name, 'zh')}”", f"“{shown(name, 'en')}”")
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
