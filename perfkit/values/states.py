"""States in words: what `达成预期指标`, `未开展`, `建设中`, `无上访` say of a target.

Words are searched, not parsed. A negation makes a miss, unless what it negates is bad (无投诉,
未发生事故); 基本 and 部分 make it partly met.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache

from perfkit.values.rules import NOT_APPLICABLE, UNVERIFIABLE
from perfkit.values.vocabulary import any_of, groups, table


class Said(StrEnum):
    """Name what words say."""

    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    ABSENT = "absent"
    PARTLY = "partly"
    ONGOING = "ongoing"
    MISSED = "missed"
    REACHED = "reached"
    DONE = "done"
    GOOD = "good"
    NOTHING = "nothing"


STANDSTILL = {Said.NOT_APPLICABLE: NOT_APPLICABLE, Said.UNKNOWN: UNVERIFIABLE}
# What settles a text before anything else is looked for, and the good things it may say, each in its order.
_STANDSTILL = (Said.UNKNOWN, Said.NOT_APPLICABLE)
_WELL_DONE = (Said.REACHED, Said.DONE)


@cache
def pattern(family: str) -> re.Pattern[str]:
    """Give a family of the states table as one search, the longest word first."""
    return re.compile(any_of(table("states")[family]))


@cache
def any_state() -> re.Pattern[str]:
    """Build the search for the short words that say only how far something came, or how well."""
    families = (table("states")[name] for name in ("done", "reached", "good", "whole"))
    return re.compile(any_of([word for words in families for word in words if len(word) <= _PAIR]))


_PAIR = 2  # a longer word names what came so far: 通过验收


@cache
def _absence() -> re.Pattern[str]:
    """Build the search for the absence of something bad, with up to eight characters between."""
    absent, bad, over = (pattern(family).pattern for family in ("absent", "bad", "over"))
    of_bad = rf"(?:{absent})(?!{_STILL_TO_DO})[^,;。、]{{0,8}}?(?:(?P<bad>{bad})|{over})"
    about = r"(?:[^,;。、未不没无]{0,8}?(?:问题|情况|现象|行为)(?![^,;。、]))?"
    return re.compile(rf"{of_bad}{about}|{_NONE_FAILED}")


_NONE_FAILED = (
    r"(?:无(?!法|效|故)|没有|未发现|未出现|未发生|零|杜绝)[^,;。、]{0,4}?"
    r"不(?:合格|达标|符合|及格|规范|满意|及时)"
)
_NOTHING_CAME = re.compile(
    r"(?:全年度?|本年度?|累计|共|实际|目前|均)*(?:未|没有?)(?:发生|出现|发现|产生)(?![^,;。]{0,8}(?:改善|提升|提高|增[长强加]|成效|效果|效益|好转|变化|进展))"
    r"[\u4e00-\u9fff]{2,12}"
)
_EXCEPT = re.compile(r"(?:^|[,;。已])除了?[^,;。]{1,12}?(?:以外|之外|外)(?=[,均其都全已基未]|$)")
_STILL_TO_DO = "完成|解决|整改|处理|消除|达|能|及时|按|得到"
_UNDER_WAY = re.compile(
    r"(?:提交|递交|上报|报送)[\u4e00-\u9fff]{0,8}(?:申请|材料|资料)$|申请(?:验收|测评|评审|评估|复审|鉴定)$|"
    r"[\u4e00-\u9fff]{2}(?<![集适其年期初高命当之])中$|(?:^|[,;。、])尚?待[\u4e00-\u9fff]{1,6}(?:审[查批核定]|验收|批复|评审|备案)$"
)
_OPENING = re.compile(
    r"^(?:全年度?|本年度?|年度内|当年|年内|项目期内|任务期内|活动期间)?"
    r"(?:坚决|有效|严格|切实|全力|力争|确保|保证|做到|实现|争取)*(?=[未无不没零杜避防遏严])"
)
_SHORT = 30
_NEGATED = re.compile(r"[未无不没非零]|杜绝|避免|防止")
_NEGATING = re.compile("[不未无没防避杜遏]")
_NONE = re.compile(
    r"(?:(?:全年度?|本年度?|年度内|当年|年内|连续[一二三四五六七八九十0-9]{1,2}年)?(?:无|零|没有|(?:[未不无零]|没有)(?:发生|出现|产生|新增|增加|发现|接到|收到|查出)|零(?:发生|发案|报告|投诉|事故)|杜绝|避免|0))[。.]?"
)
_A_BARE_NONE = re.compile(
    r"(?:(?<=[,;。(])|^)(?:全年度?|本年度?|年内|累计|共|实际|目前|至今|截至目前|均|也)*"
    r"(?:无|(?:未|没有)(?:发生|出现|产生|发现|接到|收到)|零(?:发生|发案|报告|投诉|事故))(?=[,;。()]|$)"
)
_CLAUSES = re.compile("[,;。]")
_ALREADY = re.compile(r"已(?!经?[未没])|[,;、]")


@cache
def _presence() -> re.Pattern[str]:
    """Build the search for something bad that is there (`存在质量问题`)."""
    present, bad = (pattern(family).pattern for family in ("present", "bad"))
    return re.compile(rf"(?:{present})[^,;。、]{{0,6}}?(?:{bad})")


@lru_cache(maxsize=2048)
def said(words: str) -> Said:
    """Say what a folded text states of its target."""
    if _NONE.fullmatch(words) or _NOTHING_CAME.fullmatch(words):
        return Said.ABSENT
    for state in _STANDSTILL:
        if pattern(state).search(words) or (state is Said.UNKNOWN and _not_asked().search(words)):
            return state
    clauses = _CLAUSES.split(words)
    rest = [one for one in clauses if not _NOTHING_CAME.fullmatch(one)]
    kept = _A_BARE_NONE.sub("", ",".join(rest) if len(rest) < len(clauses) else words)
    absences = [*(["无"] if kept != words else []), *(found["bad"] for found in _absence().finditer(kept))]
    kept = _absence().sub("", kept) if absences else words
    plain = pattern("innocent").sub("", kept)
    if pattern("partly").search(plain) or _EXCEPT.search(plain):
        return Said.PARTLY
    missed = pattern("missed").search(plain) or _presence().search(plain)
    if missed:
        return _how_far(plain[: missed.start()])
    if _UNDER_WAY.search(plain) or pattern("ongoing").search(plain):
        return Said.ONGOING
    return _well_said(kept, absences)


@cache
def _not_asked() -> re.Pattern[str]:
    """Build the search for a survey that was not made: `未开展专项满意度调查`."""
    surveys = any_of(table("roles")["surveys"])
    made = rf"(?:开展|组织|进行|做|实施|安排|委托)[^,;。]{{0,8}}?(?:{surveys})"
    found = "(?:形成|得出|公布|反馈|发布)[^,;。]{0,6}?(?:结果|数据|结论)"
    return re.compile(f"(?:未|没有?)(?:{made}|{found})")


def _well_said(words: str, absences: list[str | None]) -> Said:
    """Say which good thing a text states that holds no doubt and no miss; `未超预算` keeps a limit."""
    for state in _WELL_DONE:
        if pattern(state).search(words):
            return state
    if absences:
        return Said.ABSENT if any(absences) else Said.REACHED
    return Said.GOOD if pattern("good").search(words) else Said.NOTHING


def _how_far(before: str) -> Said:
    """Tell a miss from a part: `已竣工,未验收` did the first half."""
    began = _ALREADY.search(before) and (pattern("done").search(before) or pattern("reached").search(before))
    return Said.PARTLY if began else Said.MISSED


_OF_A_SCALE = re.compile(
    r"^(?:经?[^,;。]{0,6}?(?:鉴定|评定|评审|评价|认定|考核|考评|评估|测评|结题|结项)(?:结果|结论|等次)?|总体|达到?|评为|为|综合)+|(?:等次|等级|等(?=[及或]?以)|档次|水平|工程|[及或]?以上)+$"
)


@cache
def _ranks() -> tuple[dict[str, tuple[int, int]], ...]:
    """Give for each scale the rank of its words and its last rank."""
    scales = table("states")["scales"]
    return tuple(
        {word: (rank, len(scale) - 1) for rank, words in enumerate(scale) for word in words}
        for scale in scales
    )


_TO_A_GRADE = r"(?:达到?|不低于|优于|保持在?|被?评为|水质|等级|质量)*"
_OF_A_GRADE = "(?:标准|水质|水平|水)*"
_GRADE = re.compile(
    rf"{_TO_A_GRADE}(劣?[Ⅰ-Ⅴ]|劣?[IV]{{1,3}}|A{{1,5}}|[B-E])[级等类档]{_OF_A_GRADE}(?:含?[及或]?以上含?)?{_OF_A_GRADE}"
)
_ROMAN = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ", "V": "Ⅴ", "劣V": "劣Ⅴ"}


def grades_down(target: str, actual: str) -> int | None:
    """Count the grades from a target's down to the actual's (`B级以上` and `A级` are -1), None for others."""
    wanted, given = _GRADE.fullmatch(target), _GRADE.fullmatch(actual)
    if wanted is None or given is None:
        return None
    grades = [_ROMAN.get(found[1], found[1]) for found in (wanted, given)]
    ladder = next((ranks for ranks in table("states")["grades"] if set(grades) <= set(ranks)), None)
    return ladder.index(grades[1]) - ladder.index(grades[0]) if ladder else None


_ALL_DUE = re.compile(r"应([\u4e00-\u9fff]{1,3})尽\1")


def whole(words: str) -> bool:
    """Tell words that say 100 of 100: `全覆盖`, `应处理尽处理`."""
    return pattern("whole").search(words) is not None or _ALL_DUE.search(words) is not None


def steps_down(target: str, actual: str) -> tuple[int, bool] | None:
    """Count the steps from a target's grade down to the actual's (`优` to `良` is 1); tell if it is the last.

    None where the two are not on one scale. A target that prints its whole scale asks for the top.
    """
    actual = _OF_A_SCALE.sub("", actual)
    scales = [ranks for ranks in _ranks() if actual in ranks]
    if not scales:
        return None
    target = _OF_A_SCALE.sub("", target)
    whole = target in table("states")["whole_scales"]
    for ranks in scales:
        wanted = (
            (0, 0) if whole and all(sign in ranks or sign == "/" for sign in target) else ranks.get(target)
        )
        if wanted is not None:
            given, last = ranks[actual]
            return given - wanted[0], given == last
    return None


@cache
def _opposites() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    pairs = table("states")["opposites"]
    return tuple(
        (re.compile(f"(?<![不未无负零])(?:{any_of(wanted)})"), re.compile(any_of(against)))
        for wanted, against in pairs
    )


def contradicts(target: str, actual: str) -> bool:
    """Tell whether an actual goes the other way than its target (`提高` answered by `下降`)."""
    less_trouble = _opposites()[0][0].search(target) and _of_trouble(actual)
    return any(
        wanted.search(target)
        and against.search(actual)
        and not (wanted.search(actual) or against.search(target))
        for wanted, against in _opposites()[1 if less_trouble else 0 :]
    )


def _of_trouble(actual: str) -> bool:
    """Tell that what fell is bad (`交通事故同比减少`), which is no contrary of a rise in what is good."""
    against = _opposites()[0][1]
    return all(troubles(actual[: found.start()]) for found in against.finditer(actual))


@cache
def _moves() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Build for each kind of move the search for one that is ruled out, and for one that is made."""
    kinds = [any_of(words) for words in table("states")["moves"]]
    ruled_out = r"(?:[不未无]|没有|防止|避免|杜绝|遏制)(?:再|得|会|能|发生|出现|明显|任何)*"
    return tuple(
        (re.compile(rf"{ruled_out}(?:{kind})"), re.compile(rf"(?<![不未无没])(?<!没有)(?:{kind})"))
        for kind in kinds
    )


def made_a_move_ruled_out(target: str, actual: str) -> bool:
    """Tell whether an actual makes a move that its target rules out (`不降低` answered by `下降`)."""
    if _NEGATING.search(target) is None:
        return False
    return any(
        ruled_out.search(target) and made.search(actual) and not ruled_out.search(actual)
        for ruled_out, made in _moves()
    )


@cache
def _moved() -> re.Pattern[str]:
    return re.compile(any_of([word for wanted, _ in table("states")["opposites"][:2] for word in wanted]))


@cache
def _doing() -> re.Pattern[str]:
    roles = table("roles")
    return re.compile(
        any_of([*table("states")["done"], *roles["doings"], *roles["tests"], *roles["not_begun"]])
    )


def names_a_doing(words: str) -> bool:
    """Tell words that name what is done (`完成`, `验收`, `采购`), not how it is found."""
    return _doing().search(words) is not None


def only_moved(target: str, actual: str) -> bool:
    """Tell a change alone (`明显改善`) where a level (`干净整洁`) is asked for: it says not where it ends."""
    left = _moved().sub("", pattern("strong").sub("", pattern("weak").sub("", actual)))
    return left in {"", "了", "得到"} and not (_moved().search(target) or pattern("strong").search(target))


def hedged(target: str, actual: str) -> bool:
    """Tell a word of lesser degree before the target's (`较为完善` for `完善`) that the target has not."""
    hedge = table("states")["hedges"]
    return actual.startswith(tuple(hedge)) and not any(word in target for word in hedge)


def graded_elsewhere(target: str, actual: str) -> bool:
    """Tell a grade (`良好` of 优良中差) that is answered by a word which is none (`较好`)."""
    return any(target in ranks and actual not in ranks for ranks in _ranks())


def of_another_period(target: str, actual: str) -> bool:
    """Tell a longer or shorter period than the one asked for: `按月发放`, `按季发放`."""
    asked, told = (
        {at for at, words in enumerate(table("states")["periods"]) if any(word in text for word in words)}
        for text in (target, actual)
    )
    return bool(asked and told) and asked.isdisjoint(told)


def of_a_period(words: str) -> bool:
    """Tell words that say no more than how often it is done (`按月发放`)."""
    periods = [word for row in table("states")["periods"] for word in row]
    return words.startswith(tuple(periods)) and not (_DAY.search(words) or pattern("on_time").search(words))


_DAY = re.compile("[0-9][日号]")


def moved_without_degree(target: str, actual: str) -> bool:
    """Tell a change of which no degree is told (`得到提升`) where a strong one is asked for (`显著提升`)."""
    if not (pattern("strong").search(target) and _moved().search(target)) or pattern("strong").search(actual):
        return False
    return _moved().sub("", actual) in {"", "了", "得到", "有", "已"}


def only_how_long(target: str, actual: str) -> bool:
    """Tell an actual that says no more than how long (`中长期`) where another change is asked for."""
    asked = _moved().search(target) and not pattern("lasting").search(target)
    return bool(asked and pattern("lengths").fullmatch(actual))


@cache
def _change() -> re.Pattern[str]:
    """Build the search for a change, in whichever way, that is not ruled out."""
    moves = [word for moves in table("states")["moves"] for word in moves]
    wanted = [word for pair in table("states")["opposites"][:_OF_CHANGE] for word in pair[0]]
    onward = rf"(?:{any_of(table('states')['onward'])})(?:完善|健全|巩固|加强|深化|丰富|壮大|夯实)"
    return re.compile(
        rf"(?<![不未无没])(?:{any_of({*moves, *wanted, *table('demands')['changing']})})|{onward}"
    )


_OF_CHANGE = 4  # the rows of the opposites behind these are of standstills and periods
_YES = ("是", "对", "√")
_KEPT = re.compile("保持|维持")


def is_a_change(target: str) -> bool:
    """Tell a target that asks for a change (`进一步提升`), and for none to be ruled out (`不降低`)."""
    return _change().search(target) is not None and not _NEGATING.search(target.replace("不断", ""))


def only_a_level(target: str, actual: str) -> bool:
    """Tell a level (`较好`) where a change is asked for (`进一步提升`): it says not what was before."""
    if not is_a_change(target) or actual in _YES or _well_said(_KEPT.sub("", actual), []) is not Said.GOOD:
        return False
    return not (_change().search(actual) or pattern("strong").search(actual.replace("较大", "")))


@cache
def _contraries() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in table("states")["contraries"])


def contrary(target: str, actual: str) -> bool:
    """Tell whether yes is answered by no, or no by yes."""
    return frozenset((target, actual)) in _contraries()


def weaker(target: str, actual: str) -> bool:
    """Tell whether an actual is of a lesser degree than its target (`显著提升` answered by `有所提升`)."""
    weak = pattern("weak")
    if pattern("onward").search(target) and pattern("slight").search(actual):
        return not (pattern("onward").search(actual) or pattern("slight").search(target))
    if pattern("lasting").search(target) and not pattern("going_on").search(actual):
        return any(pattern(once).search(actual) for once in ("strong", "this_year"))
    strong = pattern("strong")
    return bool(strong.search(target) and weak.search(actual) and not strong.search(actual))


def lacks_degree(target: str, actual: str) -> bool:
    """Tell whether a strong target (`效果显著`) is answered without any word of degree."""
    strong, whole_words = pattern("strong"), pattern("reached")
    return bool(strong.search(target)) and not (strong.search(actual) or whole_words.search(actual))


def wants_absence(words: str) -> bool:
    """Tell whether a target in words asks that something bad stays away (`无上访`, `零事故`, `无`)."""
    if _NONE.fullmatch(words):
        return True
    words = _OPENING.sub("", words)
    if pattern("flawless").search(words):
        return len(words) < _SHORT
    found = _absence().match(words)
    return found is not None and found["bad"] is not None and len(words) < _SHORT


@cache
def _proofs() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    pairs = table("states")["proofs"]
    return tuple((re.compile(any_of(wanted)), re.compile(any_of(bad))) for wanted, bad in pairs)


def complements(name: str) -> bool:
    """Tell the name of a rate that counts what is left of all without trouble: 准确率, but not 播出安全率."""
    return pattern("complements").search(name) is not None


def troubles(words: str) -> set[str]:
    """Give the bad things that a text names."""
    return set(pattern("bad").findall(words))


def of_another_trouble(name: str, words: str) -> bool:
    """Tell words of something else than what the name limits: `纠纷` under 责任事故, `优良天数`."""
    wanted, told = troubles(name), troubles(words)
    if told or not wanted:
        return bool(wanted and told) and wanted.isdisjoint(told)
    return any(word not in name for word in pattern("sound").findall(words))


def narrower(asked: str, told: str) -> bool:
    """Tell what is told as narrowed (`重大事故`) in a way in which what is asked is not."""
    return any(row.search(told) is not None and row.search(asked) is None for row in groups("narrowing"))


def excepts(words: str) -> bool:
    """Tell words that leave some out of all (`除2个村外全覆盖`)."""
    return _EXCEPT.search(words) is not None


def denies(words: str) -> bool:
    """Tell words that deny something bad, whatever else they say."""
    return _absence().search(words) is not None


def proves(target: str, actual: str) -> bool:
    """Tell whether what an actual denies is just what its target guards against (`安全`: `无事故`)."""
    return any(wanted.search(target) and bad.search(actual) for wanted, bad in _proofs())


def wants_none(words: str) -> bool:
    """Tell whether a target in words begins by denying (`无辍学学生`), whatever it denies."""
    return len(words) < _SHORT and _OPENING.sub("", words).startswith(
        ("无", "零", "没有", "不", "未发生", "杜绝", "避免", "防止", "防范", "遏制", "严防")
    )


def negations(words: str) -> int:
    """Count the negations in a text: a copy of a target has as many as the target."""
    return len(_NEGATED.findall(words))


@cache
def _before_an_event() -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern('events').pattern}|{any_of(table('feasts'))})(?:前|期间|后|时)")


def before_an_event(words: str) -> bool:
    """Tell words that name a time by an event whose date nobody prints: `汛前`, `开学前`."""
    return _before_an_event().search(words) is not None
