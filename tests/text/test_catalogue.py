"""The one catalogue: every key exists in both languages, every key that code names is there, each is used."""

import ast
import pickle
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
import yaml

import perfkit
from perfkit.language import Text
from perfkit.text import catalogue, listed, say
from perfkit.text.catalogue import choose, words
from tests.trees import tree

PACKAGE = Path(perfkit.__file__).parent
PARTS = sorted(path.stem for path in (PACKAGE / "text" / "words").glob("*.yaml"))
ENTRIES = [(part, key) for part in PARTS for key in words(part)]


def places(phrase):
    return {name for _, name, _, _ in Formatter().parse(phrase) if name is not None}


@pytest.mark.parametrize("part", PARTS)
def test_every_phrase_has_both_languages_and_the_same_places(part):
    for key, both in words(part).items():
        assert set(both) == {"zh", "en"}, key
        assert all(isinstance(text, str) and text for text in both.values()), key
        assert places(both["zh"]) >= places(both["en"]) - {"n"}, key
        assert "" not in places(both["zh"]), key
        for text in both.values():  # braces are doubled where something is put in, and only there
            assert "{{" not in text or any(name.isidentifier() for name in places(text)), key


@pytest.mark.parametrize("part", PARTS)
def test_no_key_stands_twice_in_a_file(part):
    text = (PACKAGE / "text" / "words" / f"{part}.yaml").read_text(encoding="utf-8")
    keys = [key.value for key, _ in yaml.compose(text).value]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("part", PARTS)
def test_english_is_english_and_chinese_is_chinese(part):
    for key, both in words(part).items():
        english = re.sub(r"“[^”]*”", "", both["en"])  # terms of the form may stand in it, no sentence
        assert not re.search(r"[\u4e00-\u9fff]{12}|[\u4e00-\u9fff][，。；][\u4e00-\u9fff]", english), key
        chinese = re.sub(r"\{[^}]*\}|`[^`]*`|perfkit [ a-z-]+", "", both["zh"])
        assert not re.search(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}", chinese), key


@cache
def sources():
    """Give the trees and texts of the package's code and templates."""
    pages = "\n".join(
        path.read_text(encoding="utf-8") for pattern in ("*.j2", "*.js") for path in PACKAGE.rglob(pattern)
    )
    return {path: tree(path) for path in PACKAGE.rglob("*.py")}, pages


@cache
def literals():
    """Give every string that code holds, and the beginnings of those that it puts together."""
    whole, begun = set(), set()
    for module in sources()[0].values():
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(node.values[0].value)
    return whole, {beginning for beginning in begun if re.fullmatch(r"[a-z][\w.]*[._][\w.]*", beginning)}


def test_every_key_that_code_names_is_in_the_catalogue():
    named = []
    for path, module in sources()[0].items():
        for node in ast.walk(module):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in {"say", "choose"} and node.args and isinstance(node.args[0], ast.Constant):
                key = node.args[0].value
                if isinstance(key, str) and "." in key and "narrative" not in path.parts:
                    named.append((path.name, key))
            if (
                called == "label"
                and "display" in path.parts
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                named.append((path.name, f"labels.{node.args[0].value}"))
    known = {f"{part}.{key}" for part, key in ENTRIES}
    assert [(where, key) for where, key in named if key not in known] == []


@pytest.mark.parametrize("part", PARTS)
def test_every_key_is_used(part):
    whole, begun = literals()
    pages = sources()[1]
    unused = []
    for key in words(part):
        full = f"{part}.{key}"
        used = {full, key, key.removeprefix("_")} & whole or any(
            full.startswith(b) or key.startswith(b) for b in begun
        )
        if not used and not re.search(rf"\b{re.escape(key)}\b", pages):
            unused.append(key)
    assert unused == []


def said_in_code(module):
    """Give the lines where both languages of a text stand in code, with a letter in either."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
            both = [*node.args, *(keyword.value for keyword in node.keywords)]
            if len(both) == 2 and all(isinstance(one, ast.Constant | ast.JoinedStr) for one in both):
                parts = [part for one in both for part in getattr(one, "values", [one])]
                texts = [part.value for part in parts if isinstance(part, ast.Constant)]
                if any(letter.isalpha() for text in texts for letter in str(text)):
                    yield node.lineno


def test_no_text_in_two_languages_stands_in_code():
    modules = {path.relative_to(PACKAGE): module for path, module in sources()[0].items()}
    found = {
        str(path): list(said_in_code(module)) for path, module in modules.items() if "text" not in path.parts
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ('Text("甲", "a")', [1]), ('Text(zh="甲", en="a")', [1]), ('Text(f"第{n}行", f"row {n}")', [1]),
        ('Text(f"“{n}”", f"“{n}”")', []), ('Text("", "")', []), ("Text(zh, en)", []), ('Text(part, style="x")', []),
    ],
)  # fmt: skip
def test_a_text_in_code_is_found(code, lines):
    assert list(said_in_code(ast.parse(code))) == lines


def test_a_phrase_is_told_when_it_is_read(monkeypatch):
    monkeypatch.setattr(
        catalogue, "words", lambda part: {"met": {"zh": "{n}项{what}", "en": "{n} {what}|{n} {what}s"}}
    )
    told = say("any.met", n=1, what=Text("达成", "row"))
    assert (told.zh, told.en) == ("1项达成", "1 row")
    assert say("any.met", n=2, what=Text("达成", "row")).en == "2 rows"
    assert told == Text("1项达成", "1 row")
    assert choose("any.met", "zh", n=3, what="x") == "3项x"


def test_a_phrase_survives_a_pickle_and_a_comparison():
    told = say("labels.year_of", year=2022)
    assert pickle.loads(pickle.dumps(told)) == told
    assert hash(told) == hash(say("labels.year_of", year=2022))
    assert listed([told, "甲"]).zh == "2022 年度；甲"


@pytest.mark.parametrize("key", ["labels.no_such_word", "nothing.at_all"])
def test_an_unknown_key_is_refused_at_once(key):
    with pytest.raises(KeyError):
        say(key)


def test_points_lost_have_one_word():
    """扣分 everywhere; 失分 is only read, in a heading of a form."""
    files = (path for ending in ("*.py", "*.yaml", "*.j2") for path in PACKAGE.rglob(ending))
    said = [str(path.relative_to(PACKAGE)) for path in files if "失分" in path.read_text(encoding="utf-8")]
    assert said == ["readers/layout/words.yaml"]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("page 1, table 2, row 12, column 3", "第1页第2个表第12行第3列"), ("byte 1,234", "第1,234字节"), ("Sheet1!F12", "Sheet1!F12"),
        ("sheet001.htm, table 1, row 2", "sheet001.htm，第1个表第2行"), ("text before table 2", "表2之前的文字"),
        ("logo, line 7", "logo，第7行"), ("line 66: grades.bands", "第66行：grades.bands"),
    ],
)  # fmt: skip
def test_a_place_is_told_in_chinese(place, told):
    from perfkit.text.catalogue import place_in

    assert (place_in(place, "zh"), place_in(place, "en")) == (told, place)
