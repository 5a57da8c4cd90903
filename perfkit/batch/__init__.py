"""Reports by the thousand: planned, run in warm forks, journaled as they end, indexed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfkit.batch.run import ReportRun, report

_HOMES = {"report": "run", "ReportRun": "run"}

__all__ = ["ReportRun", "report"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'perfkit.batch' has no attribute {name!r}")
    return getattr(import_module(f"perfkit.batch.{_HOMES[name]}"), name)
