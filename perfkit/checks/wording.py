"""How a hit becomes a finding: the page's sentences filled with the hit's figures, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from perfkit.checks.finding import Finding
from perfkit.checks.pages import pages
from perfkit.checks.registry import Hit
from perfkit.form import Form, Source
from perfkit.language import LANGUAGES, Text

LONGEST = 60
_MONEY = {"元": "yuan", "万元": "10,000 yuan"}


def finding_of(code: str, hit: Hit, form: Form, severities: Mapping[str, str]) -> Finding:
    """Word a hit as the finding that a reviewer reads."""
    page = pages()[code]
    wording = page.worded(hit.variant)
    values = {**_about(form, hit.row), **hit.values}
    severity: Any = severities.get(code) or severities.get(page.slug) or hit.severity or page.severity
    return Finding(
        code=code,
        slug=page.slug,
        severity=severity,
        message=fill(wording.message, values),
        evidence=fill(wording.evidence, values),
        fix=fill(wording.fix, values),
        file=form.source.file,
        row=hit.row,
        field=hit.field,
        place=place_of(form.source, hit),
    )


def fill(template: Text, values: Mapping[str, Any]) -> Text:
    """Fill a template in both languages; a value is shown as a person would write it."""
    filled = {
        language: template[language].format_map(
            {key: shown(value, language) for key, value in values.items()}
        )
        for language in LANGUAGES
    }
    return Text(**filled)


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
    text = " ".join(str(value).split())
    return (text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…") or "—"


def figure(value: Decimal) -> str:
    """Write a figure plainly, thousands set off, without an exponent and without trailing zeros."""
    if not value.is_finite():
        return str(value)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def place_of(source: Source, hit: Hit) -> str:
    """Give the place that a hit's cell was read from, or its row's, "" where neither is known."""
    if hit.row is None:
        return source.places.get(hit.field, "")
    row = f"indicators[{hit.row - 1}]"
    return source.places.get(f"{row}.{hit.field}") or source.places.get(row, "")


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
