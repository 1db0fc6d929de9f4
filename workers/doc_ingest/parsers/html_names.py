"""The names of HTML's elements, by what the parser does with them."""

from __future__ import annotations

BLOCKS = frozenset(
    [
        "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
        "hr", "html", "legend", "li", "main", "menu", "ol", "p", "pre", "search", "section", "summary", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    ]
)  # fmt: skip
"""Elements that stand on lines of their own."""

INLINES = frozenset(
    [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font",
        "i", "img", "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small",
        "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "wbr",
    ]
)  # fmt: skip
"""Elements that stand inside a line."""

UNSEEN = frozenset(
    [
        "aside", "audio", "button", "canvas", "col", "colgroup", "dialog", "embed", "head", "iframe", "input", "link",
        "map", "meta", "nav", "noscript", "object", "option", "script", "select", "source", "style", "svg", "template",
        "textarea", "title", "track", "video",
    ]
)  # fmt: skip
"""Elements whose text is none of the page's main text."""

HTML_NAMES = BLOCKS | INLINES | UNSEEN
