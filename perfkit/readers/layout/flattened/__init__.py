"""Reads forms whose table was flattened into lines, as text copied out of a PDF is.

Nothing stands in columns any more: rows are known by the points that end them, wrapped cells by full
lines, and labels of merged cells float. What is inferred rather than read is listed as unread, so that
a person looks at it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from perfkit.form import Budget, Form, Fund, Goals, Indicator, MoneyUnit, Source, Unread
from perfkit.readers.grid import Cell, Grid
from perfkit.readers.layout.flattened.levels import Labels, is_level_name, share_out
from perfkit.readers.layout.flattened.lines import (
    Block,
    FlatLine,
    FlatRow,
    FlatTable,
    Piece,
    WholeLines,
    blocks_of,
    flat_lines,
    heading_roles,
    is_blank_piece,
    paired,
    parted_roles,
    read_flat_rows,
    read_whole_lines,
    split_flat,
)
from perfkit.readers.layout.record import Record, money, number, year_in
from perfkit.readers.layout.rows import flow
from perfkit.readers.layout.words import column_role, fund_line, is_title, key, label_role, squeeze
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

__all__ = ["read_flattened"]

_FEWEST = 3  # texts of a line that may be a row
_TAIL = 2  # characters of a heading's last cell that wrap to the next line
_GOALS = ("expected", "outcome")
_NAME = range(3, 41)  # characters of a project's or a unit's name


def read_flattened(grids: Iterable[Grid], source: Source) -> list[Form]:
    """Read every form of a flattened text, in order; none where there is no indicator table."""
    return [_Reader(lines).read(source) for lines in split_flat(flat_lines(grids))]


class _Reader:
    """Read one flattened form: its table first, then the labels that float around it."""

    def __init__(self, lines: Sequence[FlatLine]) -> None:
        self.lines = lines
        self.record = Record()
        self.seen: set[Piece] = set()
        self.blocks = blocks_of(lines)

    def read(self, source: Source) -> Form:
        """Read budget, table and labels, in this order: each leaves to the next what it did not take."""
        unit = self._money_unit()
        self.record.money_unit = unit or "万元"
        budget, taken = self._budget()
        indicators, totals, rest = self._table(*self._heading(), taken)
        head = self._head(rest)
        expected, outcome = self._goals(rest)
        return Form(
            project=head.get("project") or "",
            year=self._year(),
            department=head.get("department"),
            unit=head.get("unit"),
            money_unit=self.record.money_unit,
            budget=budget,
            goals=Goals(expected, outcome),
            indicators=tuple(indicators),
            source=replace(source, places=self.record.places),
            unread=(*self.record.unread, *self._leftover()),
            **totals,
        )

    def _heading(self) -> tuple[int, list[str]]:
        """Give the last line of the table's heading and the roles of its columns."""
        heading = next(n for n, line in enumerate(self.lines) if heading_roles(line, "columns"))
        roles = heading_roles(self.lines[heading], "columns")
        parted = parted_roles(roles, self.lines[heading + 1]) if heading + 1 < len(self.lines) else None
        if parted is None:
            return heading, roles
        self._account(self.lines[heading])
        return heading + 1, parted

    def _table(
        self, heading: int, roles: list[str], taken: Sequence[FlatLine]
    ) -> tuple[Sequence[Indicator], dict[str, Any], list[FlatLine]]:
        """Read the rows and totals under a heading, and give the lines that are neither these nor money."""
        first = self._first_row(heading)
        self._account(*self.lines[heading:first])
        before, body = self.lines[:heading], self.lines[first:]
        if paired(roles):
            table = read_flat_rows(body)
            rest = [line for line in [*before, *table.rest] if line not in taken]
            indicators = self._indicators(table, rest)
            totals = {"total": self._total(table.total[1] if table.total else None, "total")}
            self.seen.update(table.total or ())
            return indicators, totals, rest
        whole = read_whole_lines(body, roles)
        rest = [line for line in [*before, *whole.rest] if line not in taken]
        indicators = self._whole(whole)
        totals = {
            "total": self._total(whole.total, "total"),
            "review_total": self._total(whole.review, "review_total"),
        }
        self.seen.update(whole.totals)
        return indicators, totals, rest

    def _cell(self, pieces: Sequence[Piece]) -> Cell:
        """Give pieces as a cell, which accounts for them."""
        self.seen.update(pieces)
        place = pieces[0].place if pieces else ""
        return Cell(" ".join(piece.text for piece in pieces), 0, 0, place=place)

    def _account(self, *lines: FlatLine) -> None:
        self.seen.update(piece for line in lines for piece in line.pieces)

    def _leftover(self) -> list[Unread]:
        """List what was not read from the first line that was to the last one, and the rows below it."""
        from perfkit.readers.layout.leftover import listed

        own = [n for n, line in enumerate(self.lines) if self.seen.intersection(line.pieces)]
        below = [line for line in self.lines[own[-1] + 1 :] if _is_row(line)] if own else []
        within = [*self.lines[own[0] : own[-1] + 1], *below] if own else ()
        rest = ((line.place, [piece for piece in line.pieces if piece not in self.seen]) for line in within)
        return listed((place, [piece.text for piece in pieces]) for place, pieces in rest if pieces)

    def _first_row(self, heading: int) -> int:
        """Give the first line after the heading, whose last cell may be wrapped."""
        start = heading + 1
        last = self.lines[heading].pieces[-1].text
        while start < len(self.lines) and len(self.lines[start].pieces) == 1:
            text = key(self.lines[start].text)
            joined = column_role(key(last) + text)
            if not column_role(text) and not (joined and len(text) <= _TAIL):
                break
            last += self.lines[start].text.strip()
            start += 1
        return start

    def _money_unit(self) -> MoneyUnit | None:
        for block in self.blocks:
            match = re.search(r"(?:资金|金额|单位)[(:]*(万元|元)", squeeze(block.text))
            if match:
                return "万元" if match[1] == "万元" else "元"
        return None

    def _year(self) -> int | None:
        titles = [n for n, line in enumerate(self.lines) if is_title(line.text.strip())]
        near = [line for n in titles for line in self.lines[n : n + 3]] or list(self.lines[:5])
        for line in near:
            year = year_in(line.text)
            if year is not None:
                self.record.found("year", line.cell)
                self._account(line)
                return year
        return None

    def _total(self, piece: Piece | None, path: str) -> Decimal | None:
        return None if piece is None else self.record.figure(path, self._cell([piece]), say("expected.total"))

    def _whole(self, table: WholeLines) -> list[Indicator]:
        """Give the rows that were told by counting; list the lines that fit no row."""
        rows: list[Indicator] = []
        levels: dict[str, str] = {}
        for position, pieces in enumerate(table.rows):
            path = f"indicators[{position}]"
            self.seen.update(pieces.values())
            if "level1" in pieces:
                levels.pop("level2", None)
            levels |= {role: pieces[role].text for role in ("level1", "level2") if role in pieces}
            texts: dict[str, Any] = dict(levels)
            for role in ("name", "target", "actual", "reason", "evidence", "opinion"):
                if role in pieces and not is_blank_piece(pieces[role]):
                    texts[role] = pieces[role].text
                    self.record.found(f"{path}.{role}", self._cell([pieces[role]]))
            for role in ("weight", "score", "deduction", "review"):
                cell = self._cell([pieces[role]]) if role in pieces else None
                texts[role] = self.record.figure(f"{path}.{role}", cell, say("expected.points"))
            rows.append(Indicator(**texts))
        self._account(*table.strange)
        for line in table.strange:
            self.record.missed("indicators", line.cell, say("expected.row_of_texts"))
        return rows

    def _budget(self) -> tuple[Budget, list[FlatLine]]:
        start = next((n for n, line in enumerate(self.lines) if heading_roles(line, "budget")), None)
        if start is None:
            return Budget(), []
        roles = heading_roles(self.lines[start], "budget")
        taken = [self.lines[start]]
        self._account(self.lines[start])
        funds: dict[str, Fund] = {}
        for line in self.lines[start + 1 :]:
            pieces = line.pieces
            names = [n for n, piece in enumerate(pieces) if not _is_amount(piece)]
            split = next((n for n, piece in enumerate(pieces) if _is_amount(piece)), len(pieces))
            fund = fund_line(key("".join(piece.text for piece in pieces[:split])))
            if not names or fund is None or split == len(pieces):
                break
            taken.append(line)
            self.seen.update(pieces[:split])
            if fund not in funds:
                funds[fund] = self._fund(
                    f"budget.{fund}", dict(zip(roles, pieces[split:], strict=False)), fund
                )
        return Budget(**funds), taken

    def _fund(self, path: str, pieces: dict[str, Piece], fund: str) -> Fund:
        cells = {role: self._cell([piece]) for role, piece in pieces.items()}
        amounts: dict[str, Any] = {
            role: self.record.amount(f"{path}.{role}", cells.get(role))
            for role in ("initial", "adjusted", "executed")
        }
        if fund != "total":
            return Fund(**amounts)
        rate = pieces.get("rate")
        blank = rate is None or is_blank_piece(rate)
        if rate is not None and not blank:
            self.record.found(f"{path}.rate", self._cell([rate]))
        return Fund(
            **amounts,
            weight=self.record.figure(f"{path}.weight", cells.get("weight"), say("expected.weight")),
            score=self.record.figure(f"{path}.score", cells.get("score"), say("expected.score")),
            review=self.record.figure(f"{path}.review", cells.get("review"), say("expected.review")),
            rate=None if rate is None or blank else rate.text,
        )

    def _indicators(self, table: FlatTable, rest: Sequence[FlatLine]) -> list[Indicator]:
        rows = [self._indicator(number, row) for number, row in enumerate(table.rows)]
        loose = [block for block in blocks_of(rest) if is_level_name(block.text)]
        loose += [
            Block((line,))
            for line in rest
            if is_level_name(line.text) and not any(line in b.lines for b in loose)
        ]
        stray = [piece for piece in table.stray if is_level_name(piece.text)]
        labels = Labels(
            {n: row.level1 for n, row in enumerate(table.rows) if row.level1},
            {n: row.level2 for n, row in enumerate(table.rows) if row.level2},
            tuple(block.text for block in loose) + tuple(piece.text for piece in stray),
        )
        levels = share_out(rows, labels)
        if labels.inferred:
            first = self.record.places.get("indicators[0].name", "")
            places = " + ".join(block.lines[0].place for block in loose) or first
            texts = ", ".join([*labels.loose, *labels.inline2.values()] if not labels.loose else labels.loose)
            self.record.unread.append(
                Unread(
                    "indicators",
                    places,
                    texts,
                    say("expected.labels_beside"),
                )
            )
        return [replace(row, level1=one, level2=two) for row, (one, two) in zip(rows, levels, strict=True)]

    def _indicator(self, position: int, row: FlatRow) -> Indicator:
        path = f"indicators[{position}]"
        self.seen.update(row.labels)
        texts: dict[str, Any] = {}
        for role, pieces in zip(("name", "target", "actual"), [*row.cells, [], [], []], strict=False):
            text = flow("\n".join(piece.text for piece in pieces if not is_blank_piece(piece)))
            texts[role] = text or None
            if text:
                self.record.found(f"{path}.{role}", self._cell(pieces))
        reason = flow("\n".join(piece.text for piece in row.reason if not is_blank_piece(piece))) or None
        if reason:
            self.record.found(f"{path}.reason", self._cell(row.reason))
        return Indicator(
            **texts,
            weight=self.record.figure(f"{path}.weight", self._cell([row.weight]), say("expected.weight")),
            score=self.record.figure(f"{path}.score", self._cell([row.score]), say("expected.score")),
            reason=reason,
        )

    def _head(self, rest: Sequence[FlatLine]) -> dict[str, str]:
        """Read project, department and unit; a value without its label goes to the label without a value."""
        found: dict[str, str] = {}
        waiting: list[str] = []
        for line in rest:
            self._head_line(line, found, waiting)
        missing = [role for role in ("unit", "project") if role not in found and role in waiting]
        for role in missing:
            loose = [block for block in blocks_of(rest) if _could_be_name(block)]
            if len(loose) == 1 or (role == "project" and loose):
                found[role] = loose[0].text
                self._account(*loose[0].lines)
                self.record.found(role, loose[0].cell)
        return found

    def _head_line(self, line: FlatLine, found: dict[str, str], waiting: list[str]) -> None:
        role: str | None = None
        values: list[tuple[str | None, str]] = []
        for piece in line.pieces:
            match = label_role(key(piece.text))
            if match and match.role in {"project", "department", "unit"}:
                role = match.role
                waiting.append(role)
                continue
            if role is None and not values:
                return
            values.append((role, piece.text))
            role = None
        self._account(*([line] if values else ()))
        for owner, text in values:
            target = owner or ("unit" if "unit" not in found else None)
            if target and target not in found:
                found[target] = text
                self.record.found(target, line.cell)
            elif target is None and values:
                found[values[-1][0] or "unit"] += f" {text}"

    def _goals(self, rest: Sequence[FlatLine]) -> tuple[str | None, str | None]:
        for n, line in enumerate(rest):
            roles = [match.role for piece in line.pieces if (match := label_role(key(piece.text)))]
            if roles[-2:] == [*_GOALS]:
                self._account(line)
                return self._side_by_side(rest[n + 1 :])
        return self._stacked(rest, "expected"), self._stacked(rest, "outcome")

    def _side_by_side(self, lines: Sequence[FlatLine]) -> tuple[str | None, str | None]:
        texts: list[Block] = []
        for block in blocks_of(lines):
            if _is_label(block) or (texts and _could_be_name(block) and len(texts) > 1):
                break
            texts.append(block)
        self._account(*(line for block in texts for line in block.lines))
        lines = [line for block in texts for line in block.lines]
        if len(lines) == 1 and len(lines[0].pieces) == len(_GOALS):  # each text without a blank in it
            texts = [Block((replace(lines[0], text=piece.text),)) for piece in lines[0].pieces]
        if len(texts) == len(_GOALS):
            self.record.found("goals.expected", texts[0].cell)
            self.record.found("goals.outcome", texts[1].cell)
            return flow(_wrapped(texts[0])), flow(_wrapped(texts[1]))
        for block in texts:
            self.record.missed("goals", block.cell, say("expected.goal_blocks"))
        return None, None

    def _stacked(self, lines: Sequence[FlatLine], role: str) -> str | None:
        for n, line in enumerate(lines):
            pieces = line.pieces
            match = label_role(key(pieces[0].text))
            if match is None or match.role != role:
                continue
            texts = [" ".join(piece.text for piece in pieces[1:])]
            self._account(line)
            for following in lines[n + 1 :]:
                if following.gap or _is_label(Block((following,))):
                    break
                texts.append(following.text.strip())
                self._account(following)
            self.record.found(f"goals.{role}", line.cell)
            return flow("\n".join(text for text in texts if text)) or None
        return None


def _is_row(line: FlatLine) -> bool:
    """Tell whether a line may be a row: several texts, a figure among them."""
    return len(line.pieces) >= _FEWEST and any(character.isdigit() for character in line.text)


def _wrapped(block: Block) -> str:
    return "\n".join(line.text.strip() for line in block.lines)


def _is_amount(piece: Piece) -> bool:
    return is_blank_piece(piece) or money(piece.text, "元") is not None or number(piece.text) is not None


def _is_label(block: Block) -> bool:
    plain = key(block.text)
    labels = [label_role(key(piece.text)) for piece in block.lines[0].pieces[:1]]
    return bool(
        label_role(plain)
        or column_role(plain)
        or is_level_name(block.text)
        or is_title(block.text)
        or any(labels)
    )


def _could_be_name(block: Block) -> bool:
    """Tell whether a block may be the value of a label: one short line that is no label itself."""
    text = block.text
    return (
        len(block.lines) == 1
        and len(text) in _NAME
        and len(block.lines[0].pieces) == 1
        and not _is_label(block)
        and year_in(text) is None
        and not re.search(r"[，。；]|^[\d.,()（）%]+$", text)
    )
