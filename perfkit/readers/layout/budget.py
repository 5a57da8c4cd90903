"""The money of a form (项目资金): columns, lines and unit, also on its side; its management (资金管理情况).

A block on its side is turned, so that rows and columns are read like those of any other form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from perfkit.form import FUND_LINES, Budget, Fund, FundManagement, MoneyUnit, Unread
from perfkit.readers.grid import Grid
from perfkit.readers.layout.arithmetic import Sum, failing, rate_of
from perfkit.readers.layout.columns import Columns, budget_columns, indicator_columns
from perfkit.readers.layout.looks import STRANGE, is_plain_value, strangeness
from perfkit.readers.layout.record import Record, lines_of, money, money_unit_of, number
from perfkit.readers.layout.words import (
    CHANGED,
    column_role,
    fund_line,
    is_blank,
    is_execution,
    is_fund_name,
    is_general_fund,
    is_management_item,
    is_subtotal,
    is_total,
    key,
    label_role,
    sounds_like_money,
    squeeze,
)
from perfkit.text import say
from perfkit.values.vocabulary import heading_weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.record import Line


_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Turned:
    """Hold the lines of a turned block, the heading first, and the numbers of the lines it came from."""

    lines: list[Line]
    used: set[int]


def turned_lines(lines: Sequence[Line]) -> Turned | None:
    """Turn the money block whose heading names the sources of money, if the form has one."""
    for at, line in enumerate(lines):
        sources = [cell for cell in line.starts if is_fund_name(key(cell.text))]
        while len(sources) >= _FEWEST:
            kinds = _kinds(lines[at + 1 :], sources[0].column)
            if len(kinds) >= _FEWEST:
                return Turned(_turn(line, sources, kinds), set(range(at, at + len(kinds) + 1)))
            del sources[0]  # the label of the block (项目资金), which is worded like a source
    return None


def _kinds(lines: Sequence[Line], first: int) -> list[tuple[Line, Cell]]:
    """Give the lines below that each name a kind of amount (年初预算数, 全年执行数, 执行率)."""
    found: list[tuple[Line, Cell]] = []
    for line in lines:
        names = [cell for cell in line.starts if cell.column < first]
        if not names or column_role(key(names[-1].text), "budget") is None:
            break
        found.append((line, names[-1]))
    return found


def _turn(heading: Line, sources: Sequence[Cell], kinds: Sequence[tuple[Line, Cell]]) -> list[Line]:
    cells = [kind.cut(row=0, column=n, rowspan=1, colspan=1) for n, (_, kind) in enumerate(kinds, 1)]
    for row, source in enumerate(sources, start=1):
        cells.append(source.cut(row=row, column=0, rowspan=1, colspan=1))
        for column, (line, _) in enumerate(kinds, start=1):
            amount = line.at(source.column)
            if amount is not None and amount.column >= source.column:
                cells.append(amount.cut(row=row, column=column, rowspan=1, colspan=1))
    return [replace(line, grid=heading.grid) for line in lines_of([Grid(tuple(cells))])]


# the money block (项目资金): its columns, its lines, its unit


_LABEL = 60
_UPPER = 2
_GLUED = re.compile(r"\d[\d.,]*$")  # an amount that ran into the name beside it
_HAS_DIGIT = re.compile(r"\d")
AMOUNTS = ("initial", "adjusted", "executed")
_SOURCE = re.compile(".{2,}?(?:资金|拨款|收入)")  # of which one line has one
_UNIT_ALONE = re.compile(r"[(](人民币)?万?元[)]$|^单位:?万?元$")  # （10分）（万元）
_UNIT = re.compile(r"[(:](?:人民币|单位:?|金额单位:?)?(万元|元)[)]?|单位:?(万元|元)")


@dataclass(slots=True)
class MoneyRow:
    """Hold one printed money line: its name, its line on the form, the cells of its amounts and its name."""

    name: str
    line: str
    cells: dict[str, Cell] = field(default_factory=dict)
    named: tuple[Cell, ...] = ()


def money_unit(lines: Sequence[Line]) -> MoneyUnit | None:
    """Tell the unit of the form's amounts: as printed in a heading, else as printed with the amounts.

    What an indicator is counted in (≤600元) tells nothing of the money above it.
    """
    rows = next((n for n in range(len(lines)) if indicator_columns(lines, n)), len(lines))
    above = lines[:rows] if any(budget_columns(lines, n) for n in range(rows)) else lines
    texts = [squeeze(text) for line in above for text in line.texts if len(text) < _LABEL]
    pairs = (pair for line in above for pair in pairwise(map(squeeze, line.texts)))
    texts += [f"{label}:{unit}" for label, unit in pairs if unit in {"元", "万元"}]  # 金额单位 | 万元
    near = [t for t in texts if re.search("资金|预算|执行|金额|单位", t)]
    for text in (*near, *(t for t in texts if _UNIT_ALONE.search(t))):
        match = _UNIT.search(text)
        if match:
            return "万元" if "万元" in match[0] else "元"
    units = [unit for text in texts if (unit := money_unit_of(text))]
    return units[0] if units else None


def read_budget(lines: Sequence[Line], record: Record) -> tuple[Budget, set[int]]:
    """Read the money block of a form; also give the numbers of the lines it took."""
    headings = [(n, columns) for n in range(len(lines)) if (columns := budget_columns(lines, n))]
    named = [(n, columns) for n, columns in headings if is_money_table(lines, n, columns)]
    for at, columns in named or headings:
        rows, used = _rows(lines, at, columns, record)
        if not rows:
            _note_lost_money(lines, record)
        tasks = {n for n, _ in (headings if named else ())} - {n for n, _ in named}
        aside = (
            _natures(lines, max(used, default=at), record)
            | {n for task in tasks for n in _task_lines(lines, task)}
            | set(range(at, at + columns.height))
        )
        for cell in (cell for n in aside for cell in lines[n].starts):
            if cell.row == lines[at].row and (_is_prose(cell.text) or is_plain_value(cell.text)):
                record.missed("budget", cell, say("expected.money_heading"))
            record.account(cell)
        return _budget(rows, record), used | aside
    turned = turned_lines(lines)
    if turned is not None:
        columns = budget_columns(turned.lines, 0)
        if columns is not None:
            rows, _ = _rows(turned.lines, 0, columns, record)
            return _budget(rows, record), turned.used
    rows, used = _pairs(lines, record)
    if not rows:
        _note_lost_money(lines, record)
    return _budget(rows, record), used


_NATURES = re.compile("按(收入|支出)性质分?")
_OF_SPENDING = re.compile("(其中)?(基本|项目|人员|公用).{0,2}支出")


def _natures(lines: Sequence[Line], last: int, record: Record) -> set[int]:
    """Give the lines that part the money by its nature (按收入性质分), for which a form has no place."""
    found: set[int] = set()
    for n in range(last + 1, len(lines)):
        parted = any(_NATURES.fullmatch(k) for k in lines[n].keys)
        named = bool(found) and any(is_fund_name(k) or _OF_SPENDING.fullmatch(k) for k in lines[n].keys)
        if not parted and not named:
            break
        found.add(n)
        if not parted:
            told = say("expected.money_source")
            record.aside.append(Unread("budget", lines[n].place, " | ".join(lines[n].texts), told))
        record.account(*lines[n].starts)
    return found


def _note_lost_money(lines: Sequence[Line], record: Record) -> None:
    """List the first label of money of a form whose amounts were found nowhere."""
    for line in lines:
        for cell in line.starts:
            match = column_role(key(cell.text), "budget")
            if match is not None and match.firm and match.role in AMOUNTS:
                record.missed("budget", cell, say("expected.amount_beside"))
                return


def is_money_table(lines: Sequence[Line], heading: int, columns: Columns) -> bool:
    """Tell whether money stands below a heading, by source, and not the tasks that it was spent on."""
    first = min(column for found in columns.by_role.values() for column in found)
    for line in lines[heading + columns.height : heading + columns.height + _UPPER]:
        name = _name(line, first)
        if not name or is_fund_name(name):
            return True
    return False


def _task_lines(lines: Sequence[Line], heading: int) -> Iterator[int]:
    """Give the lines of a table of tasks, which prints money and outcomes that are not the form's."""
    yield heading
    for at in range(heading + 1, len(lines)):
        if any(label_role(k) for k in lines[at].keys[:1]) or budget_columns(lines, at):
            return
        if indicator_columns(lines, at):
            return
        yield at


def _rows(
    lines: Sequence[Line], heading: int, columns: Columns, record: Record
) -> tuple[list[MoneyRow], set[int]]:
    first = min(column for found in columns.by_role.values() for column in found)
    rows: list[MoneyRow] = []
    used: set[int] = set()
    for at in range(heading + columns.height, len(lines)):
        line = lines[at]
        name = _name(line, first)
        cells = {role: cell for role in columns.by_role if (cell := columns.cell(line, role)) is not None}
        if (
            not rows
            and not name
            and not _has_amount(cells)
            and at <= heading + _UPPER
            and not _ends(lines, at)
        ):
            used.add(at)  # a second line of the heading: （10分）, （B/A）
            record.account(*line.starts)
            continue
        if _ends(lines, at) or not _has_place(name, cells, rows) or _is_prose(_named(line, first).text):
            break
        fund = fund_line(name) or ("total" if not rows else None)
        used.add(at)
        if fund is None:
            named = _named(line, first).cut(text=" | ".join(line.texts))
            record.missed("budget", named, say("expected.money_source"))
            record.account(*line.starts)
            continue
        sources = {fund_line(part) for part in _SOURCE.findall(name)} if record.evidence.loose else set()
        if len(sources) > 1 or _is_strange(name):
            record.missed("budget.total", _named(line, first), say("expected.money_source"))
        rows.append(MoneyRow(name, fund, cells, tuple(c for c in line.starts if c.column < first)))
        record.evidence.funds |= {fund}
        end = max((cell.end for cell in line.cells), default=0)
        record.evidence.ends[f"budget.{fund}.{at}"] = (end, columns.width)
        astride = columns.astride(line)
        if astride is not None:
            record.evidence.astride[f"budget.{fund}"] = astride.text
        for cell in line.starts:
            if cell.column >= columns.width and not is_blank(cell.text):
                record.missed("budget", cell, say("expected.heading"))
        _pass_over(line, columns, fund, record)
    _list_columns([lines[at] for at in sorted(used)], columns, record)
    _note_changed(lines[heading : heading + columns.height], columns, rows, record)
    return rows, used


def _note_changed(
    heading: Sequence[Line], columns: Columns, rows: Sequence[MoneyRow], record: Record
) -> None:
    """List a heading that may be that of a change (预算调整数), unless the rate bears it out."""
    for cell in (cell for line in heading for cell in line.starts):
        match = column_role(key(cell.text), "budget")
        read = any(cell.column <= column < cell.end for column in columns.by_role.get("adjusted", ()))
        if match is not None and match.role == "adjusted" and match.rank >= CHANGED and read:
            found = [check for row in rows for check in _rate(row.cells, record)]
            if not found or failing(found):
                record.missed("budget.total.adjusted", cell, say("expected.adjusted_not_change"))


def _pass_over(line: Line, columns: Columns, fund: str, record: Record) -> None:
    """Note what a money line prints that says nothing new: on the lines below the total a rate, no points."""
    record.account(*columns.cells(line, "skip"))
    record.remarks += [cell for cell in columns.cells(line, "remark") if not is_plain_value(cell.text)]
    if fund != "total":
        points = [cell for role in ("weight", "score") for cell in columns.cells(line, role)]
        rates = [cell for cell in columns.cells(line, "rate") if strangeness("rate", cell.text) < STRANGE]
        for cell in rates if not _divides(line, columns, record) else ():
            record.missed(f"budget.{fund}", cell, say("expected.rate_of_line"))
        record.account(*rates, *(cell for cell in points if money(cell.text, "元") == 0))
    elif record.evidence.aligned:
        lost = (role for role in columns.by_role if role != "skip" and not columns.cells(line, role))
        record.evidence.lost.update(f"budget.total.{role}" for role in lost)


def _divides(line: Line, columns: Columns, record: Record) -> bool:
    """Tell whether the rate that a source prints is that of its amounts, as far as it prints both."""
    cells = {role: cell for role in (*AMOUNTS, "rate") if (cell := columns.cell(line, role)) is not None}
    return not failing(_rate(cells, record))


def _rate(cells: dict[str, Cell], record: Record) -> list[Sum]:
    """Give the check of the rate that a line prints, where it prints its amounts."""
    texts = {role: squeeze(cell.text) for role, cell in cells.items()}
    found = {role: money(texts[role], record.money_unit) for role in AMOUNTS if role in texts}
    return list(rate_of(Fund(rate=texts.get("rate"), **found)))


def _list_columns(lines: Sequence[Line], columns: Columns, record: Record) -> None:
    """List the columns of amounts that are not read, each once by its heading."""
    found: dict[int, Cell] = {}
    for cell in (cell for line in lines for cell in line.starts):
        heading = columns.left_out(cell.column)
        if heading is not None and cell.column >= min(columns.by_role.values())[0]:
            record.account(cell)
            if _HAS_DIGIT.search(cell.text):
                found[id(heading)] = heading
    for heading in found.values():
        match = column_role(key(heading.text), "budget")
        if match is not None and match.rank >= CHANGED:  # what the budget was changed by, beside the budget
            told = say("expected.one_known_column")
            record.aside.append(Unread("budget", heading.place, heading.text.strip(), told))
            record.account(heading)
        else:
            record.missed("budget", heading, say("expected.one_known_column"))


def _is_prose(text: str) -> bool:
    return re.search("[，。；]", re.sub("[(（].*", "", text)) is not None


def _has_place(name: str, cells: dict[str, Cell], rows: Sequence[MoneyRow]) -> bool:
    """Tell whether a line belongs to the money table: it names a source, or holds amounts."""
    if not name:
        return _has_amount(cells)
    return fund_line(name) is not None or not rows or _has_amount(cells)


def _named(line: Line, first: int) -> Cell:
    cells = [cell for cell in line.starts if cell.column < first]
    return (cells or line.starts or line.cells)[-1]


def _ends(lines: Sequence[Line], number: int) -> bool:
    line = lines[number]
    ending = {"expected", "outcome", "goals", "notes", "project"}
    if any((m := label_role(k)) and m.role in ending and fund_line(k) is None for k in line.keys):
        return True
    return indicator_columns(lines, number) is not None


def _name(line: Line, first: int) -> str:
    """Give the name of a money line: the texts left of its amounts, without the block's own label."""
    cells = [cell for cell in line.cells if cell.column < first and not is_blank(cell.text)]
    own = [cell for cell in cells if cell.row == line.row] or cells
    names = [key(cell.text) for cell in own]
    kept = [n for i, n in enumerate(names) if i == len(names) - 1 or not _is_block(n)]
    return "".join(kept)


def _is_strange(name: str) -> bool:
    """Tell a name that is neither that of money nor the label of the whole block."""
    return bool(name) and fund_line(name) is None and not sounds_like_money(name) and not _is_block(name)


def _is_block(name: str) -> bool:
    match = label_role(name)
    return match is not None and match.role == "money"


def _has_amount(cells: dict[str, Cell]) -> bool:
    return any(money(cells[role].text, "元") is not None for role in AMOUNTS if role in cells)


def _pairs(lines: Sequence[Line], record: Record) -> tuple[list[MoneyRow], set[int]]:
    """Read amounts printed beside their labels (`全年预算数 | 372.29万元`), where there is no table."""
    cells: dict[str, Cell] = {}
    used: set[int] = set()
    for at, line in enumerate(lines):
        for cell in line.starts:
            match = column_role(key(cell.text), "budget")
            value = line.beside(cell)
            if match is None or value is None or match.role in cells or match.role == "skip":
                continue
            if match.role not in AMOUNTS and not (used & {at, at - 1}):
                continue  # points and a rate are the money's where they stand beside or below it
            rate = match.role == "rate" and _HAS_DIGIT.search(value.text)
            if rate or money(value.text, "元") is not None:
                cells[match.role] = value
                used.add(at)
    if not _has_amount(cells):
        return [], used
    return [MoneyRow("", "total", cells), *_sources_below(lines, cells, used, record)], used


def _sources_below(
    lines: Sequence[Line], cells: dict[str, Cell], used: set[int], record: Record
) -> list[MoneyRow]:
    """Read the sources below such labels, each beside an amount in its column (其中：财政拨款 | 60)."""
    roles = {value.column: role for role, value in cells.items() if role in AMOUNTS}
    rows: dict[str, MoneyRow] = {}
    for at in range(min(used), len(lines)):
        line = lines[at]
        pairs = [(cell, line.beside(cell)) for cell in line.starts if is_fund_name(key(cell.text))]
        if not pairs and at > max(used):
            break
        for cell, value in pairs:
            if (
                value is None
                or value in cells.values()
                or (money(value.text, "元") is None and not is_blank(value.text))
            ):
                continue
            source = fund_line(key(cell.text)) or "total"
            role = roles.get(value.column)
            if role is None or source == "total" or role in rows.get(source, MoneyRow("", "")).cells:
                if not is_blank(value.text):
                    record.missed("budget", value, say("expected.money_table", label=cell.text.strip()))
            else:
                row = rows.setdefault(source, MoneyRow(key(cell.text), source))
                row.cells[role] = value
                used.add(at)
            record.account(cell)
    return list(rows.values())


def _budget(rows: Sequence[MoneyRow], record: Record) -> Budget:
    funds = {line: _fund([row for row in rows if row.line == line], line, record) for line in FUND_LINES}
    return Budget(**funds)


def _fund(rows: Sequence[MoneyRow], line: str, record: Record) -> Fund:
    general = [row for row in rows if is_general_fund(row.name)]
    if line == "fiscal" and general and len(rows) > 1:
        rows = _chosen(rows, general, record)
    if line == "total":
        rows = _chosen(rows, rows[:1], record)
    record.account(*(cell for row in rows for cell in row.named if not _GLUED.search(cell.text)))
    path = f"budget.{line}"
    amounts: dict[str, Any] = {}
    for role in AMOUNTS:
        cells = [row.cells[role] for row in rows if role in row.cells]
        amounts[role] = _sum(cells, f"{path}.{role}", record)
    fund = Fund(**amounts)
    return replace(fund, **_points(rows[0].cells, record)) if line == "total" and rows else fund


def _points(cells: dict[str, Cell], record: Record) -> dict[str, Any]:
    """Read what the line of all money prints beside its amounts: its rate and its points."""
    path = "budget.total"
    rate = cells.get("rate")
    if rate is not None and not is_blank(rate.text):
        record.found(f"{path}.rate", rate)
    return {
        "weight": record.figure(f"{path}.weight", cells.get("weight"), say("expected.weight")),
        "score": record.figure(f"{path}.score", cells.get("score"), say("expected.score")),
        "review": record.figure(f"{path}.review", cells.get("review"), say("expected.review")),
        "rate": None if rate is None or is_blank(rate.text) else rate.text.strip(),
    }


def with_weight(budget: Budget, lines: Sequence[Line], record: Record) -> Budget:
    """Give a budget with a score and no weight the weight that a label prints (预算执行率（10分）)."""
    if budget.total.score is None or budget.total.weight is not None:
        return budget
    for cell in (cell for line in lines for cell in line.starts):
        weight = heading_weight(cell.text) if is_execution(cell.text) or _is_block(key(cell.text)) else None
        if weight is not None:
            record.found("budget.total.weight", cell)
            return replace(budget, total=replace(budget.total, weight=weight))
    return budget


def with_points(budget: Budget, cells: dict[str, Cell], record: Record) -> Budget:
    """Give a budget what the line of execution among the indicators prints (预算执行率 | 10 | 9.5).

    What the money block prints itself stays; the line is listed where it says another thing.
    """
    own = {role for role in cells if getattr(budget.total, role) is not None}
    for role in own:
        printed = getattr(budget.total, role)
        known = number(printed, "%") if role == "rate" else printed
        if not is_blank(cells[role].text) and number(cells[role].text, "%") != known:
            record.missed(f"budget.total.{role}", cells[role], say("expected.points_of_money"))
    record.account(*(cells[role] for role in own))
    read = _points({role: cell for role, cell in cells.items() if role not in own}, record)
    total = replace(budget.total, **{role: value for role, value in read.items() if value is not None})
    return replace(budget, total=total)


def _chosen(rows: Sequence[MoneyRow], kept: Sequence[MoneyRow], record: Record) -> Sequence[MoneyRow]:
    """Keep some lines of those that share a place; note the others where they only say the same once more."""
    others = [row for row in rows if row not in kept]
    for role in AMOUNTS:
        amounts = [money(row.cells[role].text, "元") for row in others if role in row.cells]
        own = [money(row.cells[role].text, "元") for row in kept if role in row.cells]
        if sum(amount or 0 for amount in amounts) > sum(amount or 0 for amount in own):
            return kept
        doubled = any(other.line == "total" for other in others)
        if doubled and any(amount is not None and amount not in own for amount in amounts):
            return kept
    record.account(*(cell for row in others for cell in (*row.named, *row.cells.values())))
    return kept


def _sum(cells: Sequence[Cell], path: str, record: Record) -> Decimal | None:
    """Add up the amounts of the lines that share one place on the form (中央 and 地方 are both fiscal)."""
    read = [(cell, record.amount(path, cell)) for cell in cells]
    amounts = [(cell, amount) for cell, amount in read if amount is not None]
    if not amounts:
        return None
    record.found(path, *(cell for cell, _ in amounts))
    return sum((amount for _, amount in amounts[1:]), amounts[0][1])


# how the money was managed (资金管理情况), as transfer forms ask: an item a line, some with points


_POINTS = frozenset({"weight", "score"})
_NAMES = frozenset({"资金管理情况", "资金管理", "资金管理使用情况", "项目资金管理情况"})
_HEADINGS = frozenset({"情况说明", "存在问题和改进措施", "管理内容", "管理环节", "内容", "指标", "评价内容"})


def read_management(lines: Sequence[Line], record: Record) -> tuple[tuple[FundManagement, ...], set[int]]:
    """Read the items beside the label of the block; also give the numbers of its lines."""
    used = _lines_of_block(lines)
    points: dict[int, str] = {}
    items: list[FundManagement] = []
    for n in sorted(used):
        label = _beside(lines[n])
        cells = [cell for cell in lines[n].starts if cell is not label]
        first = (
            cells[0].column if cells else 0
        )  # a text prints the label of the block once: later lines are short
        roles = {cell.column - first: match.role for cell in cells if (match := column_role(key(cell.text)))}
        if set(roles.values()) & _POINTS or (cells and key(cells[0].text) in _HEADINGS):
            points = roles
        elif cells and (is_subtotal(cells[0].text) or is_total(cells[0].text)):
            _compare(cells, points, items, record)
        elif cells:
            items.append(_item(cells, points, f"fund_management[{len(items)}]", record))
        record.account(*lines[n].starts)
    return tuple(items), used


def _compare(
    cells: Sequence[Cell], points: dict[int, str], items: Sequence[FundManagement], record: Record
) -> None:
    """List a partial sum of the block that is not the sum of its items."""
    for cell in cells:
        role = points.get(cell.column - cells[0].column, "")
        if role in _POINTS:
            made = sum((getattr(item, role) or Decimal(0) for item in items), Decimal(0))
            if number(cell.text) != made:
                record.missed("fund_management", cell, say("expected.sum_of_items", made=f"{made:f}"))


def _lines_of_block(lines: Sequence[Line]) -> set[int]:
    """Give the numbers of the lines of the block: beside its label, or an item below one of them."""
    used: set[int] = set()
    for n, line in enumerate(lines):
        first = line.starts[0].text if line.starts else ""
        below = n - 1 in used and (is_management_item(first) or is_subtotal(first))
        if below or _beside(line) is not None:
            used.add(n)
    return used


def _beside(line: Line) -> Cell | None:
    """Give the label of the block that a line stands beside."""
    first = next((cell for cell in line.cells if not is_blank(cell.text)), None)
    spans = first is not None and key(first.text) in _NAMES and (first.rowspan > 1 or len(line.starts) > 1)
    return first if spans else None


def _item(cells: Sequence[Cell], points: dict[int, str], path: str, record: Record) -> FundManagement:
    figures = {role: cell for cell in cells if (role := points.get(cell.column - cells[0].column)) in _POINTS}
    texts = [cell for cell in cells[1:] if cell not in figures.values() and not is_blank(cell.text)]
    record.found(f"{path}.text", *texts)
    return FundManagement(
        name=cells[0].text.strip(),
        text="\n".join(cell.text.strip() for cell in texts) or None,
        weight=record.figure(f"{path}.weight", figures.get("weight"), say("expected.weight")),
        score=record.figure(f"{path}.score", figures.get("score"), say("expected.score")),
    )
