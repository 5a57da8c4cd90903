"""Is a reading proven? The form's arithmetic proves it; its shape and the look of its values may doubt it.

In a grid whose cells all look as their columns should, arithmetic that fails is the unit's own fault, and the
reading is proven. Where columns were found by what cells say, or by the space between them, the arithmetic
has to close. Either way a value that looks like what another column holds is doubted, with its place and why.

What the rest of a form shows to be there and was not found is doubted here, and a cell that stands under no
one heading; what values look like is for `odd` to say.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from perfkit.form import Doubt, Proof
from perfkit.readers.grid import is_out_of_sight
from perfkit.readers.layout.arithmetic import failing, implied_weight, is_borne, misplaced, sums
from perfkit.readers.layout.flattened.levels import better_level
from perfkit.readers.layout.leftover import proposing, unborne
from perfkit.readers.layout.looks import level_of, pattern
from perfkit.readers.layout.odd import by_look, doubt_of, text_at
from perfkit.readers.layout.record import number
from perfkit.readers.layout.words import column_role, is_blank, key, label_role, squeeze
from perfkit.text import say
from perfkit.values.vocabulary import level1, level2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.form import Form, Fund, Indicator, Unread
    from perfkit.readers.layout.record import Evidence


_NEEDED = ("name", "target", "actual", "weight", "score")
_UNDER_BENEFIT = ("效益指标", "服务对象满意度指标")
_OF_COST = re.compile("(经济|社会|生态环境)成本指标")
_LACKING = say("reading.doubt.lacks_a_cell")
_SPLICED = say("reading.doubt.put_together")


def by_shape(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt what lacks a cell, a column, a label or a value that the rest of the form shows to be there."""
    yield from _lacking(form, evidence)
    for n in sorted(evidence.spliced):
        yield doubt_of(form, f"indicators[{n}]", form.indicators[n].name, _SPLICED)
    for path in sorted(evidence.lost):
        yield doubt_of(form, path, text_at(form, path), _LACKING)
    if not form.indicators:
        yield Doubt("indicators", "", "", say("reading.doubt.no_row"))
    yield from _of_several(form, evidence)
    yield from _of_row_below(form, evidence)
    yield from _whose(form, evidence)
    yield from _misfits(form, evidence)
    yield from _percents(form, evidence)
    yield from _short_lines(form, evidence)
    yield from _lost_columns(form, evidence)
    yield from _blank_columns(form, evidence)
    yield from _lost_row(form, evidence)
    for n, pair in enumerate(pairwise(form.indicators), 1):
        if pair[0] == pair[1]:
            yield doubt_of(form, f"indicators[{n}]", pair[1].name, say("reading.doubt.row_twice"))
    yield from _lost_money(form, evidence)
    yield from _lost_levels(form, evidence)
    yield from _lost_sums(form)
    yield from _lost_partial_sums(form)
    yield from _lost_values(form, evidence)
    labels = evidence.labels or frozenset()
    lost = {role: "" for role in ("expected", "outcome") if evidence.aligned and role in labels}
    if form.goals.expected or form.goals.outcome:
        lost = {}  # of one alone the look tells
    for role, place in (lost | evidence.unanswered).items():
        path = f"goals.{role}" if role in _GOALS else role
        yield Doubt(path, place, "", say("reading.doubt.label_alone"))


def _lacking(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt what a row has no cell for; in a text that is all of the row, and where the one above ends."""
    often = Counter(role for lacking in evidence.lacking.values() for role in lacking)
    count = len(form.indicators)
    rare = {r for r, n in often.items() if evidence.aligned and n < count and (n == 1 or n * 4 <= count)}
    values = [(row.target or "", row.actual or "") for row in form.indicators]
    uncounted = {n for n, both in enumerate(values) if not any(map(_COUNTED.fullmatch, both))}
    together = frozenset(evidence.shared) if is_borne(form, evidence) else frozenset()
    for n, lacking in evidence.lacking.items():
        needed = ({*_NEEDED} | (rare - {"level1", "level2", "block"})) & lacking & evidence.columns
        needed -= _OF_SEVERAL if n in together else set()
        for role in sorted(needed - ({"unit", "nature"} if n in uncounted else set())):
            yield doubt_of(form, f"indicators[{n}].{role}", getattr(form.indicators[n], role, None), _LACKING)
        if needed and evidence.aligned:
            above = form.indicators[n - 1].reason if n else None
            yield doubt_of(form, f"indicators[{n}]", form.indicators[n].name, _LACKING)
            yield from [doubt_of(form, f"indicators[{n - 1}].reason", above, _LACKING)] if above else []


_POINTS = frozenset({"weight", "score"})
_OF_SEVERAL = _POINTS | {"reason"}


def _of_several(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt points that stand once for several rows where a row has some of its own, or no sum bears them."""
    borne = is_borne(form, evidence)
    held = 0
    for n, row in enumerate(form.indicators):
        shared = evidence.shared.get(n, frozenset())
        held = held if shared else n
        for role in sorted(shared):
            if shared != _POINTS & evidence.columns:
                why = say("reading.doubt.shared")
                yield doubt_of(
                    form, f"indicators[{held}].{role}", text_at(form, f"indicators[{held}].{role}"), why
                )
            elif not borne and not evidence.aligned:
                why = say("reading.doubt.shared_and_failing")
                yield doubt_of(
                    form, f"indicators[{held}].{role}", text_at(form, f"indicators[{held}].{role}"), why
                )
        reason = form.indicators[held].reason
        unsaid = row.reason is None and evidence.lacking.get(n, _OF_SEVERAL) >= _OF_SEVERAL
        if shared and evidence.aligned and reason and unsaid:
            why = say("reading.doubt.reason_above")
            yield doubt_of(form, f"indicators[{n}].reason", reason, why)


def _of_row_below(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt a text where three short texts on end are part of a reason: they may be a row without points."""
    why = say("reading.doubt.reason_holds_rows")
    for n, row in enumerate(form.indicators if evidence.aligned else ()):
        short = [_is_short(squeeze(line)) for line in (row.reason or "").split("\n")]
        if any(all(short[at : at + 3]) for at in range(len(short) - 2)):
            yield Doubt("indicators", form.source.places.get(f"indicators[{n}].reason", ""), "", why)


def _is_short(text: str) -> bool:
    """Tell whether a text may be a cell of a row as well as a line of prose."""
    return len(text) <= _CELL and not re.search("[，。；：,;:]", text) and not pattern("cause").search(text)


_CELL = 20  # characters of a cell that is no prose


def _whose(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt a form that says of no year, or lacks the label of an office: no form of a project does."""
    if form.year is None:
        yield Doubt("year", "", "", say("reading.doubt.no_year"))
    if form.department is None and form.unit is None:
        why = say("reading.doubt.no_offices")
        yield Doubt("unit", "", "", why)
    elif evidence.labels is not None and form.kind != "department" and "review" not in evidence.columns:
        for role in sorted({"department", "unit"} - evidence.labels):
            if getattr(form, role) is None:
                yield Doubt(role, "", "", say("reading.doubt.no_office_label"))
    if len(evidence.authorities) == 1:
        for known in filter(_OF_TRANSFER.match, evidence.authorities):  # each has the other beside it
            yield doubt_of(
                form, "department", form.department, say("reading.doubt.one_authority", label=known)
            )


def _misfits(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt a line with fewer or more cells than all others, and a cell that stands under no one heading."""
    for place, text in evidence.ragged.items():
        yield Doubt("", place, text, _UNEVEN)
    rows = {path for path in evidence.astride if path.startswith("indicators")}
    if len(rows) == 1 or len(rows) * 4 <= len(form.indicators):
        why = say("reading.doubt.under_no_heading")
        for path, text in evidence.astride.items():
            yield doubt_of(form, path, text, why)
    counted = [number for number in evidence.serial.values() if number is not None]
    before = [None, *evidence.serial.values()]
    odd = [
        n
        for last, (n, number) in zip(before, evidence.serial.items(), strict=False)
        if number is None or (last is not None and number not in {last + 1, 1})  # each level may count anew
    ]
    if len(counted) > _MANY_ROWS and 0 < len(odd) <= 2:  # noqa: PLR2004
        for n in odd:
            why = say("reading.doubt.out_of_order")
            yield doubt_of(form, f"indicators[{n}]", form.indicators[n].name, why)


_MANY_ROWS = 3  # rows whose numbers show that a column counts them
_COUNTED = re.compile(r"[<>=≥≤]*\d[\d.,]*[^\d月日年]{0,6}")
_GOALS = frozenset({"expected", "outcome"})


def _percents(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt points printed with a percent sign where the others of their column have none."""
    for role in ("weight", "score"):
        paths = [f"indicators[{n}].{role}" for n, row in enumerate(form.indicators) if getattr(row, role)]
        odd = [path for path in paths if path in evidence.percents]
        if len(odd) < len(paths):
            for path in odd:
                yield doubt_of(form, path, text_at(form, path), say("reading.doubt.no_points"))


def _short_lines(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt the few lines that end before their heading or behind it, where the others do not."""
    for table in ("indicators", "budget"):
        ends = {path: found for path, found in evidence.ends.items() if path.startswith(table)}
        if table == "indicators" and "total" in evidence.ends:
            ends["total"] = evidence.ends["total"]
            if _closes(form):  # the total stands where it belongs, whatever the row lacks behind it
                ends["total"] = (max(ends["total"]), ends["total"][1])
        for odd in (
            [path for path, (end, width) in ends.items() if end < width and not evidence.aligned],
            [path for path, (end, width) in ends.items() if end > width],
        ):
            if len(odd) == len(ends) or (len(odd) > 1 and len(odd) * 4 > len(ends)):
                continue
            for path in odd:
                shown = ".".join(path.split(".")[:2]) if table == "budget" else path
                yield doubt_of(form, shown, "", _UNEVEN)


def _closes(form: Form) -> bool:
    """Tell whether the printed total is the sum of the scores."""
    return any(each.name == "scores" and each.closes for each in sums(form))


_UNEVEN = say("reading.doubt.other_count")


def _lost_values(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt a value that is blank or of another kind where nothing but the other cells tells its place."""
    scored = any(row.score is not None for row in form.indicators)
    open_ = scored and any(each.name == "scores" for each in failing(sums(form)))
    weighed = sum(row.weight is not None for row in form.indicators)
    unweighed = weighed * 2 > len(form.indicators) and any(e.name == "weights" for e in failing(sums(form)))
    for n, row in enumerate(form.indicators):
        path = f"indicators[{n}]"
        if open_ and row.score is None and row.weight is not None:
            why = say("reading.doubt.no_score")
            yield doubt_of(form, f"{path}.score", "", why)
        if unweighed and row.weight is None and (row.score is not None or row.target is not None):
            why = say("reading.doubt.no_weight")
            yield doubt_of(form, f"{path}.weight", "", why)
        if not evidence.aligned:
            continue
        if row.actual is None and row.target is not None:
            yield doubt_of(form, f"{path}.actual", "", say("reading.doubt.no_actual"))
        actual = squeeze(row.actual or "")
        measured = re.search(r"\d", row.target or "") is not None
        if measured and actual and not re.search(r"\d", actual) and not pattern("degree").fullmatch(actual):
            why = say("reading.doubt.actual_no_figure")
            yield doubt_of(form, f"{path}.actual", row.actual, why)
    rows = sum((row.weight for row in form.indicators if row.weight is not None), Decimal(0))
    whole, budget = evidence.whole, form.budget.total.weight or Decimal(0)
    if whole is not None and whole not in {rows, rows + budget} and 100 in {rows, rows + budget}:  # noqa: PLR2004
        yield Doubt(
            "total",
            "",
            f"{whole:f}",
            say("reading.doubt.weight_of_total"),
        )


def _lost_columns(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt a table that lacks one of two columns which always stand together."""
    columns = evidence.columns
    scored = form.total is not None or form.budget.total.score is not None
    why = say("reading.doubt.no_heading")
    pairs = (("level1", "level2"), ("level2", "level1"), ("target", "actual"), ("actual", "target"))
    lost = {two for one, two in pairs if one in columns and two not in columns}
    lost -= {"level2"} if form.indicators and all(row.level2 for row in form.indicators) else set()
    if columns and scored and "score" not in columns:
        lost.add("score")
    if columns and form.budget.total.weight is not None and "weight" not in columns:
        lost.add("weight")
    if columns and "name" not in columns and {"level1", "level2"} <= columns:
        lost.add("name")
    if "nature" in columns and "unit" not in columns and _lacks_units(form):
        lost.add("unit")
    for role in sorted(lost):
        yield Doubt(
            "indicators",
            "",
            "",
            say("reading.doubt.of_column", column=say(f"reading.doubt.column_{role}"), why=why),
        )
    scored = any(row.score is not None for row in form.indicators)
    if scored and form.total is None and evidence.summed:
        yield Doubt("total", "", "", say("reading.doubt.no_total"))
    elif scored and form.total is None and form.budget.total.score is not None:
        yield Doubt("total", "", "", say("reading.doubt.nothing_sums"))


def _lacks_units(form: Form) -> bool:
    """Tell whether every target in figures is a bare one, beside actuals that have units."""
    pairs = [(squeeze(row.target or ""), squeeze(row.actual or "")) for row in form.indicators]
    counted = [each for each in pairs if re.search(r"\d", each[0]) and not pattern("date").fullmatch(each[0])]
    measured = [actual for target, actual in counted if re.search(r"\d[^\d.,]+$", actual)]
    return len(measured) >= _FEWEST and all(_BARE.fullmatch(target) for target, _ in counted)


_FEWEST = 2  # rows that show that a column is lacking
_BARE = re.compile(r"[^\w\s]{0,2}\d[\d.,]*")


def _blank_columns(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt a column that has a heading and no value, though the rest of the form counts with it."""
    line = form.budget.total
    counted = {"score": form.total is not None or line.score is not None, "weight": line.weight is not None}
    why = say("reading.doubt.column_blank")
    for role in ("level1", "level2", "weight", "score") if form.indicators else ():
        blank = all(getattr(row, role) is None for row in form.indicators)
        if blank and role in evidence.columns and counted.get(role, True):
            column = say(f"reading.doubt.column_{role}")
            yield Doubt("indicators", "", "", say("reading.doubt.of_column", column=column, why=why))


def _lost_row(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt a table whose weights lack some of the whole and whose scores some of the total."""
    found = {each.name: each for each in failing(sums(form, evidence.whole))}
    if form.budget.total.weight is None or not found.keys() >= {"weights", "scores"}:
        return
    short, unscored = found["weights"].short, found["scores"].short
    if 0 < unscored <= short:
        yield Doubt("indicators", "", "", say("reading.doubt.row_lost", weight=f"{short:f}"))


def _lost_money(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    budget = form.budget
    sources = [fund for fund in budget.sources.values() if fund.filled]
    for column in ("initial", "adjusted", "executed"):
        total = getattr(budget.total, column)
        found = [getattr(fund, column) for fund in sources if getattr(fund, column) is not None]
        if (total is None and any(found)) or (total and sources and not found):
            why = say("reading.doubt.one_side_of_money")
            yield doubt_of(form, f"budget.total.{column}", total, why)
    printed = "fiscal" in evidence.funds or not evidence.funds & {"carried_over", "other"}
    if budget.total.filled and not printed and not any(map(_has_money, budget.sources.values())):
        yield Doubt("budget.fiscal", "", "", say("reading.doubt.no_office_label"))
    yield from _odd_sources(form)
    line = budget.total
    bare = line.score is not None and line.weight is None and not implied_weight(form, evidence.whole)
    if bare and any(row.weight for row in form.indicators):
        why = say("reading.doubt.score_alone")
        yield doubt_of(form, "budget.total.weight", "", why)
    if line.filled and line.executed is None:
        yield doubt_of(form, "budget.total.executed", "", say("reading.doubt.no_executed"))
    if line.weight is not None and line.score is None and line.executed is not None:
        yield doubt_of(form, "budget.total.score", "", say("reading.doubt.weight_alone"))
    clean = not evidence.aligned and not evidence.lacking
    own = clean and {each.name for each in sums(form)} >= {"weights", "scores"}
    if line.score is not None and line.weight is not None and line.score > line.weight and not own:
        yield doubt_of(form, "budget.total.score", line.score, say("reading.doubt.score_above"))


def _has_money(fund: Fund) -> bool:
    return bool(fund.initial or fund.adjusted or fund.executed)


def _odd_sources(form: Form) -> Iterator[Doubt]:
    """Doubt, where sources do not make their total, an amount that is lacking or that is one too many."""
    budget = form.budget
    for column in (each.column for each in failing(sums(form)) if each.name == "funds"):
        for name, fund in budget.sources.items():
            if fund.filled and getattr(fund, column) is None:
                why = say("reading.doubt.no_amount")
                yield doubt_of(form, f"budget.{name}.{column}", "", why)
            rest = sum(
                (getattr(f, column) or Decimal(0) for other, f in budget.sources.items() if other != name),
                Decimal(0),
            )
            if getattr(fund, column) and rest == getattr(budget.total, column):
                why = say("reading.doubt.only_without")
                yield doubt_of(form, f"budget.{name}.{column}", getattr(fund, column), why)


def _lost_levels(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    known = {"level1", "level2"} & evidence.columns
    printed = {row.level2 for row in form.indicators if row.level2}
    lacking = sum("level1" in roles for roles in evidence.lacking.values())
    twos = [None if n in evidence.carried else row.level2 for n, row in enumerate(form.indicators)]
    repeated = any(one == other is not None for one, other in pairwise(twos))  # each row prints its own
    for n, row in enumerate(form.indicators):
        for role in known:
            text = getattr(row, role)
            if text is None and any(getattr(other, role) for other in form.indicators):
                why = say("reading.doubt.no_level")
                yield doubt_of(form, f"indicators[{n}].{role}", "", why)
            elif (
                text is not None
                and evidence.aligned
                and (role not in level_of(text) or _is_cut(text, form, role))
            ):
                why = say("reading.doubt.no_whole_level")
                yield doubt_of(form, f"indicators[{n}].{role}", text, why)
        alone = "level1" in evidence.lacking.get(n, ()) and n not in evidence.carried
        only = "level1" in evidence.lacking.get(n, ()) and lacking == 1 and len(form.indicators) > _MANY_ROWS
        if repeated and evidence.carried.keys() == {n}:
            why = say("reading.doubt.other_level2")
            yield doubt_of(form, f"indicators[{n}].level2", row.level2, why)
        if evidence.aligned and (only or (alone and _may_be_own(row))):
            why = say("reading.doubt.own_level1")
            yield doubt_of(form, f"indicators[{n}].level1", row.level1, why)
        if evidence.aligned and n in evidence.carried and better_level(row, printed) is not None:
            why = say("reading.doubt.other_level2")
            yield doubt_of(form, f"indicators[{n}].level2", row.level2, why)


def _lost_sums(form: Form) -> Iterator[Doubt]:
    """Doubt a partial sum without the figure that the others have."""
    for role in ("weight", "score"):
        found = [getattr(each, role) is not None for each in form.subtotals]
        for n, known in enumerate(found):
            if not known and any(found):
                why = say("reading.doubt.subtotal_lacks")
                yield doubt_of(form, f"subtotals[{n}].{role}", "", why)


def _lost_partial_sums(form: Form) -> Iterator[Doubt]:
    """Doubt a level without a partial sum where the others have one, and one with two of them."""
    rows = Counter(row.level1 or "" for row in form.indicators)
    summed = Counter(part.level1 or "" for part in form.subtotals if part.level2 is None)
    why = say("reading.doubt.no_partial_sum")
    for level in summed and rows:
        if level not in summed and (rows[level] > 1 or len(summed) > 1):
            yield Doubt("subtotals", "", level, why)
    for n, part in enumerate(form.subtotals):
        if part.level2 is None and part.level1 and summed[part.level1] > 1:
            yield doubt_of(form, f"subtotals[{n}].level1", part.level1, why)


def _is_cut(text: str, form: Form, role: str) -> bool:
    """Tell whether a label lacks the word that all others of its level end with (时效 beside 数量指标)."""
    others = {getattr(row, role) for row in form.indicators} - {text, None}
    if pattern("whole").search(key(text)):
        return False
    return bool(others) and "指标" not in text and all(re.search("指标", other) for other in others)


def _may_be_own(row: Indicator) -> bool:
    """Tell whether a level 2 stands below another level 1, which mostly has one of its own name."""
    one, two = level1(row.level1), level2(row.level2)
    return (one, two) == _UNDER_BENEFIT or (
        one == "产出指标" and bool(_OF_COST.fullmatch(key(row.level2 or "")))
    )


# is a reading proven? The form's arithmetic proves it, the look of its values may doubt it


_MANY = 5  # doubts of a text that make every value of it doubtful
_EVERYTHING = say("reading.doubt.much_in_doubt")


def judged(form: Form, evidence: Evidence) -> Form:
    """Give a form with its reading: proven, or doubted with every value to be checked."""
    doubts = [
        *by_look(form, aligned=evidence.aligned or bool(evidence.lacking), loose=evidence.loose),
        *by_shape(form, evidence),
        *_by_sums(form, evidence),
        *_unsure(form, evidence),
    ]
    unread = (each for each in form.unread if not is_out_of_sight(each.expected))
    whole = bool(form.project and form.department and form.unit)
    sound = (each for each in unread if not (_is_second_office(each) or (whole and _is_of_head(each))))
    doubts += map(_of_unread, sound)
    if doubts and evidence.aligned and (evidence.loose or len(doubts) >= _MANY):
        doubts.append(Doubt("indicators", "", "", _EVERYTHING))
    kept = {_told(doubt): doubt for doubt in reversed(doubts)}
    found = tuple(doubt for doubt in doubts if kept.get(_told(doubt)) is doubt)
    return replace(form, reading=Proof("doubted" if found else "proven", found))


def _told(doubt: Doubt) -> tuple[str, str, str]:
    """Give what a doubt says: of a value one is told, of a table or the form every one."""
    whole = not doubt.text and doubt.path in {"", "indicators", "budget"}
    return doubt.path, doubt.text, doubt.why.zh if whole else ""


def _is_second_office(cell: Unread) -> bool:
    """Tell whether what is left over is an office that names itself (地方主管部门 beside 中央主管部门)."""
    texts = cell.text.split(" | ")
    named = [label_role(key(text)) is not None for text in texts]
    if (
        cell.path
        or named.count(False) != 1
        or not pattern("organ").search(squeeze(texts[named.index(False)]))
    ):
        return False
    return _AUTHORITY.fullmatch(key(texts[named.index(False) - 1])) is not None


def _is_of_head(cell: Unread) -> bool:
    """Tell whether what is left over of a line of the head are labels no form needs, each with its value."""
    texts = cell.text.split(" | ")
    known = [(match := label_role(key(text))) is not None and match.role in _HEAD for text in texts]
    at = 0
    while at < len(texts):
        if known[at]:
            at += 1
        elif (
            known[at + 1 : at + 2] == [False]
            and _LABEL.fullmatch(texts[at])
            and not column_role(key(texts[at]))
        ):
            at += 2
        else:
            return False
    return not cell.path and any(known) and not all(known)


_HEAD = frozenset({"project", "department", "unit", "person", "phone", "year"})
_LABEL = re.compile(r"[\u4e00-\u9fff（）()]{2,10}[:：]?")
_OF_TRANSFER = re.compile("(中央|地方)主管(部门|单位)$")
_AUTHORITY = re.compile("(中央|地方|省级?|市级?|县级?|区级?)主管(部门|单位)")


def _of_unread(cell: Unread) -> Doubt:
    why = say("reading.not_read", expected=cell.expected)
    return Doubt(cell.path, cell.place, cell.text, proposing(why, cell.text))


# the sums


def _by_sums(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    found = sums(form, evidence.whole)
    failed = failing(found)
    for one, other in misplaced(form, evidence.whole, split="unit" in evidence.columns):
        why = say("reading.doubt.sums_if_exchanged")
        yield doubt_of(form, one, text_at(form, one), why)
        yield doubt_of(form, other, text_at(form, other), why)
    offs = [each.off for each in failed if each.off]
    for each in failed:
        if each.off and len(offs) == offs.count(each.off) == 2:  # noqa: PLR2004
            why = say("reading.doubt.columns_off")
            path = f"budget.total.{each.column}"
            yield doubt_of(form, path, text_at(form, path), why)
    if any(each.name == "rate" for each in failed):
        yield from _by_rate(form)
    if not evidence.aligned and not evidence.lacking:
        return
    for each in failed:
        path = "indicators" if each.name in {"weights", "scores"} else "budget"
        why = say("reading.doubt.check_all", why=each.said)
        yield Doubt(path, "", "", why)
    if (
        evidence.aligned
        and not any(each.name in {"weights", "scores"} for each in found)
        and "weight" in evidence.columns
    ):
        why = say("reading.doubt.nothing_proves")
        yield Doubt("indicators", "", "", why)


def _by_rate(form: Form) -> Iterator[Doubt]:
    why = say("reading.doubt.rate_if_exchanged")
    for pair in combinations(("initial", "adjusted", "executed"), 2):
        for column in pair if _rate_closes(form, *pair) else ():
            yield doubt_of(form, f"budget.total.{column}", getattr(form.budget.total, column), why)


def _rate_closes(form: Form, one: str, other: str) -> bool:
    """Tell whether the printed rate is that of the amounts with two of them exchanged."""
    total = form.budget.total
    first, second = getattr(total, one), getattr(total, other)
    if first == second or None in {first, second}:
        return False
    moved = replace(form, budget=replace(form.budget, total=replace(total, **{one: second, other: first})))
    return not any(each.name == "rate" for each in failing(sums(moved)))


def _unsure(form: Form, evidence: Evidence) -> Iterator[Doubt]:
    for path, why in unborne(form, evidence, partial(text_at, form)):
        yield doubt_of(form, path, text_at(form, path), why)


def same_value(one: str, other: str) -> bool:
    """Tell whether two printed values are the same but for blanks and width."""
    if is_blank(one) and is_blank(other):
        return True
    first, second = number(one), number(other)
    return squeeze(one) == squeeze(other) or (first is not None and first == second)
