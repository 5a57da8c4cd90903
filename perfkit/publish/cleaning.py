"""What of a notebook's HTML may reach a reader: an allowlist, applied by a parser that follows the HTML standard.

A notebook is only as trusted as its file. Scripts, event handlers, styles, forms, frames and whatever would
ask another host never pass; text always does. Characters that a page would obey instead of showing (controls,
direction overrides, halves of surrogate pairs) are replaced by their code, as in `[U+202E]`.
"""

from __future__ import annotations

import re

import nh3

_LAYOUT = "article aside details div dd dl dt figcaption figure footer header hr main nav section summary"
_TEXT = (
    "a abbr b bdi blockquote br cite code del dfn em h1 h2 h3 h4 h5 h6 i ins kbd li mark ol p pre q s samp"
)
_MORE = "small span strong sub sup time u ul var wbr ruby rt rp img center"
_TABLE = "caption col colgroup table tbody td tfoot th thead tr"
TAGS = frozenset(f"{_LAYOUT} {_TEXT} {_MORE} {_TABLE}".split())
ATTRIBUTES = {
    "*": {
        "class",
        "id",
        "lang",
        "dir",
        "title",
        "role",
        "aria-label",
        "aria-describedby",
        "aria-labelledby",
        "aria-hidden",
    },
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "headers", "align"},
    "th": {"colspan", "rowspan", "scope", "headers", "align", "abbr"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "details": {"open"},
    "time": {"datetime"},
}
SCHEMES = {"http", "https", "mailto", "data", "pk-figure"}
SWALLOWED = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "noscript",
    "template",
    "textarea",
    "select",
    "title",
    "math",
    "svg",
}

_OBEYED = [
    *(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)),
    *range(0x7F, 0xA0),
    0x061C,
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xD800, 0xE000),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    *range(0xE0000, 0xE0080),
]
_SHOWN = {code: f"[U+{code:04X}]" for code in _OBEYED}
_RISKY = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Write the characters that a page would obey, not show, as their code: `[U+202E]`."""
    return text.translate(_SHOWN) if _RISKY.search(text) else text


def clean(html: str) -> str:
    """Reduce a fragment of HTML to what may be published, well formed and closed."""
    cleaned = nh3.clean(
        visible(html),
        tags=set(TAGS),
        clean_content_tags=SWALLOWED,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return visible(cleaned)
