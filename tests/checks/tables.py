"""The cases of tests/data/checks/cases.yaml as pairs of forms that differ in one cell."""

from decimal import Decimal
from pathlib import Path

import yaml

from tests.checks.forms import changed

DATA = Path(__file__).parents[1] / "data" / "checks"


class _Printed(yaml.SafeLoader):
    """Keep 10.000 as printed, so that the precision of a figure can be tested."""


_Printed.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))


def cases():
    """Give every case by its code."""
    return yaml.load((DATA / "cases.yaml").read_text(encoding="utf-8"), _Printed)


def path_of(cell):
    """Give the path of a cell: r3.score is indicators[2].score."""
    row, _, field = cell.partition(".")
    return f"indicators[{int(row[1:]) - 1}].{field}" if row[0] == "r" and row[1:].isdigit() else cell


def forms_of(case):
    """Give the form that fires and the near miss."""
    also = [(path_of(cell), value) for cell, value in case.get("also", [])]
    return tuple(changed(*also, (path_of(case["cell"]), case[side])) for side in ("fires", "spares"))
