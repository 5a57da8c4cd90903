"""Which words of a document are those that perfkit wrote, and which were changed, added or left out.

Both texts are rows of tokens and are aligned whole, so that a figure is compared with the figure of its own
sentence and its own row. A sentence that was moved is found again where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from perfkit.verify.documents import CELL
from perfkit.verify.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfkit.verify.documents import Passage

_END = re.compile(r"(?<=[。；！？\n])|(?<=[a-z0-9%)\"”][.;!?])\s")
_CELL = 2  # words of a cell that may be others altogether
_ALIKE, _SHORT_ALIKE, _SHORT = 0.6, 0.5, 6  # share of tokens that two sentences at one place have in common
_NEAR = 70.0  # how like a moved sentence is to one of ours, in percent
_FEW = 3  # so few tokens are found anywhere, and tell nothing


@dataclass(frozen=True)
class Sentence:
    """Hold a sentence, or a row of a table, as tokens; `passage` is the number of its passage."""

    text: str
    tokens: tuple[Token, ...]
    passage: int = 0

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Give what each token compares by."""
        return tuple(token.key for token in self.tokens)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Give its figures, in order."""
        return tuple(token.key for token in self.tokens if token.value is not None)


@dataclass(frozen=True, slots=True)
class Change:
    """Hold a run of tokens of ours that the document has otherwise, as ranges; either may be empty."""

    ours: range
    theirs: range


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold a sentence of the document with the words of ours that it changes, if any (`ours`)."""

    theirs: Sentence
    ours: Sentence | None
    changes: tuple[Change, ...] = ()


def sentences(passages: Sequence[Passage]) -> list[Sentence]:
    """Cut passages into sentences; a row of a table stays whole."""
    found = []
    for number, passage in enumerate(passages):
        read = list(tokens(passage.text.replace(CELL, " ")))
        for start, end in [(0, len(passage.text))] if passage.row else _cut(passage.text):
            row = tuple(token for token in read if start <= token.start < end)
            found.append(Sentence(passage.text[start:end].strip(), row, number))
    return [sentence for sentence in found if sentence.tokens]


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """Give where each sentence, or each line of a page, begins and ends; a token belongs where it begins."""
    start = 0
    for end in [found.end() for found in _END.finditer(text)] + [len(text)]:
        yield start, end
        start = end


def differences(theirs: Sequence[Sentence], ours: Sequence[Sentence]) -> Iterator[Pair]:
    """Give each sentence of a document that is not, token by token, one of ours."""
    known = {sentence.keys for sentence in ours if len(sentence.tokens) > _FEW}
    choices = [" ".join(sentence.keys) for sentence in ours]
    for sentence, span in _at_its_place(theirs, ours):
        if span.keys == sentence.keys or sentence.keys in known:
            continue
        changes = changed(sentence, span)
        if _alike(sentence, span, changes):
            yield Pair(sentence, span, changes)
        else:
            yield _moved(sentence, ours, choices)


def _moved(sentence: Sentence, ours: Sequence[Sentence], choices: Sequence[str]) -> Pair:
    """Pair a sentence with the one of ours that is most like it, wherever that stands, or with none."""
    best = process.extractOne(" ".join(sentence.keys), choices, scorer=fuzz.ratio, score_cutoff=_NEAR)
    if best is None or len(sentence.tokens) <= _FEW:
        return Pair(sentence, None)
    other = ours[best[2]]
    return Pair(sentence, other, changed(sentence, other))


def _alike(theirs: Sentence, ours: Sentence, changes: Sequence[Change]) -> bool:
    """Tell whether a sentence is the one of ours at its place, changed.

    Most words, or all figures, are the same; of a cell of one or two words nothing need be left.
    """
    sizes = len(theirs.tokens), len(ours.tokens)
    figures = theirs.figures
    if sizes[0] == sizes[1] <= _CELL or (figures and figures == ours.figures):
        return True
    same = sizes[0] - sum(len(change.theirs) for change in changes)
    return 2 * same >= (_SHORT_ALIKE if max(sizes) <= _SHORT else _ALIKE) * sum(sizes) and same > 0


def changed(theirs: Sentence, ours: Sentence) -> tuple[Change, ...]:
    """Give the runs in which two sentences differ; runs that touch are one."""
    runs: list[Change] = []
    for step in Indel.opcodes(ours.keys, theirs.keys):
        a, b, c, d = step.src_start, step.src_end, step.dest_start, step.dest_end
        if step.tag == "equal":
            continue
        if runs and runs[-1].ours.stop == a and runs[-1].theirs.stop == c:
            runs[-1] = Change(range(runs[-1].ours.start, b), range(runs[-1].theirs.start, d))
        else:
            runs.append(Change(range(a, b), range(c, d)))
    return tuple(runs)


def _at_its_place(
    theirs: Sequence[Sentence], ours: Sequence[Sentence]
) -> Iterator[tuple[Sentence, Sentence]]:
    """Give each sentence of the document with the words of ours that stand at its place."""
    row = [token for sentence in ours for token in sentence.tokens]
    starts = [0, *accumulate(len(sentence.tokens) for sentence in ours)]
    keys = [token.key for token in row]
    place: list[int | None] = [None] * sum(len(sentence.tokens) for sentence in theirs)
    for step in Indel.opcodes(keys, [key for s in theirs for key in s.keys]):
        if step.tag == "equal":
            place[step.dest_start : step.dest_end] = range(step.src_start, step.src_end)
    following = _following(place, len(row))
    at, before = 0, -1
    for sentence in theirs:
        end = at + len(sentence.tokens)
        inside = [n for n in place[at:end] if n is not None]
        low, high = before + 1, following[end]
        if inside:
            low = max(low, starts[bisect_right(starts, inside[0]) - 1])
            high = min(high, starts[bisect_right(starts, inside[-1])])
            before = inside[-1]
        yield sentence, Sentence("", tuple(row[low:high]))
        at = end


def _following(place: Sequence[int | None], last: int) -> list[int]:
    """Give, for each token, the place of the first one from it on that has one."""
    following = [last] * (len(place) + 1)
    for n in range(len(place) - 1, -1, -1):
        known = place[n]
        following[n] = following[n + 1] if known is None else known
    return following
