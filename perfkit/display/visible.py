"""Text from strangers, made safe to look at: shown as it is, never obeyed.

Escaping keeps markup harmless; this keeps the *characters* harmless. Control characters, bidi
overrides and invisible marks, with which a cell could reorder or hide its neighbours, become a visible
placeholder such as `[U+202E]`.
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff\U000e0000-\U000e007f]"
)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


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


def reads_right_to_left(text: str) -> bool:
    """Tell whether a text holds right-to-left letters, so that it must be set apart from its neighbours."""
    return _RIGHT_TO_LEFT.search(text) is not None
