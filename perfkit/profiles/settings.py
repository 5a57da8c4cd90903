"""A rule set as plain data: what `perfkit profiles NAME --format json` and the documentation are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfkit.profile import Profile

PARTS = (
    "execution",
    "quantity",
    "over_achievement",
    "qualitative",
    "satisfaction",
    "timeliness",
    "totalling",
    "roll_up",
    "corrections",
)


def settings_of(profile: Profile) -> dict[str, Any]:
    """Give a rule set in the shape of its file, inherited settings filled in, figures as plain text."""
    return {
        "name": profile.name,
        "extends": profile.extends or None,
        "title": plain(profile.title),
        "source": plain(profile.source),
        "scored": profile.scored,
        "weights": {
            "execution": plain(profile.execution_weight),
            "level1": plain(profile.level1_weights),
            "alternatives": plain(profile.level1_alternatives),
            "required_level2": list(profile.required_level2),
            "source": plain(profile.weights_source),
        },
        **{part: plain(getattr(profile, part)) for part in PARTS},
        "grades": {"bands": plain(profile.grades), "source": plain(profile.grades_source)},
        "thresholds": plain(profile.thresholds),
        "severities": plain(profile.severities),
        "ignore": list(profile.ignore),
    }


def plain(value: Any) -> Any:
    """Give a value as JSON holds it: figures as text in plain notation, parts as objects."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    return value
