"""How a target or an actual is written within a sentence.

A figure with its unit and a date read well as they stand, an operator reads better as words; all else
is quoted, so that nobody takes the form's words for the report's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfkit.narrative.wording import one_line
from perfkit.values import Kind

if TYPE_CHECKING:
    from perfkit.narrative.voice import Voice
    from perfkit.scoring import RowScore

_OPERATORS = {
    **dict.fromkeys((">=", "≥", "≧"), "at_least"),
    **dict.fromkeys(("<=", "≤", "≦"), "at_most"),
    **dict.fromkeys((">", "＞"), "more_than"),
    **dict.fromkeys(("<", "＜"), "less_than"),
    **dict.fromkeys(("=", "＝", "﹦", "═"), ""),
}
_OPERATED = re.compile(rf"({'|'.join(_OPERATORS)})\s*(\d.*)")
_FIGURE = {
    "zh": re.compile(r"\d[\d.,]*\s?[%％‰]?[^\W\d_]{0,6}"),
    "en": re.compile(r"\d[\d.,]*%?"),
}
_DAY = re.compile(r"(?=.*\d)[\d年月日号前底末初上中下旬半季度.\-/]{1,12}")


def cell(text: str | None, kind: Kind, voice: Voice) -> tuple[str, bool]:
    """Write a cell for a sentence, and tell whether it went in without quotation marks."""
    line = one_line(text or "")
    if not line:
        return voice.say("cell.blank"), False
    if kind is Kind.DATE and voice.language == "zh" and _DAY.fullmatch(line):
        return line, True
    operated = _OPERATED.fullmatch(line)
    operator, figure = operated.groups() if operated else ("", line)
    if not _FIGURE[voice.language].fullmatch(figure):
        return voice.wording.quoted(line), False
    phrase = _OPERATORS.get(operator, "")
    if phrase == "at_least" and "%" in figure:
        phrase = "at_least_rate"
    return (voice.say(f"cell.{phrase}", figure=figure) if phrase else figure), True


def target_cell(row: RowScore, voice: Voice) -> tuple[str, bool]:
    """Write a row's target, and beside it the initial one (年初指标值) where it was adjusted."""
    indicator, kind = row.indicator, row.reading.target.kind
    target, bare = cell(indicator.target, kind, voice)
    initial = one_line(indicator.initial_target or "")
    if not initial or initial == one_line(indicator.target or ""):
        return target, bare
    return voice.say("cell.adjusted", target=target, initial=cell(initial, kind, voice)[0]), False
