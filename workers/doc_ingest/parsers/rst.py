"""reStructuredText, read by docutils with file insertion and raw output off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from workers.doc_ingest.decode import decode
from workers.doc_ingest.model import Block, Parsed, clean, code, heading, listing, paragraph, table
from workers.doc_ingest.parsers.links import link
from workers.doc_ingest.parsers.rst_extensions import known_to_docutils
from workers.doc_ingest.parsers.rst_table import rows_of
from workers.doc_ingest.parsers.text import text_blocks

_SETTINGS = {
    "file_insertion_enabled": False, "raw_enabled": False, "_disable_config": True, "report_level": 5,
    "halt_level": 5, "warning_stream": False, "syntax_highlight": "none", "doctitle_xform": False,
    "docinfo_xform": False, "sectsubtitle_xform": False, "smart_quotes": False, "line_length_limit": 20_000,
    "toc_backlinks": False, "footnote_backlinks": False,
}  # fmt: skip
"""The limit on lines is also the limit on what substitutions may grow to; a document that
meets it, or nests deeper than Python can follow, is read as text."""

_ATTACHED = re.compile(r"^(?!\.\. |:|\s)(\S.*)\n(?=\.\. [\w-]+::)", re.MULTILINE)
"""A directive that follows a line of text without a blank line between: docutils would take its name for text."""

_INCLUDED = re.compile(r"^[ \t]*\.\. (?:include|literalinclude)::[ \t]+(\S.*)$", re.MULTILINE)

_UNSEEN = (
    nodes.comment, nodes.system_message, nodes.substitution_definition, nodes.target, nodes.raw, nodes.pending,
    nodes.transition, nodes.meta, nodes.image, nodes.decoration,
)  # fmt: skip


def parse_rst(body: bytes) -> Parsed:
    """Sections by their underlines; directives that docutils does not know give what they hold."""
    text = clean(decode(body))
    known_to_docutils(text)
    try:
        document = publish_doctree(_ATTACHED.sub("\\1\n\n", text), settings_overrides=_SETTINGS)
    except (SystemMessage, RecursionError):
        return Parsed(text_blocks(text))
    notes = [f"The included file {name.strip()} is not part of the document." for name in _INCLUDED.findall(text)]
    return Parsed([block for block in _children(document, 0) if block.text], notes=notes)


def _children(node: nodes.Node, depth: int) -> Iterator[Block]:
    for child in node.children:
        yield from _block(child, depth)


def _block(node: nodes.Node, depth: int) -> Iterator[Block]:
    """``depth`` is the number of sections around a node."""
    if isinstance(node, _UNSEEN) or (isinstance(node, nodes.topic) and "contents" in node["classes"]):
        return
    if isinstance(node, nodes.section):
        yield from _children(node, depth + 1)
    elif isinstance(node, nodes.title):
        yield heading(_inline(node), depth) if isinstance(node.parent, nodes.section) else paragraph(_inline(node))
    elif isinstance(node, nodes.Admonition):
        yield from _admonition(node, depth)
    elif isinstance(node, nodes.literal_block | nodes.doctest_block | nodes.math_block):
        yield code(node.astext(), _language(node))
    elif isinstance(node, nodes.table):
        yield from _table(node)
    elif isinstance(node, nodes.footnote | nodes.citation):
        yield _note(node)
    elif type(node) in _LISTS:
        yield listing("\n".join(_LISTS[type(node)](node, depth)))
    elif isinstance(node, nodes.line_block):
        yield paragraph("\n".join(_lines(node)))
    elif isinstance(node, nodes.TextElement):
        yield paragraph(_inline(node))
    else:
        yield from _children(node, depth)


def _admonition(node: nodes.Element, depth: int) -> Iterator[Block]:
    """Its title or kind as a line before what it holds."""
    if not isinstance(node.children[0] if node.children else None, nodes.title):
        yield paragraph(f"{type(node).__name__.capitalize()}:")
    yield from _children(node, depth)


def _language(node: nodes.Element) -> str:
    classes = [name for name in node["classes"] if name != "code"]
    return str(node.get("language") or (classes[0] if "code" in node["classes"] and classes else ""))


def _table(node: nodes.table) -> Iterator[Block]:
    for child in node.children:
        if isinstance(child, nodes.title):
            yield paragraph(_inline(child))
    rows = rows_of(node, _cell)
    if any(any(row) for row in rows):
        yield table(rows)


def _cell(entry: nodes.Element) -> str:
    return " ".join(block.text for block in _children(entry, 0))


def _note(node: nodes.Element) -> Block:
    label, *rest = node.children
    words = " ".join(block.text for child in rest for block in _block(child, 0))
    return paragraph(
        f"[^{label.astext()}]: {words}" if isinstance(node, nodes.footnote) else f"[{label.astext()}] {words}"
    )


def _bullets(node: nodes.Element, depth: int) -> Iterator[str]:
    for item in node.children:
        yield from _item("- ", item, depth)


def _numbers(node: nodes.Element, depth: int) -> Iterator[str]:
    for number, item in enumerate(node.children, int(node.get("start", 1))):
        yield from _item(f"{number}. ", item, depth)


def _definitions(node: nodes.Element, depth: int) -> Iterator[str]:
    """``- term`` with its explanation under it."""
    for item in node.children:
        terms = [child for child in item.children if not isinstance(child, nodes.definition)]
        yield "- " + " : ".join(_inline(term) for term in terms)
        for child in item.children:
            if isinstance(child, nodes.definition):
                yield from _item("  ", child, depth)


def _fields(node: nodes.Element, depth: int) -> Iterator[str]:
    """``- name: value``, but for the settings that Sphinx reads at a document's start, which have no value to show."""
    for item in node.children:
        name, body = item.children[0], item.children[-1]
        if body.children:
            yield from _item(f"- {_inline(name)}: ", body, depth)


def _options(node: nodes.Element, depth: int) -> Iterator[str]:
    for item in node.children:
        names = ", ".join(option.astext() for option in item.children[0].children)
        yield from _item(f"- `{names}` ", item.children[-1], depth)


_LISTS: Mapping[type[nodes.Node], Callable[[nodes.Element, int], Iterator[str]]] = {
    nodes.bullet_list: _bullets,
    nodes.enumerated_list: _numbers,
    nodes.definition_list: _definitions,
    nodes.field_list: _fields,
    nodes.docinfo: _fields,
    nodes.option_list: _options,
}


def _item(marker: str, node: nodes.Node, depth: int) -> Iterator[str]:
    lines = "\n".join(block.text for block in _children(node, depth) if block.text).split("\n")
    indent = " " * (2 if marker.startswith("- ") else len(marker))
    yield (marker + lines[0]).rstrip()
    yield from (indent + line for line in lines[1:])


def _lines(node: nodes.Element) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, nodes.line_block):
            yield from _lines(child)
        else:
            yield _inline(child)


def _inline(node: nodes.Node) -> str:
    """Inline content as Markdown: links and code kept, line ends as spaces."""
    if isinstance(node, nodes.Text):
        return str(node.astext()).replace("\n", " ")
    if isinstance(node, nodes.literal | nodes.math):
        text = " ".join(node.astext().split())
        return f"`{text}`" if text and "`" not in text else text
    if isinstance(node, nodes.footnote_reference):
        return f"[^{node.astext()}]"
    if isinstance(node, nodes.image):
        return str(node.get("alt", "")) if isinstance(node.parent, nodes.TextElement) else ""
    if isinstance(node, nodes.problematic):
        return str(node.astext())
    if isinstance(node, nodes.raw | nodes.system_message | nodes.comment):
        return ""
    inside = "".join(_inline(child) for child in node.children)
    return link(inside, str(node.get("refuri", ""))) if isinstance(node, nodes.reference) else inside
