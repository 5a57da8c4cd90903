"""How a result of the core shows itself, without the core knowing pandas or HTML.

The one seam between the core and `perfkit.display`: a result asks display, at the moment it is shown,
for its table (`to_frame`), its HTML (in a notebook) or its text (in a terminal).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class Shown:
    """Give a result its `to_frame()`, its HTML in a notebook and its text in a terminal."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a tidy pandas table; `perfkit.display.frames` documents its columns."""
        from perfkit.display.frames import frame_of

        return frame_of(self)

    def _repr_html_(self) -> str:
        from perfkit.display.html import html_of

        return html_of(self)

    def __str__(self) -> str:
        from perfkit.display.terminal import text_of

        return text_of(self)
