"""HTML: the main text without what surrounds it; tables, code and links kept as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from workers.doc_ingest.decode import decode
from workers.doc_ingest.model import Block, Parsed, clean, code, heading, listing, paragraph, table
from workers.doc_ingest.parsers.html_inline import MAX_DEPTH, collapse, inline, verbatim
from workers.doc_ingest.parsers.html_main import main_part, strip_unseen
from workers.doc_ingest.parsers.html_names import BLOCKS
from workers.doc_ingest.parsers.html_table import is_layout, own_rows, table_rows

_CHARSET = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]+)|<\?xml[^>]+encoding\s*=\s*["']([^"']+)""", re.I
)
_HEAD_BYTES = 8192
_BLOCK_SELECTOR = ", ".join(sorted(BLOCKS - {"html", "body"}))
_LANGUAGE = re.compile(r"\b(?:language|lang|highlight|highlight-source|brush:)[- ]([\w+#.-]+)")
_NO_LANGUAGE = frozenset(["default", "none", "text", "plaintext", "notranslate"])


def parse_html(body: bytes) -> Parsed:
    """The blocks of the page's main part. Its canonical address becomes ``source`` and completes relative links."""
    tree = LexborHTMLParser(clean(decode(body, _declared(body))))
    title = tree.css_first("title")
    named = collapse(title.text()) if title else ""
    address = _address(tree)
    base = tree.css_first("base[href]")
    strip_unseen(tree)
    main = main_part(tree)
    blocks = _Reader(tree, (base.attributes.get("href") if base else "") or address).blocks(main)
    found = [block for block in blocks if block.text]
    return Parsed(found, title=_without_site(named, found) or None, source={"url": address} if address else {})


def html_blocks(source: str) -> Iterator[Block]:
    """The blocks of a piece of HTML, as it stands in Markdown."""
    tree = LexborHTMLParser(clean(source))
    strip_unseen(tree)
    yield from _Reader(tree, "").blocks(tree.body)


def _declared(body: bytes) -> str | None:
    """The encoding that the page names. UTF-16 in a name that could be read byte by byte is a mistake for UTF-8."""
    found = _CHARSET.search(body[:_HEAD_BYTES])
    name = (found.group(1) or found.group(2)).decode("ascii", "replace") if found else None
    return None if name and name.lower().startswith(("utf-16", "utf-32")) else name


def _address(tree: LexborHTMLParser) -> str:
    """The page's own address, where it gives one that works from elsewhere."""
    for selector, attribute in (("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")):
        node = tree.css_first(selector)
        address = ((node.attributes.get(attribute) if node else "") or "").strip()
        if address.startswith(("http://", "https://")):
            return address
    return ""


def _without_site(title: str, blocks: list[Block]) -> str:
    """The page's own heading where ``<title>`` only adds the site's name to it."""
    headings = [block.title for block in blocks if block.kind == "heading" and block.level == 1]
    return headings[0] if len(headings) == 1 and title.startswith(headings[0]) else title


class _Reader:
    """Walks a tree. ``base`` completes relative links."""

    def __init__(self, tree: LexborHTMLParser, base: str) -> None:
        self._base = base
        self._holders = _holders(tree)

    def blocks(self, node: LexborNode | None, depth: int = 0) -> Iterator[Block]:
        """Block elements one by one; what stands between them, and in them directly, makes paragraphs."""
        loose: list[LexborNode] = []
        for child in node.iter(include_text=True) if node else ():
            if child.mem_id in self._holders:
                yield from self._loose(loose)
                yield from self._element(child, depth + 1)
                loose = []
            else:
                loose.append(child)
        yield from self._loose(loose)

    def _loose(self, nodes: list[LexborNode]) -> Iterator[Block]:
        text = self._words(nodes) if nodes else ""
        if text:
            yield paragraph(text)

    def _words(self, nodes: list[LexborNode]) -> str:
        return collapse("".join(inline(node, self._base) for node in nodes))

    def _element(self, node: LexborNode, depth: int) -> Iterator[Block]:
        tag = node.tag or ""
        if depth > MAX_DEPTH:
            yield paragraph(collapse(node.text(separator=" ")))
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            text = self._words(list(node.iter(include_text=True)))
            if text:
                yield heading(text, int(tag[1]))
        elif tag in ("ul", "ol", "menu", "dir"):
            lines = list(self._list(node, depth))
            if lines:
                yield listing("\n".join(lines))
        elif tag == "pre":
            text = verbatim(node)
            if text.strip():
                yield code(text, _language(node))
        elif tag == "table":
            yield from self._table(node, depth)
        else:
            yield from self.blocks(node, depth)

    def _table(self, node: LexborNode, depth: int) -> Iterator[Block]:
        """A table that only arranges its content gives way to it."""
        for part in node.iter():
            if part.tag == "caption":
                yield from self.blocks(part, depth)
        if is_layout(node):
            for row in own_rows(node):
                for cell in row.iter():
                    yield from self.blocks(cell, depth + 1)
            return
        rows = table_rows(node, self._base)
        if rows:
            yield table(rows)

    def _list(self, node: LexborNode, depth: int) -> Iterator[str]:
        number = _number(node, "start", 1)
        marker = ""
        for item in node.iter():
            nested = item.tag in ("ul", "ol")  # not inside an item, as it should be
            blocks = self._element(item, depth + 1) if nested else self.blocks(item, depth + 1)
            lines = "\n".join(block.text for block in blocks).split("\n")
            if lines == [""]:
                continue
            if nested and marker:
                yield from (" " * len(marker) + line for line in lines)
                continue
            number = _number(item, "value", number)
            marker = f"{number}. " if node.tag == "ol" else "- "
            yield marker + lines[0]
            yield from (" " * len(marker) + line for line in lines[1:])
            number += 1


def _holders(tree: LexborHTMLParser) -> set[int]:
    """Elements that are blocks, or inline ones around a block (``<a><div>…``)."""
    holders: set[int] = set()
    for block in tree.css(_BLOCK_SELECTOR):
        node: LexborNode | None = block
        while node is not None and node.mem_id not in holders:
            holders.add(node.mem_id)
            node = node.parent
    return holders


def _number(node: LexborNode, name: str, default: int) -> int:
    value = node.attributes.get(name) or ""
    return int(value[:9]) if value.isascii() and value.isdigit() else default


def _language(node: LexborNode) -> str:
    """The language of code, as highlighters mark it: on ``<code>``, ``<pre>`` or the boxes around."""
    inner = node.css_first("code")
    outer = node.parent
    for marked in (inner, node, outer, outer.parent if outer else None):
        match = _LANGUAGE.search((marked.attributes.get("class") or "") if marked else "")
        if match and match[1] not in _NO_LANGUAGE:
            return match[1]
    return ""
