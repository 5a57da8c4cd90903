"""What reading a form gathers besides the form: where each value stood, and what could not be read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from perfkit.form import MoneyUnit, Unread
from perfkit.readers.layout.words import is_blank
from perfkit.values import amount

if TYPE_CHECKING:
    from perfkit.readers.grid import Cell

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?|[-+]?\.\d+")
_THOUSANDS = re.compile(r"(?<=\d)[,'](?=\d{3}(?!\d))")
_NONE = frozenset({"无", "不涉及", "不适用", "不计分", "N/A", "n/a", "NA"})


@dataclass(slots=True)
class Record:
    """Gather places and unread cells while one form is read.

    `seen` holds every cell that was accounted for, by its identity: two cells may print the same. `held`
    are those whose values the form holds.
    """

    money_unit: MoneyUnit = "万元"
    places: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    seen: dict[int, Cell] = field(default_factory=dict, repr=False)
    held: set[int] = field(default_factory=set, repr=False)

    def account(self, *cells: Cell) -> None:
        """Note cells that need no more looking after: they were read, listed, or say nothing of the form."""
        for cell in cells:
            whole = cell.origin or cell
            self.seen[id(whole)] = whole

    def found(self, path: str, *cells: Cell) -> None:
        """Note where the value of a path stood."""
        self.account(*cells)
        self.held.update(id(cell.origin or cell) for cell in cells)
        places = list(dict.fromkeys(cell.place for cell in cells if cell.place))
        if places:
            self.places[path] = " + ".join(places)

    def missed(self, path: str, cell: Cell, expected: str) -> None:
        """Note a cell that could not be read as what it should be."""
        self.account(cell)
        self.unread.append(Unread(path, cell.place, cell.text.strip(), expected))

    def figure(self, path: str, cell: Cell | None, expected: str) -> Decimal | None:
        """Read a weight or score; list the cell as unread where it holds something else."""
        if cell is None or is_blank(cell.text) or cell.text.strip() in _NONE:
            self.account(*([cell] if cell else []))
            return None
        value = number(cell.text)
        if value is None or (value < 0 and path.endswith(".deduction")):
            self.missed(path, cell, expected)
            return None
        self.found(path, cell)
        return value

    def amount(self, path: str, cell: Cell | None) -> Decimal | None:
        """Read an amount in the form's money unit; list the cell as unread where it is none."""
        if cell is None or is_blank(cell.text) or cell.text.strip() in _NONE:
            self.account(*([cell] if cell else []))
            return None
        value = money(cell.text, self.money_unit)
        if value is None:
            self.missed(path, cell, f"an amount in {self.money_unit}")
        else:
            self.found(path, cell)
        return value


def number(text: str, unit: str = "分|点|%") -> Decimal | None:
    """Read a bare figure with the digits as printed, an optional unit after it; None if it is none."""
    plain = _plain(text)
    plain = re.sub(rf"(?:{unit})$", "", plain)
    return _decimal(plain)


def money(text: str, money_unit: MoneyUnit) -> Decimal | None:
    """Read an amount, with or without its own unit, in the form's money unit; None if it is none."""
    try:
        return amount(text, money_unit)
    except ValueError:
        return None


def money_unit_of(text: str) -> MoneyUnit | None:
    """Tell the money unit that an amount prints with itself."""
    match = re.fullmatch(r"[-+¥￥]?[\d.,]+(万元|元)", _plain(text))
    return ("万元" if match[1] == "万元" else "元") if match else None


def _plain(text: str) -> str:
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return _THOUSANDS.sub("", plain.replace("−", "-").replace("，", ","))


def _decimal(plain: str) -> Decimal | None:
    if not _NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None
