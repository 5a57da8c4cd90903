"""Boxes to tick: a cell that offers choices says what is ticked.

`☑健全 □不健全` says 健全. A box stands before its choice or behind it; a text before the first box belongs
to what was asked. Where no box is ticked, nothing was filled in.
"""

from __future__ import annotations

import re

_TICKED = "☑☒🗹🗷✓✔√"
_EMPTY = "□☐◻❑❒🗆"
# Signs that are ticks only where their empty twin stands beside them.
_TWINS = (("■", "□☐"), ("●", "○"), ("◉", "○"), ("⦿", "○"), ("▣", "□"))
_BRACKETS = re.compile(r"[(（\[【]\s*([√✓✔☑]?)\s*[)）\]】]")
_CROSSES = "×✗✘"
_PARTING = " \t\n　、,，;；/"
_LEAST = 2


def chosen(text: str) -> str | None:
    """Give what a cell's ticked choices say; None where a text offers none, nothing where none is ticked.

    >>> chosen("☑健全 □不健全"), chosen("是☑ 否□"), chosen("制度：□有 ☑无"), chosen("42个")
    ('健全', '是', '制度：无', None)
    """
    marks = _marks(text)
    ticked = [mark for mark in marks if mark[2]]
    if not marks or not ((len(marks) >= _LEAST and len(ticked) < len(marks)) or _alone(text, marks)):
        return None
    parts = _before(text, marks) if _stand_before(text, marks) else _behind(text, marks)
    asked, choices = parts
    if not all(choice for choice, _ in choices):
        return None
    said = "、".join(choice for choice, on in choices if on)
    return f"{asked}{said}" if said else ""


def _alone(text: str, marks: list[tuple[int, int, bool]]) -> bool:
    """Tell whether a text is one ticked box with its choice."""
    return len(marks) == 1 and text.strip()[:1] in "☑☒🗹🗷" and marks[0][2]


def _marks(text: str) -> list[tuple[int, int, bool]]:
    """Give where each box begins and ends, and whether it is ticked."""
    found = [(m.start(), m.end(), bool(m[1])) for m in _BRACKETS.finditer(text)]
    if not any(on for *_, on in found):
        found = []
    on, off = set(_TICKED), set(_EMPTY)
    for full, empty in _TWINS:
        if full in text and any(sign in text for sign in empty):
            on.add(full)
            off |= set(empty)
    inside = [range(start, end) for start, end, _ in found]
    signs = [(n, n + 1, sign in on) for n, sign in enumerate(text) if sign in on or sign in off]
    found += [mark for mark in signs if not any(mark[0] in span for span in inside)]
    if any(on for *_, on in found):
        crosses = (
            m.start() for m in re.finditer(rf"(?:^|(?<=[\s、,，;；/]))[{_CROSSES}](?=\s*[一-鿿])", text)
        )
        found += [(n, n + 1, False) for n in crosses]
    found.sort()
    if "☑" in text and "☒" in text:
        found = [(a, b, text[a] != "☒" and ticked) for a, b, ticked in found]
    return found if all(not _is_figure(text, mark) for mark in found) else []


def _is_figure(text: str, mark: tuple[int, int, bool]) -> bool:
    """Tell whether a sign is part of a figure: a root (√2), or a nought (二○二三)."""
    before, after = text[: mark[0]][-1:], text[mark[1] :].lstrip()[:1]
    sign = text[mark[0]]
    return (sign == "√" and after.isdigit()) or (sign == "○" and before in set("一二三四五六七八九○零"))


def _stand_before(text: str, marks: list[tuple[int, int, bool]]) -> bool:
    return not text[: marks[0][0]].strip() or bool(text[marks[-1][1] :].strip(_PARTING + "。.)）"))


def _before(text: str, marks: list[tuple[int, int, bool]]) -> tuple[str, list[tuple[str, bool]]]:
    ends = [start for start, *_ in marks[1:]] + [len(text)]
    choices = [(text[mark[1] : end].strip(_PARTING), mark[2]) for mark, end in zip(marks, ends, strict=True)]
    return text[: marks[0][0]].strip(), choices


def _behind(text: str, marks: list[tuple[int, int, bool]]) -> tuple[str, list[tuple[str, bool]]]:
    starts = [0] + [end for _, end, _ in marks[:-1]]
    choices = [
        (text[start : mark[0]].strip(_PARTING), mark[2]) for mark, start in zip(marks, starts, strict=True)
    ]
    asked, sign, first = choices[0][0].rpartition("：")
    return asked + sign, [(first, choices[0][1]), *choices[1:]]
