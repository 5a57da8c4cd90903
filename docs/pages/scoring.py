"""How perfkit reads a cell and scores it: the grammar, and the profiles side by side."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.language import Text
from perfkit.profile import PARTS
from perfkit.profiles import load_profile, profile_names
from perfkit.profiles.in_words import Rule, cited, profile_table
from perfkit.rollup import roll_up
from perfkit.scoring import Status, score
from perfkit.text import say
from perfkit.values import explain_row, grammar
from perfkit.values.vocabulary import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfkit.profile import Profile

PAGE = "scoring.md"

PROSE = {"en": Path(__file__).with_suffix(".txt"), "zh": Path(__file__).with_suffix(".zh.txt")}

STATES = (
    (
        "agrees",
        Text(
            "单位填的就是核算的，按所填的小数位比，最粗按一位小数",
            "the declared figure is the computed one, at its own precision, one decimal at the coarsest",
        ),
        Text("单位自评", "declared"),
    ),
    (
        "agrees",
        Text(
            "没有填得分，规则给出了分数：没有什么与它矛盾（PK215 指出这一行）",
            "nothing is declared, and the rule gives a figure: nothing contradicts it (PK215 names the row)",
        ),
        Text("按规则核算", "computed"),
    ),
    (
        "judged",
        Text(
            "只能由人评定，并且评了：文字没有完全达到、逾期、给出的评判、叙述，得分在规则留出的余地之内",
            "only a person can say, and has: words within the band of their rating, a late date "
            "below its weight, prose",
        ),
        Text("单位自评", "declared"),
    ),
    (
        "judged",
        Text(
            "已达目标而有扣分，写了原因，或规则留给人定",
            "the target is met and points are off, with a reason",
        ),
        Text("单位自评", "declared"),
    ),
    (
        "judged",
        Text(
            "核查人员给了分，并且规则让它计入",
            "a reviewer has scored the row, and the profile lets that count",
        ),
        Text("核查得分", "the review"),
    ),
    (
        "lower",
        Text(
            "单位填的比规则给的低：perfkit 绝不替单位加分（规则另有规定的除外）",
            "the declared figure is below what the rule gives: perfkit never raises a unit's own score, "
            "unless the profile says so",
        ),
        Text("单位自评", "declared"),
    ),
    (
        "differs",
        Text("单位填的超出规则所允许", "the declared figure is above what the rule allows"),
        Text("按规则核算；由人评定的行取区间的上限", "computed; of a judged row the upper end of its band"),
    ),
    (
        "unscored",
        Text(
            "没有填，也算不出；总分不完整，不定等级", "nothing is declared, nothing can be computed; no grade"
        ),
        Text("无", "nothing"),
    ),
)
_VERDICTS = {
    "met": "达成", "partly": "部分达成", "missed": "未达成", "judgement": "由人判断",
    "unverifiable": "无法核实",
}  # fmt: skip
_HEADS = {
    "`status`": "`status`", "when": "什么时候", "what counts": "计入的", "family": "类别", "means": "意思",
    "target → actual: verdict": "目标 → 实际：判断", "profile": "规则", "is": "名称",
    "starts from": "以此为底",
    "source": "依据", "rule": "规则", "section": "节", "setting": "设置", "values": "取值", "default": "默认",
    "`order`": "`order`", "the row is worth": "这一行的得分", "how it came about": "说明",
}  # fmt: skip

MORE_SECTIONS = (
    ("weights", "execution", Text("预算执行一行的分值", "points of the budget line")),
    ("weights", "level1", Text("各一级指标的分值", "points by level 1, a mapping")),
    (
        "weights",
        "alternatives",
        Text("允许的其他分法，一个列表", "other splits by level 1 that are allowed, a list of mappings"),
    ),
    (
        "weights",
        "required_level2",
        Text("表上必须有的二级指标，一个列表", "level-2 types that a form must have, a list"),
    ),
    (
        "grades",
        "bands",
        Text("`name` 和 `at_least` 的列表，从高到低", "a list of `name` and `at_least`, from the best down"),
    ),
    (
        "severities",
        "PK107 …",
        Text("一类问题的级别：`error`、`warning` 或 `info`", "`error`, `warning` or `info` for a finding"),
    ),
    ("ignore", "", Text("不报的问题代码，一个列表", "a list of codes of findings")),
    (
        "scored",
        "",
        Text(
            "`true`；没有分值和得分的表为 `false`", "`true`, or `false` for forms without weights and scores"
        ),
    ),
)


def text(language: str = "en") -> str:
    """Give the page in a language: its prose with the tables in their places."""
    profiles = [load_profile(name) for name in profile_names()]
    page = PROSE[language].read_text(encoding="utf-8")
    for place, lines in (
        ("grammar", _families(language)),
        ("why", _why()),
        ("words", _words(language)),
        ("states", _states(language)),
        ("example", _example()),
        ("rollup", _rollup(language)),
        ("profiles", (*_names(profiles, language), *_topics(profiles, language))),
        ("settings", _settings(language)),
    ):
        page = page.replace(f"{{{{{place}}}}}", "\n".join(lines).rstrip())
    return page


_ROW = Indicator(name="案件办结率", level2="质量指标", target="≥90%", actual="共受理120件，办结102件")
_CASES = f"""\
# params/forms/cases.yaml
project: 案件办理经费
year: 2023
indicators:
  - level2: {_ROW.level2}
    name: {_ROW.name}
    target: {_ROW.target}
    actual: {_ROW.actual}
    weight: 10
    score: 8
"""


def _why() -> Iterator[str]:
    """Explain a row whose rate is worked out from two counts, as the command prints it."""
    yield from ("```yaml", *_CASES.splitlines(), "```", "")
    yield from ("```console", "$ perfkit score params/forms/cases.yaml --why 1 --language zh")
    yield from (*explain_row(_ROW, 2023).lines("zh", say("values.head", row=1, name=_ROW.name)), "```")


def _table(language: str, *heads: str) -> Iterator[str]:
    told = [_HEADS[head] if language == "zh" else head for head in heads]
    yield f"| {' | '.join(told)} |"
    yield f"|{' --- |' * len(heads)}"


def _families(language: str) -> Iterator[str]:
    yield from _table(language, "family", "means", "target → actual: verdict")
    for family in grammar():
        examples = "; ".join(
            f"`{one.target}` → `{one.actual}`: {_verdict(one.verdict, language)}" for one in family.examples
        )
        name = family.name.zh if language == "zh" else f"{family.name.en} · {family.name.zh}"
        yield f"| {name} | {family.meaning[language]} | {examples} |"


def _verdict(verdict: str, language: str) -> str:
    return _VERDICTS[str(verdict)] if language == "zh" else str(verdict)


def _words(language: str) -> Iterator[str]:
    """Yield the words of each family; the counters of one kind of thing stand together, without its name."""
    kinds: dict[str, str] = table("units")["kin"]
    for family in grammar():
        if family.words:
            words = [kinds.get(word, word).replace(" ", "、") for word in dict.fromkeys(family.words)]
            told = ("；" if set(family.words) <= set(kinds) else "、").join(words)
            name = (
                f"**{family.name.zh}**："
                if language == "zh"
                else f"**{family.name.en}** · {family.name.zh}: "
            )
            yield f"- {name}{told}"


def _states(language: str) -> Iterator[str]:
    yield from _table(language, "`status`", "when", "what counts")
    for status, when, counts in STATES:
        yield f"| `{Status(status)}` | {when[language]} | {counts[language]} |"


def _example() -> Iterator[str]:
    row = Indicator(
        "全年培训课时", "产出指标", "数量指标", ">=300课时", "32课时", Decimal(1), Decimal("0.1"), "疫情停办"
    )
    told = score(Form("领导干部培训经费", 2022, indicators=(row,))).indicators[0].explanation
    yield f"> {told.zh}"
    yield ">"
    yield f"> {told.en}"


def _rollup(language: str) -> Iterator[str]:
    """Yield a row of two units and what becomes of it in either order."""
    cells = (("甲", 200, "≥10场", "3场"), ("乙", 800, "≥20场", "25场"))
    forms = [
        Form(
            "道路养护",
            2022,
            unit=unit,
            budget=Budget(Fund(adjusted=Decimal(budget))),
            indicators=(Indicator("培训场次", "产出指标", "数量指标", target, actual, Decimal(10)),),
        )
        for unit, budget, target, actual in cells
    ]
    summed = load_profile("hubei")
    scored = replace(summed, roll_up=replace(summed.roll_up, order="score_then_sum"))
    yield from _table(language, "`order`", "the row is worth", "how it came about")
    for rules in (summed, scored):
        line = roll_up(forms, rules).lines[1]
        yield f"| `{rules.roll_up.order}` | {line.score} | {line.explanation[language]} |"


def _names(profiles: list[Profile], language: str) -> Iterator[str]:
    yield from _table(language, "profile", "is", "starts from", "source")
    for profile in profiles:
        above = f"`{profile.extends}`" if profile.extends else ""
        yield f"| `{profile.name}` | {profile.title[language]} | {above} | {profile.source[language]} |"
    yield ""


def _topics(profiles: list[Profile], language: str) -> Iterator[str]:
    """Yield a table for each topic: profiles that say the same from the same source share a row."""
    for rules in zip(*(profile_table(profile) for profile in profiles), strict=True):
        yield f"### {rules[0].topic[language]}\n"
        yield from _table(language, "profile", "rule", "source")
        same: dict[tuple[str, str], list[str]] = {}
        for profile, rule in zip(profiles, rules, strict=True):
            same.setdefault(_said(rule, language), []).append(f"`{profile.name}`")
        for said, names in same.items():
            yield f"| {', '.join(names)} | {' | '.join(said)} |"
        yield ""


def _said(rule: Rule, language: str) -> tuple[str, str]:
    return rule.rule[language], cited(rule.source, language)


def _settings(language: str) -> Iterator[str]:
    yield from _table(language, "section", "setting", "values", "default")
    for section, setting, meaning in MORE_SECTIONS:
        yield f"| `{section}` | {f'`{setting}`' if setting else ''} | {meaning[language]} | |"
    national = load_profile("mof-2020")
    for section in (*PARTS, "thresholds"):
        kind = type(getattr(national, section))
        hints = get_type_hints(kind)
        for each in fields(kind):
            if each.name != "source":
                default = _default(each.default)
                yield f"| `{section}` | `{each.name}` | {_values(hints[each.name], language)} | {default} |"
    yield ""


def _values(kind: Any, language: str) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    return next((meaning[language] for name, meaning in KINDS.items() if name in str(kind)), str(kind))


KINDS = {
    "Step": Text(
        "`at_least` 和 `percent` 的列表，从高到低",
        "a list of `at_least` and `percent`, from the highest down",
    ),
    "Cap": Text("`below` 和 `at_most` 的列表", "a list of `below` and `at_most`"),
    "Rounding": Text(
        "`mode`（`half_up`、`half_even`、`up`、`down`）和 `digits`",
        "`mode` (`half_up`, `half_even`, `up`, `down`) and `digits`",
    ),
    "bool": Text("`true`、`false`", "`true`, `false`"),
    "Decimal": Text("一个数", "a figure"),
    "int": Text("一个整数", "a whole number"),
}


def _default(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if hasattr(value, "digits"):
        return f"`{value.mode}`, {value.digits}"
    if value in (None, ()):
        return ""
    return f"`{str(value).lower()}`"
