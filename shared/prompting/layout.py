"""How question and documents reach a model: one layout for teacher, training rows, inference and judge.

    <documents>
    <document index="1" url="https://…">
    <title>…</title>
    …text…
    </document>
    </documents>

    <question>…</question>

Document text is data: ``&``, ``<`` and ``>`` are escaped, so that nothing in it can close its block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from xml.sax.saxutils import escape, quoteattr

from schemas.artifacts import RetrievedDocument

_DOCUMENT = re.compile(
    r'<document index="(?P<index>\d+)" url=(?P<url>"[^"]*"|\'[^\']*\')>\n'
    r"<title>(?P<title>.*?)</title>\n(?P<text>.*?)\n</document>",
    re.DOTALL,
)
_QUESTION = re.compile(r"<question>(.*?)</question>", re.DOTALL)


def render_documents(documents: Sequence[RetrievedDocument]) -> str:
    """The documents block; documents are numbered from 1 in the order given."""
    blocks = [
        f'<document index="{number}" url={quoteattr(document.url)}>\n<title>{escape(document.title)}</title>\n'
        f"{escape(document.text)}\n</document>"
        for number, document in enumerate(documents, 1)
    ]
    return "\n".join(["<documents>", *blocks, "</documents>"])


def render_question(documents: Sequence[RetrievedDocument], question: str) -> str:
    """The whole user turn: documents, then the question."""
    return f"{render_documents(documents)}\n\n<question>{escape(question)}</question>"


def parse_documents(text: str) -> list[RetrievedDocument]:
    """The documents of a rendered turn, in order; ``chunk`` is their number. Inverse of render_documents."""
    return [
        RetrievedDocument(
            chunk=match["index"],
            url=unescape(match["url"][1:-1]),
            title=unescape(match["title"]),
            text=unescape(match["text"]),
        )
        for match in _DOCUMENT.finditer(text)
    ]


def parse_question(text: str) -> str:
    """The question of a rendered turn; empty when there is none."""
    match = _QUESTION.search(text)
    return unescape(match[1]) if match else ""
