"""A rule set in words: its topics, what each says, and where it comes from, side by side if need be.

Made from the settings that scoring uses and the phrases in `words/rules.yaml`, so that the page, the
command and the scores tell the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfkit.language import Language, Text
from perfkit.profile import Cite, Profile, Rounding, Step
from perfkit.text.folding import own_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = Path(__file__).parent / "words" / "rules.yaml"


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold what a rule set says on one topic, its source, and what it changes of its base (`before`)."""

    key: str
    topic: Text
    rule: Text
    source: Cite
    before: Text = field(default_factory=Cite)


def profile_table(profile: Profile) -> tuple[Rule, ...]:
    """Give a rule set topic by topic, in the same order for every profile."""
    return tuple(_rule(key, profile, source) for key, source in _sources(profile).items())


def rolling(profile: Profile) -> Rule:
    """Give what a rule set says on the forms of several units (多单位汇总)."""
    return _rule("roll_up", profile, profile.roll_up.source)


def _rule(key: str, profile: Profile, source: Cite) -> Rule:
    rule = _both(key, profile)
    said = rule.zh != words()["none"]["zh"]
    before = Text(_before(key, profile, "zh"), _before(key, profile, "en"))
    return Rule(key, Text(**words()["topics"][key]), rule, source if said else Cite(), before)


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Give the phrases by topic, setting and value."""
    found: dict[str, Any] = own_yaml(WORDS.read_text(encoding="utf-8"))
    return found


def _sources(profile: Profile) -> dict[str, Cite]:
    quantity = profile.quantity.source
    return {
        "weights": profile.weights_source,
        "execution": profile.execution.source,
        "at_least": quantity,
        "at_most": quantity,
        "equal": quantity,
        "over_achievement": profile.over_achievement.source,
        "qualitative": profile.qualitative.source,
        "satisfaction": profile.satisfaction.source,
        "timeliness": profile.timeliness.source,
        "totalling": profile.totalling.source,
        "caps": profile.totalling.source,
        "corrections": profile.corrections.source,
        "grades": profile.grades_source,
        "roll_up": profile.roll_up.source,
        "thresholds": profile.thresholds.source,
        "findings": Cite(),
    }


def _both(key: str, profile: Profile) -> Text:
    return Text(_told(key, profile, "zh"), _told(key, profile, "en"))


def _told(key: str, profile: Profile, language: Language) -> str:
    """Tell one topic in one language."""
    return _joined(_parts(key, profile, language), language)


def _parts(key: str, profile: Profile, language: Language) -> list[str]:
    """Give the settings of a topic in words; a form without scores has none on scoring."""
    if not profile.scored and key not in _UNSCORED:
        return []
    return [part for part in _TOPICS[key](_Speaker(profile, language)) if part]


def _joined(parts: list[str], language: Language) -> str:
    return str(words()["join"][language]).join(parts) or str(words()["none"][language])


def _before(key: str, profile: Profile, language: Language) -> str:
    """Tell what the base says where the profile says otherwise, nothing where the two say the same."""
    if profile.base is None:
        return ""
    now, then = (_parts(key, one, language) for one in (profile, profile.base))
    if now == then:
        return ""
    rule = _joined([part for part in then if part not in now] or then, language)
    return str(words()["before"][language]).format(above=profile.base.name, rule=rule)


class _Speaker:
    """Say the settings of a profile in one language."""

    def __init__(self, profile: Profile, language: Language) -> None:
        self.profile = profile
        self.language = language

    def say(self, *path: str, **facts: object) -> str:
        """Give the phrase at a path, with its figures."""
        found: Any = words()
        for step in path:
            found = found[step]
        return str(found[self.language]).format(**facts)

    def round(self, figure: str, rule: Rounding) -> str:
        return self.say("rounding", rule.mode, figure=self.say("figures", figure), digits=rule.digits)

    def weights(self) -> Iterator[str]:
        profile = self.profile
        named = self.say("topics", "execution")
        yield f"{named} {profile.execution_weight:f}"
        for level1, points in profile.level1_weights.items():
            yield f"{level1} {points:f}"

    def execution(self) -> Iterator[str]:
        rules, scored = self.profile.execution, self.profile.scored
        yield self.say("execution", "budget", rules.budget)
        yield self.round("rate", rules.rate)
        if not scored:
            return
        yield self.say("execution", "method", rules.method, steps=steps(rules.steps, "%"))
        if rules.pass_line is not None:
            yield self.say("execution", "pass_line", pass_line=rules.pass_line)
        yield self.say("execution", "capped", str(rules.capped))
        yield self.say("execution", "zero_budget", rules.zero_budget)
        yield self.say("execution", "points_from", rules.points_from)

    def at_least(self) -> Iterator[str]:
        rules = self.profile.quantity
        yield self.say("at_least", rules.at_least)
        if rules.pass_line is not None:
            yield self.say("at_least", "pass_line", pass_line=rules.pass_line)

    def at_most(self) -> Iterator[str]:
        yield self.say("at_most", self.profile.quantity.at_most)

    def equal(self) -> Iterator[str]:
        rules = self.profile.quantity
        yield self.say("above_equal", rules.above_equal)
        yield self.say("zero_target", rules.zero_target)
        if rules.compare_digits is not None:
            yield self.say("compare_digits", compare_digits=rules.compare_digits)

    def over_achievement(self) -> Iterator[str]:
        rules = self.profile.over_achievement
        table = steps(rules.steps, "")
        yield self.say(
            "over_achievement", rules.method, threshold=rules.threshold, points=rules.points, steps=table
        )
        if rules.against == "initial":
            yield self.say("over_achievement", "initial")

    def qualitative(self) -> Iterator[str]:
        rules = self.profile.qualitative
        yield self.say("qualitative", "bands", met_from=rules.met_from, partly_from=rules.partly_from)
        yield self.say("qualitative", rules.boundary)
        yield self.say("qualitative", rules.method)
        yield self.say("not_done", rules.not_done)
        yield self.say("basically", rules.basically)

    def satisfaction(self) -> Iterator[str]:
        rules = self.profile.satisfaction
        yield self.say("satisfaction", rules.method, steps=steps(rules.steps, "%"))

    def timeliness(self) -> Iterator[str]:
        rules = self.profile.timeliness
        yield self.say("timeliness", rules.method, percent=rules.percent)
        if rules.late_at_most is not None:
            yield self.say(
                "timeliness", "late_band", late_at_least=rules.late_at_least, late_at_most=rules.late_at_most
            )

    def totalling(self) -> Iterator[str]:
        rules = self.profile.totalling
        yield self.round("row", rules.row)
        yield self.say("not_applicable", rules.not_applicable)
        yield self.say("no_evidence", rules.no_evidence)

    def caps(self) -> Iterator[str]:
        named = self.say("topics", "execution")
        for cap in self.profile.totalling.caps:
            yield f"{named} < {cap.below:f}% → ≤ {cap.at_most:f}"

    def corrections(self) -> Iterator[str]:
        rules = self.profile.corrections
        yield self.say("deduction", rules.deduction)
        yield self.say("review", rules.review)
        yield self.say("lower", rules.lower)

    def grades(self) -> Iterator[str]:
        for grade in self.profile.grades:
            yield f"{grade.name} ≥ {grade.at_least:f}"

    def thresholds(self) -> Iterator[str]:
        lines = self.profile.thresholds
        for line in fields(lines):
            if line.name != "source":
                yield self.say("thresholds", line.name, line=getattr(lines, line.name))

    def findings(self) -> Iterator[str]:
        for code, severity in self.profile.severities.items():
            yield self.say("findings", severity, code=code)
        for code in self.profile.ignore:
            yield self.say("findings", "ignore", code=code)

    def roll_up(self) -> Iterator[str]:
        rules = self.profile.roll_up
        yield self.say("roll_up", "order", rules.order)
        if rules.order == "score_then_sum":
            yield self.say("roll_up", "totals", rules.totals)
        else:
            yield self.say("roll_up", "amounts", rules.amounts)
            yield self.say("roll_up", "rates", rules.rates)


_TOPICS = {
    "weights": _Speaker.weights,
    "execution": _Speaker.execution,
    "at_least": _Speaker.at_least,
    "at_most": _Speaker.at_most,
    "equal": _Speaker.equal,
    "over_achievement": _Speaker.over_achievement,
    "qualitative": _Speaker.qualitative,
    "satisfaction": _Speaker.satisfaction,
    "timeliness": _Speaker.timeliness,
    "totalling": _Speaker.totalling,
    "caps": _Speaker.caps,
    "corrections": _Speaker.corrections,
    "grades": _Speaker.grades,
    "roll_up": _Speaker.roll_up,
    "thresholds": _Speaker.thresholds,
    "findings": _Speaker.findings,
}
_UNSCORED = ("execution", "roll_up", "thresholds", "findings")


def steps(table: tuple[Step, ...], unit: str) -> str:
    """Print a table of steps: `≥90% → 100%, ≥80% → 80%`."""
    return ", ".join(f"≥{step.at_least:f}{unit} → {step.percent:f}%" for step in table)


def cited(source: Cite, language: Language) -> str:
    """Give a source with its mark, if it has one."""
    mark = str(words()["marks"][source.mark][language])
    return f"{source[language]}{mark}" if source[language] else ""
