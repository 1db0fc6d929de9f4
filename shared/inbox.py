"""Which objects of a corpus are documents: not its sources table, nor what programs leave behind."""

from __future__ import annotations

SOURCES_TABLE = "sources.csv"


def relative_path(corpus: str, key: str) -> str:
    """The path within the corpus; a key outside its inbox is its own path."""
    return key.removeprefix(f"inbox/{corpus}/")


def is_sources_table(path: str) -> bool:
    """Whether a path within the corpus is its ``sources.csv``: at its root and nowhere else."""
    return path == SOURCES_TABLE


def is_document(path: str) -> bool:
    """Whether a path within a corpus is to be ingested. Folder markers and hidden files are passed over in silence.

    Lock files such as ``~$name.docx`` are not: their document may be lost, so they are refused where people see it.
    """
    name = path.rpartition("/")[2]
    return bool(name) and not name.startswith(".") and not is_sources_table(path)
