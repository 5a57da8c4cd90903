"""Proof that a report still holds after a person has edited it.

A document is held, sentence by sentence and row by row, against what perfkit writes about the same form: a
figure, a unit, a name or a direction that differs contradicts the form; a sentence of another hand is judged
by its labels; what neither tells is listed for a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from perfkit.text import say
from perfkit.verify.judgement import KINDS, Discrepancy, Kind, Verification

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from perfkit.form import Form
    from perfkit.verify.documents import Passage
    from perfkit.verify.reference import Reference

__all__ = ["KINDS", "Discrepancy", "Kind", "Verification", "rules_named", "verify", "verify_summary"]

_NAME = r"([^\s：:，。；,;]{1,80})"
_RULES = re.compile(  # as a report's provenance names them: in Word before their title, else on a line alone
    rf"^\s*(?:评分规则|Scoring rules)(?:\s*[：:]\s*{_NAME}\s*[：:]|\s+{_NAME}\s*$)", re.MULTILINE
)
OTHER_RULES = say("verify.other_rules")


def verify(
    document: str | Path,
    forms: Sequence[Form],
    *,
    profile: Any = "mof-2020",
    previous: Sequence[Form | None] = (),
    theme: str = "",
) -> Verification:
    """Hold every figure, unit, name and direction of a report against its form and results.

    `document` is a .docx, .pdf, .html, .md or .txt file, in Chinese or in English; `profile` the rule set by
    which its report was made; `previous` the form of the year before of each, where its report compares;
    `theme` the file of the office's look, whose own words and letterhead the report has.
    Several forms are those of one document. Pictures are not read.

    Raises:
        DataError: the document cannot be read.
        SettingsError: the profile is not known.
    """
    from perfkit.verify.reference import Reference, subject

    whole = str(document).lower().endswith((".html", ".htm"))
    before = [*previous, *[None] * (len(forms) - len(previous))]
    subjects = [subject(form, profile, then, theme) for form, then in zip(forms, before, strict=True)]
    return _verified(document, Reference.of_forms(subjects, whole=whole))


def verify_summary(document: str | Path, reports: str | Path = "reports") -> Verification:
    """Hold a department's summary against the ledger of a folder of reports.

    Raises:
        DataError: the document cannot be read.
        MachineError: the ledger is damaged.
    """
    from perfkit.verify.reference import Reference

    return _verified(document, Reference.of_reports(reports))


def _verified(document: str | Path, reference: Reference) -> Verification:
    from perfkit.verify.alignment import differences, sentences
    from perfkit.verify.documents import passages
    from perfkit.verify.judgement import Judge

    read = passages(document)
    theirs = sentences(read)
    if (other := _other_rules(read, reference)) is not None:
        return Verification(str(document), (other,), 0)
    judge = Judge(reference, read)
    pairs = differences(theirs, reference.beside(theirs))
    found = [discrepancy for pair in pairs for discrepancy in judge.judged(pair)]
    return Verification(str(document), tuple(found), len(theirs))


def _other_rules(read: Sequence[Passage], reference: Reference) -> Discrepancy | None:
    """Tell that a report names other rules than it is held against: then each score would differ."""
    asked = {one.card.profile.name for one in reference.subjects}
    number, named = _rules(read)
    if not named or not asked or named in asked:
        return None
    said = read[number].text.strip()[:200]
    return Discrepancy(
        "contradicts", OTHER_RULES, read[number].place, said, named, ", ".join(sorted(asked)), number
    )


def rules_named(document: str | Path) -> str:
    """Give the rules that a report of perfkit names in its provenance, "" where it names none.

    Raises:
        DataError: the document cannot be read.
    """
    from perfkit.verify.documents import passages

    return _rules(passages(document))[1]


def _rules(read: Sequence[Passage]) -> tuple[int, str]:
    for number, passage in enumerate(read):
        following = "".join(each.text for each in read[number + 1 : number + 2])  # a page has them below
        if named := _RULES.search(f"{passage.text}\n{following}"):
            return number, named[1] or named[2]
    return 0, ""
