"""Why a document is refused: a closed list of codes, each with what a person can do about it."""

from __future__ import annotations

from shared.errors import Rejected

REMEDIES: dict[str, str] = {
    "archive_bomb": "unpack it yourself and put the documents that are in it",
    "corrupt": "open it in the program that made it, save it again and put the new file",
    "crashed": "the parser died on this document; convert it to another format, and report the file",
    "empty": "there is no text in it; put a file that has some",
    "encrypted": "remove the password and put the open file",
    "internal": "look at the dead-letter queue (`groundtune dlq list`), repair the cause, then redrive",
    "lock_file": "an editor left it behind while a document was open; delete it, the document itself is unharmed",
    "missing": "the object was removed before it was read; put it again if it is wanted",
    "needs_ocr": "its pages are pictures; run OCR on it and put the result",
    "out_of_memory": "split it into smaller documents",
    "too_large": "split it into smaller documents",
    "too_slow": "parsing did not end in time; split it into smaller documents",
    "unreadable": "let the user who runs this read the file",
    "unsupported": "convert it to Markdown, HTML, plain text, PDF or DOCX",
}
"""Code -> remedy. A code is never renamed: people count and filter by it."""


def reject(code: str, what: str) -> Rejected:
    """The rejection to raise: ``what`` says what was found; the code's remedy is added."""
    return Rejected(code, f"{what}; {REMEDIES[code]}")
