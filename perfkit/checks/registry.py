"""The rules, by their codes: a rule is a small function that takes a subject and yields its hits.

A hit says where and with which figures; the words of a finding come from its page (`perfkit.checks.pages`),
so that a rule holds no prose and both languages are told from the same figures. Findings are selected by
code (`PK210`), by prefix (`PK2`) or by slug, in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from perfkit.checks.pages import pages
from perfkit.errors import Fault, SettingsError
from perfkit.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfkit.checks.finding import Severity
    from perfkit.checks.pages import Page
    from perfkit.checks.subject import Subject


@cache
def _slugs() -> dict[str, str]:
    return {page.slug: page.code for page in pages().values()}


@cache
def matches(pattern: str) -> tuple[str, ...]:
    """Give the codes that a code, a prefix or a slug stands for; none for an unknown one."""
    wanted = pattern.strip()
    if wanted.lower() in _slugs():
        return (_slugs()[wanted.lower()],)
    prefix = wanted.upper()
    if not prefix.startswith("PK") or len(prefix) > len("PK000"):
        return ()
    return tuple(code for code in pages() if code.startswith(prefix))


def codes_of(patterns: Iterable[str], *, what: str = "select") -> tuple[str, ...]:
    """Give the codes that patterns stand for, in the order of the codes.

    Raises:
        SettingsError: a pattern stands for nothing; all such are listed, each with the nearest name.
    """
    wanted = [pattern for pattern in patterns if pattern.strip()]
    unknown = [pattern for pattern in wanted if not matches(pattern)]
    if unknown:
        raise SettingsError.of(_unknown(pattern, what) for pattern in unknown)
    return tuple(sorted({code for pattern in wanted for code in matches(pattern)}))


def page(code: str) -> Page:
    """Give the page of a code or slug, in any case.

    Raises:
        SettingsError: there is no such code; the nearest one is named.
    """
    found = codes_of([code], what="code")
    if len(found) == 1:
        return pages()[found[0]]
    raise SettingsError(
        Fault(
            say("faults.stands_for_findings", code=code, value=len(found)),
            got=code,
            expected=say("faults.one_code"),
            hint=", ".join(found),
        )
    )


def wanted_codes(
    select: Sequence[str], ignore: Sequence[str], profile_ignore: Sequence[str]
) -> frozenset[str]:
    """Give the codes that are left of `select` (all where empty) after both lists of `ignore`."""
    chosen = frozenset(codes_of(select) if any(map(str.strip, select)) else pages())
    dropped = codes_of(ignore, what="ignore") + codes_of(profile_ignore, what="profile ignore")
    return chosen.difference(dropped)


def _unknown(pattern: str, what: str) -> Fault:
    near = get_close_matches(pattern.strip().upper(), pages(), 1) or get_close_matches(
        pattern.strip().lower(), _slugs(), 1
    )
    return Fault(
        say("faults.no_such_finding"),
        place=what,
        got=pattern,
        expected=say("faults.code_pk210_prefix_pk2"),
        hint=say("faults.did_you_mean", value=near[0]) if near else say("faults.docs_findings_md_lists"),
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold one place where a rule fires.

    `field` is the field of the form, `row` the indicator's number from 1. `values` fill the page's
    templates; `variant` picks other words of the page, `severity` the lesser severity that a page allows.
    `also` names the rules that keep silent because this one speaks of their cause.
    """

    field: str
    row: int | None = None
    values: Mapping[str, Any] = default(default_factory=dict)
    variant: str = ""
    severity: Severity | None = None
    also: tuple[str, ...] = ()


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


def registered() -> Mapping[str, Rule]:
    """Give the rules of the families that are loaded, by code, in the order of the codes."""
    return dict(sorted(_RULES.items()))


def hit(
    where: str,
    /,
    row: int | None = None,
    variant: str = "",
    severity: Severity | None = None,
    also: tuple[str, ...] = (),
    **values: Any,
) -> Hit:
    """Make a hit in one line; `values` are the figures for the page's templates."""
    return Hit(where, row, values, variant, severity, also)
