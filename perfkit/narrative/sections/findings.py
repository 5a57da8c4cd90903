"""The findings that change the picture: errors and warnings, one item a kind, worst first."""

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

MOST_ITEMS = 8


def findings(case: Case) -> tuple[Block, ...]:
    """Count all findings, tell the errors and warnings; the report lists every one elsewhere."""
    if not case.findings:
        return (Paragraph(case.say("findings.none")),)
    serious = _by_kind(case)
    text = "" if serious else case.say("findings.only_info")
    opening = Paragraph(lead=case.say("findings.opening", counts=_counts(case)), text=text)
    if not serious:
        return (opening,)
    items = [_item(case, kind) for kind in serious[:MOST_ITEMS]]
    rest = sum(len(kind) for kind in serious[MOST_ITEMS:])
    closing = (Paragraph(case.say("findings.rest", rows=rest)),) if rest else ()
    return (opening, Points(tuple(items)), *closing)


def _counts(case: Case) -> list[str]:
    severities = Counter(finding.severity for finding in case.findings)
    return [
        case.say(f"findings.{severity}", rows=severities[severity])
        for severity in SEVERITIES
        if severities[severity]
    ]


def _by_kind(case: Case) -> list[list[Finding]]:
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in case.findings:
        if finding.severity != "info":
            kinds.setdefault((finding.severity, finding.code), []).append(finding)
    return sorted(kinds.values(), key=lambda kind: SEVERITIES.index(kind[0].severity))


def _item(case: Case, kind: list[Finding]) -> str:
    message = one_line(kind[0].message[case.voice.language]).rstrip("。.")
    return case.say("findings.item", message=message, more=len(kind) - 1)
