"""The findings that change the picture: errors and warnings, one item a kind, worst first.

A finding that an earlier section has told in its own words (a missing reason, a rate that does not add
up, a target far exceeded) is counted here and not told again.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from perfkit.checks.finding import SEVERITIES
from perfkit.narrative.story import Paragraph, Points
from perfkit.narrative.wording import one_line

if TYPE_CHECKING:
    from perfkit.checks import Finding
    from perfkit.narrative.case import Case
    from perfkit.narrative.story import Block

MOST_KINDS = 8
_ABOUT_REASONS = frozenset({"PK203", "PK204", "PK206"})
_ABOUT_EXCESS = "PK210"
_ABOUT_THE_RATE = "PK108"


def findings(case: Case) -> tuple[Block, ...]:
    """Count all findings, tell the errors and warnings; the report lists every one elsewhere."""
    if not case.findings:
        return (Paragraph(case.say("findings.none")),)
    serious = [finding for finding in case.findings if finding.severity != "info"]
    fresh = [finding for finding in serious if not _told_before(case, finding)]
    lead = case.say("findings.opening", counts=_counts(case))
    opening = Paragraph(lead=lead, text=_told(case, len(serious), len(serious) - len(fresh)))
    kinds = _by_kind(fresh)
    if not kinds:
        return (opening,)
    items = Points(tuple(_item(case, kind) for kind in kinds[:MOST_KINDS]))
    rest = sum(len(kind) for kind in kinds[MOST_KINDS:])
    closing = (Paragraph(case.say("findings.rest", rows=rest)),) if rest else ()
    return (opening, items, *closing)


def _told_before(case: Case, finding: Finding) -> bool:
    """Tell whether the deviations, the over-achievement or the execution have told a finding."""
    if finding.code in _ABOUT_REASONS:
        return finding.row in {each.row.number for each in case.deviations}
    if finding.code == _ABOUT_EXCESS:
        return finding.row in {row.number for row in case.far_above}
    return finding.code == _ABOUT_THE_RATE and case.misprinted_rate


def _told(case: Case, serious: int, told: int) -> str:
    if not serious:
        return case.say("findings.only_info")
    if not told:
        return ""
    return case.say("findings.told" if told < serious else "findings.all_told", rows=told)


def _counts(case: Case) -> list[str]:
    severities = Counter(finding.severity for finding in case.findings)
    return [
        case.say(f"findings.{severity}", rows=severities[severity])
        for severity in SEVERITIES
        if severities[severity]
    ]


def _by_kind(found: list[Finding]) -> list[list[Finding]]:
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        kinds.setdefault((finding.severity, finding.code), []).append(finding)
    return sorted(kinds.values(), key=lambda kind: SEVERITIES.index(kind[0].severity))


def _item(case: Case, kind: list[Finding]) -> str:
    message = one_line(kind[0].message[case.voice.language]).rstrip("。.")
    return case.say("findings.item", message=message, more=len(kind) - 1)
