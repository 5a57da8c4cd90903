"""The rule sets that perfkit ships and those of an office: found by name or path, read with their base.

A file gives only what differs from the profile it extends. Sections are merged key by key; a section that a
file sets without naming a source is cited to that file, not to the act it departs from. What may stand
in a section are the fields of the frozen part in `perfkit.profile` that it becomes, with their types and
limits, so that file, noun and documentation cannot come to differ.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from perfkit.errors import Fault, SettingsError
from perfkit.language import LANGUAGES, Text
from perfkit.plugins import profile_folders
from perfkit.profile import (
    Cite,
    Corrections,
    Execution,
    Grade,
    OverAchievement,
    Percent,
    Profile,
    Qualitative,
    Quantity,
    RollingUp,
    Satisfaction,
    Thresholds,
    Timeliness,
    Totalling,
)
from perfkit.profiles.yamlfile import HOME, WHOLE, Key, Loaded, faults_of, load_yaml, nearest
from perfkit.text import say
from perfkit.workspace import find_workspace, is_file

__all__ = ["load_profile", "profile_names"]


Code = Annotated[str, Field(pattern=r"^PK\d{3}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Weights(_Part):
    """Hold the points of the budget line and of each level-1 type, and the level-2 types required."""

    execution: Percent = Decimal(10)
    level1: dict[str, Percent] = Field(default_factory=dict)
    alternatives: tuple[dict[str, Percent], ...] = ()
    required_level2: tuple[str, ...] = ()
    source: Cite = Cite()


class Grades(_Part):
    """Hold the grades from the best down, each with the least total that earns it."""

    bands: tuple[Grade, ...] = ()
    source: Cite = Cite()

    @model_validator(mode="after")
    def _fall(self) -> Grades:
        floors = [band.at_least for band in self.bands]
        if floors != sorted(floors, reverse=True):
            raise ValueError(say("expected.grades_fall"))
        return self


class ProfileFile(_Part):
    """Hold a profile file with everything that it inherits filled in."""

    title: Text
    source: Cite = Cite()
    scored: bool = True
    weights: Weights = Weights()
    execution: Execution = Execution()
    quantity: Quantity = Quantity()
    over_achievement: OverAchievement = OverAchievement()
    qualitative: Qualitative = Qualitative()
    satisfaction: Satisfaction = Satisfaction()
    timeliness: Timeliness = Timeliness()
    totalling: Totalling = Totalling()
    roll_up: RollingUp = RollingUp()
    corrections: Corrections = Corrections()
    grades: Grades = Grades()
    thresholds: Thresholds = Thresholds()
    severities: dict[Code, Literal["error", "warning", "info"]] = Field(default_factory=dict)
    ignore: tuple[Code, ...] = ()

    def profile(self, name: str, extends: str = "", file: str = "") -> Profile:
        """Give the frozen rule set that scoring uses."""
        return Profile(
            name=name,
            title=self.title,
            source=self.source,
            execution_weight=self.weights.execution,
            level1_weights=dict(self.weights.level1),
            level1_alternatives=tuple(dict(split) for split in self.weights.alternatives),
            required_level2=self.weights.required_level2,
            grades=self.grades.bands,
            thresholds=self.thresholds,
            severities=dict(self.severities),
            ignore=self.ignore,
            scored=self.scored,
            extends=extends,
            file=file,
            execution=self.execution,
            quantity=self.quantity,
            over_achievement=self.over_achievement,
            qualitative=self.qualitative,
            satisfaction=self.satisfaction,
            timeliness=self.timeliness,
            totalling=self.totalling,
            roll_up=self.roll_up,
            corrections=self.corrections,
            weights_source=self.weights.source,
            grades_source=self.grades.source,
        )


# the sections that name a source of their own
CITED = [
    key
    for key, info in ProfileFile.model_fields.items()
    if key not in WHOLE and hasattr(info.default, "source")
]

SHIPPED = (
    "mof-2020",
    "mof-2021",
    "integrated-system",
    "integrated-system-guangxi",
    "rate-cap-2022",
    "hubei",
    "rescaled",
    "sichuan-2023",
    "shanghai-2022",
    "transfer",
)


@lru_cache(maxsize=64)
def _built(keys: tuple[Key, ...]) -> Profile:
    """Build the profile of a chain of files, from the root down; kept while none of them changes."""
    chain = [load_yaml(key.path) for key in keys]
    own = chain[-1]
    settings = _merged(chain)
    extends = settings.pop("extends", "") or ""
    if extends:
        settings |= _named(own)
    _one_line(settings, chain)
    try:
        built = ProfileFile.model_validate(settings).profile(own.name, str(extends), own.shown)
    except ValidationError as error:
        raise SettingsError.of(faults_of(error, chain, ProfileFile)) from None
    return replace(built, base=_base(keys[:-1]))


def _base(keys: tuple[Key, ...]) -> Profile | None:
    """Give the profile that one departs from, where it is whole by itself."""
    try:
        return _built(keys) if keys else None
    except SettingsError:
        return None


def find(name: str | Path, near: str | Path = "") -> Path:
    """Give the file of a profile: a shipped name, a path, or `profiles/NAME.yaml` beside the work."""
    text = str(name)
    if text in SHIPPED:
        return HOME / f"{text}.yaml"
    roots = _roots(near)
    places = [root / text for root in roots]
    if not text.endswith((".yaml", ".yml")):
        named = f"{text}.yaml"
        places = [place for root in roots for place in (root / "profiles" / named, root / named)] + places
    found = next((place for place in places if is_file(place)), None) or _brought(text)
    if found is None:
        raise SettingsError(_unknown(text, roots))
    return found


def _brought(name: str) -> Path | None:
    """Give the profile of this name that another package brings."""
    return next((path for path in _all_brought() if path.stem == name), None)


def _all_brought() -> list[Path]:
    return [path for folder in profile_folders() for path in sorted(folder.glob("*.yaml"))]


def _roots(near: str | Path) -> list[Path]:
    """Give the folders to look in: `near`, the workspace it lies in, and the current folder."""
    roots = [Path(near)] if str(near) else []
    return [*roots, find_workspace(near or None), Path.cwd()]


def _unknown(name: str, roots: list[Path]) -> Fault:
    own = {path.stem for root in roots for path in (root / "profiles").glob("*.yaml")}
    own |= {path.stem for path in _all_brought()}
    known = (*SHIPPED, *sorted(own - set(SHIPPED)))
    close = nearest(name, known)
    return Fault(
        say("faults.there_no_such_profile"),
        got=name,
        expected=say("faults.one_path_yaml_file", value=", ".join(known)),
        hint=say("faults.did_you_mean_2", close=close)
        if close
        else say("faults.perfkit_profiles_lists_them"),
    )


def _chain(path: Path) -> list[Loaded]:
    """Give the files from the root of the chain down to the one asked for."""
    chain = [load_yaml(path)]
    while parent := chain[0].data.get("extends"):
        child = chain[0]
        try:
            above = load_yaml(find(str(parent), child.path.parent))
        except SettingsError as error:
            raise SettingsError.of(_placed(fault, child) for fault in error.faults) from None
        if above.key in [loaded.key for loaded in chain]:
            steps = " → ".join(loaded.name for loaded in [*reversed(chain), above])
            what = say("faults.profiles_extend_each_other")
            raise SettingsError(Fault(what, child.shown, child.place("extends"), str(parent), hint=steps))
        chain.insert(0, above)
    return chain


def _placed(fault: Fault, child: Loaded) -> Fault:
    """Place an unknown name where it is asked for; what is wrong in a file stays there."""
    return fault if fault.file else replace(fault, file=child.shown, place=child.place("extends"))


def _merged(chain: list[Loaded]) -> dict[str, Any]:
    """Merge the files of a chain, section by section; a later one wins."""
    settings: dict[str, Any] = {}
    for loaded in chain:
        said = f"自定规则 {loaded.name}", f"own profile {loaded.name}"
        data = _told(loaded.data, users=loaded.path.parent != HOME)
        own = data.get("source") or {**dict(zip(("zh", "en"), said, strict=True)), "mark": "user"}
        for key, value in data.items():
            if isinstance(value, dict) and key not in WHOLE:
                source = {"source": own} if key in CITED and "source" not in value else {}
                above = settings.get(key)
                settings[key] = {**(above if isinstance(above, dict) else {}), **value, **source}
            else:
                settings[key] = value
    return settings


def _named(own: Loaded) -> dict[str, Any]:
    """Give a file that names neither title nor source its own, not those of the profile it departs from."""
    name, above = own.name, own.data["extends"]
    source = say("settings.own_profile", name=name, above=above)
    named = {
        "title": {"zh": name, "en": name},
        "source": {"zh": source.zh, "en": source.en, "mark": "user"},
    }
    return {key: value for key, value in named.items() if key not in own.data}


def _one_line(settings: dict[str, Any], chain: list[Loaded]) -> None:
    """Let a finding on over-achievement fire where the rule begins, unless the file says otherwise.

    A file that sets where the rule begins, above one that sets the other lines, is then cited for it.
    """
    over, thresholds = settings.get("over_achievement"), settings.get("thresholds", {})
    if not (isinstance(over, dict) and isinstance(thresholds, dict) and "threshold" in over):
        return
    begins = _last(chain, "over_achievement", "threshold")
    own, rest = _cited(_merged(chain[: begins + 1])["over_achievement"]), _cited(thresholds)
    above = begins > _last(chain, "thresholds")
    if own and rest and above and "over_achievement" not in thresholds:
        both: dict[str, Any] = {
            key: say("settings.two_sources", over=own[key], rest=rest[key])[key] for key in LANGUAGES
        }
        thresholds = {**thresholds, "source": rest | both}
    settings["thresholds"] = {"over_achievement": over["threshold"], **thresholds}


def _last(chain: list[Loaded], section: str, setting: str = "") -> int:
    """Give the place of the last file of a chain that has a section, with a setting; -1 where none has."""
    found = [loaded.data.get(section) for loaded in chain]
    sets = [isinstance(each, dict) and (not setting or setting in each) for each in found]
    return max((n for n, each in enumerate(sets) if each), default=-1)


def _cited(section: dict[str, Any]) -> dict[str, Any]:
    """Give the source of a section where it is told in both languages, else nothing."""
    source = section.get("source")
    told = isinstance(source, dict) and all(isinstance(source.get(key), str) for key in LANGUAGES)
    return dict(source) if told and source else {}


def _told(settings: dict[str, Any], *, users: bool) -> dict[str, Any]:
    """Let a title or a source be told in one language, and mark the sources of a file of the user's."""
    told = {
        key: _told(value, users=users) if isinstance(value, dict) else value
        for key, value in settings.items()
    }
    told |= {key: _both_languages(told[key]) for key in WHOLE if key in told}
    source = told.get("source")
    if users and isinstance(source, dict):
        told["source"] = {"mark": "user", **source}
    return told


def _both_languages(text: Any) -> Any:
    """Give a text for both languages: one that is told in one of them stands for the other too."""
    if isinstance(text, str):
        return {"zh": text, "en": text}
    given = [text[key] for key in LANGUAGES if text.get(key)] if isinstance(text, dict) else []
    return {**text, **{key: text.get(key) or given[0] for key in LANGUAGES}} if given else text


# the rule sets that perfkit ships, a YAML file each, and how such a file becomes a `Profile`


def load_profile(name: str | Path, *, near: str | Path = "") -> Profile:
    """Load a profile by its name, or from a path to a user's YAML file.

    A name that perfkit does not ship is looked for as `profiles/NAME.yaml` in `near` (the folder of a form
    or params file), in the workspace it lies in, and in the current folder; so is a relative path.

    Raises:
        SettingsError: the name is unknown, or the file has faults; all of them are listed.
    """
    return _built(tuple(loaded.key for loaded in _chain(find(name, near))))


def profile_names() -> tuple[str, ...]:
    """Give the names of the profiles that perfkit ships, in the order of the documentation."""
    return SHIPPED
