"""ZIP of documents, read as one document: each member a section under its path, in the order of the archive.

An archive is one document because it is one object: it has one record, one line of ``groundtune parse``, one source.
A member's headings stand one level below its path. A member that is refused costs nothing but itself and is named in
``notes``; the archive is refused when none is left. An archive inside counts as a member, as deep as the limits allow.
Nothing is written to disk: a member's path is only a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from shared.errors import Rejected
from workers.doc_ingest.archives import Allowance
from workers.doc_ingest.model import Block, Parsed, heading
from workers.doc_ingest.parsers.container import Container
from workers.doc_ingest.rejections import reject

_BESIDE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems put beside documents, which nobody misses."""
_DEEPEST_HEADING = 6

ParseMember = Callable[[str, bytes], Parsed]
"""From a member's path and bytes to the document; raises Rejected."""


def parse_members(body: bytes, parse: ParseMember, allowance: Allowance) -> Parsed:
    """The archive as one document. Raises Rejected: ``empty`` when no member can be read, ``archive_bomb`` when the
    allowance, which is for all that lies inside, does not reach, and whatever else ``archives.open_archive`` finds."""
    blocks: list[Block] = []
    notes: list[str] = []
    container = Container(body, allowance)
    for path in _files(container):
        try:
            parsed = parse(path, container.read(path))
        except Rejected as error:
            if error.code == "archive_bomb":
                raise
            notes.append(f"{path} was left out ({error.code}): {error.message}")
        else:
            blocks += [heading(path, 1), *map(_lowered, parsed.blocks)]
            notes += [f"{path}: {note}" for note in parsed.notes]
    allowance.depth_left += 1
    if not blocks:
        raise reject("empty", "; ".join(["no file in the archive can be read", *notes[:3]]))
    return Parsed(blocks, notes=notes)


def _files(container: Container) -> Iterator[str]:
    for name in container.names:
        if not name.endswith("/") and not any(part in name for part in _BESIDE):
            yield name


def _lowered(block: Block) -> Block:
    """A heading one level down; its page is that of the member and stays."""
    if block.kind != "heading" or block.level >= _DEEPEST_HEADING:
        return block
    return replace(block, text="#" + block.text, level=block.level + 1)
