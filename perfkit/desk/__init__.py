"""The analyst's desk: what if a value were another, which rows matter most, how do rule sets compare.

    from perfkit import desk

    desk.pick()                        choose a project of params/
    desk.panel(form, "shanghai-2022")  change any actual, rating or score, and see what follows
    desk.reach(card, "优")             the fewest rows that would lift the total to a grade
    desk.profiles(form)                one form under every rule set
    desk.compare(card, other)          two projects, or two years of one
    desk.keep(form, "what-if")         a scenario as a params file

`whatif` and `compare` work on results alone; only `panel` knows ipywidgets.
"""

from perfkit.desk.compare import compare, profiles
from perfkit.desk.panel import Panel, Picker, panel, pick
from perfkit.desk.scenario import keep
from perfkit.desk.whatif import Change, changed, losses, reach

__all__ = [
    "Change",
    "Panel",
    "Picker",
    "changed",
    "compare",
    "keep",
    "losses",
    "panel",
    "pick",
    "profiles",
    "reach",
]
