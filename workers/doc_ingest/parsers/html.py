"""HTML: the main text without what surrounds it; tables, code and links kept as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from workers.doc_ingest.decode import decode
from workers.doc_ingest.model import Block, Parsed, clean, code, heading, listing, paragraph, table
from workers.doc_ingest.parsers.html_inline import collapse, inline
from workers.doc_ingest.parsers.html_table import table_rows

_SURROUNDINGS = [
    "script", "style", "noscript", "template", "nav", "footer", "aside", "form", "iframe", "svg", "canvas", "dialog",
    "[hidden]", "[role=navigation]",
]  # fmt: skip
_MAIN = ("main", "[role=main]", "article")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]+)""")
_BLOCKS = frozenset(
    [
        "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p",
        "pre", "section", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
    ]
)  # fmt: skip


def parse_html(body: bytes) -> Parsed:
    """The blocks of ``<main>``, else of the only ``<article>``, else of the body."""
    declared = _CHARSET.search(body[:2048])
    tree = LexborHTMLParser(clean(decode(body, declared.group(1).decode() if declared else None)))
    title = tree.css_first("title")
    named = collapse(title.text()) if title else ""
    tree.strip_tags(_SURROUNDINGS)
    blocks = list(_blocks(_main(tree)))
    return Parsed(blocks, title=_without_site(named, blocks) or None)


def html_blocks(source: str) -> Iterator[Block]:
    """The blocks of a piece of HTML, as it stands in Markdown."""
    tree = LexborHTMLParser(clean(source))
    tree.strip_tags(_SURROUNDINGS)
    yield from _blocks(tree.body)


def _without_site(title: str, blocks: list[Block]) -> str:
    """The page's own heading where ``<title>`` only adds the site's name to it."""
    headings = [block.title for block in blocks if block.kind == "heading" and block.level == 1]
    return headings[0] if len(headings) == 1 and title.startswith(headings[0]) else title


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    for selector in _MAIN:
        found = tree.css(selector)
        if len(found) == 1 and found[0].text(strip=True):
            return found[0]
    return tree.body


def _blocks(node: LexborNode | None) -> Iterator[Block]:
    """Block elements one by one; what stands between them, and in them directly, makes paragraphs."""
    loose: list[LexborNode] = []
    for child in node.iter(include_text=True) if node else ():
        if _holds_block(child):
            yield from _loose(loose)
            yield from _element(child)
            loose = []
        else:
            loose.append(child)
    yield from _loose(loose)


def _holds_block(node: LexborNode) -> bool:
    """Whether an element is a block, or an inline one around a block (``<a><div>…``)."""
    return node.tag in _BLOCKS or any(_holds_block(child) for child in node.iter())


def _loose(nodes: list[LexborNode]) -> Iterator[Block]:
    text = collapse("".join(inline(node) for node in nodes))
    if text:
        yield paragraph(text)


def _element(node: LexborNode) -> Iterator[Block]:
    tag = node.tag or ""
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        text = collapse("".join(inline(child) for child in node.iter(include_text=True)))
        if text:
            yield heading(text, int(tag[1]))
    elif tag in ("ul", "ol"):
        lines = list(_list(node))
        if lines:
            yield listing("\n".join(lines))
    elif tag == "pre":
        if node.text(strip=True):
            yield code(node.text(), _language(node))
    elif tag == "table":
        yield from _table(node)
    else:
        yield from _blocks(node)


def _table(node: LexborNode) -> Iterator[Block]:
    """A table of one cell is layout, not a table: its content counts."""
    rows = table_rows(node)
    cells = [cell for row in rows for cell in row]
    if len(cells) == 1:
        yield from (block for cell in node.css("td, th")[:1] for block in _blocks(cell))
    elif any(cells):
        yield table(rows)


def _list(node: LexborNode) -> Iterator[str]:
    number = 0
    for item in node.iter():
        lines = "\n".join(block.text for block in _blocks(item)).split("\n")
        if lines == [""]:
            continue
        number += 1
        marker = f"{number}. " if node.tag == "ol" else "- "
        yield marker + lines[0]
        yield from (" " * len(marker) + line for line in lines[1:])


def _language(node: LexborNode) -> str:
    """The language of code, as highlighters mark it: ``class="language-sh"``."""
    inner = node.css_first("code")
    classes = f"{node.attributes.get('class') or ''} {(inner.attributes.get('class') if inner else '') or ''}"
    marked = re.search(r"\b(?:language|lang|highlight-source)-([\w+-]+)", classes)
    return marked.group(1) if marked else ""
