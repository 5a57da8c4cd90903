"""Text, figures and words: what is shown is what was there, and nothing hidden acts."""

import re
from decimal import Decimal
from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from perfkit.display.views import label
from perfkit.text import figures
from perfkit.text.folding import one_line, pieces, reads_right_to_left, visible, wrap
from perfkit.values.vocabulary import LEVEL1
from tests.strategies import texts

LABELS = yaml.safe_load((files("perfkit.text") / "words" / "labels.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("发布新课件", "发布新课件"),
        ("a\u202eb", "a[U+202E]b"),
        ("x\x00y\x1b[31m", "x[U+0000]y[U+001B][31m"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("line\nnext\tcell", "line\nnext\tcell"),
        ("\U000e0041", "[U+E0041]"),
        ("\ud800", "[U+D800]"),
        ("\uffff", "[U+FFFF]"),
        ("👩\u200d🏫", "👩\u200d🏫"),
    ],
)
def test_what_would_be_obeyed_is_shown(text, shown):
    assert visible(text) == shown


@given(texts())
def test_visible_text_holds_no_control_and_stays_as_it_is(text):
    shown = visible(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown.replace("\r", ""))
    assert visible(shown) == shown
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    ("text", "rtl"), [("שלום", True), ("مرحبا 12", True), ("发布 A1 é", False), ("", False)]
)
def test_right_to_left_is_told(text, rtl):
    assert reads_right_to_left(text) is rtl


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (None, "—"),
        ("1.042", "104.2%"),
        ("1", "100%"),
        ("34.786363636363636", "3,479%"),
        ("0.1066666666666667", "10.7%"),
        ("0.99996", "99.996%"),
        ("0.9999999999", "100%"),
        ("0", "0%"),
        ("0.00004", "0.004%"),
        ("-0.5", "-50%"),
        ("1e30", "100,000,000,000,000,000,000,000,000,000,000%"),
    ],
)
def test_percent(ratio, shown):
    assert figures.percent(None if ratio is None else Decimal(ratio)) == shown


@pytest.mark.parametrize(
    ("points", "printed", "shown"),
    [
        ("5.00", ["5", "10"], "5"),
        ("9.9", ["9.90"], "9.90"),
        ("0.11", ["0.1", "1"], "0.11"),
        ("5.00", [None, "5"], "5"),
        ("10.00", [None, None], "10"),
        ("1E+1", ["10"], "10"),
        (None, ["5"], "—"),
    ],
)
def test_points_have_the_decimals_of_those_that_the_form_prints(points, printed, shown):
    told = [None if figure is None else Decimal(figure) for figure in (points, *printed)]
    assert figures.beside(*told) == shown


@pytest.mark.parametrize(
    ("say", "value", "shown"),
    [
        (figures.carried, "96.90", "96.90"),
        (figures.carried, None, "—"),
        (figures.plain, "3.00", "3"),
        (figures.plain, "0.10", "0.1"),
        (figures.plain, "100", "100"),
        (figures.plain, None, "—"),
        (figures.amount, "8205000", "8,205,000"),
        (figures.amount, "0", "0"),
        (figures.amount, "1E+9", "1,000,000,000"),
        (figures.amount, None, "—"),
        (figures.rate, "98.98", "98.98%"),
        (figures.rate, "10.40", "10.40%"),
        (figures.rate, "100.00", "100%"),
        (figures.rate, None, "—"),
    ],
)
def test_figures_read_as_people_read_them(say, value, shown):
    assert say(None if value is None else Decimal(value)) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_points_lose_nothing_but_zeros(value):
    assert Decimal(figures.plain(value)) == value


@pytest.mark.parametrize("key", LABELS)
def test_every_word_exists_in_both_languages(key):
    both = LABELS[key]
    assert set(both) == {"zh", "en"}
    assert all(isinstance(text, str) and text for text in both.values())
    places = [set(re.findall(r"\{(\w+)\}", both[language])) for language in ("zh", "en")]
    assert places[0] >= places[1] - {"n"}
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"\([\u4e00-\u9fff]\)", "", both["en"]))


def test_every_canonical_level_has_a_name_in_both_languages():
    for name in LEVEL1:
        assert label(f"level1.{name}", "zh") == name
        assert label(f"level1.{name}", "en").isascii()


@pytest.mark.parametrize(("n", "said"), [(1, "1 error"), (2, "2 errors"), (0, "0 errors")])
def test_counts_agree_with_their_nouns(n, said):
    assert label("count_error", "en", n=n) == said


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("目标为“及时”，实际为未完成", 4, ["目标为", "“及时”", "，实际为", "未完成"]),
        ("the quick brown fox", 9, ["the quick", "brown fox"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("", 4, []),
    ],
)
def test_lines_break_where_they_may(text, room, lines):
    told = wrap(text, room, len)
    if text.startswith("目"):
        assert not any(line[0] in "，”" for line in told)
        assert not any(line[-1] == "“" for line in told)
        assert "".join(told) == text
    else:
        assert told == lines


@given(texts(), st.integers(min_value=2, max_value=40))
def test_wrapping_loses_no_letter_and_fits(text, room):
    told = wrap(text, room, len)
    assert "".join("".join(told).split()) == "".join(text.split())
    assert all(len(line) <= room for line in told)
    assert "".join(pieces(text)) == text


def test_no_word_is_kept_that_nobody_says():
    folder, desk = files("perfkit.display"), files("perfkit.desk")
    told = "".join(
        file.read_text(encoding="utf-8")
        for place in (folder, folder / "figures", folder / "templates", desk)
        for file in place.iterdir()
        if file.name.endswith((".py", ".j2"))
    )
    built = ("level1.", "grade.", "money.", "column.", "status_", "count_", "fiscal", "carried_over", "other")
    said = [key.removeprefix("frame.") for key in LABELS if not key.startswith(built)]  # a column by its name
    assert not [key for key in said if f'"{key}"' not in told]
