"""The analyst's desk: what if a value were another, which rows matter most, how do rule sets compare.

    from perfkit import desk

    desk.pick()                        choose a project of the workspace, or a form of a folder
    desk.panel(form, "shanghai-2022")  change any actual, rating or score, and see what follows
    desk.losses(card)                  the rows that lost points
    desk.reach(card)                   the fewest rows that would lift the total to the next grade
    desk.profiles(form)                one form under every rule set
    desk.compare(card, other)          two projects, two years of one, or two scenarios
    desk.keep(form, "what-if")         a scenario under a name; the panel's button does the same
    desk.scenarios()                   the scenarios that were kept; desk.scenario("what-if").card is one

`whatif`, `compare` and `scenario` work on results alone; only `panel` and `pick` know ipywidgets.
"""

from perfkit.desk.panel import Panel, panel
from perfkit.desk.scenario import Picker, Scenario, keep, pick, scenario, scenarios
from perfkit.desk.whatif import Change, changed, compare, losses, profiles, reach

__all__ = [
    "Change",
    "Panel",
    "Picker",
    "Scenario",
    "changed",
    "compare",
    "keep",
    "losses",
    "panel",
    "pick",
    "profiles",
    "reach",
    "scenario",
    "scenarios",
]
