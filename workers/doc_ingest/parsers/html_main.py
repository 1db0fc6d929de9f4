"""The part of a page that is about something: what surrounds it is taken out."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from workers.doc_ingest.parsers.html_names import UNSEEN

_MAIN = ("main", "[role=main]", "article")

_NEVER_SHOWN = [
    *sorted(UNSEEN - {"head", "title"}), "[hidden]", "[aria-hidden=true]", "[style*='display:none']",
    "[style*='display: none']", ".linenos", ".lineno", ".headerlink", ".hash-link", "a.anchor", ".sr-only",
    "[role=navigation]", "[role=search]", "[role=contentinfo]", "[role=banner]", "[role=complementary]",
    "[role=dialog]",
]  # fmt: skip
_SURROUNDINGS = [
    "nav", "navbar", "navigation", "navigator", "gnb", "lnb", "snb", "fnb", "breadcrumb", "breadcrumbs", "sidebar",
    "side-bar", "footer", "site-footer", "page-footer", "site-header", "cookie-banner", "cookie-consent", "skip-link",
    "skip-nav", "skipnav", "pagination", "advertisement", "social-share", "share-buttons", "related-posts",
]  # fmt: skip
"""Classes and ids that pages give to what surrounds their text; gnb, lnb, snb and fnb are what Korean ones say."""
_NAMED = ", ".join(f".{name}, #{name}" for name in _SURROUNDINGS)
_MAX_SHARE = 0.5
"""An element with more of the page's text than this is the page, whatever its class says."""


def strip_unseen(tree: LexborHTMLParser) -> None:
    """Takes out what a reader does not see, or sees on every page of the site."""
    for selector in _NEVER_SHOWN:
        for node in tree.css(selector):
            if not _is_root(node):
                node.decompose()


def main_part(tree: LexborHTMLParser) -> LexborNode | None:
    """``<main>``, else the only ``<article>``, else the body without its banner, navigation and footer."""
    for selector in _MAIN:
        found = tree.css(selector)
        if len(found) == 1 and found[0].text(strip=True):
            return found[0]
    body = tree.body
    if body is not None:
        _strip_surroundings(body)
    return body


def _strip_surroundings(body: LexborNode) -> None:
    whole = len(body.text())
    for node in body.css(_NAMED):
        if (
            not _is_root(node)
            and node.css_first("main, article, h1") is None
            and len(node.text()) <= _MAX_SHARE * whole
        ):
            node.decompose()
    for node in body.css("footer, header"):
        if not _inside_content(node) and node.css_first("h1") is None and len(node.text()) <= _MAX_SHARE * whole:
            node.decompose()


def _is_root(node: LexborNode) -> bool:
    return node.tag in ("html", "body", "head")


def _inside_content(node: LexborNode) -> bool:
    """Whether a header or footer belongs to an article or a section rather than to the page."""
    parent = node.parent
    while parent is not None:
        if parent.tag in ("article", "section", "main", "blockquote"):
            return True
        parent = parent.parent
    return False
