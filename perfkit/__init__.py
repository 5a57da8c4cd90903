"""perfkit reads, scores, reviews and reports fiscal self-evaluation forms (财政项目支出绩效自评表).

    form     = perfkit.read("params/forms/online-learning-2022.yaml")
    card     = perfkit.score(form, profile="shanghai-2022")
    findings = perfkit.check(form, card)
    story    = perfkit.narrate(form, card, findings, language="zh")

Everything is loaded when first used, so that `import perfkit` costs nothing.

Here is the one seam between the core and `perfkit.display`, too: how a result shows itself, without the core
knowing pandas or HTML.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    import pandas as pd

    from perfkit.batch import report
    from perfkit.checks import Finding, Findings, check, check_all
    from perfkit.errors import BusyError, DataError, MachineError, PerfkitError, SettingsError
    from perfkit.form import Budget, Form, Fund, Goals, Indicator
    from perfkit.narrative import Story, narrate
    from perfkit.profile import Profile
    from perfkit.profiles import load_profile, profile_names
    from perfkit.readers import read, read_all
    from perfkit.rollup import RollUp, roll_up
    from perfkit.scoring import Scorecard, score

_HOMES = {
    "report": "batch",
    "Finding": "checks",
    "Findings": "checks",
    "check": "checks",
    "check_all": "checks",
    "BusyError": "errors",
    "DataError": "errors",
    "MachineError": "errors",
    "PerfkitError": "errors",
    "SettingsError": "errors",
    "Budget": "form",
    "Form": "form",
    "Fund": "form",
    "Goals": "form",
    "Indicator": "form",
    "Story": "narrative",
    "narrate": "narrative",
    "Profile": "profile",
    "load_profile": "profiles",
    "profile_names": "profiles",
    "read": "readers",
    "read_all": "readers",
    "RollUp": "rollup",
    "roll_up": "rollup",
    "Scorecard": "scoring",
    "score": "scoring",
}

__all__ = [
    "Budget",
    "BusyError",
    "DataError",
    "Finding",
    "Findings",
    "Form",
    "Fund",
    "Goals",
    "Indicator",
    "MachineError",
    "PerfkitError",
    "Profile",
    "RollUp",
    "Scorecard",
    "SettingsError",
    "Story",
    "__version__",
    "check",
    "check_all",
    "load_profile",
    "narrate",
    "profile_names",
    "read",
    "read_all",
    "report",
    "roll_up",
    "score",
]


class Shown:
    """Give a result its `to_frame()`, its HTML in a notebook and its text in a terminal."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a tidy pandas table; `perfkit.display.frames` documents its columns."""
        frame: pd.DataFrame = import_module("perfkit.display.frames").frame_of(self)
        return frame

    def _repr_html_(self) -> str:
        return str(import_module("perfkit.display.tables").html_of(self))

    def __str__(self) -> str:
        return str(import_module("perfkit.display.terminal").text_of(self))


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'perfkit' has no attribute {name!r}")
    try:
        return getattr(import_module(f"perfkit.{_HOMES[name]}"), name)
    except Exception as error:  # whatever a stranger module does when it is loaded
        from perfkit.errors import MachineError, shadowing

        if fault := shadowing(error):
            raise MachineError(fault) from error
        raise


def __dir__() -> list[str]:
    return __all__
