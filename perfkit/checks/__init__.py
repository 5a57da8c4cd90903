"""The findings: what a reviewer or an auditor would say about a form (codes PK101 … PK504)."""

from __future__ import annotations

from collections.abc import Sequence

from perfkit.checks.finding import Finding, Findings, Severity
from perfkit.form import Form
from perfkit.scoring import Scorecard

__all__ = ["Finding", "Findings", "Severity", "check", "check_all"]


def check(
    form: Form, card: Scorecard, *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Findings:
    """Find every defect of one form."""
    raise NotImplementedError


def check_all(
    cards: Sequence[Scorecard], *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Findings:
    """Find the defects across forms (5xx)."""
    raise NotImplementedError
