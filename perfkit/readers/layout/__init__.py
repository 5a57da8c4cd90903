"""Reads grids of cells as forms: what a self-evaluation form looks like is known here, and nowhere else.

A form is found by its words (words.yaml): labels with values beside or below them, a money table and an
indicator table known by their headings, in any order. Each value remembers its place; what should be a
figure and is none is listed as unread, never guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from perfkit.errors import DataError, Fault
from perfkit.form import Form, Goals, Source, Unread
from perfkit.readers.layout.arithmetic import counted_once, failing, points_of_several, summary, sums
from perfkit.readers.layout.budget import money_unit, read_budget, read_management, with_points, with_weight
from perfkit.readers.layout.columns import Labelled, labelled, of_heading
from perfkit.readers.layout.doubts import judged
from perfkit.readers.layout.kinds import is_empty, kind_of, other_than_form, side_by_side, split_forms
from perfkit.readers.layout.leftover import leftover
from perfkit.readers.layout.looks import pattern
from perfkit.readers.layout.record import Evidence, Line, Record, lines_of, number, year_in
from perfkit.readers.layout.rows import flow, read_rows
from perfkit.readers.layout.words import grade_in, is_blank, is_title, key, label_role, squeeze
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from perfkit.readers.grid import Cell, Grid
    from perfkit.readers.layout.kinds import Other
    from perfkit.readers.layout.rows import Table

__all__ = ["read_forms", "summary"]


_NAMED_TITLE = re.compile(
    r"(?:20\d\d年度?)?(.*?(?:整体(?:支出)?|项目|经费|资金|工程|补助))(?:支出)?(?:预算)?(?:绩效)?(?:目标)?(?:自评|评价|自我评价)(?:情况)?表.*"
)
_TITLE = 60
_ALIAS = 3  # wordings of a label that no heading or value has
_NAMES = frozenset({"project", "department", "unit"})
_FIGURES = frozenset({"total", "review_total", "year"})
_GOALS = frozenset({"expected", "outcome"})
_FILLER = ("filled_by", "phone", "filled_on")  # who filled the form in, and when
_WORTH = 3  # how many doubts a row more outweighs, where a text may be laid out in several ways
_ENOUGH = 6  # lines that show how wide a table is
_TOP = 6  # lines on which a year stands, where no title shows
_YEARS = range(2000, 2100)
_GENERIC = re.compile(r"(?:.*(?:预算|财政|部门|单位|专项|支出|转移支付|局))?(?:项目|资金|经费|工程|补助)")


def read_forms(grids: Iterable[Grid], source: Source) -> list[Form]:
    """Read every form that the grids of one document hold, in its order; none where there is none.

    Raises:
        DataError: where all that looks like a form is another document (a declaration, an empty template).
    """
    grids = list(grids)
    texts = [grid for grid in grids if grid.known != "grid"]
    if texts:
        return _read_text(texts, source)
    grids = [part for grid in grids for part in side_by_side(grid)]
    parts = split_forms(lines_of(grids))
    owned = [{line.grid for line in part} for part in parts]
    forms: list[Form] = []
    others: list[tuple[Other, Line]] = []
    for part, own in zip(parts, owned, strict=True):
        other = other_than_form(part, next((grids[n].name for n in own if "." not in grids[n].name), ""))
        form = None if other else _of_grids(part, source, grids, own, owned)
        if form is not None and is_empty(form):
            other = "template"
        if other is not None:
            others.append((other, next((line for line in part if line.texts), part[0])))
        elif form is not None:
            forms.append(form)
    if others and not forms:
        raise refusal(others[0][0], source.file, " | ".join(others[0][1].texts))
    return _with_others(forms, others)


def refusal(kind: Other, file: str, got: str) -> DataError:
    """Say that a document is no self-evaluation form, what it is, and what to do."""
    name = say(f"reading.kind.{kind}")
    what = say("reading.refused", kind=name) if kind != "unknown" else say("faults.no_self_evaluation_form")
    return DataError(
        Fault(what, file, got=got[:120], expected=say("reading.expected"), hint=say(f"reading.hint.{kind}"))
    )


def _with_others(forms: list[Form], others: Sequence[tuple[Other, Line]]) -> list[Form]:
    """List with the first form what else the document holds that looks like one."""
    listed = (
        Unread(
            "", line.place, " | ".join(line.texts), say("reading.beside", kind=say(f"reading.kind.{kind}"))
        )
        for kind, line in others
    )
    if others:
        forms[0] = replace(forms[0], unread=(*forms[0].unread, *listed))
    return forms


def _of_grids(
    lines: Sequence[Line], source: Source, grids: Sequence[Grid], own: set[int], owned: Sequence[set[int]]
) -> Form:
    """Read the lines of a form, and judge the reading by how its grids were made."""
    record = Record()
    record.evidence.aligned = any(grids[n].aligned or grids[n].placed for n in own)
    record.evidence.loose = any(grids[n].placed for n in own)
    form = _read(lines, source, record)
    form = replace(form, kind=kind_of(lines, form))
    if all(grids[n].dense for n in own if grids[n].kind == "table"):
        record.evidence.ragged = dict(_ragged(lines))
    if not record.evidence.aligned and not _is_dense(lines):
        record.evidence.lacking.clear()  # a sheet keeps no blank cells: a row that ends early lacks none
        ends = record.evidence.ends.items()
        record.evidence.ends = {path: (max(end, width), width) for path, (end, width) in ends}
    mine = (n for n in range(len(grids)) if n in own or not any(n in other for other in owned))
    listed = tuple(Unread("", *each) for n in mine for each in grids[n].unread)
    record.aside += points_of_several(form, record.evidence)
    form = judged(replace(form, unread=(*form.unread, *listed)), record.evidence)
    return replace(form, unread=(*form.unread, *record.aside))


def _is_dense(lines: Sequence[Line]) -> bool:
    """Tell whether the tables of a form keep their blank cells, so that a line which ends early lacks one."""
    cells = (cell for line in lines for cell in line.cells)
    if all(cell.text.strip() or cell.rowspan > 1 or cell.colspan > 1 for cell in cells):
        return False
    widths = [sum(cell.colspan for cell in line.cells) for line in lines if line.kind == "table"]
    widest = Counter(widths).most_common(1)
    return bool(widest) and widest[0][1] * 4 >= len(widths) * 3


def _ragged(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Give the place and text of the one line of a table that is shorter or longer than all others."""
    for grid in {line.grid for line in lines if line.kind == "table"}:
        own = [line for line in lines if line.grid == grid]
        own = [line for line in own if len(line.cells) > 1 or any(map(label_role, line.keys))]
        widths = [sum(cell.colspan for cell in line.cells) for line in own]
        common = Counter(widths).most_common(1)
        odd = [line for line, width in zip(own, widths, strict=True) if width != common[0][0]]
        if len(odd) == 1 and len(own) >= _ENOUGH:
            yield odd[0].place, " | ".join(odd[0].texts)


def _read_text(texts: Sequence[Grid], source: Source) -> list[Form]:
    """Read a text in each way that it may be laid out, and keep what is shown to be right."""
    from perfkit.readers.layout.flattened import read_flattened
    from perfkit.readers.layout.flattened.lines import flat_lines
    from perfkit.readers.layout.texts import laid_out

    read: list[list[Form]] = [[]]
    refused: list[DataError] = []
    ways = [grids for text in texts for grids in (*laid_out(text), *text.instead)]
    parted = [part for text in texts if text.known == "rows" for part in side_by_side(text)]
    if len(parted) > len(texts):
        ways.append([grid for part in parted for grids in laid_out(part) for grid in grids])
    for grids in ways:
        try:
            read.append(read_forms(grids, source))
        except DataError as error:
            refused.append(error)
    flat = [text for text in texts if text.known == "lines"]
    if flat:
        pieces = (piece for line in flat_lines(flat) for piece in line.pieces)
        labels = frozenset(match.role for each in pieces if (match := label_role(key(each.text))))
        loose = Evidence(aligned=True, loose=True, labels=labels)
        read.append([judged(form, loose) for form in read_flattened(flat, source)])
    best = max(read, key=_merit)
    if refused and not best:
        raise refused[0]
    return best


def _merit(forms: Sequence[Form]) -> tuple[bool, int, bool, int, int]:
    """Say how much shows that a reading is right: proven forms, sums that close, rows without a doubt."""
    proven = sum(form.reading.state == "proven" and bool(form.indicators) for form in forms)
    found = [sum_ for form in forms if form.indicators for sum_ in sums(form)]
    closed = len(found) - 2 * len(failing(found))
    left = sum(len(form.reading.doubts) for form in forms)
    read = any(form.indicators for form in forms)  # without a row there is no sum that fails
    return bool(forms), proven, read, closed, _WORTH * sum(len(form.indicators) for form in forms) - left


def _read(lines: Sequence[Line], source: Source, record: Record) -> Form:
    unit = money_unit(lines)
    record.money_unit = unit or "万元"
    budget, money_lines = read_budget(lines, record)
    table = read_rows(lines, record)
    if table.execution:
        budget = with_points(budget, table.execution, record)
    budget = with_weight(budget, lines, record)
    if unit is None and budget.total.filled:
        record.unread.append(Unread("money_unit", lines[0].place, "", say("expected.money_unit")))
    managed, block = read_management(lines, record)
    labels = labelled(lines, money_lines | table.used | block)
    labels += [label for role, cells in table.goals.items() if cells for label in of_heading(cells, role)]
    head = _head(lines, labels, table.project, record)
    taken = money_lines | table.used | block
    printed = {match.role for line in lines for k in line.keys if (match := label_role(k))}
    record.evidence.labels = frozenset(printed | {label.role for label in labels})
    record.evidence.authorities = frozenset(k for line in lines for k in line.keys if _is_department(k))
    record.evidence.unanswered = _unanswered(lines, labels, taken, aligned=record.evidence.aligned)
    record.evidence.unanswered |= _without_room(lines, labels, taken)
    ends = _ends(lines, labels, table, record)
    _said_again(labels, {**head, **ends}, record)
    return Form(
        project=head["project"] or "",
        department=head["department"],
        unit=head["unit"],
        money_unit=record.money_unit,
        budget=budget,
        goals=Goals(head["expected"], head["outcome"]),
        indicators=tuple(counted_once(table.rows, budget.total.weight or Decimal(0), record)),
        fund_management=managed,
        notes=head["notes"],
        subtotals=tuple(table.subtotals),
        source=replace(source, places=record.places),
        unread=(*record.unread, *leftover(lines, record)),
        **ends,
    )


def _is_department(plain: str) -> bool:
    match = label_role(plain)
    return match is not None and match.role == "department"


def _unanswered(
    lines: Sequence[Line], labels: Sequence[Labelled], taken: AbstractSet[int], *, aligned: bool
) -> dict[str, str]:
    """Give the places of labels of a name that have no value, by role."""
    answered = {(label.role, label.label) for label in labels if label.text}
    dense = _is_dense(lines)
    found: dict[str, str] = {}
    open_ = [(line, cell) for n, line in enumerate(lines) if n not in taken for cell in line.starts]
    for line, cell in open_:
        match = label_role(key(cell.text))
        if match is None or match.role not in _NAMES or not match.firm or match.rank >= _ALIAS:
            continue
        if match.role != "project" and _leaves_blank(line, cell, dense=dense, aligned=aligned):
            continue
        if (match.role, squeeze(cell.text).rstrip(":")) not in answered:
            found.setdefault(match.role, cell.place)
    return found


def _without_room(
    lines: Sequence[Line], labels: Sequence[Labelled], taken: AbstractSet[int]
) -> dict[str, str]:
    """Give the places of labels of a goal, by role, where none has any room for a value."""
    known = {label.role for label in labels}
    found: dict[str, str] = {}
    for cell in (cell for n, line in enumerate(lines) if n not in taken for cell in line.starts):
        match = label_role(key(cell.text))
        if match is not None and match.role in _GOALS - known:
            found.setdefault(match.role, cell.place)
    return found


def _leaves_blank(line: Line, cell: Cell, *, dense: bool, aligned: bool) -> bool:
    """Tell whether there is room for a value beside a label: a sheet keeps no blank cells."""
    beside = line.beside(cell)
    if beside is not None and not beside.text.strip():
        return bool(beside.place) or not aligned
    if beside is None:
        return not aligned and not dense
    return line.known == "grid" and beside.column > cell.end


def _head(
    lines: Sequence[Line], labels: Sequence[Labelled], project: Cell | None, record: Record
) -> dict[str, str | None]:
    """Read the texts around the tables; a project that the table names goes before its label."""
    fields = {
        role: _best(labels, role)
        for role in ("project", "department", "unit", "expected", "outcome", "notes")
    }
    for role, found in fields.items():
        if found is not None and found.text:
            record.found(f"goals.{role}" if role in {"expected", "outcome"} else role, found.cell)
            record.account(*found.more)
    texts = {role: _printed(role, found) for role, found in fields.items()}
    if project is not None and project.text.strip():
        record.found("project", project)
        texts["project"] = flow(project.text)
    texts["project"] = texts["project"] or _project_in_title(lines, record)
    texts["notes"] = _notes(labels, texts["notes"], record)
    return texts


def _ends(lines: Sequence[Line], labels: Sequence[Labelled], table: Table, record: Record) -> dict[str, Any]:
    """Read the year, and what stands at the end or beside a label: totals, grade, who filled the form in."""
    total, review = (
        read if read is not None else _total(labels, record, role)
        for read, role in ((table.total, "total"), (table.review_total, "review_total"))
    )
    year = _year(lines, labels, record)
    grade = table.grade or _grade(lines, labels, record)
    filler = {role: _signed(lines, labels, role, record) for role in _FILLER}
    return {"total": total, "review_total": review, "grade": grade, "year": year, **filler}


def _said_again(labels: Sequence[Labelled], read: Mapping[str, object], record: Record) -> None:
    """Account for labels whose value was read elsewhere, is blank, or is no part of a form (审核人)."""
    for label in labels:
        value = read.get(label.role)
        same = number(label.text) == value if label.role in _FIGURES else _same(label.text, value)
        if label.role == "person" or not label.text or same:
            record.account(label.cell, *label.more)


def _same(text: str, value: object) -> bool:
    return squeeze(text) == squeeze(str(value or ""))


def _best(labels: Sequence[Labelled], role: str) -> Labelled | None:
    """Give the label of a role that has a value and the highest rank, the first of equals."""
    found = [label for label in labels if label.role == role]
    filled = [label for label in found if label.text] or found
    return min(filled, key=lambda label: label.rank, default=None)


def _printed(role: str, found: Labelled | None) -> str | None:
    """Give a label's value; the breaks in a name are only layout, those in prose may be meant."""
    if found is None:
        return None
    if role not in _NAMES:
        return _answer(found.text) if role == "notes" else found.text or None
    name = _unquoted(flow(found.text))
    return (_unsealed(name) if role != "project" else name) or None


def _answer(text: str) -> str | None:
    """Give what a cell says beyond what the empty form asks for in it (请在此处简要说明…)."""
    answer = pattern("prompt").sub("", text).strip()
    nothing = answer != text and pattern("nothing_to_say").fullmatch(squeeze(answer))
    return None if nothing else answer or None


def _unsealed(office: str) -> str:
    """Give the name of an office without the mark of where its stamp goes (（盖章）)."""
    return pattern("seal").sub("", office)


def _unquoted(name: str) -> str:
    """Give a name without the quotation marks that a copy left around it or at one end of it."""
    inner = name.strip('"')
    if name.count("“") != name.count("”"):
        inner = inner.strip("“”")
    return name if '"' in inner else inner.strip()


def _project_in_title(lines: Sequence[Line], record: Record) -> str | None:
    """Read the project from a title that names one (部门整体支出绩效自评表, 道路养护项目自评表)."""
    for cell in (cell for line in lines for cell in line.starts if is_title(cell.text)):
        match = _NAMED_TITLE.fullmatch(squeeze(cell.text))
        if match and not _GENERIC.fullmatch(match[1]):
            record.found("project", cell)
            return match[1]
    return None


def _notes(labels: Sequence[Labelled], notes: str | None, record: Record) -> str | None:
    """Add the remarks that a form asks for (评价结论, 存在问题) and those beside its money to its notes."""
    remarks = [
        label for label in labels if label.role == "remark" and label.text and not grade_in(label.text)
    ]
    beside = {id(cell.origin or cell): cell for cell in record.remarks if not is_blank(cell.text)}
    record.found("notes", *(label.cell for label in remarks), *beside.values())
    told = [f"{label.label}：{label.text}" for label in remarks]
    told += [f"预算执行：{cell.text.strip()}" for cell in beside.values()]
    return "\n".join([*([notes] if notes else []), *told]) or None


def _year(lines: Sequence[Line], labels: Sequence[Labelled], record: Record) -> int | None:
    """Read the year from the title, from a text near it, or from a year label."""
    cells = [cell for line in lines for cell in line.starts]
    titles = [n for n, cell in enumerate(cells) if is_title(cell.text)]
    first = titles[0] if titles else 0
    near = [*cells[first : first + 3], *cells[max(0, first - 2) : first]]
    if not titles:
        near += [line.starts[0] for line in lines[:_TOP] if len(line.starts) == 1]
    for cell in near:
        dated = len(cell.text) >= _TITLE or re.search("日期|时间|填[报表]", cell.text)
        year = None if dated else year_in(cell.text)
        if year is not None:
            record.found("year", cell)
            return year
    label = _best(labels, "year")
    found = number(label.text, "年|年度") if label else None
    if label is None or found is None or found not in _YEARS:
        return None
    record.found("year", label.cell)
    return int(found)


def _total(labels: Sequence[Labelled], record: Record, role: str) -> Decimal | None:
    """Read a total that is printed outside the table (自评得分：96.9, 核查得分：94)."""
    label = _best(labels, role)
    value = number(label.text) if label else None
    if label is not None and value is not None:
        record.found(role, label.cell)
    return value


def _signed(lines: Sequence[Line], labels: Sequence[Labelled], role: str, record: Record) -> str | None:
    """Read a short text behind its label on one line (填报人：张三), or below it in a line of labels."""
    label = _best(labels, role)
    if label is None or not label.text:
        return None
    beside = any(
        label_role(key(cell.text)) for line in lines if label.cell in line.starts for cell in line.starts
    )
    above = (one for one, line in pairwise(lines) if label.cell in line.starts)
    below_labels = any(len(line.keys) > 1 and all(map(label_role, line.keys)) for line in above)
    if not (beside or below_labels) and label.text == label.cell.text.strip():
        return None
    record.found(role, label.cell)
    return flow(label.text)


def _grade(lines: Sequence[Line], labels: Sequence[Labelled], record: Record) -> str | None:
    told = (label for role in ("grade", "remark") for label in labels if label.role == role)
    for label in told:  # 自评等级 | 优, and 自评结论 | 优
        if (grade := grade_in(label.text)) is not None:
            record.found("grade", label.cell)
            others = (
                line.starts for line in lines if label.cell in line.starts
            )  # a reviewer's, to the right
            record.account(*(cell for cells in others for cell in cells if grade_in(cell.text)))
            return grade
    return None
