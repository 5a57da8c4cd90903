"""Contrast of two colours as WCAG 2.2 measures it, and colours made light enough for dark paper.

Source: WCAG 2.2, success criterion 1.4.3 (at least 4.5) and its definition of relative luminance.
"""

from __future__ import annotations

READABLE = 4.5
DARK_PAPER = "#16191d"
_COMFORTABLE = 7.0
_LINEAR_BELOW = 0.04045


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours (`#rrggbb`): 1 for equal ones, 21 for black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lightened(colour: str, paper: str) -> str:
    """Mix white into a colour until it reads comfortably on dark paper."""
    for share in range(0, 101, 5):
        mixed = _mix(colour, share / 100)
        if contrast(mixed, paper) >= _COMFORTABLE:
            return mixed
    return "#ffffff"


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= _LINEAR_BELOW else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mix(colour: str, white: float) -> str:
    return "#" + "".join(f"{round(v + (255 - v) * white):02x}" for v in _channels(colour))
