"""Markdown and MDX, read as CommonMark with tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from shared.text.front_matter import split_front_matter
from workers.doc_ingest.decode import decode
from workers.doc_ingest.model import Block, Parsed, clean, code, heading, listing, paragraph, table
from workers.doc_ingest.parsers.html import html_blocks
from workers.doc_ingest.parsers.html_names import HTML_NAMES
from workers.doc_ingest.parsers.links import link
from workers.doc_ingest.parsers.markdown_dialects import is_mdx, to_commonmark

_READER = MarkdownIt("commonmark").enable("table")
_MDX_READER = MarkdownIt("commonmark").enable("table").disable("code")
_TOML = re.compile(r"\A\s*\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_ATTRIBUTES = re.compile(r"\s*\{(?::?\s*[#.]|/\*)[^}]*\}\s*$")
_STARS = re.compile(r"\*\*(?!\s)([^*\n]+)(?<!\s)\*\*")
_TAG_NAME = re.compile(r"^\s*</?([A-Za-z][\w.-]*)")


def parse_markdown(body: bytes) -> Parsed:
    """Front matter becomes ``source``; reference links get their address, so that a chunk needs no other part."""
    source, text = _front_matter(clean(decode(body)))
    mdx = is_mdx(text)
    tree = SyntaxTreeNode((_MDX_READER if mdx else _READER).parse(to_commonmark(text, mdx)))
    return Parsed([block for block in _blocks(tree) if block.text], source=source)


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """YAML between dashes, or TOML between pluses."""
    match = _TOML.match(text)
    if not match:
        return split_front_matter(text)
    try:
        title = tomllib.loads(match[1]).get("title")
    except tomllib.TOMLDecodeError:
        return {}, text
    return ({"title": title} if isinstance(title, str) and title.strip() else {}), text[match.end() :]


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    for kind, group in groupby(node.children, key=lambda child: child.type):
        if kind == "html_block":  # a blank line cuts HTML in two; a table must be read as one
            yield from _html("\n".join(child.content for child in group))
        else:
            for child in group:
                yield from _block(child)


def _block(node: SyntaxTreeNode) -> Iterator[Block]:
    match node.type:
        case "heading":
            title = _ATTRIBUTES.sub("", _inline(node))
            if title.strip():
                yield heading(title, int(node.tag[1:]))
        case "paragraph":
            yield paragraph(_inline(node))
        case "bullet_list" | "ordered_list":
            yield listing("\n".join(_list(node)))
        case "fence" | "code_block":
            yield _code(node)
        case "table":
            yield table(_rows(node))
        case _:
            yield from _blocks(node)


def _html(source: str) -> Iterator[Block]:
    """HTML as its blocks. What only looks like HTML, ``<name>`` on a line of its own, is text."""
    first = _TAG_NAME.match(source)
    if first and not _is_markup(first[1]):
        yield paragraph(source)
    else:
        yield from html_blocks(source)


def _code(node: SyntaxTreeNode) -> Block:
    words = node.info.split()
    return code(node.content, words[0] if words else "")


def _list(node: SyntaxTreeNode) -> Iterator[str]:
    """Lines of a list: blocks inside an item are indented to its text."""
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    for item in node.children:
        marker = "- " if number is None else f"{number}. "
        lines = "\n".join(block.text for block in _blocks(item) if block.text).split("\n")
        yield marker + lines[0]
        yield from (" " * len(marker) + line for line in lines[1:])
        number = None if number is None else number + 1


def _rows(node: SyntaxTreeNode) -> list[list[str]]:
    return [[_inline(cell) for cell in row.children] for part in node.children for row in part.children]


def _inline(node: SyntaxTreeNode) -> str:
    """Inline content as Markdown again: emphasis dropped, code and links kept, soft line ends as spaces."""
    match node.type:
        case "text" | "image":
            return node.content
        case "code_inline":
            return _span(node)
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "html_inline":
            return _tag(node.content)
    kinds = groupby(node.children, key=lambda child: child.type)
    inside = "".join(_run(kind, list(group)) for kind, group in kinds)
    return link(inside, str(node.attrs.get("href", ""))) if node.type == "link" else inside


def _run(kind: str, nodes: list[SyntaxTreeNode]) -> str:
    """Neighbours of one kind. CommonMark leaves the stars of ``**로밍(해외)**은``, a letter following: they go."""
    text = "".join(_inline(node) for node in nodes)
    return _STARS.sub(r"\1", text) if kind == "text" and "**" in text else text


def _span(node: SyntaxTreeNode) -> str:
    edge = " " if node.content[:1] == "`" or node.content[-1:] == "`" else ""
    return f"{node.markup}{edge}{node.content}{edge}{node.markup}"


def _tag(source: str) -> str:
    """Nothing for a tag of HTML or a component; what is neither (``<user-id>``) was meant as text."""
    name = _TAG_NAME.match(source)
    if name is None:
        return ""
    if name[1].lower() == "br":
        return "\n"
    return "" if _is_markup(name[1]) else source


def _is_markup(name: str) -> bool:
    """Whether a tag is one of HTML, or a component; ``<IP>`` and ``<user-id>`` are neither."""
    return name.lower() in HTML_NAMES or (name[0].isupper() and not name.isupper())
