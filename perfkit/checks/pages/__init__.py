"""The page of every finding: what it says, why it matters, an example, how to mend it, in zh and en.

One YAML file a family. `perfkit explain`, docs/findings.md and the sentences of the findings themselves are
made from the same pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from perfkit.checks.finding import SEVERITIES, Severity
from perfkit.language import Text
from perfkit.plugins import FINDINGS, added, tell
from perfkit.text import say
from perfkit.text.folding import own_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfkit.plugins import FindingRule

OTHERS = "others"  # the family of what other packages bring
_CODE = re.compile(r"PK9\d\d")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
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
    """Give perfkit's own families with their pages, in the order of the codes."""
    return tuple(_family(name) for name in FAMILIES)


@cache
def pages() -> Mapping[str, Page]:
    """Give every page by its code, after perfkit's own those that other packages bring."""
    own = {page.code: page for family in families() for page in family.pages}
    return own | _brought({page.slug for page in own.values()})


def _brought(slugs: Iterable[str]) -> dict[str, Page]:
    found: dict[str, Page] = {}
    for code, rule in added(FINDINGS).items():
        try:
            page = _page(code, OTHERS, rule.page)
            _suit(page, rule, {*slugs, *(each.slug for each in found.values())})
        except Exception as error:  # noqa: BLE001  # whatever a stranger's code raises is told by its name
            tell(FINDINGS, code, error)
        else:
            found[code] = page
    return found


def _suit(page: Page, rule: FindingRule, slugs: set[str]) -> None:
    """Refuse a finding whose names would be taken for another's, or for none.

    Raises:
        TypeError: there is no function `hits`.
        ValueError: the code is not from PK900 to PK999, the slug is taken or odd, or the severity is none.
    """
    if not callable(rule.hits):
        raise TypeError("hits is no function")
    if not _CODE.fullmatch(page.code):
        raise ValueError(f"the code {page.code} is not from PK900 to PK999")
    if page.slug in slugs or not _SLUG.fullmatch(page.slug):
        raise ValueError(f"the slug {page.slug!r} is taken, or not of a-z, 0-9 and hyphens")
    if page.severity not in SEVERITIES:
        raise ValueError(f"the severity {page.severity!r} is none of {', '.join(SEVERITIES)}")


def _family(name: str) -> Family:
    text = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = own_yaml(text)
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


SEVERITY = {
    "error": say("checks.severity.error"),
    "warning": say("checks.severity.warning"),
    "info": say("checks.severity.info"),
}
_LABELS = {
    "what": say("checks.page.what"),
    "why": say("checks.page.why"),
    "example": say("checks.page.example"),
    "mend": say("checks.page.mend"),
}


def section(page: Page, language: str) -> str:
    """Give the section of one code: a heading, a line of facts and four paragraphs."""
    body = [
        say("checks.page.part", label=label, text=getattr(page, part))[language]
        for part, label in _LABELS.items()
    ]
    return "\n\n".join([f"### {page.code} {page.title[language]}", _facts(page, language), *body]) + "\n"


def _facts(page: Page, language: str) -> str:
    severity = SEVERITY[page.severity]
    if page.lesser:
        severity = say("checks.page.lesser", severity=severity, lesser=SEVERITY[page.lesser])
    return f"`{page.slug}` · {severity[language]}"
