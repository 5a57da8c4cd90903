"""The page of every finding: what it says, why it matters, an example, how to mend it, in zh and en.

One YAML file a family. `perfkit explain`, docs/findings.md and the sentences of the findings themselves
are made from the same pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from perfkit.errors import Fault, SettingsError
from perfkit.language import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfkit.checks.finding import Severity

FAMILIES = ("arithmetic", "completeness", "logic", "measurability", "across")


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold the sentences of a finding as templates: `{got}` stands for a figure of the hit."""

    message: Text
    evidence: Text
    fix: Text


@dataclass(frozen=True, slots=True)
class Page:
    """Hold everything that is said of one code; `lesser` is the severity of its milder cases, if any."""

    code: str
    slug: str
    family: str
    severity: Severity
    title: Text
    what: Text
    why: Text
    example: Text
    mend: Text
    wording: Wording
    lesser: Severity | None = None
    variants: Mapping[str, Wording] = field(default_factory=dict, hash=False)

    def worded(self, variant: str) -> Wording:
        """Give the sentences for a variant of the finding; "" is the plain one."""
        return self.variants[variant] if variant else self.wording


@dataclass(frozen=True, slots=True)
class Family:
    """Hold a family of findings: its heading and the pages in it."""

    name: str
    title: Text
    pages: tuple[Page, ...]


@cache
def families() -> tuple[Family, ...]:
    """Give the families with their pages, in the order of the codes."""
    return tuple(_family(name) for name in FAMILIES)


@cache
def pages() -> Mapping[str, Page]:
    """Give every page by its code."""
    return {page.code: page for family in families() for page in family.pages}


def page(code: str) -> Page:
    """Give the page of a code or slug, in any case.

    Raises:
        SettingsError: there is no such code; the nearest one is named.
    """
    from perfkit.checks.selection import codes_of

    found = codes_of([code], what="code")
    if len(found) == 1:
        return pages()[found[0]]
    raise SettingsError(
        Fault(
            f"{code} stands for {len(found)} findings", got=code, expected="one code", hint=", ".join(found)
        )
    )


def _family(name: str) -> Family:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 a safe loader either way
    title = _text(content.pop("title"))
    return Family(name, title, tuple(_page(code, name, entry) for code, entry in content.items()))


def _page(code: str, family: str, entry: Mapping[str, Any]) -> Page:
    plain = _wording(entry, None)
    return Page(
        code=code,
        slug=entry["slug"],
        family=family,
        severity=entry["severity"],
        title=_text(entry["title"]),
        what=_text(entry["what"]),
        why=_text(entry["why"]),
        example=_text(entry["example"]),
        mend=_text(entry["mend"]),
        wording=plain,
        lesser=entry.get("lesser"),
        variants={key: _wording(part, plain) for key, part in entry.get("variants", {}).items()},
    )


def _wording(entry: Mapping[str, Any], plain: Wording | None) -> Wording:
    def part(name: str) -> Text:
        return _text(entry[name]) if name in entry or plain is None else getattr(plain, name)

    return Wording(message=part("message"), evidence=part("evidence"), fix=part("fix"))


def _text(entry: Mapping[str, str]) -> Text:
    return Text(**{language: text.strip() for language, text in entry.items()})
