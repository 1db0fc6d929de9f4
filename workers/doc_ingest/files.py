"""A file on disk into its line of ``groundtune parse``: the same code as the worker's, without queue or cloud."""

from __future__ import annotations

import stat
from pathlib import Path

from schemas.base import content_hash
from schemas.parsed_file import ParsedFile, ingested, rejected
from schemas.recipe import Chunking
from shared.errors import Rejected
from workers.doc_ingest.detect import is_lock_file
from workers.doc_ingest.ingest import check_size, cut, identify, parse_as
from workers.doc_ingest.rejections import reject


def parse_file(path: Path, chunking: Chunking) -> ParsedFile:
    """The file's line; never raises for what a file may be."""
    kind: str | None = None
    try:
        body = read(path)
        kind = identify(path.name, body)
        found = cut(kind, parse_as(kind, path.name, body), content_hash(body), chunking)
    except Rejected as error:
        return rejected(shown(path), error.code, error.message, kind)
    return ingested(shown(path), found.document, found.chunks)


def read(path: Path) -> bytes:
    """A file's bytes. Raises Rejected for what need not or cannot be read."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would never end
            raise reject("unsupported", f"{path.name} is no regular file")
        check_size(path.name, status.st_size)
        return path.read_bytes()
    except FileNotFoundError:
        raise reject("missing", f"{path.name} is not there any more") from None
    except OSError as error:
        raise reject("unreadable", f"{path.name} cannot be read ({error.strerror})") from None


def refused(path: Path, error: Rejected) -> ParsedFile:
    """The line of a file that its parser's process died of."""
    return rejected(shown(path), error.code, error.message)


def walk(paths: list[Path]) -> list[Path]:
    """The files, in the order given; those of a folder by name. Hidden files and folders are passed over, but for an
    office program's lock files: the document that one marks may be lost, so it is refused where people see it."""
    found: list[Path] = []
    for path in paths:
        found += _inside(path) if path.is_dir() else [path]
    return found


def shown(path: Path) -> str:
    """A path as text: bytes that are no UTF-8 become U+FFFD."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _inside(folder: Path) -> list[Path]:
    """Links to folders are not followed: they may lead back."""
    found: list[Path] = []
    for entry in sorted(folder.iterdir()):
        hidden = entry.name.startswith(".") and not is_lock_file(entry.name)
        if entry.is_dir():
            found += [] if hidden or entry.is_symlink() else _inside(entry)
        elif not hidden:
            found.append(entry)
    return found
