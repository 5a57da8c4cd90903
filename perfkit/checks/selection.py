"""Which findings are wanted: by code (`PK210`), by prefix (`PK2`) or by slug, in any case."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from perfkit.errors import Fault, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@cache
def _slugs() -> dict[str, str]:
    from perfkit.checks.pages import pages

    return {page.slug: page.code for page in pages().values()}


@cache
def matches(pattern: str) -> tuple[str, ...]:
    """Give the codes that a code, a prefix or a slug stands for; none for an unknown one."""
    from perfkit.checks.pages import pages

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


def wanted_codes(
    select: Sequence[str], ignore: Sequence[str], profile_ignore: Sequence[str]
) -> frozenset[str]:
    """Give the codes that are left of `select` (all where empty) after both lists of `ignore`."""
    from perfkit.checks.pages import pages

    chosen = frozenset(codes_of(select) if any(map(str.strip, select)) else pages())
    dropped = codes_of(ignore, what="ignore") + codes_of(profile_ignore, what="profile ignore")
    return chosen.difference(dropped)


def _unknown(pattern: str, what: str) -> Fault:
    from perfkit.checks.pages import pages

    near = get_close_matches(pattern.strip().upper(), pages(), 1) or get_close_matches(
        pattern.strip().lower(), _slugs(), 1
    )
    return Fault(
        "no such finding",
        place=what,
        got=pattern,
        expected="a code (PK210), a prefix (PK2) or a slug (over-achievement-unexplained)",
        hint=f"did you mean {near[0]}?" if near else "docs/findings.md lists them all",
    )
