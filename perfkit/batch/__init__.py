"""Reports by the thousand: planned, run in warm forks, recorded as they end, indexed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfkit.batch.plan import Reason, why
    from perfkit.batch.questions import Answer, Move, diff, export_results, query
    from perfkit.batch.run import ReportRun, report

_HOMES = {"plan": ("Reason", "why"),
          "questions": ("Answer", "Move", "diff", "export_results", "query"),
          "run": ("ReportRun", "report")}  # fmt: skip

__all__ = ["Answer", "Move", "Reason", "ReportRun", "diff", "export_results", "query", "report", "why"]


def __getattr__(name: str) -> Any:
    home = next((home for home, names in _HOMES.items() if name in names), "")
    if not home:
        raise AttributeError(f"module 'perfkit.batch' has no attribute {name!r}")
    return getattr(import_module(f"perfkit.batch.{home}"), name)
