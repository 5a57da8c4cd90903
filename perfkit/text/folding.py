"""One spelling for every text, so that two rooms never read or show the same characters differently.

`fold` maps character by character: full width to half width, one glyph for each sign, simplified for
traditional characters, any white space to a space, nothing for what cannot be seen. The others build on it:
`fold_cell` for values, `squeeze` for headings, `bare` for comparing names, `is_blank` for "not filled in".
`visible` and `one_line` are for showing: they change no character that a reader can see. `wrap` breaks a
line between any two Chinese characters and between words of other scripts; a closing mark never opens a
line and an opening one never ends it (避头尾).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST = 400  # characters of a cell; a longer one is prose, whatever it holds
LONGEST_SAID = 40  # characters of a text that is quoted within a sentence

# What prints nothing, or reorders and hides its neighbours: controls, format marks, fillers, surrogates,
# noncharacters, tags. White space is not in it, nor are marks that do print (the Arabic number signs).
_JOINERS = "\u034f\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
_HIDING = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_HIDDEN = re.compile(f"[{_HIDING}\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
INVISIBLE = re.compile(f"[{_HIDING}{_JOINERS}]")
"""Finds a character that no reader sees, joiners and variation selectors among them."""

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_SAME_CHARACTER = ("<wide>", "<narrow>", "<small>", "<vertical>", "<compat>", "<font>")
_KEEPS_DIGITS = ("<wide>", "<font>")

_NEVER_FILLED = re.compile(
    r"(?:[-~/\\·|,、。:;()]*|[_.]{1,2}|一{1,4}|无数据|暂无数据|无法统计|未填(?:报|写)?|空|空白|n/?a|nan|none|null)",
    re.IGNORECASE,
)
_SPACE_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) +(?=[0-9])")
_SPACED_DIGITS = re.compile(r"(?<![0-9.])(?<![0-9] )[0-9](?: [0-9])+(?! ?[0-9])")
_SPACED_THOUSANDS = re.compile(r"(?<![0-9 .])[0-9]{1,3}(?: [0-9]{3})+(?![0-9 ])")
DOUBLE_SIGNS = (
    *((pair, "≥") for pair in (">=", "=>", "≥=", "=≥", ">>", "≥≥", "≥>", ">≥")),
    *((pair, "≤") for pair in ("<=", "=<", "≤=", "=≤", "<<", "≤≤", "≤<", "<≤")),
    ("==", "="),
    ("+-", "±"),
    ("+/-", "±"),
)
_NOISE = re.compile(r"[\W_]+")


class _Folding(dict[int, str]):
    """Give what a character folds to; each is worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


def _folded(character: str) -> str:
    if character.isspace():
        return " "
    if INVISIBLE.match(character):
        return ""
    if character in _glyphs():
        return _glyphs()[character]
    tag = unicodedata.decomposition(character).partition(" ")[0]
    if not tag or (tag.startswith("<") and tag not in _SAME_CHARACTER):
        return character
    same = unicodedata.normalize("NFKC", character)
    if len(same) != 1 or (same.isdigit() and tag not in _KEEPS_DIGITS):
        return character  # ①, ² and ½ are no digits of the text around them
    return _glyphs().get(same, same)


def own_yaml(text: str) -> Any:
    """Give what a YAML file of our own holds, by the loader in C where there is one."""
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 safe either way


@cache
def _glyphs() -> dict[str, str]:
    """Read which glyphs say the same as another."""
    content = own_yaml(files("perfkit.text").joinpath("glyphs.yaml").read_text(encoding="utf-8"))
    glyphs = {other: sign for sign, others in content["signs"].items() for other in others}
    for one, *others in content["simplified"].split():
        glyphs |= dict.fromkeys(others, one)
    return glyphs


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Give a text in one spelling, its white space as spaces: `＞＝　３００` becomes `>= 300`."""
    return text.translate(_FOLDING)


def fold_cell(text: str) -> str:
    """Give a cell in one spelling, as values are read from it: `＞＝ ３００ 公里` becomes `≥300公里`.

    Spaces between digits stay as one, because `12 15` is two numbers, unless they part thousands or every
    digit from the next (`1 0 0%`). Only the first `LONGEST` characters are given.
    """
    text = _unspaced(fold(text[:LONGEST]))
    for pair, sign in DOUBLE_SIGNS:
        text = text.replace(pair, sign)
    return text


def _unspaced(text: str) -> str:
    """Take out the spaces, save those that part two numbers."""
    if " " not in text:
        return text
    for parted in (_SPACED_THOUSANDS, _SPACED_DIGITS):
        text = parted.sub(lambda found: found[0].replace(" ", ""), text)
    return _SPACE_BETWEEN_DIGITS.sub("\x00", text).replace(" ", "").replace("\x00", " ")


@lru_cache(maxsize=8192)  # the texts of one form are asked for again and again
def squeeze(text: str) -> str:
    """Give a heading or label in one spelling without any space, figures in circles as figures: `① 目 标`."""
    bare_of_space = fold(unicodedata.normalize("NFKC", fold(text))).replace(" ", "")
    return unicodedata.normalize("NFC", bare_of_space)


def bare(text: str | None) -> str:
    """Give the letters and digits of a text in one spelling, for comparing names."""
    return _NOISE.sub("", squeeze(text or ""))


def is_blank(text: str | None) -> bool:
    """Tell whether a cell is not filled in: None, spaces, dashes or stops alone, a slash, `无数据`.

    `一` is a dash that was typed in Chinese. `无` alone is no blank: against `≤2次` it says that there
    was none.
    """
    return text is None or says_nothing(fold(text).replace(" ", ""))


def says_nothing(folded: str) -> bool:
    """Tell whether a folded text without spaces is a blank, a dash or a word for no data."""
    return _NEVER_FILLED.fullmatch(folded) is not None


def visible(text: str) -> str:
    """Give a text with every control, bidi, invisible and impossible character as its code point: `[U+202E]`.

    Line ends and tabs stay; a joiner inside an emoji or an Indic word (U+200C, U+200D) stays too.
    """
    return text if _HIDDEN.search(text) is None else _HIDDEN.sub(_code_point, text)


def _code_point(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


def one_line(text: str) -> str:
    """Give a text as `visible` does, on one line, runs of white space as one space."""
    return visible(" ".join(text.split()))


def shortened(text: str, most: int = LONGEST_SAID) -> str:
    """Give a text on one line for use within a sentence, cut where it is longer than `most` characters."""
    line = one_line(text)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def reads_right_to_left(text: str) -> bool:
    """Tell whether a text holds right-to-left letters, so that it must be set apart from its neighbours."""
    return _RIGHT_TO_LEFT.search(text) is not None


def lines_in(text: str, width: float) -> int:
    """Count the lines a text takes in a cell so many Latin letters wide; a Chinese character is two wide."""
    room = max(2.0, width - 2)
    parts = [(len(part), len(part.encode("latin-1", "ignore"))) for part in text.split("\n")]
    return sum(1 + int((2 * (whole - latin) + 1.1 * latin) / room) for whole, latin in parts)


_OPEN = "（《〈“‘【〔「『(\\["
_CLOSE = "，。、；：！？）》〉”’】〕」』…％%,.;:!?)\\]"
_WIDE = "⺀-鿿豈-﫿＀-￯\U00020000-\U0003ffff"
_PIECE = re.compile(rf"\s+|[{_OPEN}]*(?:[^\s{_WIDE}{_OPEN}]+|[^\s{_OPEN}])[{_CLOSE}]*|[{_OPEN}]+")


def wrap(text: str, room: float, width: Callable[[str], float]) -> list[str]:
    """Break a text into lines that fit the room; a word that fits no line is broken anywhere."""
    lines, taken = [""], 0.0
    for piece, size in _fitting(text, room, width):
        if not piece.isspace() and lines[-1] and taken + size > room:
            lines.append("")
            taken = 0.0
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
            taken += size
    return [line for line in (line.rstrip() for line in lines) if line]


def _fitting(text: str, room: float, width: Callable[[str], float]) -> Iterator[tuple[str, float]]:
    """Yield the pieces with their widths, one that fits no line letter by letter."""
    for piece in pieces(text):
        size = width(piece)
        if size <= room or piece.isspace():
            yield piece, size
        else:
            yield from ((letter, width(letter)) for letter in piece)


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[str, ...]:
    """Give the smallest pieces that a text may break into, marks kept with what they belong to."""
    return tuple(_PIECE.findall(text))
