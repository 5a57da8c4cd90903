"""What looks odd in a form that was read: a value that looks like what another column holds.

Each value is measured against its own column (`looks`), then against its row, the other rows and the head:
the goal reads like an outcome, a name stands as a value elsewhere, a level is no part of the one above it.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING

from perfkit.form import Doubt
from perfkit.readers.layout.arithmetic import failing, sums
from perfkit.readers.layout.looks import (
    STRANGE,
    is_caption,
    is_furniture,
    is_level_label,
    is_measured,
    level_of,
    pattern,
    strangeness,
)
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import column_role, grade_in, key, label_role, squeeze
from perfkit.text import say
from perfkit.values.vocabulary import level1, level2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.form import Form, Indicator
    from perfkit.language import Text

_LOOKED_AT = (
    "level1",
    "level2",
    "name",
    "target",
    "actual",
    "reason",
    "evidence",
    "opinion",
    "initial_target",
)
_GARBLED = re.compile("\\ufffd|锟斤拷|烫烫|屯屯|[\\u00c0-\\u00ff]{3,}|鏁|鐨勭|绗?﹀")
_PARTS = {
    "数量指标": {"产出指标"}, "质量指标": {"产出指标"}, "时效指标": {"产出指标"},
    "经济效益指标": {"效益指标"}, "社会效益指标": {"效益指标"}, "生态效益指标": {"效益指标"},
    "可持续影响指标": {"效益指标"}, "服务对象满意度指标": {"满意度指标", "效益指标"},
    "经济成本指标": {"成本指标", "产出指标"}, "社会成本指标": {"成本指标", "产出指标"},
    "生态环境成本指标": {"成本指标", "产出指标"}, "成本指标": {"成本指标", "产出指标"},
}  # fmt: skip


def by_look(form: Form, *, aligned: bool = True, loose: bool = False) -> Iterator[Doubt]:
    """Doubt every value that looks like what another column or field holds.

    `aligned` tells that columns were found by what cells say, not by a grid, `loose` that nothing but space
    parts the cells.
    """
    table = _Table(form, aligned=aligned)
    for n, row in enumerate(form.indicators):
        path = f"indicators[{n}]"
        yield from _odd_cells(form, row, path)
        yield from _odd_row(form, row, path, table)
    yield from _exchanged(form)
    yield from _said_elsewhere(form)
    yield from _odd_head(form)
    yield from _odd_goals(form, loose=loose)
    yield from _in_each_others_place(form)
    yield from _by_figures(form)
    yield from _garbled(form)


class _Table:
    """Hold what is asked of all rows: how many actuals have a sign, if one lacks, whose fault points are."""

    def __init__(self, form: Form, *, aligned: bool) -> None:
        rows = form.indicators
        sign = pattern("sign")
        self.signed = sum(bool(sign.search(squeeze(row.actual or ""))) for row in rows)
        figures = [[bool(re.search(r"\d", text or "")) for text in (row.target, row.actual)] for row in rows]
        self.half = any(one != other for one, other in figures)  # a name may stand as a value
        self.lacking = any(row.target is None or row.actual is None for row in rows)
        found = [each for each in sums(form) if each.name in {"weights", "scores"}]
        self.own = len(found) > 1 and not (aligned and failing(found))  # what is odd is the unit's own fault


def _odd_cells(form: Form, row: Indicator, path: str) -> Iterator[Doubt]:
    for role in _LOOKED_AT:
        text = getattr(row, role)
        parts = (text or "").split("\n") if role in _NARRATIVE else [text or ""]
        if text is not None and any(strangeness(role, part) >= STRANGE for part in parts):
            why = say("reading.doubt.unlike", what=say(f"reading.doubt.look_{role}"))
            yield doubt_of(form, f"{path}.{role}", text, why)
        elif text is not None and pattern("note_mark").search(text.strip()):
            yield doubt_of(form, f"{path}.{role}", text, say("reading.doubt.note_mark"))


_NARRATIVE = frozenset({"reason", "evidence", "opinion"})
_LEVELS = frozenset({"level1", "level2", "name"})
_SHORT_GOAL = 8
_TORN = 3  # characters of a line that is no line of prose


def _odd_row(form: Form, row: Indicator, path: str, table: _Table) -> Iterator[Doubt]:
    target, actual = squeeze(row.target or ""), squeeze(row.actual or "")
    for role in ("weight", "score"):
        points = getattr(row, role)
        if points is not None and strangeness(role, f"{points:f}") >= STRANGE:
            yield doubt_of(form, f"{path}.{role}", points, say("reading.doubt.no_points"))
    alone = table.signed == 1 and pattern("sign").search(actual)
    unsigned = not pattern("sign").search(target) if alone else not _is_aimed(target)
    if _is_aimed(actual) and actual != target and unsigned and not pattern("done").search(actual):
        why = say("reading.doubt.sign_of_target")
        yield doubt_of(form, f"{path}.target", row.target, why)
        yield doubt_of(form, f"{path}.actual", row.actual, why)
    if row.score is not None and row.weight is not None and row.score > row.weight and not table.own:
        why = say("reading.doubt.score_above")
        yield doubt_of(form, f"{path}.weight", row.weight, why)
        yield doubt_of(form, f"{path}.score", row.score, why)
    yield from _odd_name(form, row, path, table)
    yield from _odd_levels(form, row, path)
    if pattern("goal").match(actual):
        why = say("reading.doubt.like_goal")
        yield doubt_of(form, f"{path}.actual", row.actual, why)
    silent = pattern("nothing_to_say").fullmatch(squeeze(row.reason or "")) and target and actual
    if row.reason and table.lacking and strangeness("reason", row.reason) >= 1 and not silent:
        why = say("reading.doubt.like_value")
        yield doubt_of(form, f"{path}.reason", row.reason, why)


def _odd_name(form: Form, row: Indicator, path: str, table: _Table) -> Iterator[Doubt]:
    heading, name = column_role(key(row.name or "")), squeeze(row.name or "")
    named = heading is not None and heading.firm and heading.role in _LEVELS | {"block"}
    told = name.endswith("。") and pattern("done").match(name)
    if named or told:
        why = say("reading.doubt.like_heading")
        yield doubt_of(form, f"{path}.name", row.name, why)
    if table.half and pattern("value").fullmatch(name) and not pattern("measure").search(name):
        why = say("reading.doubt.unlike", what=say("reading.doubt.look_name"))
        yield doubt_of(form, f"{path}.name", row.name, why)
    if row.name is None and (row.target or row.actual):
        yield doubt_of(form, f"{path}.name", "", say("reading.doubt.no_indicator_name"))


def _odd_levels(form: Form, row: Indicator, path: str) -> Iterator[Doubt]:
    """Doubt a level 2 that is no part of its level 1, or the wider of the two."""
    if row.level1 is None or row.level2 is None or not (level_of(row.level1) and level_of(row.level2)):
        return
    one, two = level1(row.level1), level2(row.level2)
    apart = one in set().union(*_PARTS.values()) and one not in _PARTS.get(two or "", {one})
    wider = key(row.level1) != key(row.level2) and key(row.level1).endswith(key(row.level2))
    if apart or wider:
        why = say("reading.doubt.no_part", part=row.level2, whole=row.level1)
        yield doubt_of(form, f"{path}.level1", row.level1, why)
        yield doubt_of(form, f"{path}.level2", row.level2, why)


def _is_aimed(text: str) -> bool:
    return bool(re.search(r"\d", text) and (pattern("sign").search(text) or pattern("aimed").search(text)))


def _exchanged(form: Form) -> Iterator[Doubt]:
    """Doubt a target and another row's actual that each fit the other's row better than their own."""
    rows = form.indicators
    apart = sum(_unit_of(r.actual) == "" for r in rows) > sum(_unit_of(r.target) == "" for r in rows) + 1
    odd = [
        (n, row, (_unit_of(row.target), _unit_of(row.actual)))
        for n, row in enumerate(rows)
        if row.target and row.actual and _unit_of(row.target) != _unit_of(row.actual)
        if not apart or _unit_of(row.actual)  # a column of its own holds the units
    ]
    why = say("reading.doubt.rows_exchanged")
    for (one, first, units), (other, second, others) in permutations(odd, 2):
        if units == others and _is_foreign(first, units[0]) and _is_foreign(second, units[1]):
            yield doubt_of(form, f"indicators[{one}].target", first.target, why)
            yield doubt_of(form, f"indicators[{other}].actual", second.actual, why)


def _is_foreign(row: Indicator, unit: str) -> bool:
    """Tell whether a value in that unit is not of a row by its name: a rate is told in percent."""
    rate = bool(pattern("rate").search(squeeze(row.name or "")))
    return unit not in {"-", "%"} or (unit == "%") != rate


def _said_elsewhere(form: Form) -> Iterator[Doubt]:
    """Doubt words that stand as a value and again as a name, or as a row's name and as the form's."""
    head = {
        "project": form.project, "department": form.department, "unit": form.unit,
        "goals.expected": form.goals.expected, "goals.outcome": form.goals.outcome,
    }  # fmt: skip
    names = {squeeze(text) for row in form.indicators if (text := row.name)}
    values = {squeeze(text) for row in form.indicators for text in (row.target, row.actual) if text}
    why = say("reading.doubt.twice")
    for path, text in head.items():
        if text and squeeze(text) in names | values:
            yield doubt_of(form, path, text, why)
    blank = form.department is None or form.unit is None
    for n, row in enumerate(form.indicators):
        for role in ("name", "target", "actual", "reason") if blank else ():
            text = squeeze(getattr(row, role) or "")
            if pattern("organ").search(text) and not re.search(r"[\d，。；、]", text):
                lost = say("reading.doubt.office_blank")
                yield doubt_of(form, f"indicators[{n}].{role}", text, lost)
        own = {squeeze(row.target or ""), squeeze(row.actual or "")}  # 改善办学条件 asks for just that
        if row.name and squeeze(row.name) in values - own:
            yield doubt_of(form, f"indicators[{n}].name", row.name, why)


def _unit_of(text: str | None) -> str:
    """Give what a value is counted in, `-` for words and for a change (同比下降8%)."""
    plain = squeeze(text or "")
    match = re.search(r"\d[\d.,]*([^\d,。，;；)）]{0,6})", plain)
    if match is None or pattern("change").search(plain):
        return "-"
    return re.sub("^[万亿千百]|以上|以下|以内|底前|前$|底$|左右", "", match[1])


def _odd_head(form: Form) -> Iterator[Doubt]:
    organ = pattern("organ")
    owners = [text for text in (form.department, form.unit) if text]
    if (
        organ.search(squeeze(form.project))
        and owners
        and not any(organ.search(squeeze(text)) for text in owners)
    ):
        why = say("reading.doubt.like_office")
        yield doubt_of(form, "project", form.project, why)
    if re.search("[；。]", form.project):
        yield doubt_of(form, "project", form.project, say("reading.doubt.unlike_name"))
    if not form.project:
        yield Doubt("project", "", "", say("reading.doubt.name_not_found"))
    rate = form.budget.total.rate
    if rate is not None and strangeness("rate", rate) >= STRANGE:
        yield doubt_of(form, "budget.total.rate", rate, say("reading.doubt.no_rate"))
    above, below = squeeze(form.department or ""), squeeze(form.unit or "")
    if pattern("subordinate").search(above) and pattern("authority").search(below):
        why = say("reading.doubt.offices_exchanged")
        yield doubt_of(form, "department", form.department, why)
        yield doubt_of(form, "unit", form.unit, why)
    texts = {
        "project": form.project, "department": form.department, "unit": form.unit,
        "goals.expected": form.goals.expected, "goals.outcome": form.goals.outcome, "notes": form.notes,
    }  # fmt: skip
    for path, text in texts.items():
        lines = text.split("\n") if text and path.startswith("goals") else [text or ""]
        torn = len(lines) > 1 and any(len(squeeze(line)) <= _TORN for line in lines)
        glued = text and (pattern("glued").match(squeeze(text)) or _begins_with_label(squeeze(text), path))
        torn = torn or (path == "notes" and pattern("degree").fullmatch(squeeze(text or "")) is not None)
        if text and (
            torn or glued or any(_is_no_text(line, office=path in {"department", "unit"}) for line in lines)
        ):
            why = say("reading.doubt.like_other_field")
            yield doubt_of(form, path, text, why)


def _begins_with_label(text: str, path: str) -> bool:
    """Tell whether a goal begins with its own label, run into it (年初设定目标接收320人)."""
    found = (label_role(text[:end]) for end in range(_LABEL, min(len(text), 2 * _LABEL)))
    own = path.partition(".")[2]
    return any(match is not None and match.role == own and match.firm for match in found)


_LABEL = 6  # characters of a label that no goal begins with


def _is_no_text(text: str, *, office: bool) -> bool:
    """Tell whether a text that should be a name or prose is a figure, a value, a level or a heading."""
    plain = squeeze(text)
    if office and (plain in _NOTHING or re.search("[。；]|\\d分", plain)):
        return True
    if number(plain) is not None or is_level_label(plain) or is_caption(plain) or is_furniture(plain):
        return True
    if office and plain and not pattern("office").search(plain):
        return True
    if pattern("organ").search(plain):
        return False
    return bool(is_measured(plain) or re.match("[<>=≥≤]", plain) or grade_in(plain))


_NOTHING = frozenset({"无", "暂无", "不涉及", "是", "否"})


def _odd_goals(form: Form, *, loose: bool) -> Iterator[Doubt]:
    goal, outcome = squeeze(form.goals.expected or ""), squeeze(form.goals.outcome or "")
    if bool(goal) != bool(outcome):
        why = say("reading.doubt.goal_or_outcome")
        yield doubt_of(form, "goals.outcome", form.goals.outcome, why)
        yield doubt_of(form, "goals.expected", form.goals.expected, why)
    places = form.source.places
    together = goal and places.get("goals.expected") == places.get("goals.outcome") is not None
    if together and (loose or goal == outcome):  # else each is named in the cell
        why = say("reading.doubt.one_cell")
        yield doubt_of(form, "goals.expected", form.goals.expected, why)
        yield doubt_of(form, "goals.outcome", form.goals.outcome, why)
    for path, text in (("goals.expected", goal), ("goals.outcome", outcome)):
        half = len(text) // 2
        if half > _SHORT_GOAL and text[:half].rstrip("。") == text[-half:].rstrip("。"):
            yield doubt_of(form, path, text, say("reading.doubt.twice"))
        if (
            text
            and len(text) <= _SHORT_GOAL
            and not re.search(r"\d", text)
            and (pattern("degree").fullmatch(text) or not pattern("does").search(text))
        ):
            why = say("reading.doubt.no_goal")
            yield doubt_of(form, path, text, why)
    if not goal or not outcome or goal == outcome:
        return
    done, planned = pattern("done"), pattern("planned")
    aims = pattern("aims")
    right = len(planned.findall(goal)) + len(done.findall(outcome))
    wrong = len(done.findall(goal)) + len(planned.findall(outcome))
    told = done.search(goal) and len(done.findall(goal)) > len(done.findall(outcome))
    aimed = aims.search(outcome) and not aims.search(goal)
    if wrong > right and (told or aimed):
        why = say("reading.doubt.goals_exchanged")
        yield doubt_of(form, "goals.expected", form.goals.expected, why)
        yield doubt_of(form, "goals.outcome", form.goals.outcome, why)


_SEVERAL = 2
_FIGURE = re.compile(r"(\d[\d.]*)([%‰万亿千百]?[^\W\d]?)")


def _figures(*texts: str | None) -> set[tuple[str, str]]:
    """Give the figures of some texts, each with the beginning of what it counts."""
    return {match for text in texts for match in _FIGURE.findall(squeeze(text or ""))}


def _by_figures(form: Form) -> Iterator[Doubt]:
    """Doubt a goal that tells the actuals beside an outcome with targets, a reason that tells others'."""
    rows = form.indicators
    aims, ends = _figures(*(row.target for row in rows)), _figures(*(row.actual for row in rows))
    aimed, ended = aims - ends, ends - aims
    goals = [(form.goals.expected or "").split("\n"), (form.goals.outcome or "").split("\n")]
    pairs = zip(*goals, strict=True) if len(goals[0]) == len(goals[1]) else [("".join(g) for g in goals)]
    for goal, outcome in (map(_figures, pair) for pair in pairs):
        if len(goal & ended) > len(goal & aimed) and len(outcome & aimed) > len(outcome & ended):
            why = say("reading.doubt.figures_exchanged")  # fmt: skip
            yield doubt_of(form, "goals.expected", form.goals.expected, why)
            yield doubt_of(form, "goals.outcome", form.goals.outcome, why)
    cells = form.source.places.get("goals.expected", "").count(" + ") + 1
    marked = [bool(pattern("goal").match(squeeze(line))) for line in goals[0]]
    if cells == len(marked) and any(marked) and not all(marked):
        why = say("reading.doubt.unnumbered")
        yield doubt_of(form, "goals.expected", form.goals.expected, why)
    holders: dict[tuple[str, str], list[int]] = {}
    for n, row in enumerate(rows):
        for figure in _figures(row.actual):
            holders.setdefault(figure, []).append(n)
    outcome = _figures(form.goals.outcome)
    for n, row in enumerate(rows):
        reason = _figures(row.reason)
        others = reason - _figures(row.target, row.actual)
        told = len({other for figure in others for other in holders.get(figure, ())[:_SEVERAL]})
        own = reason & _figures(row.actual) - _figures(row.target)
        if told >= _SEVERAL or (told and own and not outcome & ended):
            why = say("reading.doubt.of_other_rows")
            yield doubt_of(form, f"indicators[{n}].reason", row.reason, why)


def _in_each_others_place(form: Form) -> Iterator[Doubt]:
    """Doubt a goal and a reason, an outcome and notes, where what tells of many rows stands as the other."""
    told, rows = _Subjects(form.indicators), form.indicators
    goal = told.of(form.goals.expected)
    excused = pattern("cause").search(squeeze(form.goals.expected or "")) is not None
    why = say("reading.doubt.goal_or_reason")
    for n, row in enumerate(rows if form.goals.expected else ()):
        said = told.of(row.reason)
        wider = len(said) >= len(goal) + _SEVERAL or len(said - {n}) >= _SEVERAL
        if goal <= {n} and said - {n} and (wider or excused):
            yield doubt_of(form, "goals.expected", form.goals.expected, why)
            yield doubt_of(form, f"indicators[{n}].reason", row.reason, why)
    outcome, notes = told.of(form.goals.outcome), told.of(form.notes)
    if form.goals.outcome and (len(notes) >= len(outcome) + _SEVERAL or (notes and not outcome)):
        why = say("reading.doubt.outcome_or_notes")
        yield doubt_of(form, "goals.outcome", form.goals.outcome, why)
        yield doubt_of(form, "notes", form.notes, why)


class _Subjects:
    """Hold what each row alone speaks of: the figures of its values, and parts of its name."""

    def __init__(self, rows: Sequence[Indicator]) -> None:
        found = [self._parts(row) for row in rows]
        often = Counter(part for parts in found for part in parts)
        self.owners = {part: n for n, parts in enumerate(found) for part in parts if often[part] == 1}

    @staticmethod
    def _parts(row: Indicator) -> set[str]:
        name = squeeze(row.name or "")
        figures = {"".join(each) for each in _figures(row.target, row.actual) if each[1]}
        return figures | {name[at : at + _SUBJECT] for at in range(len(name) - _SUBJECT + 1)}

    def of(self, text: str | None) -> set[int]:
        """Give the rows that a text speaks of."""
        plain = squeeze(text or "")
        parts = {plain[at : at + _SUBJECT] for at in range(len(plain))}
        parts |= {"".join(each) for each in _figures(plain)}
        return {self.owners[part] for part in parts & self.owners.keys()}


_SUBJECT = 3  # characters of a name that tell it from others


def _garbled(form: Form) -> Iterator[Doubt]:
    texts = {
        "project": form.project,
        "goals.expected": form.goals.expected,
        "goals.outcome": form.goals.outcome,
    }
    for n, row in enumerate(form.indicators):
        texts |= {f"indicators[{n}].{role}": getattr(row, role) for role in _LOOKED_AT}
    for path, text in texts.items():
        if text and _GARBLED.search(text):
            yield doubt_of(form, path, text, say("reading.doubt.garbled"))


def doubt_of(form: Form, path: str, text: object, why: Text) -> Doubt:
    """Give the doubt of a value, with the place of its cell or of its row."""
    places = form.source.places
    row = path.rpartition(".")[0]
    place = places.get(path) or next(
        (place for known, place in places.items() if row and known.startswith(f"{row}.")), ""
    )
    return Doubt(path, place, "" if text is None else str(text), why)


def text_at(form: Form, path: str) -> str:
    """Give the text of the value at a path, nothing where there is none."""
    try:
        return _at(form, path)
    except (AttributeError, IndexError, ValueError):
        return ""


def _at(form: Form, path: str) -> str:
    head, _, name = path.rpartition(".")
    if not head:
        return str(getattr(form, name))
    if head == "goals":
        return str(getattr(form.goals, name))
    if head.startswith("budget"):
        return str(getattr(getattr(form.budget, head.partition(".")[2]), name))
    table, _, number = head[:-1].partition("[")
    return str(getattr(getattr(form, table)[int(number)], name))
