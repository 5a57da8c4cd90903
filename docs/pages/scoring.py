"""How perfkit reads a cell and scores it: the grammar, and the profiles side by side."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from perfkit.form import Budget, Form, Fund, Indicator
from perfkit.profile import Profile, load_profile, profile_names
from perfkit.profiles.settings import PARTS
from perfkit.profiles.table import Rule, cited, profile_table
from perfkit.rollup import roll_up
from perfkit.scoring import Status, score
from perfkit.values import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = "scoring.md"

PROSE = Path(__file__).with_suffix(".txt")

STATES = (
    (
        "agrees",
        "the declared figure is the computed one, at its own precision, one decimal at the coarsest",
        "declared",
    ),
    (
        "agrees",
        "nothing is declared, and the rule gives a figure: nothing contradicts it (PK215 names the row)",
        "computed",
    ),
    (
        "judged",
        "only a person can say, and has: words that fall short, a late date, a rating, prose",
        "declared",
    ),
    (
        "judged",
        "the target is met and points are off, with a reason, or where the profile leaves it open",
        "declared",
    ),
    ("judged", "a reviewer has scored the row, and the profile lets that count", "the review"),
    ("differs", "the declared figure contradicts the rule", "computed"),
    (
        "unscored",
        "nothing is declared, nothing can be computed; the total is incomplete, without grade",
        "nothing",
    ),
)

MORE_SECTIONS = (
    ("weights", "execution", "points of the budget line"),
    ("weights", "level1", "points by level 1, a mapping"),
    ("weights", "alternatives", "other splits by level 1 that are allowed, a list of mappings"),
    ("weights", "required_level2", "level-2 types that a form must have, a list"),
    ("grades", "bands", "a list of `name` and `at_least`, from the best down"),
    ("severities", "PK107 …", "`error`, `warning` or `info` for a finding"),
    ("ignore", "", "a list of codes of findings"),
    ("scored", "", "`true`, or `false` for forms without weights and scores"),
)


def text() -> str:
    """Give the page: the prose of scoring.txt with the tables in their places."""
    profiles = [load_profile(name) for name in profile_names()]
    page = PROSE.read_text(encoding="utf-8")
    for place, lines in (
        ("grammar", _families()),
        ("words", _words()),
        ("states", _states()),
        ("example", _example()),
        ("rollup", _rollup()),
        ("profiles", (*_names(profiles), *_topics(profiles))),
        ("settings", _settings()),
    ):
        page = page.replace(f"{{{{{place}}}}}", "\n".join(lines).rstrip())
    return page


def _table(*heads: str) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"


def _families() -> Iterator[str]:
    yield from _table("family", "means", "", "target → actual: verdict")
    for family in grammar():
        examples = "; ".join(f"`{one.target}` → `{one.actual}`: {one.verdict}" for one in family.examples)
        name, meaning = family.name, family.meaning
        yield f"| {name.en} · {name.zh} | {meaning.en} | {meaning.zh} | {examples} |"


def _words() -> Iterator[str]:
    for family in grammar():
        if family.words:
            yield f"- **{family.name.en}** · {family.name.zh}: {'、'.join(dict.fromkeys(family.words))}"


def _states() -> Iterator[str]:
    yield from _table("`status`", "when", "what counts")
    for status, when, counts in STATES:
        yield f"| `{Status(status)}` | {when} | {counts} |"


def _example() -> Iterator[str]:
    row = Indicator(
        "全年培训课时", "产出指标", "数量指标", ">=300课时", "32课时", Decimal(1), Decimal("0.1"), "疫情停办"
    )
    told = score(Form("领导干部培训经费", 2022, indicators=(row,))).indicators[0].explanation
    yield f"> {told.zh}"
    yield ">"
    yield f"> {told.en}"


def _rollup() -> Iterator[str]:
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
    yield from _table("`order`", "the row is worth", "how it came about", "说明")
    for rules in (summed, scored):
        line = roll_up(forms, rules).lines[1]
        yield f"| `{rules.roll_up.order}` | {line.score} | {line.explanation.en} | {line.explanation.zh} |"


def _names(profiles: list[Profile]) -> Iterator[str]:
    yield from _table("profile", "is", "名称", "starts from", "source")
    for profile in profiles:
        above = f"`{profile.extends}`" if profile.extends else ""
        titles = f"{profile.title.en} | {profile.title.zh}"
        yield f"| `{profile.name}` | {titles} | {above} | {profile.source.en} |"
    yield ""


def _topics(profiles: list[Profile]) -> Iterator[str]:
    """Yield a table for each topic: profiles that say the same from the same source share a row."""
    for rules in zip(*(profile_table(profile) for profile in profiles), strict=True):
        yield f"### {rules[0].topic.en} · {rules[0].topic.zh}\n"
        yield from _table("profile", "rule", "规则", "source")
        same: dict[tuple[str, str, str], list[str]] = {}
        for profile, rule in zip(profiles, rules, strict=True):
            same.setdefault(_said(rule), []).append(f"`{profile.name}`")
        for said, names in same.items():
            yield f"| {', '.join(names)} | {' | '.join(said)} |"
        yield ""


def _said(rule: Rule) -> tuple[str, str, str]:
    return rule.rule.en, rule.rule.zh, cited(rule.source, "en")


def _settings() -> Iterator[str]:
    yield from _table("section", "setting", "values", "default")
    for section, setting, meaning in MORE_SECTIONS:
        yield f"| `{section}` | {f'`{setting}`' if setting else ''} | {meaning} | |"
    national = load_profile("mof-2020")
    for section in (*PARTS, "thresholds"):
        kind = type(getattr(national, section))
        hints = get_type_hints(kind)
        for each in fields(kind):
            if each.name != "source":
                default = _default(each.default)
                yield f"| `{section}` | `{each.name}` | {_values(hints[each.name])} | {default} |"
    yield ""


def _values(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    return next((meaning for name, meaning in KINDS.items() if name in str(kind)), str(kind))


KINDS = {
    "Step": "a list of `at_least` and `percent`, from the highest down",
    "Cap": "a list of `below` and `at_most`",
    "Rounding": "`mode` (`half_up`, `half_even`, `up`, `down`) and `digits`",
    "bool": "`true`, `false`",
    "Decimal": "a figure",
    "int": "a whole number",
}


def _default(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if hasattr(value, "digits"):
        return f"`{value.mode}`, {value.digits}"
    if value in (None, ()):
        return ""
    return f"`{str(value).lower()}`"
