"""What each column of a form may hold, as a cost: 0 looks right, `STRANGE` and more like something else.

One measure serves twice. Where it is not known which column a cell stands in, the cheapest alignment wins;
and where it is known, a value that costs too much is doubted. What the words look like is data (looks.yaml).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from perfkit.readers.layout.record import money, number
from perfkit.readers.layout.words import column_role, is_blank, is_level1, key, label_role, squeeze
from perfkit.text.folding import own_yaml
from perfkit.values.quantity import units

if TYPE_CHECKING:
    from collections.abc import Callable

STRANGE = 3.0
_VALUES = frozenset({"target", "actual", "reason", "evidence", "opinion", "initial_target"})
_WORST = 6.0
_PROSE = 22
_LONG_NAME = 45
_LONG_VALUE = 60
_MOST_POINTS = 120
_SHORT = 12
_BOTH = re.compile(r"(.+?(?:指标|(?=[-—–/、·:>])))(?:[(][\d.]+分?[)])?[-—–/、·:>]*([^-—–/、·:>]+)")
_SIGNS = tuple("<>=≥≤≧≦＝﹦±")
_CLAUSES = re.compile(r"^[^(（]*[，；。]")  # what no heading has before a remark in brackets


@cache
def pattern(part: str) -> re.Pattern[str]:
    """Give one of the patterns of looks.yaml."""
    text = files("perfkit.readers.layout").joinpath("looks.yaml").read_text(encoding="utf-8")
    return re.compile(own_yaml(text)[part])


def level_of(text: str) -> frozenset[str]:
    """Tell as the label of which levels a text may stand; of none where it is no word of the field."""
    plain = re.sub(r"[(\d.分)%]+$", "", key(text))
    one = is_level1(text) or pattern("level1").fullmatch(plain)
    two = pattern("level2").fullmatch(plain)
    return frozenset(name for name, found in (("level1", one), ("level2", two)) if found)


def both_levels(text: str) -> tuple[str, str] | None:
    """Give the level 1 and the level 2 that one cell holds (产出指标-数量指标)."""
    match = _BOTH.fullmatch(squeeze(text))
    if match is None or "level1" not in level_of(match[1]) or "level2" not in level_of(match[2]):
        return None
    return match[1], match[2]


def is_level_label(text: str) -> bool:
    """Tell whether a text is the label of a level in words that no other cell would hold (数量指标)."""
    plain = key(text).rstrip("等")
    if not plain.endswith(("指标", "目标")) or len(plain) <= 2:  # noqa: PLR2004
        return False
    return bool(level_of(text)) or both_levels(text) is not None


@lru_cache(maxsize=20_000)
def strangeness(role: str, text: str) -> float:
    """Say how little a text looks like what a column holds: 0, or more up to 6."""
    if is_blank(text) and role != "over":
        return 0.0 if role not in {"name", "target", "actual"} else 0.6
    if role in _VALUES and is_caption(text):
        return 4.0
    if role in _VALUES | {"name"} - {"evidence"} and (is_furniture(text) or is_footnote(text)):
        return 4.0
    return _JUDGES.get(role, _JUDGES["skip"])(squeeze(text))


def is_caption(text: str) -> bool:
    """Tell whether a text is a heading or a label, which never is a value of the form."""
    plain = key(text)
    if len(plain) < 3 or pattern("degree").fullmatch(plain) or _CLAUSES.search(text):  # noqa: PLR2004
        return False
    matches = (column_role(plain), column_role(plain, "budget"), label_role(plain))
    return any(match is not None and match.firm and not match.aside for match in matches)


def is_furniture(text: str) -> bool:
    """Tell whether a text is the form's title, its year, or the name of a line of its money."""
    return bool(pattern("furniture").fullmatch(squeeze(text)))


def is_footnote(text: str) -> bool:
    """Tell whether a text is a note on the form itself (注：按完成比例计分), which is no part of a row."""
    return bool(pattern("footnote").match(squeeze(text)))


def is_plain_value(text: str) -> bool:
    """Tell whether a text is a figure, a value or a degree, as no heading is."""
    plain = squeeze(text)
    if pattern("organ").search(plain) or is_level_label(plain):
        return True
    return any(pattern(part).fullmatch(plain) for part in ("figure", "value", "degree"))


def is_measured(text: str) -> bool:
    """Tell whether a text is a figure in a known unit, not words that begin with one (12345热线, 1+X证书)."""
    if not pattern("value").fullmatch(text):
        return False
    unit = re.sub(r"^[^\d]*[\d.,]+[%‰％]?[万亿千百十多余]*|[(].*", "", text)
    parts = pattern("bound").sub("", unit).split("/")
    return all(len(part) <= 1 or part in units() for part in parts)


def _level(role: str) -> Callable[[str], float]:
    def judge(text: str) -> float:
        found = level_of(text)
        if role in found or (role == "level1" and both_levels(text)):
            return 0.0
        if found and is_level_label(text):
            return 4.0
        return _WORST if re.search(r"\d$|^[^:]{2,8}:.|[%<>=≥≤，。；]", text) or len(text) > _PROSE else 2.5

    return judge


def _begins_with_level(text: str) -> bool:
    front = pattern("label_in_front").match(text)
    return front is not None and is_level_label(front[0])


def _name(text: str) -> float:
    bound = pattern("sign").search(text) is not None and re.search(r"\d", text) is not None
    signed = bound or text.startswith(_SIGNS) or text.endswith(_SIGNS)
    if is_level_label(text) or number(text) is not None or signed or _begins_with_level(text):
        return 5.0
    if pattern("value").fullmatch(text) and not pattern("measure").search(text):  # 48小时内收运率 is a name
        return STRANGE if is_measured(text) else 2.0
    label = label_role(key(text))
    of_form = label is not None and label.role in {"expected", "outcome", "project", "department"}
    if of_form or any(pattern(part).fullmatch(text) for part in ("degree", "date", "nature", "torn")):
        return STRANGE
    heading = column_role(key(text))
    if heading is not None and heading.firm and not heading.aside:
        return 2.0
    told = pattern("cause").search(text) and re.search("[；;]" if len(text) <= _PROSE else "[，。；;]", text)
    several = re.search("[；;]", re.sub("[(].*?[)]", "", text)) or (len(text) > _PROSE and "。" in text[:-1])
    if told or several:
        return STRANGE
    return 1.5 if len(text) > _LONG_NAME or len(text) == 1 else 0.0


def _value(text: str) -> float:
    if is_level_label(text):
        return 5.0
    if number(text) is not None:
        return 0.4
    if pattern("doubled").match(text):
        return STRANGE  # 期12期 begins with the unit of the cell before it
    if pattern("nature").fullmatch(text) and re.search(r"\w", text):
        return STRANGE  # 定性 tells how a target is put
    return _words_as_value(text) if not _is_value_itself(text) else 0.0


def _is_value_itself(text: str) -> bool:
    if pattern("sign").search(text):
        return bool(re.search(r"[\d一二三四五六七八九十零两百千万预]", text))
    return bool(pattern("value").fullmatch(text) or pattern("degree").fullmatch(text))


def _words_as_value(text: str) -> float:
    signed = pattern("sign").match(text)
    if signed and (pattern("nature").fullmatch(text) or not re.search(r"\w", text[signed.end() :])):
        return STRANGE
    if len(text) > _PROSE and text.endswith("。") and pattern("done").search(text) and "，" in text:
        return STRANGE
    if re.search(r"\d", text):
        return 0.2 if len(text) <= _LONG_VALUE else 1.0
    if re.search("[；;]|。.", text) and pattern("cause").search(text):
        return STRANGE
    if len(text) <= _SHORT and pattern("measure").search(text):
        return 1.5 if len(text) <= 3 else STRANGE  # noqa: PLR2004
    return 0.8 if len(text) <= _PROSE else 1.2


def _actual(text: str) -> float:
    sign = pattern("sign").search(text) or (pattern("aimed").search(text) and re.search(r"\d", text))
    return _value(text) + (0.7 if sign else 0.0)


def _points(text: str) -> float:
    value = number(text)
    if value is None:
        return _WORST if not re.fullmatch(r"\d+(\.\d+)?[^\d%]{0,2}", text) else 4.0
    return 0.0 if 0 <= value <= _MOST_POINTS else 4.0


def _prose(text: str) -> float:
    if any(is_level_label(text + rest) for rest in ("", "标", "指标")) or _begins_with_level(text):
        return _WORST
    if number(text) is not None or pattern("telephone").search(text):
        return 5.0
    none = pattern("value").fullmatch(text) or pattern("date").fullmatch(text)
    if none or pattern("sign").search(text) or pattern("goal").search(text):
        return 4.0
    if pattern("degree").fullmatch(text) or pattern("nothing_to_say").fullmatch(text):
        return 1.0
    if len(text) <= _SHORT and pattern("measure").search(text) and not pattern("cause").search(text):
        return 1.5
    short = len(text) <= 2 and not is_blank(text) and not pattern("cause").search(text)  # noqa: PLR2004
    return STRANGE if short else 0.0


def _goal(text: str) -> float:
    return _prose(text) + (0.0 if len(text) > _SHORT else 2.0)


def _evidence(text: str) -> float:
    """Say how little a text looks like a name of what bears a figure out, which may be one word (台账)."""
    odd = _prose(text)
    return 0.0 if odd == STRANGE and len(text) > 1 else odd


def _amount(text: str) -> float:
    if money(text, "元") is None:
        return 5.0
    return 1.5 if "%" in text else 0.0


def _rate(text: str) -> float:
    if re.fullmatch(r"\d+(\.\d+)?[%％]", text):
        return 0.0
    return 0.6 if number(text) is not None else 5.0


def _unit(text: str) -> float:
    if text.lstrip("万亿千百十") in units():
        return 0.0
    return 0.5 if pattern("unit").fullmatch(text) else 5.0


def _pattern(part: str) -> Callable[[str], float]:
    return lambda text: 0.0 if pattern(part).fullmatch(text) else 5.0


_JUDGES: dict[str, Callable[[str], float]] = {
    "level1": _level("level1"),
    "level2": _level("level2"),
    "name": _name,
    "target": _value,
    "initial_target": _value,
    "actual": _actual,
    "weight": _points,
    "score": _points,
    "deduction": _points,
    "review": _points,
    "reason": _prose,
    "measures": _prose,
    "evidence": _evidence,
    "opinion": _prose,
    "expected": _goal,
    "outcome": _goal,
    "nature": _pattern("nature"),
    "unit": _unit,
    "initial": _amount,
    "adjusted": _amount,
    "executed": _amount,
    "rate": _rate,
    "block": lambda text: 0.5 if set(key(text)) <= set("年度绩效自评总体指标完成情况") else 5.0,
    "void": lambda _: 3.0,
    "over": lambda _: 6.5,  # what a row has more than its heading
    "project": lambda text: 5.0 if is_level_label(text) or number(text) is not None else 0.2,
    "other": lambda text: 4.0 if is_level_label(text) else 1.2 if number(text) is not None else 0.3,
    "skip": lambda text: 4.0 if is_level_label(text) else 0.3,
}
