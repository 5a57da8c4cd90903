"""The wording of forms: which heading is which column, which label is which field.

All wording is data (words.yaml); this module brings a printed text to the key that the data is written
for: no spaces, no brackets, no decorations, half-width signs, simplified characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from perfkit.text.folding import own_yaml
from perfkit.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Match",
    "column_role",
    "fund_line",
    "grade_in",
    "is_blank",
    "is_fund_name",
    "is_general_fund",
    "is_level1",
    "is_past",
    "is_subtotal",
    "is_template",
    "is_title",
    "is_total",
    "key",
    "label_role",
    "reviewer_role",
    "squeeze",
]

_BRACKETS = re.compile(r"[(\[【〔{][^()\[\]【】〔〕{}]*[)\]】〕}]?")
_DECOR = re.compile(r"[\s*★☆※●■▲:：;；。,，、_\-—–/]+")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\d{1,2}[、.]|[(（][一二三四五六七八九十\d]+[)）])")
_LOOSE = 50
PLANNED = 20  # from this rank on a heading of the adjusted budget may be that of the first (预算数),
CHANGED = 30  # and from this one on it may be that of what was added or taken off (预算调整数)
_INSIDE = re.compile(r"[(\[【〔](\D+?)[)\]】〕]")
_LESS_SURE = {"planned": PLANNED, "changed": CHANGED}
_REVIEWERS = frozenset({"review", "opinion"})
_ASIDE = frozenset({"skip", "block"})
_LONGEST = 30
_LONGEST_TITLE = 45


@cache
def _words() -> dict[str, Any]:
    text = files("perfkit.readers.layout").joinpath("words.yaml").read_text(encoding="utf-8")
    words: dict[str, Any] = own_yaml(text)
    return words


@cache
def _simplified() -> dict[int, str]:
    pairs = _words()["traditional"]
    return {ord(pairs[i]): pairs[i + 1] for i in range(0, len(pairs) - 1, 2)}


@cache
def _patterns(part: str) -> dict[str, list[re.Pattern[str]]]:
    return {
        role: [re.compile(entry) for entry in entries.split()]
        for role, entries in _words()[part].items()
        if role != "loose"
    }


@cache
def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(_words()[part])


def squeeze(text: str) -> str:
    """Give a text without spaces, in half-width signs and simplified characters, brackets kept."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", "", plain).translate(_simplified())


@lru_cache(maxsize=8192)  # the texts of one form are asked for their keys again and again
def key(text: str) -> str:
    """Give the key of a heading or label: `项目资金（万元）：` becomes `项目资金`."""
    plain = squeeze(text)
    plain = _NUMBERED.sub("", plain)
    bare = _BRACKETS.sub("", plain)
    return _DECOR.sub("", bare or plain) + "。" * plain.endswith(
        "。"
    )  # a sentence is no heading and no label


@dataclass(frozen=True, slots=True)
class Match:
    """Hold what a heading means: its `role`, and its `rank` among the wordings of that role."""

    role: str
    rank: int

    @property
    def firm(self) -> bool:
        """Tell whether the wording is one that is listed, not one that only holds a known word."""
        return self.rank < _LOOSE

    @property
    def aside(self) -> bool:
        """Tell whether the heading names no column of the form, or the whole table."""
        return self.role in _ASIDE


@cache
def column_role(heading: str, table: str = "columns") -> Match | None:
    """Tell which column a heading key names in the indicator table (`columns`) or the `budget`."""
    if not heading or len(heading) > _LONGEST:
        return None
    if is_past(heading):
        return Match("skip", 0)
    for role, patterns in _patterns(table).items():
        for rank, pattern in enumerate(patterns):
            if pattern.fullmatch(heading):
                return Match("adjusted", rank + _LESS_SURE[role]) if role in _LESS_SURE else Match(role, rank)
    for rank, (role, pattern) in enumerate(_words()[table].get("loose", ())):
        if re.fullmatch(pattern, heading):
            return Match(role, _LOOSE + rank)
    return None


def reviewer_role(headings: Sequence[str], table: str = "columns") -> Match | None:
    """Tell a reviewer's column whose heading is parted: 核查 over 得分, 得分 over 核查, or 得分（核查）."""
    parts = [key(part) for text in headings for part in (*_INSIDE.findall(squeeze(text)), text)]
    joined = [text for upper, lower in pairwise(parts) for text in (upper + lower, lower + upper)]
    matches = (column_role(text, table) for text in joined)
    return next((match for match in matches if match and match.role in _REVIEWERS), None)


@cache
def label_role(label: str) -> Match | None:
    """Tell which field a label key names (`主管部门` is the department)."""
    if not label or len(label) > _LONGEST:
        return None
    for role, patterns in _patterns("labels").items():
        for rank, pattern in enumerate(patterns):
            if pattern.fullmatch(label):
                return Match(role, rank)
    return None


@cache
def fund_line(name: str) -> str | None:
    """Tell which money line a name key means: total, fiscal, carried_over or other."""
    for line, pattern in _words()["funds"].items():
        if re.search(pattern, name):
            return str(line)
    return None


def is_fund_name(name: str) -> bool:
    """Tell whether a text is the name of a money line, not one that only holds such a word."""
    return sounds_like_money(name) and fund_line(name) is not None


def sounds_like_money(name: str) -> bool:
    """Tell whether a text ends in a word for money (资金, 预算, 支出), of whatever source."""
    return bool(re.fullmatch(_words()["fund_names"], name))


def is_general_fund(name: str) -> bool:
    """Tell whether a money line is the sum of finer ones below it (财政拨款 of 中央, 省级 …)."""
    return bool(re.fullmatch(_words()["funds_general"], re.sub("^其中", "", name)))


def is_execution(text: str) -> bool:
    """Tell whether a text names the execution of the budget (预算执行率（10分）)."""
    return bool(_pattern("execution").fullmatch(key(text)))


def is_total(text: str) -> bool:
    """Tell whether a text opens the total row: 总分, or 总分：96.90分 in one cell."""
    return bool(_pattern("total_rows").fullmatch(re.sub(r"\d+(\.\d+)?分?$", "", key(text))))


def is_level1(text: str) -> bool:
    """Tell whether a text is a level-1 label."""
    return bool(_pattern("level1").fullmatch(key(text)))


def is_past(plain: str) -> bool:
    """Tell whether a heading key is that of another year's figures (上年实际值)."""
    return bool(_pattern("past").match(plain))


def is_management_item(text: str) -> bool:
    """Tell whether a text names one of the items of 资金管理情况 (分配科学性)."""
    return bool(_pattern("management_items").fullmatch(key(text)))


def is_subtotal(text: str) -> bool:
    """Tell whether a text opens a row of partial sums (小计)."""
    return bool(_pattern("subtotal_rows").fullmatch(key(text)))


def is_title(text: str) -> bool:
    """Tell whether a text is the title of a form."""
    plain = key(text)
    return (
        len(plain) <= _LONGEST_TITLE
        and bool(_pattern("titles").fullmatch(plain))
        and not re.search("[，。；]", text)
    )


def is_template(name: str) -> bool:
    """Tell whether a name cell holds nothing but the prompt of the empty form (`指标2:……`)."""
    plain = re.sub(r"[★☆※\s]+", "", unicodedata.normalize("NFKC", name))
    return any(re.fullmatch(pattern, plain) for pattern in _words()["templates"])


def grade_in(text: str) -> str | None:
    """Give the grade that a text holds and nothing else (`优`, `自评等级：良`)."""
    plain = re.sub(r"^.{0,6}(等级|等次|档次|级别):", "", squeeze(text)).strip("()")
    return plain if plain in _words()["grades"] else None
