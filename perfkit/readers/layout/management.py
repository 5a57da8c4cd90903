"""How the money was managed (资金管理情况), as transfer forms ask: an item a line, some with points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfkit.form import FundManagement
from perfkit.readers.layout.record import Record, number
from perfkit.readers.layout.words import column_role, is_blank, is_management_item, key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.readers.grid import Cell
    from perfkit.readers.layout.stream import Line

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
        roles = {cell.column: match.role for cell in cells if (match := column_role(key(cell.text)))}
        if set(roles.values()) & {"weight", "score"} or (cells and key(cells[0].text) in _HEADINGS):
            points = roles
        elif cells:
            items.append(_item(cells, points, f"fund_management[{len(items)}]", record))
        record.account(*lines[n].starts)
    return tuple(items), used


def _lines_of_block(lines: Sequence[Line]) -> set[int]:
    """Give the numbers of the lines of the block: beside its label, or an item below one of them."""
    used: set[int] = set()
    for n, line in enumerate(lines):
        below = n - 1 in used and line.starts and is_management_item(line.starts[0].text)
        if below or _beside(line) is not None:
            used.add(n)
    return used


def _beside(line: Line) -> Cell | None:
    """Give the label of the block that a line stands beside."""
    first = next((cell for cell in line.cells if not is_blank(cell.text)), None)
    spans = first is not None and key(first.text) in _NAMES and (first.rowspan > 1 or len(line.starts) > 1)
    return first if spans else None


def _item(cells: Sequence[Cell], points: dict[int, str], path: str, record: Record) -> FundManagement:
    figures = {role: cell for cell in cells if (role := points.get(cell.column)) in {"weight", "score"}}
    texts = [cell for cell in cells[1:] if cell not in figures.values() and not is_blank(cell.text)]
    record.found(f"{path}.text", *texts)
    return FundManagement(
        name=cells[0].text.strip(),
        text="\n".join(cell.text.strip() for cell in texts) or None,
        weight=number(figures["weight"].text) if "weight" in figures else None,
        score=number(figures["score"].text) if "score" in figures else None,
    )
