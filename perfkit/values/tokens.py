"""A cell token by token, and which of its words no rule knows.

A sure verdict accounts for every token of both cells. A token is a figure, a date, a sign, a word of the
vocabulary, or an echo: words that the row's name or the other cell holds too. Anything else is unknown, and
keeps the verdict from being sure.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from perfkit.values.dates import Span
from perfkit.values.quantity import Quantity
from perfkit.values.rules import AT_MOST, FIGURES, STATES, THINGS, WHOLE, Basis, Verdict
from perfkit.values.states import Said, any_state, denies, names_a_doing, pattern, said, troubles, wants_none
from perfkit.values.vocabulary import any_of, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.values.cell import Cell
    from perfkit.values.rules import Case, Outcome

_MEASURED = frozenset({Basis.MEASURED, Basis.DERIVED})
_LETTERS = re.compile(r"[\u4e00-\u9fffA-Za-z]+")


class Token(NamedTuple):
    """Hold a token of a cell: its text, and its kind.

    `figure`, `date`, `sign`, `echo`, `unknown`, or the family of the vocabulary that holds the word.
    """

    text: str
    kind: str


@cache
def _families() -> dict[str, str]:
    """Give the family of every word of the vocabulary, the families of the lexicon first."""
    named = [
        *((name, table("states")[name]) for name in _STATES),
        *table("lexicon").items(),
        *(("operator", words) for side in _SIDES for words in table("operators")[side].values()),
        *((name, words) for name in _LADDERS for steps in table("classes")[name] for words in steps),
    ]
    families: dict[str, str] = {}
    for name, words in named:
        families |= {word: name for word in words if word not in families}
    return families


_SIDES, _LADDERS = ("prefix", "suffix"), ("levels", "stages")
_STATES = (
    "not_applicable", "unknown", "innocent", "bad", "handled", "sound", "over", "absent", "present", "partly",
    "ongoing", "missed", "done", "reached", "good", "whole", "on_time", "strong", "weak",
)  # fmt: skip


@cache
def _by_first() -> dict[str, tuple[str, ...]]:
    """Index the vocabulary by the first character, the longest word first."""
    index: dict[str, list[str]] = {}
    for word in sorted(filter(None, _families()), key=len, reverse=True):
        index.setdefault(word[0], []).append(word)
    return {first: tuple(words) for first, words in index.items()}


def tokens(cell: Cell, known: str) -> list[Token]:
    """Give a cell token by token; `known` is what the row's name and the other cell hold."""
    found: list[Token] = []
    end = 0
    for part in cell.parts:
        if part.start < end:
            continue
        found += _words(cell.text[end : part.start], known)
        found.append(Token(cell.text[part.start : part.end], "date" if isinstance(part, Span) else "figure"))
        end = part.end
    return found + _words(cell.text[end:], known)


def _words(text: str, known: str) -> list[Token]:
    """Give the words and signs between two figures."""
    found: list[Token] = []
    end = 0
    for run in _LETTERS.finditer(text):
        if run.start() > end:
            found.append(Token(text[end : run.start()], "sign"))
        found += _of_a_run(run[0], known)
        end = run.end()
    return [*found, Token(text[end:], "sign")] if end < len(text) else found


@lru_cache(maxsize=4096)
def _of_a_run(run: str, known: str) -> tuple[Token, ...]:
    """Give a run of words so that as few characters as may be are unknown, and as few tokens."""
    best: list[tuple[int, int, Token | None]] = [(0, 0, None)] * (len(run) + 1)
    for start in range(len(run) - 1, -1, -1):
        best[start] = min(
            (
                (best[start + len(text)][0] + unknown, best[start + len(text)][1] + 1, Token(text, kind))
                for text, kind, unknown in _at(run, start, known)
            ),
            key=lambda found: found[:2],
        )
    return tuple(_path(best))


def _path(best: list[tuple[int, int, Token | None]]) -> Iterator[Token]:
    """Give the tokens of the best way through a run, unknown characters that touch as one."""
    start, unknown = 0, ""
    while (token := best[start][2]) is not None:
        start += len(token.text)
        if token.kind == "unknown":
            unknown += token.text
            continue
        if unknown:
            yield Token(unknown, "unknown")
            unknown = ""
        yield token
    if unknown:
        yield Token(unknown, "unknown")


def _at(run: str, start: int, known: str) -> Iterator[tuple[str, str, int]]:
    """Give what may stand at a place in a run: an echo, words of the vocabulary, or one unknown character."""
    size = _echo(run, start, known)
    if size:
        yield run[start : start + size], "echo", 0
    for word in _by_first().get(run[start], ()):
        if run.startswith(word, start):
            yield word, _families()[word], 0
    if not size:
        yield run[start], "unknown", 1


def _echo(run: str, start: int, known: str) -> int:
    """Count the characters from `start` on that stand together in what the row says."""
    size = 0
    while start + size < len(run) and run[start : start + size + 1] in known:
        size += 1
    return size


# What a rule accounts for.

# What a text may be about: beside words that only say a state, the row must know it.
_SUBJECTS = frozenset({"doing", "thing", "people", "office"})
_OBJECTS = frozenset({"doing", "thing"})
_SHORT_OF_IT = frozenset({Said.PARTLY, Said.ONGOING, Said.MISSED})
_REASON = re.compile(
    r"(?:因为?(?!素)|由于|受(?!益|理|助|训|到?[好表])|为(?=避免|防止))[^,;。]*?(?:原因|影响|(?=[,;。])|$)"
)
# Why a target was missed, which turns no miss into anything else.
_WHY = re.compile(
    r"[,;。](?:剩余|其余|余下)[^,;。0-9#@]*(?=[,;。]|$)|(?:[(,;。]|^)(?:(?:[未没][^,;。0-9#@]{1,8})?(?:主要)?(?:系|是由?于?|因)|(?:主要)?原因(?:是|为|系|:)?)[^;。#@]*"
)
_QUOTED = re.compile(r"[\"“][^\"“”]{1,30}[\"”]|<[^<>]{1,40}>")
_THERE = re.compile(r"(?:实际|全年|共|累计)*(?:发生|出现|产生|存在)")
_NOTE = re.compile(r"\([^()]*\)?|其中[^;。]*")
_LISTED = re.compile(r"[^,;。#@]*等(?=[^,;。、#@]{0,8}[#@]|[\u4e00-\u9fff]{2})")
_NTH = re.compile(r"第[0-9一二三四五六七八九十]{1,3}[届期次批轮]")
_CODE = re.compile(
    r"[A-Za-z]+[-.]?[0-9][0-9A-Za-z./-]*|[0-9]+[A-Za-z+][0-9A-Za-z+]*|第[0-9]+|(?:19|20)[0-9]{2}|〔[0-9]+〕[0-9]+"
    r"|每个?(?:月|季度?|周|年)[^0-9,;。]{0,3}[0-9]+[日号]|[0-9]+[:：点时][0-9]*"
)
_DIGITS = re.compile("[0-9]+")
FIGURE, _ANSWER = "#", "@"
_ECHOED = 2
_SEGMENT = re.compile(r"[^,;。、]+")
_SEGMENTS, _CLAUSES = re.compile("[,;。、]"), re.compile("[,;。]")


def unknown_words(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Give the words of an actual that neither the rule that decided, nor the vocabulary, nor the row knows.

    A clause about another figure than the one that answered stands beside it and is not looked at; a clause
    that says it was not reached, beside a figure that is, is doubtful as a whole.
    """
    if outcome.weighs == WHOLE or not case.actual.words:
        return ()
    known = f"{case.context.name}{case.target.text}{case.context.level2}"
    found: list[str] = []
    if not case.target.parts and outcome.basis is Basis.STATED and outcome.weighs != FIGURES:
        found += _figures_beside(case)
    found += _loose_things(case, outcome.at)
    met = outcome.verdict is Verdict.MET and outcome.basis in _MEASURED
    missed = outcome.verdict is Verdict.MISSED and outcome.basis in _MEASURED
    share = outcome.unit == "%"
    for segment in _segments(case.actual, outcome.at, explained=missed):
        if missed and _ANSWER not in segment and (share or said(segment) in _SHORT_OF_IT):
            continue  # what else came short (`移动端未上线`) turns no miss, nor do words that of a rate
        unknown = () if _names_the_thing(segment, known) else tuple(_unknown(segment, known, outcome.weighs))
        found += unknown
        words = segment.replace(_ANSWER, "")
        if (
            outcome.direction is AT_MOST and _ANSWER in segment
        ):  # so many came about (`发生故障2次`), as many as are allowed
            words = pattern("bad").sub("", _THERE.sub("", words))
        repeated = not unknown and set(words) <= {*known, *"已均了"}
        if met and not repeated and said(words) in _SHORT_OF_IT:
            found.append(words)
    return tuple(found)


_AND = re.compile("以及|并|及|和|与|、")


def _loose_things(case: Case, at: int) -> Iterator[str]:
    """Give what stands beside the figure that answered and is nothing but another thing (`320株,花卉`).

    Nobody can say whether the figure counts it too. A row of many things (设备) is told by any of them.
    """
    asked = f"{case.context.name}{case.target.text}"
    answer = next((part for part in case.actual.parts if part.start == at), None)
    if answer is None or _any_thing().search(asked):
        return
    text = masked(case.actual)
    told_before, told_behind = _CLAUSES.split(text[: answer.start])[:-1], text[answer.end :]
    tail, *more = _SEGMENTS.split(told_behind)
    loose = [*told_before, *more, *([tail] if _AND.match(tail) else [])]
    yield from (one for one in loose if _is_another_thing(_AND.sub("", one, count=1), asked))


def _is_another_thing(words: str, asked: str) -> bool:
    """Tell words that are a name of things or people and nothing else, of which the row does not speak."""
    if FIGURE in words or not _LETTERS.fullmatch(words):
        return False
    return all(token.kind in _COUNTED and len(token.text) > 1 for token in _of_a_run(words, asked))


def _unknown(segment: str, known: str, weighs: str) -> Iterator[str]:
    found_by = table("roles")["found_by"]
    for run in _LETTERS.findall(segment):
        for token in _of_a_run(run, known):
            if (
                token.kind == "unknown"
                or (weighs == STATES and token.kind in _SUBJECTS and token.text not in found_by)
                or (weighs == THINGS and token.kind in _OBJECTS and not _of_no_thing().search(token.text))
            ):
                yield token.text


@cache
def _of_no_thing() -> re.Pattern[str]:
    return re.compile(any_of([*table("roles")["found_by"], *table("roles")["any_thing"]]))


# What a target asks for beside its figure.

_ALL_OF_THEM = ("已全部", "全部", "均已", "均", "都")
_ALL_DONE = re.compile("^(?:现?已经?|均|都|全部|全面)+")
_DEMANDING = frozenset({*_STATES, *_LADDERS, "doing", "manner", "unknown"}) - {"not_applicable", "innocent"}
_NEXT_DEMAND = re.compile(r"[,;。]|以及|、(?=[^#]*$)|并且?(?![发列购轨网行])|同时|(?<!而)且")
_YEAR = re.compile("(?<![较比])((?:19|20)[0-9]{2})年")
_NEXT_FIGURE = re.compile(rf"{_NEXT_DEMAND.pattern}|[(、]|#(?=.)")
_BRACKET = re.compile(r"\([^()#]*\)?")


def unanswered(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Give what a target asks for beside what was answered, and the actual does not speak of.

    `≥28%,并形成长效机制` is not answered by `30%`, nor `提升,并形成长效机制` by `明显提升`. Words that only
    tell what is counted, how or when it is paid, and that it is to be done, ask for nothing more; words on
    the target itself answer all of it.
    """
    if outcome.basis is Basis.NONE or (outcome.basis is Basis.STATED and outcome.verdict is not Verdict.MET):
        return ()
    text, actual = masked(case.target), case.actual.text
    later = [
        year for year in _YEAR.findall(text) if int(year) > (case.year or int(year)) and year not in actual
    ]
    if later:
        return tuple(later)
    if not (_NEXT_FIGURE.search(text) or case.target.parts[1:]) or (
        outcome.basis is Basis.STATED and _answers_everything(case)
    ):
        return ()
    known = f"{case.context.name}{actual}"
    clauses = [one for one in _NEXT_DEMAND.split(_BRACKET.sub("", text)) if one and FIGURE not in one]
    if clauses and not case.target.parts:
        clauses.remove(max(clauses, key=lambda one: len(pairs_of(one) & pairs_of(actual))))
        clauses = [one for one in clauses if _has_a_verb(one)]
    demands = (one for one in clauses if _is_demand(one, known) and not _denied_in_both(one, case))
    further = _figures_unanswered(case, outcome, known) if outcome.verdict is Verdict.MET else ()
    unread = [] if case.target.parts else _unread(text)
    return (*demands, *further, *(number for number in unread if number not in known))


def _figures_unanswered(case: Case, outcome: Outcome, known: str) -> Iterator[str]:
    """Give the clauses of further figures (`100%,群众满意度≥95%`) of whose things the actual does not speak.

    A figure in its unit answers one, unless it is a rate by name; words do only by that name.
    """
    text, measured = masked(case.target), outcome.basis in _MEASURED
    for part in case.target.parts:
        *opened, before = _NEXT_FIGURE.split(text[: part.start].removeprefix("("))
        if not any(not one or _has_a_verb(one) for one in opened):
            continue  # it opens the target: the row itself asks for it
        if case.target.in_brackets(part) and isinstance(part, Quantity) and part.direction is None:
            continue  # `含线上4场` bounds nothing
        after = _NEXT_FIGURE.split(text[part.end :])[0]
        words = "".join(_LETTERS.findall(f"{before}{after}"))
        words = _about_a_figure().sub("", words)
        rate = isinstance(part, Quantity) and part.unit.dimension == "ratio"
        named = words[-3:-1] in known if words.endswith(("率", "度")) else pairs_of(words) & pairs_of(known)
        bare = len(words) < _ECHOED and measured
        if not (bare or named or (measured and not rate and _is_like_answered(part, words, case))):
            yield words or case.target.text[part.start : part.end]


def _is_like_answered(part: Quantity | Span, words: str, case: Case) -> bool:
    """Tell a figure of the unit asked for and of no other thing, or as many dates as are asked for."""
    if isinstance(part, Span):
        return len(case.actual.dates) >= len(case.target.dates)
    alike = [one for one in case.figures if one.unit == part.unit or part.unit.bare or one.unit.bare]
    asked = pairs_of(words)
    alike = [one for one in alike if not asked or len(one.label) < _ECHOED or asked & pairs_of(one.label)]
    return bool(alike) and len(case.figures) >= len(case.target.quantities)


@cache
def _about_a_figure() -> re.Pattern[str]:
    signs = table("operators")
    words = [word for side in _SIDES for kinds in signs[side].values() for word in kinds]
    return re.compile(any_of([*words, *signs["neutral"], "其中", "每"]))


def _has_a_verb(clause: str) -> bool:
    """Tell an item of a list that is more than a name (`安全感` in 增强获得感、安全感)."""
    rest = _of_nouns().sub("", clause)
    return any(token.kind in _DEMANDING - {"unknown"} for token in _of_a_run(rest, ""))


@cache
def _of_nouns() -> re.Pattern[str]:
    return re.compile(any_of(table("demands")["joined_in_nouns"]))


def _answers_everything(case: Case) -> bool:
    """Tell words on the target as a whole (`达到预期`), or a doing alone (`已完成`)."""
    actual = case.actual.text
    state = _ALL_DONE.sub("", actual)
    alone = (
        said(actual) is Said.DONE
        and any_state().fullmatch(state)
        and (not case.target.parts or actual.startswith(_ALL_OF_THEM))
    )
    return bool(alone) or _whole_target().search(actual) is not None


@cache
def _whole_target() -> re.Pattern[str]:
    return re.compile(any_of(table("demands")["answers_all"]))


def pairs_of(text: str) -> set[str]:
    """Give the pairs of characters of a text that follow one another."""
    return {text[start : start + 2] for start in range(len(text) - 1)}


def _is_demand(clause: str, known: str) -> bool:
    """Tell a clause that asks for something which the row's name and the actual do not hold."""
    if clause in table("roles")["asked_anyway"] or _is_made_of(clause):
        return False
    runs = (token for run in _LETTERS.findall(clause) for token in _of_a_run(run, known))
    return any(
        token.kind in _DEMANDING
        or (token.kind == "echo" and token.text not in _families() and len(token.text) == 1)
        for token in runs
        if token.text not in table("roles")["asked_anyway"]
    )


def _is_made_of(clause: str) -> bool:
    """Tell a clause that tells of what the figure is made: `含安装调试`, `其中…`."""
    return clause.startswith(tuple(table("roles")["made_of"]))


def _denied_in_both(clause: str, case: Case) -> bool:
    """Tell trouble that the target rules out and the actual denies, by its name or by a bare 无."""
    actual = case.actual.text
    shared = troubles(clause) & troubles(f"{case.context.name}{actual}")
    bare = not case.target.parts and wants_none(clause) and said(actual) is Said.ABSENT
    return bare or bool(shared and denies(clause) and denies(actual))


def masked(cell: Cell) -> str:
    """Give a cell's text with a mark in the place of each figure and date."""
    text = cell.text
    for part in cell.parts:
        text = f"{text[: part.start]}{FIGURE * (part.end - part.start)}{text[part.end :]}"
    return text


def _names_the_thing(segment: str, known: str) -> bool:
    """Tell a figure with the row's own words beside it: others before them tell only how and where."""
    before, _, after = segment.partition(_ANSWER)
    if not after and _ANSWER not in segment:
        return False
    sides = (before[-_ECHOED:], after[:_ECHOED])
    return any(len(side) == _ECHOED and side in known and side not in _measures() for side in sides)


@cache
def _measures() -> frozenset[str]:
    return frozenset(table("lexicon")["measure"])


def names_another_thing(figure: Quantity, case: Case) -> bool:
    """Tell a figure beside which stands the name of something that the row does not speak of."""
    known = f"{case.context.name}{case.target.text}"
    beside = [*_of_a_run("".join(_LETTERS.findall(figure.label)), known)[-1:]]
    beside += _of_a_run("".join(_LETTERS.findall(figure.tail)), known)[:1]
    return any(token.kind in _THINGS for token in beside)


_THINGS = frozenset({"thing", "people", "place", "office", "unknown"})


def names_a_thing_of_its_own(figure: Quantity, case: Case) -> bool:
    """Tell a figure right behind the name of a thing (`课程5门`) no character of which the row holds."""
    known = f"{case.context.name}{case.target.text}"
    last = _of_a_run("".join(_LETTERS.findall(figure.label)[-1:]), "")[-1:]
    named = (one.text for one in last if one.kind in {"thing", "place"} and len(one.text) > 1)
    return any(not set(name) & set(known) for name in named)


def ends_in_another_thing(words: str, case: Case, *, name: bool = False) -> bool:
    """Tell words that end in a thing of which the row does not speak (`教师办公桌` under 课桌椅).

    By its whole `name`, `道路` is another thing than 路灯 though they share a character.
    """
    known = f"{case.context.name}{case.target.text}"
    last = _of_a_run("".join(_LETTERS.findall(words)), "" if name else known)[-1:]
    kinds = {"thing", "place"} if name else {"thing"}
    return any(
        token.kind in kinds and len(token.text) > 1 and not (name and token.text in known) for token in last
    )


def is_of_another_kind(figure: Quantity, case: Case) -> bool:
    """Tell the row's own thing beside a figure, but of another kind: `养老床位` under 护理型床位.

    What stands before the thing in the row must be told too, unless it only says what was done with it.
    """
    asked, label = f"{case.context.name},{case.target.text}", "".join(_LETTERS.findall(figure.label)[-1:])
    size = max((n for n in range(_ECHOED, len(label)) if label[-n:] in asked), default=0)
    if not size or _of_a_run(label, "")[-1].text != label[-size:]:
        return False
    told = _of_a_run(label[:-size], asked)[-1]
    if told.kind not in _KINDS or len(told.text) < _ECHOED or told.text in asked:
        return False
    kinds = [words[-_ECHOED - 1 :].removesuffix("型")[-_ECHOED:] for words in asked.split(label[-size:])[:-1]]
    return all(
        len(kind) == _ECHOED and kind not in case.actual.text and not names_a_doing(kind) for kind in kinds
    )


_KINDS = frozenset({"thing", "people", "unknown"})


def counts_another_thing(figure: Quantity, case: Case) -> bool:
    """Tell a count of another thing than the row names: `采购空调52台` under 采购电脑, `培训家长` under 教师.

    A row that names none, or one that holds many (设备, 人员), is answered by any of them.
    """
    asked = f"{case.context.name}{case.target.text}"
    given = _thing_beside(figure)
    if not given or (set(given) - _OF_ANYONE) & set(asked) or _any_thing().search(asked):
        return False
    wanted, same = _things_in(asked), _families()[given]
    return any(_families()[one] == same for one in wanted) and not _any_thing().search(given)


def is_of_other_people(figure: Quantity, case: Case) -> bool:
    """Tell a rate of other people than the row names: `教师满意度95%` under 学生满意度."""
    asked, told = (
        {one for one in _things_in(text) if _families()[one] == "people"}
        for text in (case.context.name, "".join(_LETTERS.findall(figure.label)[-1:]))
    )
    if not asked or not told or any(_any_thing().search(one) for one in (*asked, *told)):
        return False
    return not any((set(one) - _OF_ANYONE) & set(case.asked) for one in told)


_OF_ANYONE = frozenset("人员者户生家")


def _thing_beside(figure: Quantity) -> str:
    """Give the name of what a figure counts, which stands right behind it or right before it."""
    behind = _of_a_run("".join(_LETTERS.findall(figure.tail)[:1]), "")[:1]
    before = _of_a_run("".join(_LETTERS.findall(figure.label)[-1:]), "")
    before = tuple(one for one in before if one.text not in _OF_ANYONE)
    return next(
        (one.text for one in (*behind, *before[-1:]) if one.kind in _COUNTED and len(one.text) > 1), ""
    )


@lru_cache(maxsize=2048)
def _things_in(text: str) -> tuple[str, ...]:
    """Give the names of things and of people that a text holds."""
    runs = (token for run in _LETTERS.findall(text) for token in _of_a_run(run, ""))
    return tuple(token.text for token in runs if token.kind in _COUNTED and len(token.text) > 1)


_COUNTED = frozenset({"thing", "people"})


@cache
def _any_thing() -> re.Pattern[str]:
    return re.compile(any_of(table("roles")["any_thing"]))


def names_a_subject(case: Case) -> bool:
    """Tell an actual that names, beside its figure, what it counts."""
    known = f"{case.context.name}{case.target.text}"
    runs = (token for run in _LETTERS.findall(case.actual.words) for token in _of_a_run(run, known))
    return any(_families().get(token.text, "unknown") in _THINGS for token in runs if len(token.text) > 1)


def unread_numbers(case: Case) -> int:
    """Count the numbers of an actual that were read neither as figure nor as date, nor stand in the row."""
    known = f"{case.context.name}{case.target.text}"
    return sum(number not in known for number in _unread(masked(case.actual)))


def _unread(text: str) -> list[str]:
    """Give the numbers of a cell whose figures and dates are masked: ordinals and codes are none."""
    return _DIGITS.findall(_NTH.sub("", _CODE.sub("", text)))


def _figures_beside(case: Case) -> Iterator[str]:
    """Give the figures of an actual that a target in words does not ask for: evidence, not the effect."""
    text = case.actual.text
    clauses = [one for one in _CLAUSES.split(masked(case.actual)) if one]
    if on_the_whole(clauses[0]) and said(text) is Said.REACHED:
        return  # 超额完成,入库税款18.6亿元
    for aside in (_REASON, _NOTE):
        text = aside.sub(lambda found: " " * len(found[0]), text)
    for part in case.actual.quantities:
        printed = text[part.start : part.end].strip()
        around = _LETTERS.findall(f"{part.label},{part.tail}")
        repeated = any(_echo_of_two(run, case.target.text) for run in around)
        if printed and printed not in case.target.text and not repeated:
            yield printed


def on_the_whole(clause: str) -> bool:
    """Tell a clause without a figure that speaks of the target as a whole, and of nothing else."""
    return FIGURE not in clause and _whole_target().search(clause) is not None


def _echo_of_two(run: str, known: str) -> bool:
    """Tell words that repeat two characters of another text that follow one another."""
    return any(run[start : start + 2] in known for start in range(len(run) - 1))


def _marks(found: re.Match[str]) -> str:
    """Leave out the words of a reason, and keep the marks of figures in it."""
    return "".join(sign for sign in found[0] if sign in {_ANSWER, FIGURE})


def _unless_answer(found: re.Match[str]) -> str:
    """Leave out a note or a list, unless the figure that answered stands in it."""
    return found[0] if _ANSWER in found[0] else ""


def _unless_a_list(found: re.Match[str]) -> str:
    """Leave out what is listed before 等, unless it tells of a miss or 等 is that of a rank."""
    ranks = any(found.string.startswith(word, found.end() - word.index("等") - 1) for word in _ranks_of())
    return found[0] if ranks or said(found[0]) in _SHORT_OF_IT else ""


@cache
def _ranks_of() -> tuple[str, ...]:
    return tuple(table("roles")["no_list"])


def _segments(cell: Cell, at: int, *, explained: bool) -> Iterator[str]:
    """Give the clauses of a cell that a verdict must account for, without reasons, names and notes."""
    text = cell.text
    answer = next((part.end - 1 for part in cell.parts if part.start == at), -1)
    for part in cell.parts:
        text = f"{text[: part.start]}{FIGURE * (part.end - part.start)}{text[part.end :]}"
    if answer >= 0:
        text = f"{text[:answer]}{_ANSWER}{text[answer + 1 :]}"
    if explained:
        text = _WHY.sub("", text)
    for aside in (_QUOTED, _REASON, _NOTE, _LISTED, _NTH):
        left = _marks if aside in {_REASON, _NTH} else _unless_a_list if aside is _LISTED else _unless_answer
        text = aside.sub(left, text)
    for segment in _SEGMENT.findall(text):
        if answer < 0 or _ANSWER in segment or FIGURE not in segment:
            yield segment.replace(FIGURE, "")
