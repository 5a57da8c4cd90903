"""A finding: what a reviewer would say about a form, with its place, its evidence and its mending.

Every code has a page that tells what it says, why it matters, an example and how to mend it, in zh and en:
one file of `pages/` a family. `perfkit explain`, docs/findings.md and the sentences of the findings
themselves are made from the same pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, overload

from perfkit import Shown
from perfkit.language import Text
from perfkit.plugins import FINDINGS, added, tell
from perfkit.text import say
from perfkit.text.folding import own_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfkit.form import Ignore
    from perfkit.plugins import FindingRule

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
MONEY_DOUBTED = frozenset({"PK117", "PK119"})  # what the checks doubt of the amounts


@dataclass(frozen=True, slots=True)
class Owner:
    """Say whose finding it is: the project, its department (主管部门) and unit (实施单位)."""

    project: str = ""
    department: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one finding: code, slug and severity, where it stands, what it says.

    `row` is the indicator's number from 1, or None for the form as a whole; `field` the field of the
    form (`target`, `score`, `budget.total.rate`); `place` where that was read from (a line, a cell) in
    `source`, the unit's own file; `owner` says whose form it is. `also` names the findings that the same
    cause would have made. `set_aside` holds why, and by whom, a person has set the finding aside.
    """

    code: str
    slug: str
    severity: Severity
    message: Text
    evidence: Text
    fix: Text
    file: str = ""
    row: int | None = None
    field: str = ""
    place: str = ""
    source: str = ""
    owner: Owner = Owner()
    also: tuple[str, ...] = ()
    set_aside: Ignore | None = None

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Give the finding as `perfkit check --format json` prints it."""
        return {
            "code": self.code,
            "slug": self.slug,
            "severity": self.severity,
            "file": self.file,
            "row": self.row,
            "field": self.field,
            "message": self.message[language],
            "evidence": self.evidence[language],
            "fix": self.fix[language],
        }


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.file, f.row or 0, f.code)))


class Findings(Sequence[Finding], Shown):
    """Hold findings, worst first, then in the form's order; empty when nothing is to be said.

    `set_aside` holds those that a person has set aside with a reason: they are told, and count no more.
    """

    def __init__(self, findings: Sequence[Finding] = (), set_aside: Sequence[Finding] = ()) -> None:
        self._findings = _sorted(findings)
        self.set_aside = _sorted(set_aside)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Findings: ...
    def __getitem__(self, index: int | slice) -> Finding | Findings:
        if isinstance(index, slice):
            return Findings(self._findings[index])
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def on_row(self, number: int) -> Findings:
        """Give the findings on one indicator row, counted from 1."""
        return Findings([f for f in self._findings if f.row == number])

    def of(self, severity: Severity) -> Findings:
        """Give the findings of one severity."""
        return Findings([f for f in self._findings if f.severity == severity])

    def to_dict(self, language: str = "zh") -> list[dict[str, Any]]:
        """Give the findings as `perfkit check --format json` prints them."""
        return [finding.to_dict(language) for finding in self._findings]


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
    text = files(__package__).joinpath(f"pages/{name}.yaml").read_text(encoding="utf-8")
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
