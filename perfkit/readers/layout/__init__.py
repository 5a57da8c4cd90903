"""Reads grids of cells as forms: what a self-evaluation form looks like is known here, and nowhere else.

A form is found by its words (words.yaml): labels with values beside or below them, a money table and an
indicator table known by their headings, in any order. Each value remembers its place; what should be a
figure and is none is listed as unread, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfkit.form import Form, Goals, Source, Unread
from perfkit.readers.layout.budget import money_unit, read_budget
from perfkit.readers.layout.doubts import doubted
from perfkit.readers.layout.labels import Labelled, labelled, year_in
from perfkit.readers.layout.leftover import leftover
from perfkit.readers.layout.record import Record, number
from perfkit.readers.layout.rows import flow, read_rows
from perfkit.readers.layout.splitting import split_forms
from perfkit.readers.layout.stream import Line, lines_of
from perfkit.readers.layout.summary import adds_up, summary
from perfkit.readers.layout.words import grade_in, is_title, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from perfkit.readers.grid import Cell, Grid
    from perfkit.readers.layout.rows import Table

__all__ = ["read_forms", "summary"]


_NAMED_TITLE = re.compile(
    r"(?:20\d\d年度?)?(.*?(?:整体(?:支出)?|项目|经费|资金|工程|补助))(?:支出)?(?:预算)?(?:绩效)?(?:目标)?(?:自评|评价|自我评价)(?:情况)?表.*"
)
_TITLE = 60
_NAMES = frozenset({"project", "department", "unit"})
_FIGURES = frozenset({"total", "review_total", "year"})
_YEARS = range(2000, 2100)
_GENERIC = re.compile(r"(?:.*(?:预算|财政|部门|单位|专项|支出|转移支付|局))?(?:项目|资金|经费|工程|补助)")


def read_forms(grids: Iterable[Grid], source: Source) -> list[Form]:
    """Read every form that the grids of one document hold, in its order; none where there is none."""
    grids = list(grids)
    flat = [grid for grid in grids if grid.flat]
    if flat:
        return _read_text(flat, source)
    parts = split_forms(lines_of(grids))
    owned = [{line.grid for line in part} for part in parts]
    return [
        _with_unread(_read(part, source), grids, own, owned) for part, own in zip(parts, owned, strict=True)
    ]


def _with_unread(form: Form, grids: Sequence[Grid], own: set[int], owned: Sequence[set[int]]) -> Form:
    """Add what the form's own grids list as unread, and what those list that are no form's."""
    mine = (n for n in range(len(grids)) if n in own or not any(n in other for other in owned))
    unread = (Unread("", *each) for n in mine for each in grids[n].unread)
    form = replace(form, unread=(*form.unread, *unread))
    return doubted(form) if any(grids[n].placed for n in own) else form


def _read_text(flat: Sequence[Grid], source: Source) -> list[Form]:
    """Read a text by its lines or by the columns that its blanks make, whichever is shown to be right."""
    from perfkit.readers.layout.flattened import read_flattened

    spaced = [read_forms(grids, source) for grid in flat for grids in grid.instead]
    lines = read_flattened(flat, source)
    return max([*spaced, [doubted(form) for form in lines] if spaced else lines], key=_proof)


def _proof(forms: Sequence[Form]) -> tuple[int, int, int]:
    """Say how much shows that a reading is right: forms that add up, then rows, then that little is left."""
    left = sum(len(form.unread) for form in forms)
    return sum(adds_up(form) for form in forms), sum(len(form.indicators) for form in forms), -left


def _read(lines: Sequence[Line], source: Source) -> Form:
    record = Record()
    unit = money_unit(lines)
    record.money_unit = unit or "万元"
    budget, money_lines = read_budget(lines, record)
    table = read_rows(lines, record)
    if unit is None and budget.total.filled:
        record.unread.append(
            Unread("money_unit", lines[0].place, "", "元 or 万元 printed with the amounts (read as 万元)")
        )
    labels = labelled(lines, money_lines | table.used)
    head = _head(lines, labels, table.project, record)
    ends = _ends(lines, labels, table, record)
    _said_again(labels, {**head, **ends}, record)
    return Form(
        project=head["project"] or "",
        department=head["department"],
        unit=head["unit"],
        money_unit=record.money_unit,
        budget=budget,
        goals=Goals(head["expected"], head["outcome"]),
        indicators=tuple(table.rows),
        notes=head["notes"],
        source=replace(source, places=record.places),
        unread=(*record.unread, *leftover(lines, record)),
        **ends,
    )


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
    """Read the year, and what stands in the table's last row or beside a label: totals and grade."""
    total, review = (
        read if read is not None else _total(labels, record, role)
        for read, role in ((table.total, "total"), (table.review_total, "review_total"))
    )
    year = _year(lines, labels, record)
    grade = table.grade or _grade(labels, record)
    return {"total": total, "review_total": review, "grade": grade, "year": year}


def _said_again(labels: Sequence[Labelled], read: Mapping[str, object], record: Record) -> None:
    """Account for labels whose value was read elsewhere, is blank, or is no part of a form (填报人)."""
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
    return (flow(found.text) if role in _NAMES else found.text) or None


def _project_in_title(lines: Sequence[Line], record: Record) -> str | None:
    """Read the project from a title that names one (部门整体支出绩效自评表, 道路养护项目自评表)."""
    for cell in (cell for line in lines for cell in line.starts if is_title(cell.text)):
        match = _NAMED_TITLE.fullmatch(squeeze(cell.text))
        if match and not _GENERIC.fullmatch(match[1]):
            record.found("project", cell)
            return match[1]
    return None


def _notes(labels: Sequence[Labelled], notes: str | None, record: Record) -> str | None:
    """Add the remarks that a form asks for (评价结论, 存在问题) to its notes, each with its label."""
    remarks = [label for label in labels if label.role == "remark" and label.text]
    if remarks:
        record.found("notes", *(label.cell for label in remarks))
    return (
        "\n".join([*([notes] if notes else []), *(f"{label.label}：{label.text}" for label in remarks)])
        or None
    )


def _year(lines: Sequence[Line], labels: Sequence[Labelled], record: Record) -> int | None:
    """Read the year from the title, from a text near it, or from a year label."""
    cells = [cell for line in lines for cell in line.starts]
    titles = [n for n, cell in enumerate(cells) if is_title(cell.text)]
    first = titles[0] if titles else 0
    near = [*cells[first : first + 3], *cells[max(0, first - 2) : first]]
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


def _grade(labels: Sequence[Labelled], record: Record) -> str | None:
    label = _best(labels, "grade")
    grade = grade_in(label.text) if label else None
    if label is not None and grade is not None:
        record.found("grade", label.cell)
    return grade
