"""Findings across projects (5xx): what shows only when forms lie side by side."""

from __future__ import annotations

from collections.abc import Sequence

from perfkit.checks.finding import Findings
from perfkit.scoring import Scorecard


class Across:
    """Gather one card at a time and keep of each only what the 5xx rules compare."""

    def __init__(self, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> None:
        self.select, self.ignore = tuple(select), tuple(ignore)

    def add(self, card: Scorecard) -> None:
        """Take one card into account."""

    def findings(self) -> Findings:
        """Give the findings over all cards added so far."""
        return Findings()
