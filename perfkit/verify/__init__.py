"""Proof that a report still holds after a person has edited it.

A document is held, sentence by sentence and row by row, against what perfkit writes about the same form: a
figure, a unit, a name or a direction that differs contradicts the form; a sentence of another hand is judged
by its labels; what neither tells is listed for a person.

A change is a matter for the reader where it touches a figure, what the figure counts, a name of the form, a
direction or a negation. Everything else is a person's way of writing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from perfkit.text import say
from perfkit.verify.alignment import Token, joined, lexicon, tokens
from perfkit.verify.reference import claims, of_another_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from perfkit.form import Form
    from perfkit.language import Language, Text
    from perfkit.verify.alignment import Change, Pair, Sentence
    from perfkit.verify.documents import Passage
    from perfkit.verify.reference import Reference, Subject

__all__ = ["KINDS", "Discrepancy", "Kind", "Verification", "rules_named", "verify", "verify_summary"]

_NAMED = r"([^\s：:，。；,;]{1,80})"
_RULES = re.compile(  # as a report's provenance names them: in Word before their title, else on a line alone
    rf"^\s*(?:评分规则|Scoring rules)(?:\s*[：:]\s*{_NAMED}\s*[：:]|\s+{_NAMED}\s*$)", re.MULTILINE
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


Kind = Literal["contradicts", "unsupported", "unjudged"]
KINDS: dict[Kind, Text] = {
    "contradicts": say("verify.contradicts"),
    "unsupported": say("verify.unsupported"),
    "unjudged": say("verify.unjudged"),
}


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Hold one statement of a document that the form and its results do not bear.

    `kind` is `contradicts` (the form says otherwise), `unsupported` (it says nothing of it, though it could)
    or `unjudged` (a person has to look). `got` is what the document says, `expected` the nearest true value,
    `sentence` where it stands, `place` the paragraph, row or page, `passage` its number in the document.
    """

    kind: Kind
    what: Text
    place: Text
    sentence: str
    got: str
    expected: str = ""
    passage: int = 0

    def told(self, language: Language) -> str:
        """Tell it in two lines: where and what, then the sentence."""
        head = say("verify.told", place=self.place, kind=KINDS[self.kind], what=self.what)[language]
        if self.got:
            head += f" “{self.got}”"
        if self.expected:
            head += say("verify.should_be", expected=self.expected)[language]
        return f"{head}\n    {self.sentence}"

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Give it as plain data, its texts in one language."""
        return {
            "kind": self.kind,
            "what": self.what[language],
            "place": self.place[language],
            "sentence": self.sentence,
            "got": self.got,
            "expected": self.expected or None,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """Hold all discrepancies of one document, in reading order, and how many sentences were compared."""

    document: str
    discrepancies: tuple[Discrepancy, ...]
    compared: int

    def __iter__(self) -> Iterator[Discrepancy]:
        return iter(self.discrepancies)

    def of(self, kind: Kind) -> list[Discrepancy]:
        """Give the discrepancies of one kind."""
        return [one for one in self.discrepancies if one.kind == kind]

    @property
    def contradicted(self) -> bool:
        """Tell whether the document says anything that the form contradicts."""
        return bool(self.of("contradicts"))

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Give the verification as plain data."""
        return {
            "document": self.document,
            "compared": self.compared,
            "discrepancies": [one.to_dict(language) for one in self.discrepancies],
        }


# which changes of a sentence of ours make it untrue, and which only say it otherwise


_FIGURE = say("verify.a_figure")
_UNIT = say("verify.a_unit")
_NAME = say("verify.a_name")
_DIRECTION = say("verify.a_direction")
_NEGATION = say("verify.a_negation")
_WORDS = say("verify.words_of_form")
_LOST = say("verify.lost_figure")
_TERM = say("verify.what_is_meant")
_NOTHING = re.compile(  # which form file a report was made from; the number of a heading
    r"[0-9a-f]{64}|\S+\.(?:yaml|yml|json)|\d{1,2}\."
)
_NEW = say("verify.added_figure")
_SAID = say("verify.added_sentence")
_SHORT = 3
_SAYS = 6  # words put into a sentence or a cell of ours that may say something of their own
_OPENS = {"（", "(", "：", ":"}  # before a unit that stands alone, as in 单位：万元


@dataclass(frozen=True)
class Judge:
    """Judge the sentences of one document against what it is to tell."""

    reference: Reference
    passages: Sequence[Passage]

    @property
    def subjects(self) -> Sequence[Subject]:
        """Give the projects that the document tells of."""
        return self.reference.subjects

    def judged(self, pair: Pair) -> Iterator[Discrepancy]:
        """Give what is wrong, or not borne out, in one sentence."""
        if pair.ours is None or self._turns_to_another_year(pair.theirs, pair.ours):
            yield from self._free(pair.theirs)
            return
        found = [one for change in pair.changes for one in self._change(pair, pair.ours, change)]
        yield from found
        if not any(one.kind == "contradicts" for one in found):
            yield from self._term(pair.theirs, pair.ours)
            yield from self._claimed(pair.theirs, pair.ours)

    def _claimed(self, theirs: Sentence, ours: Sentence) -> Iterator[Discrepancy]:
        """Tell a labelled fact that is not true, where a changed sentence has one that ours has not."""
        said = {(claim.what, claim.got) for claim in claims(joined(ours.tokens), self.subjects)}
        for claim in claims(theirs.text, self.subjects):
            if not claim.true and (claim.what, claim.got) not in said:
                yield self._found("contradicts", claim.what, theirs, claim.got, claim.expected)

    def _turns_to_another_year(self, theirs: Sentence, ours: Sentence) -> bool:
        """Tell whether a sentence is made from ours for another year; with our figures, its year is wrong."""
        others = Counter(ours.figures) - Counter(theirs.figures)
        if len(self.subjects) != 1 or len(others) <= 1 < len(ours.figures):
            return False
        year = self.subjects[0].form.year
        return of_another_year(theirs.text, year) and not of_another_year(joined(ours.tokens), year)

    @cached_property
    def _names(self) -> dict[str, list[tuple[tuple[str, ...], bool]]]:
        """The names as tokens under the first of each, the longest first."""
        found: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
        for name, whole in self.reference.names.items():
            keys = tuple(token.key for token in tokens(name))
            if len(keys) > 1:
                found.setdefault(keys[0], []).append((keys, whole))
        for names in found.values():
            names.sort(key=lambda each: -len(each[0]))
        return found

    def _change(self, pair: Pair, ours: Sentence, change: Change) -> Iterator[Discrepancy]:
        left = [ours.tokens[n] for n in change.ours]
        right = [pair.theirs.tokens[n] for n in change.theirs]
        old = [t for t in left if t.value is not None]
        new = [t for t in right if t.value is not None]
        if new and old:
            if not self._equal(pair, ours, change):
                yield self._found("contradicts", _FIGURE, pair.theirs, joined(right), joined(left))
        elif not new and self._unit_changed(pair, change, left, right):
            yield self._found("contradicts", _UNIT, pair.theirs, joined(right), joined(left))
        elif (name := self._in_a_name(ours, change)) is not None:
            if "".join(t.text for t in right) not in lexicon().pronouns:
                kind: Kind = "contradicts" if name[1] else "unsupported"
                got = joined(self._widened(pair.theirs, change, name[2]))
                yield self._found(kind, _NAME if name[1] else _WORDS, pair.theirs, got, name[0])
        elif new:
            yield from self._added(pair.theirs, change)
        elif old and self._lost(ours, change, right):
            nothing = any(t.key in lexicon().negations for t in right)
            kind = "contradicts" if nothing and any(t.value for t in old) else "unsupported"
            yield self._found(kind, _LOST, pair.theirs, joined(right), joined(left))
        elif turned := list(self._turned(pair, left, right)):
            yield from turned
        elif not left and len(right) >= _SAYS and not self._is_ours(right):
            yield self._found("unjudged", _SAID, pair.theirs, joined(right), "")

    def _lost(self, ours: Sentence, change: Change, right: Sequence[Token]) -> bool:
        """Tell whether a figure is gone and what it counts stayed, or says of how many in another way."""
        if right:
            return any(t.key in lexicon().quantities for t in right)
        following = ours.keys[change.ours.stop : change.ours.stop + 1]
        return ours.tokens[change.ours.stop - 1].value is not None and following[:1] in self._units_alone

    @cached_property
    def _units_alone(self) -> set[tuple[str, ...]]:
        return {(unit,) for unit in lexicon().units}

    def _term(self, theirs: Sentence, ours: Sentence) -> Iterator[Discrepancy]:
        """Tell a phrase that another of its group took the place of."""
        before, now = "".join(ours.keys), "".join(theirs.keys)
        for group in lexicon().terms:
            moved = {term: now.count(term) - before.count(term) for term in group}
            gone, came = ([t for t, n in moved.items() if n * sign > 0] for sign in (-1, 1))
            if gone and came:
                yield self._found("contradicts", _TERM, theirs, "、".join(came), "、".join(gone))

    def _equal(self, pair: Pair, ours: Sentence, change: Change) -> bool:
        """Tell whether figures are the same amounts, 万 and 亿 reckoned with (8205000 元, 820.5 万元)."""
        old = _amounts(ours, change.ours)
        new = _amounts(pair.theirs, change.theirs)
        return old == new

    def _in_a_name(self, ours: Sentence, change: Change) -> tuple[str, bool, tuple[int, int]] | None:
        """Give the name of the form that a change alters, with what of it stands around the change.

        A name that is left out whole is not altered.
        """
        start, stop = change.ours.start, change.ours.stop
        for at, key in enumerate(ours.keys[:stop] or ours.keys):
            for name, whole in self._names.get(key, ()):
                end = at + len(name)
                inside = at < start < end if start == stop else start < end and stop > at
                left_out = not change.theirs and start <= at and stop >= end
                if inside and not left_out and ours.keys[at:end] == name:
                    return joined(ours.tokens[at:end]), whole, (start - at, end - stop)
        return None

    def _widened(self, theirs: Sentence, change: Change, around: tuple[int, int]) -> Sequence[Token]:
        """Give a name as it was altered, whole: the words before and behind the change with it."""
        before, behind = (max(count, 0) for count in around)
        return theirs.tokens[max(change.theirs.start - before, 0) : change.theirs.stop + behind]

    def _unit_changed(
        self, pair: Pair, change: Change, left: Sequence[Token], right: Sequence[Token]
    ) -> bool:
        """Tell whether the words right after a figure, and with them what it counts, are others."""
        units = lexicon().units
        if any(each.key in _OPENS for each in pair.theirs.tokens[: change.theirs.start][-1:]):
            touched = [{token.key for token in run} <= units for run in (left, right) if run]
            following = pair.theirs.keys[change.theirs.stop : change.theirs.stop + 1]
            return all(touched) and (bool(left and right) or any(key in units for key in following))
        before = list(pair.theirs.tokens[: change.theirs.start][-3:])
        while before and before[-1].value is None and before[-1].key in lexicon().units:
            before.pop()
        if not before or before[-1].value is None:
            return False
        touched = [run[0].key in units for run in (left, right) if run]
        return any(touched) if left and right else any(touched) and (left or right)[0].key in lexicon().scales

    def _turned(self, pair: Pair, left: Sequence[Token], right: Sequence[Token]) -> Iterator[Discrepancy]:
        """Tell a word put in the place of its opposite, and a negation that came or went."""
        words = lexicon()
        old, new = {t.key for t in left}, {t.key for t in right}
        got, expected = joined(right), joined(left)
        turned = any(
            (old & group) and (new & group) and (old & group) != (new & group) for group in words.opposites
        )
        if turned:
            yield self._found("contradicts", _DIRECTION, pair.theirs, got, expected)
        elif bool(old & words.negations) != bool(new & words.negations):
            sure = max(len(left), len(right)) <= _SHORT
            kind: Kind = "contradicts" if sure else "unsupported"
            yield self._found(kind, _NEGATION, pair.theirs, got, expected or "")
        elif left and right and any((old | new) & group for group in words.opposites):
            yield self._found("unsupported", _DIRECTION, pair.theirs, got, expected)

    def _added(self, sentence: Sentence, change: Change) -> Iterator[Discrepancy]:
        """Judge words with figures that were put into a sentence of ours by their labels."""
        window = joined(sentence.tokens[max(change.theirs.start - 8, 0) : change.theirs.stop + 3])
        told = list(claims(window, self.subjects))
        for claim in told:
            if not claim.true:
                yield self._found("contradicts", claim.what, sentence, claim.got, claim.expected)
        if not told:
            got = joined(sentence.tokens[n] for n in change.theirs)
            yield self._found("unsupported", _NEW, sentence, got, "")

    def _free(self, sentence: Sentence) -> Iterator[Discrepancy]:
        """Judge a sentence that perfkit did not write."""
        if _NOTHING.fullmatch(sentence.text.strip()) or self._repeats(sentence.tokens):
            return
        told = list(claims(sentence.text, self.subjects))
        for claim in told:
            if not claim.true:
                yield self._found("contradicts", claim.what, sentence, claim.got, claim.expected)
        proven = {claim.got.replace(",", "") for claim in told}
        left = [
            t.text for t in sentence.tokens if t.value is not None and t.text.replace(",", "") not in proven
        ]
        if left:
            yield self._found("unjudged", _NEW, sentence, "、".join(left[:8]), "")
        elif not told and len(sentence.tokens) > _SHORT and not self._is_ours(sentence.tokens):
            yield self._found("unjudged", _SAID, sentence, "", "")

    def _repeats(self, words: Sequence[Token]) -> bool:
        """Tell whether a line is one of ours once more, such as the head of a table on its next page."""
        return len(words) >= _SAYS and self._is_ours(words)

    def _is_ours(self, words: Sequence[Token]) -> bool:
        """Tell whether perfkit writes these words in a row; on a page a cell's lines stand each alone."""
        return f" {' '.join(token.key for token in words)} " in self._written

    @cached_property
    def _written(self) -> str:
        texts = (passage.text for text in self.reference.texts for passage in text)
        return f" {' '.join(token.key for text in texts for token in tokens(text))} "

    def _found(self, kind: Kind, what: Text, sentence: Sentence, got: str, expected: str) -> Discrepancy:
        place = self.passages[sentence.passage].place
        return Discrepancy(kind, what, place, sentence.text[:200], got, expected, sentence.passage)


def _amounts(sentence: Sentence, run: range) -> list[Decimal]:
    """Give the figures of a run, each times the 万 or 亿 that stands after it."""
    scales = lexicon().scales
    found = []
    for n in run:
        value = sentence.tokens[n].value
        if value is not None:
            after = sentence.tokens[n + 1].key if n + 1 < len(sentence.tokens) else ""
            found.append(value * scales.get(after, Decimal(1)))
    return found
