"""The published rows of tests/data/checks as forms: what is known of each, and no more."""

import json
import re
from decimal import Decimal

from perfkit.form import Budget, Form, Fund, Indicator, Source
from tests.checks.tables import DATA


def corpus() -> dict[str, Form]:
    """Give every published form by its key."""
    rows: dict[str, list[Indicator]] = {}
    for row in _lines("rows.jsonl"):
        rows.setdefault(row["form"], []).append(
            Indicator(
                name=row["l3"],
                level1=row["l1"],
                level2=row["l2"],
                target=row["target"],
                actual=row["actual"],
                weight=_figure(row["weight"]),
                score=_figure(row["score"]),
                reason=row["reason"],
            )
        )
    return {head["form"]: _form(head, tuple(rows.get(head["form"], ()))) for head in _lines("forms.jsonl")}


def _form(head: dict, rows: tuple[Indicator, ...]) -> Form:
    money = {part: _figure(amount) for part, amount in head["budget"].items()}
    total = Fund(
        **money, weight=_figure(head["budget_weight"]), rate=head["rate"], score=_figure(head["budget_score"])
    )
    return Form(
        project=head["name"],
        year=head["year"],
        department=head["region"],
        money_unit=head["unit_of_money"] or "万元",
        budget=Budget(total=total),
        indicators=rows,
        total=_figure(head["declared_total"]),
        source=Source(file=f"{head['form']}.yaml"),
    )


def _lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def _figure(printed: object) -> Decimal | None:
    return None if printed is None else Decimal(re.sub(r"[^\d.]", "", str(printed)))
