"""Reports by the thousand: planned, run in warm forks, journaled as they end, indexed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfkit.batch.compare import Move, diff
    from perfkit.batch.outcome import ReportRun
    from perfkit.batch.reasons import Reason, why
    from perfkit.batch.results import query
    from perfkit.batch.run import report

_HOMES = {
    "Move": "compare",
    "Reason": "reasons",
    "ReportRun": "outcome",
    "diff": "compare",
    "query": "results",
    "report": "run",
    "why": "reasons",
}

__all__ = ["Move", "Reason", "ReportRun", "diff", "query", "report", "why"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'perfkit.batch' has no attribute {name!r}")
    return getattr(import_module(f"perfkit.batch.{_HOMES[name]}"), name)
