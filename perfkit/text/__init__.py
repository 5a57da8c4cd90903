"""What is true of any text, whatever form it comes from: how it is folded, judged blank, shown and said.

`folding` brings a text to one spelling and tells a blank; `figures` rounds and prints every figure;
`catalogue` holds the words that perfkit says, in Chinese and in English. Nothing here knows a form.
"""

from __future__ import annotations

from perfkit.text.catalogue import choose, listed, say
from perfkit.text.folding import bare, fold, fold_cell, is_blank, one_line, shortened, squeeze, visible

__all__ = [
    "bare",
    "choose",
    "fold",
    "fold_cell",
    "is_blank",
    "listed",
    "one_line",
    "say",
    "shortened",
    "squeeze",
    "visible",
]
