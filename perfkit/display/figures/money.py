"""What was budgeted, and what was spent? Three bars a source: initial, adjusted, executed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.display import views
from perfkit.display.figures.chart import Chart, Figure, Row, sentence, show
from perfkit.display.figures.drawing import BLUE, GREY_BAR, PALE_BLUE, TEXT, Type, bar, say
from perfkit.display.fonts import width
from perfkit.display.views import label, listed
from perfkit.text.figures import amount, rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from perfkit.display.figures.drawing import Plane
    from perfkit.form import Fund
    from perfkit.language import Language
    from perfkit.scoring import Scorecard

_STAGES = (("initial", GREY_BAR), ("adjusted", PALE_BLUE), ("executed", BLUE))
_STEP = 17.0


def money(card: Scorecard, *, language: Language = "zh", ax: Axes | None = None) -> Figure | Axes:
    """Draw the money: initial and adjusted budget and what was executed, by source, in the form's unit.

    Sources stand beside the total where there is more than one. A form that states no money, or only
    zeros, gives a sentence instead of a plot. With `ax` the marks go into these axes.
    """
    lines = _lines(card)
    if any((getattr(fund, stage) or 0) > 0 for _, fund in lines for stage, _ in _STAGES):
        return show(_chart(card, lines, language), ax)
    return show(sentence(label("money.zero" if lines else "money.nothing", language)), ax)


def _lines(card: Scorecard) -> list[tuple[str, Fund]]:
    """Give the lines to draw: the total, and its sources where two or more of them hold money."""
    filled = [(key, fund) for key, fund in views.funds(card.form) if fund.filled]
    moneyed = [key for key, fund in filled if key != "total" and _holds_money(fund)]
    total = [line for line in filled if line[0] == "total" and _holds_money(line[1])]
    if total and len(moneyed) < 2:  # noqa: PLR2004 - one source is the total
        return total
    return total + [line for line in filled if line[0] in moneyed] or filled


def _holds_money(fund: Fund) -> bool:
    return any(getattr(fund, stage) for stage, _ in _STAGES)


def _chart(card: Scorecard, lines: Sequence[tuple[str, Fund]], language: Language) -> Chart:
    told = {key: [_said(card, key, fund, stage, language) for stage, _ in _STAGES] for key, fund in lines}
    most = max(float(getattr(fund, stage) or 0) for _, fund in lines for stage, _ in _STAGES)

    def mark(plane: Plane, middles: Sequence[float]) -> None:
        for (key, fund), middle in zip(lines, middles, strict=True):
            for place, (stage, colour) in enumerate(_STAGES):
                y, length = middle + (place - 1) * _STEP, float(getattr(fund, stage) or 0)
                bar(plane, 0, length, y, colour)
                say(plane, max(length, 0), y, told[key][place], Type(dx=5))

    title = _title(card, language)
    rows = [f"{label(f'money.{key}', language)} {listed(told[key], language)}" for key, _ in lines]
    return Chart(
        title=title,
        subtitle=label("money.subtitle", language, unit=views.money_unit(card.form, language)),
        alt=label("alt", language, title=title, rows=listed(rows, language)),
        rows=[Row(label(f"money.{key}", language)) for key, _ in lines],
        span=(0.0, most),
        mark=mark,
        right=max(width(text, TEXT) for texts in told.values() for text in texts) + 8,
        row_height=3 * _STEP + 8,
    )


def _said(card: Scorecard, key: str, fund: Fund, stage: str, language: Language) -> str:
    """Say an amount with its stage, and with the rate where the total was executed."""
    rated = stage == "executed" and key == "total" and card.budget.rate is not None
    phrase = f"money.said.{'rated' if rated else stage}"
    return label(phrase, language, amount=amount(getattr(fund, stage)), rate=rate(card.budget.rate))


def _title(card: Scorecard, language: Language) -> str:
    fund, unit = card.form.budget.total, views.money_unit(card.form, language)
    if fund.adjusted is None and fund.executed is None:
        return label("money.sources", language)
    key = "money.title" if card.budget.rate is not None else "money.title_without_rate"
    return label(
        key,
        language,
        adjusted=amount(fund.adjusted),
        executed=amount(fund.executed),
        rate=rate(card.budget.rate),
        unit=unit,
    )
