"""What a sentence-transformers model wants to read before a text, by its name: a table of small entries.

Reference and answer are alike, so both get the prefix that a model's card gives for comparing two texts as equals,
not one for a query and one for a passage. Sources: the model cards of intfloat/e5-* ("query: " for symmetric tasks),
nlpai-lab/KoE5, nomic-ai/nomic-embed-text-* and google/embeddinggemma-*.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

_PREFIXES = (
    ("*e5*instruct*", "Instruct: Retrieve semantically similar text.\nQuery: "),
    ("*e5-*", "query: "),
    ("*koe5*", "query: "),
    ("*nomic-embed-text*", "clustering: "),
    ("*embeddinggemma*", "task: sentence similarity | query: "),
)


def prefix_of(model: str) -> str:
    """By Hugging Face id or folder; most models want none."""
    name = model.lower().rstrip("/").rpartition("/")[2]
    return next((prefix for pattern, prefix in _PREFIXES if fnmatchcase(name, pattern)), "")
