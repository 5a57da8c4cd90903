"""The rules, by their codes: a rule is a small function that takes a subject and yields its hits.

A hit says where and with which figures; the words of a finding come from its page (`perfkit.checks.pages`),
so that a rule holds no prose and both languages are told from the same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfkit.checks.finding import Severity
    from perfkit.checks.subject import Subject


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold one place where a rule fires.

    `field` is the field of the form, `row` the indicator's number from 1. `values` fill the page's
    templates; `variant` picks other words of the page, `severity` the lesser severity that a page allows.
    """

    field: str
    row: int | None = None
    values: Mapping[str, Any] = default(default_factory=dict)
    variant: str = ""
    severity: Severity | None = None


Rule = Callable[["Subject"], Iterable[Hit]]
_RULES: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Rule], Rule]:
    """Register a function as the rule of a code; a code has one rule."""

    def register(function: Rule) -> Rule:
        if code in _RULES:
            raise ValueError(f"{code} already has the rule {_RULES[code].__name__}")
        _RULES[code] = function
        return function

    return register


def rules() -> Mapping[str, Rule]:
    """Give every rule that looks at one form, by code, in the order of the codes."""
    from perfkit.checks import arithmetic, completeness, consistency, logic, measurability  # noqa: F401

    return dict(sorted(_RULES.items()))


def hit(
    where: str, /, row: int | None = None, variant: str = "", severity: Severity | None = None, **values: Any
) -> Hit:
    """Make a hit in one line; `values` are the figures for the page's templates."""
    return Hit(where, row, values, variant, severity)
