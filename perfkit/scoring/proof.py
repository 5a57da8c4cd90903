"""What a row's actual proves: a figure, words that answer, or nothing at all.

A unit that gives itself points for a row that nobody surveyed or counted has claimed them without proof.
The words stand in `words.yaml`. A row that a person rated is proven by the person.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.scoring.explanation import ZERO
from perfkit.text.folding import own_yaml
from perfkit.values import Basis, Direction, Flag, Kind, Reading, Verdict, is_blank
from perfkit.values.dates import impossible_day

if TYPE_CHECKING:
    from decimal import Decimal

    from perfkit.form import Form, Indicator

WORDS = Path(__file__).with_name("words.yaml")
LOOKED_AT = 400  # characters of a cell; what is longer is told by its beginning
LONGEST_REASON = 2000
LONGEST_EMPTY = 40  # characters; who writes more says something
_NOISE = re.compile(r"[\W_]+")
_CLAUSES = re.compile(r"[，,。！？；;：:!?\n]")
_ENUMERATED = re.compile(r"^[\s(（]*(?:[一二三四五]|\d{1,2})[)）、.．]+")
_FIGURES = frozenset({"measured", "derived"})
_YUAN = "元"


class Gap(StrEnum):
    """Say why an actual proves nothing.

    It is not filled in, not surveyed, not counted, not applicable, a date that no calendar has, or words.
    """

    MISSING = "missing"
    NOT_SURVEYED = "not_surveyed"
    NOT_COUNTED = "not_counted"
    NOT_APPLICABLE = "not_applicable"
    NO_DATE = "no_date"
    WORDS = "words"


CLAIMED = frozenset({Gap.NO_DATE, Gap.WORDS})
"""What says that a target was met, and does not prove it."""

# Which finding speaks of a gap; a row that sets it aside, with a reason, is proven by that reason.
SPOKEN_BY = {
    Gap.MISSING: "PK201",
    Gap.NOT_SURVEYED: "PK216",
    Gap.NOT_COUNTED: "PK216",
    Gap.NOT_APPLICABLE: "PK216",
    Gap.NO_DATE: "PK405",
    Gap.WORDS: "PK405",
}


def measured(reading: Reading) -> bool:
    """Tell whether a verdict rests on figures or dates, given as such or worked out from counts."""
    return reading.basis in _FIGURES


def gap_of(row: Indicator, reading: Reading) -> Gap | None:
    """Give why an actual proves nothing, None where it proves something.

    A blank cell proves nothing even where a person rated the row; else a rating, a figure and a date do.
    """
    said = folded(row.actual)
    if is_blank(row.actual) and not has("not_counted", said):
        return Gap.MISSING
    if row.rating is not None or measured(reading):
        return None
    if Flag.NOT_APPLICABLE in reading.flags and reading.verdict is Verdict.UNVERIFIABLE:
        return Gap.NOT_APPLICABLE
    asks = has("asks_people", f"{row.level1}{row.level2}{row.name}")
    if asks and reading.verdict is not Verdict.JUDGEMENT and has("survey_running", said):
        return Gap.NOT_COUNTED
    for gap in (Gap.NOT_SURVEYED, Gap.NOT_COUNTED):
        if has(str(gap), said):
            return gap
    return _claimed(row, reading)


def _claimed(row: Indicator, reading: Reading) -> Gap | None:
    """Give why an actual proves nothing, though it claims something."""
    if no_such_day(row.actual):
        return Gap.NO_DATE
    return Gap.WORDS if unmatched(row, reading) and not states_met(row, reading) else None


def unmatched(row: Indicator, reading: Reading) -> bool:
    """Tell whether words answer a figure, or a figure answers words, and nothing makes that an answer.

    未开展 is one, 全部 against 100%, a date before a feast, an amount against 不超过预算.
    """
    if Flag.KIND_MISMATCH not in reading.flags or reading.verdict is Verdict.MISSED:
        return False
    target, actual = _unspaced(row.target), _unspaced(row.actual)
    if has("events", target) and reading.actual.kind is Kind.DATE:
        return False
    if has("as_it_comes", target) or (has("within_budget", target) and reading.actual.unit == _YUAN):
        return False
    return not (_of_a_whole(reading) and has("whole", actual))


def no_such_day(cell: str | None) -> str:
    """Give the date in a cell that no calendar has (9月31日), "" where there is none."""
    return impossible_day(_unspaced(cell))


def states_met(row: Indicator, reading: Reading) -> bool:
    """Tell whether words state that a target was met (达成预期指标), not only that work was done."""
    if reading.target.kind is Kind.WORDS or reading.verdict is Verdict.PARTLY:
        return False
    said = folded(row.actual)
    return bool(_fits("states_met", said)) or (
        reading.basis is Basis.STATED and reading.verdict is Verdict.MET and not _fits("work_done", said)
    )


def rated(row: Indicator) -> Verdict | None:
    """Give the rating of a row (评定档次): a person's, or one that its actual states in the act's words."""
    if row.rating is not None:
        return Verdict(row.rating)
    said = folded(row.actual)
    return next((verdict for verdict in _RATED if _fits(f"rated_{verdict}", said)), None)


def points_unproven(gap: Gap | None, weight: Decimal | None, score: Decimal | None) -> bool:
    """Tell whether half the weight or more counts (`score`) for a row that proves nothing."""
    return gap is not None and weight is not None and score is not None and ZERO < weight <= 2 * score


def set_aside(part: Indicator | Form, code: str) -> bool:
    """Tell whether a person has set a finding aside on a row or form, with a reason."""
    return any(each.reason.strip() and code.startswith(each.code.strip().upper()) for each in part.ignore)


def folded(text: str | None) -> str:
    """Give a text without space and punctuation, full-width forms folded."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", (text or "")[:LONGEST_REASON]))


def _unspaced(text: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", (text or "")[:LOOKED_AT]).split())


def says_nothing(reason: str | None) -> bool:
    """Tell whether a reason is none: 无, 已完成, or only signs; as a whole or clause by clause."""
    told = (reason or "")[:LONGEST_REASON]
    text = folded(told)
    if not text or _is_empty(text):
        return True
    return all(_is_empty(folded(_ENUMERATED.sub("", part))) for part in _CLAUSES.split(told) if part.strip())


def _is_empty(text: str) -> bool:
    if not text or len(text) > LONGEST_EMPTY:
        return not text
    return _fits("empty_reasons", text) or not _words()["empty_words"].sub("", text)


def has(family: str, text: str) -> bool:
    """Tell whether a text holds a word of a family."""
    return _words()[family].search(text) is not None


def basically_met(row: Indicator) -> bool:
    """Tell the words 基本达成, which one rule set puts in the first band and others in the second."""
    return row.rating is None and _fits("basically", folded(row.actual))


def _fits(family: str, text: str) -> bool:
    return _words()[family].fullmatch(text) is not None


def _of_a_whole(reading: Reading) -> bool:
    """Tell a target that all of something reach: ≥95% is answered by 全员参训."""
    hundred, target = 100, reading.target
    reached = target.value is not None and target.value <= hundred and reading.verdict is not Verdict.PARTLY
    upwards = reading.direction is not Direction.AT_MOST
    return reached and (target.value == hundred or (target.unit == "%" and upwards))


_RATED = (Verdict.MET, Verdict.PARTLY, Verdict.MISSED)


@cache
def _words() -> dict[str, re.Pattern[str]]:
    content: dict[str, Any] = own_yaml(WORDS.read_text(encoding="utf-8"))
    return {family: re.compile("|".join(f"(?:{one})" for one in found)) for family, found in content.items()}
