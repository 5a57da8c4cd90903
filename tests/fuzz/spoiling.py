"""How a sound file is spoiled: its bytes, the text in it, the parts of a package, the values of a tree.

Everything is decided by one number, which Hypothesis draws; so a case can be made again from its number.
"""

from __future__ import annotations

import copy
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from io import BytesIO
from random import Random

import yaml
from hypothesis import strategies as st

NUMBERS = [
    *["-1", "0", "1", "00", "0x_", "0b_", "1e999", "-1e999", "1e-999", "1E+30", "NaN", ".nan", ".inf", "255", "256", "65535", "65536", "2147483648", "4294967295", "1048577"],
    *["99999999999999999999", "1.5", "1,5", "１２", "½", "²", "４", "2023-02-30", "0001-01-01", "2020-13-45", "24:61", "1:30", "-", "."],
    "9" * 5000, "1" * 400 + "e400",
]  # fmt: skip
TEXTS = [
    "", " ", "~", "null", "=", "<<: 1", "*a", "&a", "!!python/object:os.system x", "!!binary x", "%", "%%", "{{", "{% if %}", "{{ x.__class__ }}",
    "~nouser/x", "/dev/zero", "..", "a\x00b", "\x00", "\x0b", "\x1b[2J", "\ud83d", "\udcff", "\ufffe", "\ufeff", "\u202e", "\u200b", "\u2028", "𠮷", "한",
    "﷽" * 40, "é" * 300, "a" * 70_000, "(" * 300, "[" * 3000, "{a: " * 60, "<a>" * 600, "<!DOCTYPE x>", "]]>", "<!--", "&#0;", "&#xD800;", "&#1114112;", "&x;",
    "=HYPERLINK(1)", "$\\frac{1}{2", "$x^{" * 50, "\\begin{x}", "| a | b |\n|--|", "![x](x y)", "![](data:image/png;base64,x)", "file:///etc", "http://[",
    "≥", "≥≤", "10月底前、", "10⁹⁹⁹", "1/0", "0/0", "第0季度", "99月99日", "每百人≥", "1～", "～1", "一万亿亿亿", "零", "点", "−5", "±", "％", "‰", "1.2.3", "1e", "①⑳㊿",
]  # fmt: skip
_NUMBER = re.compile(rb"\d+")
_VALUE = re.compile(rb'"[^"<>]{0,80}"|>[^<>]{1,80}<|: [^\n]{1,80}|\(([^()]{1,80})\)')
_MOST = 2_000_000


def raw(text: str) -> bytes:
    """Give a text in UTF-8, a lone surrogate as the three bytes that are none."""
    return text.encode("utf-8", "surrogatepass")


def spoiled(chance: Random, data: bytes, others: list[bytes]) -> bytes:
    """Spoil bytes in one to six places, each in one of the ways that damage and mischief take."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        size = len(found)
        at = chance.randrange(size + 1)
        far = min(size, at + chance.choice((1, 2, 4, 16, 100, 4000)))
        match chance.randrange(11):
            case 0:
                found[at:far] = chance.randbytes(far - at)
            case 1 if size:
                found[at % size] ^= 1 << chance.randrange(8)
            case 2:
                del found[at:far]
            case 3:
                found[at:at] = found[at:far] * chance.choice((1, 2, 50))
            case 4:
                del found[at:]
            case 5:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                found[at:far] = other[start : start + chance.choice((10, 200, 5000))]
            case 6:
                found[at:at] = raw(chance.choice(TEXTS))
            case 7 | 8:
                _replace(chance, found, _NUMBER, chance.choice(NUMBERS).encode())
            case _:
                _replace(chance, found, _VALUE, raw(chance.choice(TEXTS + NUMBERS)))
        del found[_MOST:]
    return bytes(found)


def _replace(chance: Random, found: bytearray, what: re.Pattern[bytes], by: bytes) -> None:
    """Put something else for one match after a place, inside the marks that bound it."""
    match = what.search(found, chance.randrange(len(found) + 1)) or what.search(found)
    if match is None:
        return
    start, end = match.span()
    if what is _VALUE:
        start, end = start + 1, end - (found[end - 1 : end] in (b'"', b"<", b")"))
    found[start:end] = by


def spoiled_package(chance: Random, data: bytes, others: list[bytes]) -> bytes:
    """Spoil what is in one part of a package, lose a part, name one otherwise; or spoil the package itself."""
    way = chance.randrange(10)
    if way == 0 or not zipfile.is_zipfile(BytesIO(data)):
        return spoiled(chance, data, others)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist() if not part.is_dir()}
    name = chance.choice(sorted(parts))
    if way == 1:
        del parts[name]
    elif way == 2:
        parts[
            chance.choice([*sorted(parts), "../x.xml", "xl/styles.xml", "甲.xlsx", "word/numbering.xml"])
        ] = parts.pop(name)
    else:
        for each in {name, chance.choice(sorted(parts))}:
            parts[each] = spoiled(chance, parts[each], list(parts.values()))
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return target.getvalue()


def odd_value(chance: Random) -> object:
    """Give a value that no field expects."""
    return chance.choice(
        [None, True, False, 0, -1, 10**30, 1.5, float("inf"), float("nan"), [], {}, [[]], {"a": {}}, [1, "x", None],
         *TEXTS, *NUMBERS]
    )  # fmt: skip


def spoiled_tree(chance: Random, tree: object) -> object:
    """Give a tree of mappings and lists with some of its values odd, gone, moved, or under another key."""
    tree = copy.deepcopy(tree)
    for _ in range(chance.choice((1, 1, 2, 4))):
        holder, key = _place(chance, tree)
        if holder is None:
            return odd_value(chance)
        match chance.randrange(7):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[str(odd_value(chance))] = holder.pop(key)
            case 2 if isinstance(holder, list):
                holder.extend(copy.deepcopy(holder[key]) for _ in range(chance.choice((1, 60))))
            case 3:
                other, place = _place(chance, tree)
                holder[key] = copy.deepcopy(other[place]) if other else None
            case 4:
                holder[key] = [holder[key]]
            case _:
                holder[key] = odd_value(chance)
    return tree


def _place(chance: Random, tree: object) -> tuple[dict | list | None, object]:
    places = [
        (node, key)
        for node in _nodes(tree)
        for key in (list(node) if isinstance(node, dict) else range(len(node)))
    ]
    return chance.choice(places) if places else (None, None)


def _nodes(tree: object):
    if isinstance(tree, dict | list):
        yield tree
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _nodes(value)


def spoiled_yaml(chance: Random, data: bytes, others: list[bytes]) -> bytes:
    """Spoil the values of a YAML file, or its text."""
    if chance.randrange(3) == 0:
        return spoiled(chance, data, others)
    tree = spoiled_tree(chance, yaml.safe_load(data))
    return raw(yaml.safe_dump(tree, allow_unicode=chance.random() < 0.5, sort_keys=False))


def spoiled_json(chance: Random, data: bytes, others: list[bytes]) -> bytes:
    """Spoil the values of a JSON file, or its text."""
    if chance.randrange(6) == 0:
        return spoiled(chance, data, others)
    return raw(json.dumps(spoiled_tree(chance, json.loads(data)), ensure_ascii=chance.random() < 0.5))


def spoiled_ledger(chance: Random, data: bytes, others: list[bytes]) -> bytes:
    """Spoil the rows or the tables of a ledger, or its file."""
    if chance.randrange(3) == 0:
        return spoiled(chance, data, others)
    with closing(sqlite3.connect(":memory:")) as store:
        store.deserialize(data)
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for _ in range(chance.choice((1, 1, 2, 5))):
            table = chance.choice(tables)
            column = chance.choice([row[1] for row in store.execute(f"PRAGMA table_info({table})")])
            value = odd_value(chance)
            if isinstance(value, list | dict):
                value = json.dumps(value)
            if isinstance(value, int) and abs(value) > 1 << 62:
                value = float(value)
            if isinstance(value, str):
                value = raw(value) if chance.randrange(4) == 0 else value.encode("utf-8", "replace").decode()
            statement = chance.choice(
                [f'UPDATE {table} SET "{column}" = ?', f'UPDATE {table} SET "{column}" = ? WHERE rowid = 1',
                 f'DELETE FROM {table} WHERE "{column}" IS NOT ?', f'ALTER TABLE {table} RENAME COLUMN "{column}" TO x']
            )  # fmt: skip
            try:
                store.execute(statement, (value,) if "?" in statement else ())
            except sqlite3.Error:
                continue
        store.commit()
        return store.serialize()


def cases(seeds: list[bytes], way=spoiled) -> st.SearchStrategy[bytes]:
    """Give spoiled seeds."""

    def case(number: int) -> bytes:
        chance = Random(number)
        return way(chance, chance.choice(seeds), seeds)

    return st.integers(0, (1 << 64) - 1).map(case)
