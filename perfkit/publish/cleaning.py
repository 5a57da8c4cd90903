"""What of a notebook's HTML may reach a reader: an allowlist, by a parser that follows the HTML standard.

A notebook is only as trusted as its file. Scripts, event handlers, style sheets, forms, frames and whatever
would ask another host never pass; text always does. Characters that a page would obey instead of showing
(controls, direction overrides, halves of surrogate pairs) are written as their code, `[U+202E]`, and so are
private ones, which mean something only in the font of the machine they were typed on.
"""

from __future__ import annotations

import re

import nh3

from perfkit.display.visible import visible

_LAYOUT = "article aside details div dd dl dt figcaption figure footer header hr section summary"
_TEXT = "a abbr b bdi blockquote br center cite code del dfn em h1 h2 h3 h4 h5 h6 i img ins kbd li mark ol p"
_MORE = "pre q rp rt ruby s samp small span strong sub sup time tt u ul var wbr"
_TABLE = "caption col colgroup table tbody td tfoot th thead tr"
TAGS = frozenset(f"{_LAYOUT} {_TEXT} {_MORE} {_TABLE}".split())
SWALLOWED = frozenset(
    [
        "embed",
        "iframe",
        "math",
        "noscript",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
    ]
)
ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title", "style", "aria-label", "aria-hidden"},
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "details": {"open"},
    "time": {"datetime"},
}
VALUES = {"div": {"role": {"region", "note", "group"}, "tabindex": {"0"}}}
STYLES = frozenset({"text-align", "font-weight", "font-style", "text-decoration"})
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
SCHEMES = frozenset({"http", "https", "mailto", "data", "pk-figure"})


def clean(html: str) -> str:
    """Reduce a fragment of HTML to what may be published, well formed and closed."""
    cleaned = nh3.clean(
        visible(html),
        tags=set(TAGS),
        clean_content_tags=set(SWALLOWED),
        attributes=ATTRIBUTES,
        tag_attribute_values=VALUES,
        filter_style_properties=set(STYLES),
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return _PRIVATE.sub(lambda found: f"[U+{ord(found.group()):04X}]", visible(cleaned))
