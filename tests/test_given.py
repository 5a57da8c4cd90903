"""A function that is given the wrong kind of thing says what it takes, in the user's language."""

import pytest

import perfkit
from perfkit import desk
from perfkit.errors import SettingsError

FORM = perfkit.read("params/forms/online-learning-2022.yaml")
CARD = perfkit.score(FORM)

WRONG = {
    "score a path": lambda: perfkit.score("表.xlsx"),
    "score nothing": lambda: perfkit.score(None),
    "score a card": lambda: perfkit.score(CARD),
    "score a list": lambda: perfkit.score([FORM]),
    "check a path": lambda: perfkit.check("表.xlsx", CARD),
    "check by a form": lambda: perfkit.check(FORM, FORM),
    "check all forms": lambda: perfkit.check_all([FORM]),
    "check all of one": lambda: perfkit.check_all(CARD),
    "narrate by a form": lambda: perfkit.narrate(FORM, FORM),
    "narrate a path": lambda: perfkit.narrate("表.xlsx", CARD),
    "narrate a text of findings": lambda: perfkit.narrate(FORM, CARD, "PK206"),
    "narrate by last year's form": lambda: perfkit.narrate(FORM, CARD, previous=FORM),
    "read a form": lambda: perfkit.read(FORM),
    "read nothing": lambda: perfkit.read(None),
    "read a list": lambda: perfkit.read(["表.xlsx"]),
    "read all of a list": lambda: perfkit.read_all(["表.xlsx"]),
    "roll up paths": lambda: perfkit.roll_up(["甲.xlsx", "乙.xlsx"]),
    "roll up a path": lambda: perfkit.roll_up("甲.xlsx"),
    "roll up a form": lambda: perfkit.roll_up(FORM),
    "report a form": lambda: perfkit.report(FORM),
    "report nothing": lambda: perfkit.report(None),
    "losses of a form": lambda: desk.losses(FORM),
    "reach of a form": lambda: desk.reach(FORM),
    "compare forms": lambda: desk.compare(FORM, FORM),
    "compare with a form": lambda: desk.compare(CARD, FORM),
    "profiles of a card": lambda: desk.profiles(CARD),
    "panel of a path": lambda: desk.panel("表.xlsx"),
    "keep a card": lambda: desk.keep(CARD, "甲"),
    "change a card": lambda: desk.changed(CARD, {}),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_wrong_kind_of_thing_is_told_with_what_is_taken(name):
    with pytest.raises(SettingsError) as raised:
        WRONG[name]()
    (fault,) = raised.value.faults
    assert fault.what["zh"] == "给函数的东西不对"
    for language in ("zh", "en"):
        lines = fault.told(language).splitlines()
        assert len(lines) == 4, lines  # what, got, expected, hint
        assert all(line.rpartition("：" if language == "zh" else ": ")[2].strip() for line in lines)
