"""Markdown and MDX, read as CommonMark with tables."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from shared.text.front_matter import split_front_matter
from workers.doc_ingest.decode import decode
from workers.doc_ingest.model import Block, Parsed, clean, code, heading, listing, paragraph, table
from workers.doc_ingest.parsers.html import html_blocks

_READER = MarkdownIt("commonmark").enable("table")


def parse_markdown(body: bytes) -> Parsed:
    """Front matter becomes ``source``; reference links get their address, so that a chunk needs no other part."""
    source, text = split_front_matter(clean(decode(body)))
    blocks = [block for block in _blocks(SyntaxTreeNode(_READER.parse(text))) if block.text]
    return Parsed(blocks, source=source)


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    for child in node.children:
        match child.type:
            case "heading":
                yield heading(_inline(child), int(child.tag[1:]))
            case "paragraph":
                yield paragraph(_inline(child))
            case "bullet_list" | "ordered_list":
                yield listing("\n".join(_list(child)))
            case "fence" | "code_block":
                yield _code(child)
            case "table":
                yield table(_rows(child))
            case "html_block":
                yield from html_blocks(child.content)
            case _:
                yield from _blocks(child)


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
    if node.type == "text":
        return node.content
    if node.type == "code_inline":
        return f"{node.markup}{node.content}{node.markup}"
    if node.type == "softbreak":
        return " "
    if node.type == "hardbreak":
        return "\n"
    if node.type in ("image", "html_inline"):
        return node.content if node.type == "image" else ""
    inside = "".join(_inline(child) for child in node.children)
    return _link(inside, str(node.attrs.get("href", ""))) if node.type == "link" else inside


def _link(label: str, address: str) -> str:
    if label in (address, address.removeprefix("mailto:")):
        return f"<{address}>"
    return f"[{label}]({address})" if address and label else label
