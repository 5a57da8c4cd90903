"""Small bar charts as SVG text: enough for an index, without loading a plotting library."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, LEFT, RIGHT, ROW = 300, 92, 46, 22
FILLS = {"": "#1d4e79", "loss": "#8a5a00"}  # where the page has no style of its own for a bar


def bars(title: str, values: Sequence[tuple[str, float]], *, digits: int = 0, kind: str = "") -> str:
    """Draw horizontal bars with their figures; the alt sentence names them all."""
    most = max((value for _, value in values), default=0) or 1
    room = WIDTH - LEFT - RIGHT
    parts = []
    for number, (label, value) in enumerate(values):
        top = number * ROW
        length = max(room * value / most, 1 if value else 0)
        parts.append(
            f'<text x="{LEFT - 8}" y="{top + 15}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="{LEFT}" y="{top + 4}" width="{length:.1f}" height="{ROW - 8}" '
            f'class="{kind}" fill="{FILLS[kind]}"/>'
            f'<text x="{LEFT + length + 6:.1f}" y="{top + 15}">{value:,.{digits}f}</text>'
        )
    alt = escape(
        f"{title}: " + ", ".join(f"{label} {value:,.{digits}f}" for label, value in values), quote=True
    )
    height = max(len(values), 1) * ROW
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{alt}" font-family="sans-serif" '
        f'font-size="11" fill="currentColor" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )
