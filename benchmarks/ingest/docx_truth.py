"""The words of a DOCX that a reader sees: every ``w:t`` of its body, footnotes and endnotes, but for what is hidden."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_HIDDEN_IN = {f"{W}del", f"{W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}


def visible_text(path: Path) -> str:
    """Paragraphs, one a line. Text in a fallback is the same once more; deleted text is ``w:delText``."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        parts = [archive.read(name) for name in PARTS if name in archive.namelist()]
    return "\n".join(line for part in parts for line in _lines(etree.fromstring(part)))


def _lines(root: etree._Element) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        words = [_text(node) for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen")
                 if next(node.iterancestors(f"{W}p")) is paragraph and not _hidden(node)]  # fmt: skip
        if any(words):
            yield "".join(words)


def _text(node: etree._Element) -> str:
    return node.text or "" if node.tag == f"{W}t" else "-" if node.tag == f"{W}noBreakHyphen" else " "


def _hidden(node: etree._Element) -> bool:
    if any(above.tag in _HIDDEN_IN for above in node.iterancestors()):
        return True
    vanish = node.getparent().find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val") not in ("0", "false")
