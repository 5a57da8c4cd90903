"""How a result of the core shows itself, without the core knowing pandas or HTML.

The one seam between the core and `perfkit.display`: `perfkit` itself says where the modules are that show a
result as a table (`frames`), as HTML in a notebook (`html`) and as text in a terminal (`terminal`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

Way = Literal["frames", "tables", "terminal"]


class Shown:
    """Give a result its `to_frame()`, its HTML in a notebook and its text in a terminal.

    `display` gives the module of `perfkit.display` for a way of showing; it is asked when a result is shown.
    """

    __slots__ = ()
    display: ClassVar[Callable[[Way], Any]]

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a tidy pandas table; `perfkit.display.frames` documents its columns."""
        frame: pd.DataFrame = Shown.display("frames").frame_of(self)
        return frame

    def _repr_html_(self) -> str:
        return str(Shown.display("tables").html_of(self))

    def __str__(self) -> str:
        return str(Shown.display("terminal").text_of(self))
