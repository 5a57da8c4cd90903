"""The tokens of a text that is verified: which perfkit wrote, and which were changed, added or left out.

Both texts are rows of tokens and are aligned whole, so that a figure is compared with the figure of its own
sentence and its own row. A sentence that was moved is found again where it stands.

White space and quotation marks count for nothing, so that a paragraph of a Word file and the wrapped lines of
a PDF give the same tokens. A count in words (三项, three) is a figure as well.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from perfkit.text.folding import own_yaml
from perfkit.verify.documents import CELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfkit.verify.documents import Passage


_HAN = "零一二三四五六七八九十"
_TIMES = {"十": 10, "百": 100, "千": 1000}
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTED = "项处个条家次类万亿元"
_TOKEN = re.compile(
    r"(?P<moment>\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: ?(?:UTC|[+-]\d\d:?\d\d|[A-Z]{3,4}))*)"
    r"|(?P<figure>(?<![\d.])[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|(?:(?<![\w.)])[-−])?\d+(?:\.\d+)?)"
    rf"|(?P<great>[{_HAN}两]+[百千][{_HAN}两百千]*)"
    rf"|(?P<han>[{_HAN}两](?:\s*[{_HAN}两]){{0,2}}(?=\s*[{_COUNTED}]))"
    r"|(?P<word>No\.|[A-Za-z]+)"  # a number's sign denies nothing
    r"|(?P<sign>\S)"
)
# Dashes are printed in more than one way. Quotation marks say nothing; a PDF may have them behind their line.
_SAME = str.maketrans(dict.fromkeys("—–−", "-"))
_QUOTES = frozenset("“”„«»「」『』\"‘’'")


@dataclass(frozen=True, slots=True)
class Token:
    """Hold one token: how it compares (`key`), its value if it is a figure, its text, and where it starts."""

    key: str
    value: Decimal | None
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Read the tokens of a text, in order."""
    for found in _TOKEN.finditer(text):
        if found[0] in _QUOTES:
            continue
        yield Token(*_read(found), " ".join(found[0].split()), found.start())


def joined(row: Iterable[Token]) -> str:
    """Print tokens as a text: a space stands between two words in Latin letters or figures alone."""
    text = ""
    for token in row:
        apart = text[-1:].isascii() and text[-1:].isalnum() and token.text[:1].isascii()
        text += (" " if apart and token.text[:1].isalnum() else "") + token.text
    return text


def _read(found: re.Match[str]) -> tuple[str, Decimal | None]:
    whole = found[0]
    if found["moment"]:  # when a report was made is no fact of the form
        return "moment", None
    if found["figure"]:
        value = Decimal(unicodedata.normalize("NFKC", whole).replace(",", "").replace("−", "-"))
        return f"{value.normalize():f}", value
    if found["great"]:
        return str(_great(whole)), Decimal(_great(whole))
    if found["han"] and (count := _han(whole)) is not None:
        return str(count), Decimal(count)
    word = unicodedata.normalize("NFKC", whole).casefold()
    if word in _ENGLISH:
        return str(_ENGLISH.index(word)), Decimal(_ENGLISH.index(word))
    return word.translate(_SAME), None


def _great(text: str) -> int:
    """Read a Chinese count of hundreds or thousands: 八百, 三千五百二十."""
    count, digit = 0, 0
    for sign in text.replace("两", "二"):
        if sign in _TIMES:
            count, digit = count + (digit or 1) * _TIMES[sign], 0
        else:
            digit = _HAN.index(sign)
    return count + digit


def _han(text: str) -> int | None:
    """Read a Chinese count up to ninety-nine: 三, 两, 十二, 二十."""
    plain = "".join(text.split()).replace("两", "二")
    if len(plain) == 1:
        return _HAN.index(plain)
    tens, ten, ones = plain.partition("十")
    if not ten or len(tens) > 1 or len(ones) > 1:
        return None
    return (_HAN.index(tens) if tens else 1) * 10 + (_HAN.index(ones) if ones else 0)


# which words of a document are those that perfkit wrote, and which were changed, added or left out


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
    intact = Counter(sentence.keys for sentence in theirs)
    lost = [sentence for sentence in ours if intact.subtract((sentence.keys,)) or intact[sentence.keys] < 0]
    choices = [" ".join(sentence.keys) for sentence in lost]
    following = [*theirs, Sentence("", ())][1:]
    for (sentence, span), after in zip(_at_its_place(theirs, ours), following, strict=True):
        if span.keys == sentence.keys or sentence.keys in known:
            continue
        changes = changed(sentence, span)
        alike = _alike(sentence, span, changes)
        pair = Pair(sentence, span, changes) if alike else _moved(sentence, lost, choices)
        yield Pair(sentence, pair.ours, _untorn(pair, after))


def _untorn(pair: Pair, after: Sentence) -> tuple[Change, ...]:
    """Leave out an end that is lost where the next line goes on with it: a page breaks a cell anywhere."""
    if pair.ours is None or not pair.changes or pair.changes[-1].theirs:
        return pair.changes
    end = pair.ours.keys[pair.changes[-1].ours.start :]
    shared = min(len(end), len(after.keys))
    torn = (
        pair.changes[-1].ours.stop == len(pair.ours.keys) and shared and after.keys[:shared] == end[:shared]
    )
    return pair.changes[:-1] if torn else pair.changes


def _moved(sentence: Sentence, ours: Sequence[Sentence], choices: Sequence[str]) -> Pair:
    """Pair a sentence with the one of ours, of those that are lost, that is most like it, or with none."""
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


def moved(theirs: Sequence[Sentence], ours: Sequence[Sentence]) -> int:
    """Count the tokens that stand elsewhere in one of two texts, or in one alone."""
    one, other = ([key for sentence in text for key in sentence.keys] for text in (theirs, ours))
    return Indel.distance(one, other)


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


# the words of `words.yaml`: opposites, negations, units, and the labels of facts


_FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True)
class Lexicon:
    """Hold the words by which a changed or a new sentence is judged."""

    opposites: tuple[frozenset[str], ...]
    terms: tuple[tuple[str, ...], ...]
    quantities: frozenset[str]
    negations: frozenset[str]
    units: frozenset[str]
    scales: dict[str, Decimal]
    years: tuple[str, ...]
    scopes: re.Pattern[str]
    bounds: tuple[str, ...]
    bodies: tuple[str, ...]
    pronouns: frozenset[str]
    facts: dict[str, tuple[re.Pattern[str], ...]]


@cache
def lexicon() -> Lexicon:
    """Load the words once."""
    data = own_yaml(_FILE.read_text(encoding="utf-8"))
    return Lexicon(
        tuple(frozenset(group) for group in data["opposites"]),
        tuple(tuple("".join(term.split()) for term in group) for group in data["terms"]),
        frozenset(data["quantities"]),
        frozenset(data["negations"]),
        frozenset(data["units"]),
        {word: Decimal(scale) for word, scale in data["scales"].items()},
        tuple(data["years"]),
        re.compile("|".join(data["scopes"])),
        tuple(data["bounds"]),
        tuple(data["bodies"]),
        frozenset("".join(word.split()) for word in data["pronouns"]),
        {key: tuple(map(re.compile, patterns)) for key, patterns in data["facts"].items()},
    )
