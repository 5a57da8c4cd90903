"""What a target asks for by a word beside its state or figure, and what an answer says less than it.

`一次性通过` is not answered by `通过`, nor `按时支付` by `已支付`; `较及时` is less than `及时`. A verdict
that ignores such a word would be sure of something nobody stated, so it is left to a person.

`120张（护理型80张）` is 120 beds; `50台（已安装45台）` and `25分钟（最长40分钟）` say that it is not all as
the figure says, and `98%（100件整改90件）` that it was worked out wrongly. A verdict that the bracket would
turn is left to a person.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from perfkit.values.comparison import compare_quantities
from perfkit.values.derived import EARLIER, before, part_of_whole
from perfkit.values.ladders import levels_unanswered
from perfkit.values.quantity import ONE, PERCENT, comparable
from perfkit.values.rules import AT_LEAST, DERIVED, FIGURES, MEASURED, MET, MISSED, STATED, SURE, WHOLE
from perfkit.values.states import Said, any_state, names_a_doing, said, troubles
from perfkit.values.tokens import FIGURE, ends_in_another_thing, masked, names_a_subject, pairs_of
from perfkit.values.vocabulary import any_of, search, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.values.cell import Cell
    from perfkit.values.quantity import Quantity
    from perfkit.values.rules import Case, Outcome

_RATE_SAID = re.compile(r"[\u4e00-\u9fff]率")


class _Qualifier(NamedTuple):
    """Hold the search for a group of words that narrow a target, and that for what takes them up."""

    asked: re.Pattern[str]
    answered: re.Pattern[str]
    of_the_thing: bool


@cache
def _qualifiers() -> tuple[_Qualifier, ...]:
    return tuple(
        _Qualifier(
            re.compile(any_of(group["asked"])),
            re.compile(any_of(group["answered"])),
            group.get("of_the_thing", False),
        )
        for group in table("demands")["qualifiers"]
    )


@cache
def _any_asked() -> re.Pattern[str]:
    return re.compile("|".join(one.asked.pattern for one in _qualifiers()))


@cache
def _answers_all() -> re.Pattern[str]:
    return re.compile(any_of(table("demands")["answers_all"]))


def unqualified(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Give the words that narrow a target and that the actual, said to meet it, does not take up.

    A figure without words of its own answers its row as it stands (`98%` under 及时办结率); one that names
    what it counts (`办结率98%`) must name it as narrowly as the row does.
    """
    if outcome.verdict is not MET:
        return ()
    target, name, actual = case.target.text, case.context.name, case.actual.text
    if outcome.basis is STATED and not case.target.parts:
        left = _left_out(target, name, actual, named=_names_its_thing(target, actual))
        return left or _half_said(target, actual)
    if outcome.basis not in {MEASURED, DERIVED, STATED} or not case.actual.words:
        return ()
    if any(one.unit.per for one in case.target.quantities):
        target = _periods().sub("", target)  # so many a month are reckoned with
    if outcome.basis is DERIVED or _RATE_SAID.search(case.actual.words):
        left = _left_out(f"{name}{target}", "", actual, named=True)
        return left if names_a_subject(case) else tuple(word for word in left if not _of_the_thing(word))
    return _left_out(target, name, actual, named=True) if names_a_subject(case) else ()


@cache
def _periods() -> re.Pattern[str]:
    return re.compile(any_of([word for words in table("states")["periods"] for word in words]))


def _of_the_thing(word: str) -> bool:
    """Tell a word that says which thing is meant, which figures without a name of their own do not repeat."""
    return any(one.of_the_thing and one.asked.fullmatch(word) for one in _qualifiers())


def _names_its_thing(target: str, actual: str) -> bool:
    """Tell an answer that holds more than a state (`通过评审`, but not `已通过`) of what the target names."""
    left = any_state().sub("", actual)
    return any(pair in target for pair in pairs_of(left))


@lru_cache(maxsize=2048)
def _left_out(asked: str, name: str, told: str, *, named: bool) -> tuple[str, ...]:
    """Give the narrowing words of what is asked that neither what is told nor, of a thing, the name holds.

    What is told without a name (`named`) is of the thing that was asked for, however narrowly.
    """
    levels = levels_unanswered(asked, f"{name}{told}") if named else ()
    if not levels and not _any_asked().search(asked):
        return ()
    if _answers_all().search(told):
        return ()
    found = (
        word[0]
        for one in _qualifiers()
        if (word := one.asked.search(asked))
        and not one.answered.search(told)
        and not (one.of_the_thing and (not named or one.asked.search(name)))
    )
    return (*dict.fromkeys(found), *levels)


@cache
def _joined() -> tuple[re.Pattern[str], dict[str, int]]:
    """Build the search for states that a target may join, and tell which stand for one another."""
    rows = {word: row for row, words in enumerate(table("demands")["joined"]) for word in words}
    nouns = any_of(table("demands")["joined_in_nouns"])
    return re.compile(rf"(?:{nouns})|({any_of(rows)})(?![感性率度])"), rows


_STRONG = 0  # the first row of the table


@cache
def _as_strong() -> re.Pattern[str]:
    return re.compile(any_of(table("demands")["as_strong"]))


@cache
def _changing() -> re.Pattern[str]:
    return re.compile(any_of(table("demands")["changing"]))


@lru_cache(maxsize=2048)
def _half_said(target: str, actual: str) -> tuple[str, ...]:
    """Give the states of a target that an answer leaves out while it repeats another, or the change."""
    joined, rows = _joined()
    asked, told = ({rows[word]: word for word in joined.findall(text) if word} for text in (target, actual))
    if _as_strong().search(actual):
        told[_STRONG] = ""
    left = {row: word for row, word in asked.items() if row not in told}
    verb = said(actual) is Said.REACHED and any_state().fullmatch(actual)  # 符合 for 符合环保要求
    if not left or verb or _answers_all().search(actual) or said(actual) is Said.ABSENT:
        return ()
    if _STRONG in left:
        return (left[_STRONG],)
    changed = set(_changing().findall(target)) & set(_changing().findall(actual))
    return tuple(left.values()) if changed or len(left) < len(asked) or actual in target else ()


# What an actual itself takes back.

_ALL = Decimal(100)
_CLAUSE = re.compile(r"[(]?[^,;。()]+")
_ASIDES = ("(", "其中")
_WELL = frozenset({Said.REACHED, Said.DONE, Said.GOOD})
_WHOLE = frozenset({WHOLE, FIGURES})
_SHORT_OF_IT = frozenset({Said.PARTLY, Said.ONGOING, Said.MISSED, Said.UNKNOWN})


@cache
def _no_actual() -> tuple[re.Pattern[str], re.Pattern[str]]:
    roles = table("roles")
    return re.compile(any_of(roles["no_actual"])), re.compile(any_of(roles["still_actual"]))


def disowned(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Give the words of an actual that say it is no actual (`521人(预计)`), or in a bracket not all of it.

    A clause about another figure than the one that answered is that figure's. A rule that accounts for the
    whole actual by itself hears no clause behind that takes its figures back (`…,但未达预期`).
    """
    planned = (*_planned(case, outcome), *_of_another_year(case, outcome))
    if planned or outcome.verdict is not MET:
        return planned
    return tuple(_taken_back(case, outcome))


_OPENING_YEAR = re.compile("[,(]?((?:19|20)[0-9]{2})年(?!度|[0-9]{1,2}月|[至到~-]|[初末底])")
_YEARS = re.compile("(?:19|20)[0-9]{2}(?=年)")


def _of_another_year(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Give the year with which an actual opens (`2021年完成6座`) where it is not the row's own."""
    found = _OPENING_YEAR.match(case.actual.text)
    if found is None or case.year is None or case.target.dates or outcome.verdict not in SURE:
        return ()
    years = {case.year, *map(int, _YEARS.findall(f"{case.context.name}{case.target.text}"))}
    return () if years & set(map(int, _YEARS.findall(case.actual.text))) else (found[0],)


class _Planning(NamedTuple):
    """Hold the searches for what plans ahead, and for what tells as done in spite of it."""

    ahead: re.Pattern[str]
    done: re.Pattern[str]
    done_after: re.Pattern[str]


@cache
def _planning() -> _Planning:
    roles = table("roles")
    doing = any_of([*table("states")["done"], *roles["doings"], *roles["tests"]])
    to_do = rf"(?<!{_OF_A_PLAN})(?:{any_of(roles['planned_to_do'])})(?={doing}|[0-9]{{1,2}}月|[明下]年|年底)"
    done = any_of(roles["told_as_done"])
    return _Planning(
        re.compile(rf"{any_of(roles['planned_ahead'])}|{to_do}|(?<![接招期优])待[^,;。]{{2,10}}?后"),
        re.compile(done),
        re.compile(rf"{done}|{any_of(roles['done_after_a_plan'])}"),
    )


def _planned(case: Case, outcome: Outcome) -> Iterator[str]:
    """Give the words that plan what a verdict rests on (`拟举办3期,共培训320人`): a plan is no actual."""
    ahead = _planning().ahead.search(case.actual.text) or _INTENDED.match(case.actual.text)
    if outcome.verdict not in SURE or ahead is None:
        return
    answer = next((one for one in case.figures if one.start == outcome.at), None)
    if answer is not None and outcome.basis is not DERIVED:
        yield from _plan_of(answer, case)
    elif outcome.basis is DERIVED and outcome.verdict is MET:
        yield from (plan for one in case.figures for plan in _plan_of(one, case) if plan in _forecasts())
    elif case.actual.dates and outcome.verdict is MET:
        last = case.actual.dates[-1]
        yield from _plan_in(_clause_at(case.actual.text, last.start, last.end), case)
    elif outcome.basis is STATED and outcome.verdict is MET:
        yield from _plan_in_words(case)


@cache
def _forecasts() -> frozenset[str]:
    return frozenset(table("roles")["planned_ahead"])


def _plan_of(answer: Quantity, case: Case) -> Iterator[str]:
    """Give the word that plans a figure, in its clause or before it where nothing is told as done since."""
    text = case.actual.text
    sentence = _SENTENCES.split(text[: answer.end])[-1]
    *earlier, own = _CLAUSES.split(sentence)
    behind = _CLAUSES.split(text[answer.end :])[0]
    plans = (*_plan_in(own, case), *(() if names_a_doing(own) else _plan_in(behind, case)))
    if plans or _planning().done_after.search(own):
        yield from plans[:1]
        return
    for clause in reversed(earlier):
        if plan := tuple(_plan_in(clause, case)):
            asked = plan[0] not in _forecasts() and answer.unit.name and clause.endswith(answer.unit.name)
            yield from () if asked else plan[:1]  # 计划300人,培训320人
            return
        if _planning().done_after.search(clause):
            return


def _plan_in(clause: str, case: Case) -> Iterator[str]:
    """Give the word of a clause that plans it, unless the row is about it or the clause is told as done."""
    known = f"{case.context.name}{case.target.text}"
    clause = _no_actual()[1].sub("", clause)
    for found in _planning().ahead.finditer(clause):
        about = clause[found.start() : found.end() + 2] in known
        if not about and _planning().done.search(clause, found.end()) is None:
            yield found[0]


def _plan_in_words(case: Case) -> Iterator[str]:
    """Give the word that plans what words alone say of the target (`将建立长效机制`)."""
    known = f"{case.context.name}{case.target.text}"
    clauses = [one for one in _CLAUSES.split(case.actual.text) if one]
    planned = [one for one in clauses if any(_plan_in(one, case))]
    well = any(said(one) in _WELL for one in clauses if one not in planned)
    yield from (found[0] for one in clauses if (found := _INTENDED.match(one)) and found[0] not in known)
    for clause in planned:
        if not well or pairs_of(clause) & pairs_of(case.target.text):
            yield from _plan_in(clause, case)


_INTENDED = re.compile("计划(?![内外书生中的]|执行|管理|完成率|目标)")


def _clause_at(text: str, start: int, end: int) -> str:
    """Give the clause around a place, from stop to stop."""
    return f"{_CLAUSES.split(text[:start])[-1]}{text[start:end]}{_CLAUSES.split(text[end:])[0]}"


_OF_A_PLAN = "[按照原度据完入制订施接招期优善等]"  # 按计划, 培训计划, 接待: nothing is planned ahead
_SENTENCES, _CLAUSES = re.compile("[;。]"), re.compile("[,;。:()]")


def _taken_back(case: Case, outcome: Outcome) -> Iterator[str]:
    none, apart = _no_actual()
    known = f"{case.context.name}{case.target.text}"
    text = masked(case.actual)
    for clause in _CLAUSE.finditer(text):
        figured, words = FIGURE in clause[0], clause[0].strip("(")
        if _of_the_rest(words, case, outcome):
            continue
        if outcome.at >= 0 and figured and not clause.start() <= outcome.at < clause.end():
            continue
        found = none.search(apart.sub("", case.actual.text[clause.start() : clause.end()]))
        if found and found[0] not in known:
            yield found[0]
        elif not figured and words not in known and said(words) in _SHORT_OF_IT:
            aside = clause[0].startswith(_ASIDES) and not _of_a_later_stage(words, text[: clause.start()])
            alone = outcome.at < 0 and bool(case.target.parts)
            behind = clause.start() and (
                alone or outcome.weighs in _WHOLE or "其中" in text[: clause.start()]
            )
            if aside or behind or (outcome.weighs in _WHOLE and said(words) is Said.PARTLY):
                yield words


def _of_the_rest(words: str, case: Case, outcome: Outcome) -> bool:
    """Tell what is said of those that a rate does not count: `94.7%(其余未到期)`."""
    answer = next((one for one in case.figures if one.start == outcome.at), None)
    part = answer is not None and answer.unit == PERCENT and answer.value < _ALL
    return part and words.startswith(("其余", "剩余", "余下"))


def _of_a_later_stage(words: str, before: str) -> bool:
    """Tell a stage behind what was done and counted: `已完成10座(未验收)`."""
    return said(before) is Said.DONE and _later_stages().search(words) is not None


@cache
def _later_stages() -> re.Pattern[str]:
    return re.compile(any_of(table("roles")["later_stages"]))


# An answer in the target's words, with a word before them that says less.


@cache
def _weakening() -> re.Pattern[str]:
    words = any_of(table("demands")["weakening"])
    return re.compile(rf"(?:{words})(?=(?P<said>[\u4e00-\u9fff]{{2,4}}))")


def weakened(target: str, actual: str) -> bool:
    """Tell the target's own word, or its like, behind one that says less (`较及时` for `及时`)."""
    rows = _joined()[1]
    alike = {row for word, row in rows.items() if word in target}
    words = pairs_of(target) | {word for word, row in rows.items() if row in alike}
    return any(
        found[0] not in target and any(found["said"].startswith(word) for word in words)
        for found in _weakening().finditer(actual)
    )


# Figures in brackets beside the figure that answers: attributes of some of it, or another story.


_COUNTS_INSTEAD = re.compile(r"调(?![解查度研处])|变|(?<!整)改(?![造良善])|实(?![施现名验训习])")
_A_CHANGE = re.compile(r"同比|环比|[较比]|[增升降减提]")


@cache
def _family(family: str) -> re.Pattern[str]:
    return re.compile(any_of(table("demands")[family]))


def is_note(part: Quantity, cell: Cell) -> bool:
    """Tell a figure that only notes, in brackets, what stands before it; a changed target is none."""
    return cell.in_brackets(part) and not _COUNTS_INSTEAD.search(part.label)


def aside_differs(case: Case, outcome: Outcome) -> bool:
    """Tell a bracket beside the figure that answered which would turn its verdict."""
    cell = case.actual
    answer = next((one for one in case.figures if one.start == outcome.at), None)
    notes = [one for one in case.figures if is_note(one, cell)]
    if not notes or answer is None or answer in notes or outcome.verdict not in SURE:
        return False
    worked_out = part_of_whole(case._replace(actual=cell._replace(quantities=tuple(notes))))
    if worked_out is not None and worked_out.sure:
        return worked_out.verdict is not outcome.verdict
    if outcome.verdict is MISSED:
        return any(_adds_to(one, answer, case) or _is_named_instead(one, answer, case) for one in notes)
    return outcome.verdict is MET and any(_says_otherwise(one, answer, case) for one in notes)


def _adds_to(note: Quantity, answer: Quantity, case: Case) -> bool:
    """Tell a figure in brackets that comes on top of the answer, and with it meets the target."""
    if not (_alike(note, answer, case) and _family("aside_more").search(_words(note, case))):
        return False
    return _meets(case, answer._replace(number=answer.value + note.value, scale=ONE))


def _is_named_instead(note: Quantity, answer: Quantity, case: Case) -> bool:
    """Tell a figure in brackets that the row's name names (`净增22户(新增34户)`) and that meets it."""
    words = note.label
    named = len(words) > 1 and words in case.context.name and words not in before(case.actual, answer)
    return named and _alike(note, answer, case) and _meets(case, note)


def _words(note: Quantity, case: Case) -> str:
    return f"{before(case.actual, note)}{note.tail}"


def _alike(note: Quantity, answer: Quantity, case: Case) -> bool:
    return comparable(answer.unit, note.unit) and comparable(case.figure.unit, note.unit)


def leaves_out(case: Case) -> bool:
    """Tell an actual that leaves out of its figure what the row does not (`27.6%（不含中药饮片）`)."""
    found = _family("leaving_out").search(case.actual.text)
    return found is not None and not _family("leaving_out").search(f"{case.context.name}{case.target.text}")


def _says_otherwise(note: Quantity, answer: Quantity, case: Case) -> bool:
    """Tell a figure of the answer's kind in brackets by which the target would not be met."""
    words = _words(note, case)
    if not _alike(note, answer, case) or any(
        one.search(words) for one in (EARLIER, search("planned"), _A_CHANGE)
    ):
        return False
    if _family("aside_more").search(words):
        return not _meets(case, answer._replace(number=answer.value + note.value, scale=ONE))
    if not case.limit and _family("aside_less").search(words):
        return not _meets(case, answer._replace(number=answer.value - note.value, scale=ONE))
    opened = None if case.limit else _family("aside_parts").match(words)
    if opened and ends_in_another_thing(words[opened.end() :], case):
        return not _meets(case, answer._replace(number=answer.value - note.value, scale=ONE))
    doubt = _family("aside_doubts").search(words) or (case.limit and (not words or troubles(words)))
    return bool(doubt) and not _meets(case, note)


def _meets(case: Case, figure: Quantity) -> bool:
    """Tell whether a figure meets the target, its words aside."""
    plain = figure._replace(label="", tail="", operator="", direction=None)
    direction = case.direction or AT_LEAST
    return compare_quantities(case.figure, plain, case.context, direction).verdict is MET
