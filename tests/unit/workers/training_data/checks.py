"""What must hold of training data, told without the code that makes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from schemas.artifacts import Chunk, Sample, TrainingExample


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def without_evidence(samples: Iterable[Sample], chunks: Mapping[str, Chunk]) -> list[str]:
    """Ids of samples with a quote that does not stand in its chunk, or a citation that no quote proves."""
    wrong = []
    for sample in samples:
        quoted = all(plain(part.quote) in plain(chunks[part.chunk].text) for part in sample.evidence)
        proven = {part.chunk for part in sample.evidence}
        if not sample.evidence or not quoted or not proven >= {*sample.citations, *sample.withheld}:
            wrong.append(sample.id)
    return wrong


def foreign_links(examples: Iterable[TrainingExample]) -> list[str]:
    """Ids of examples with a link, in the answer or among the references, that none of its documents has."""
    wrong = []
    for example in examples:
        shown = {document.url for document in example.documents}
        written = set(re.findall(r"https?://[^\s<>)]+", re.sub(r"`[^`]*`", "", example.answer))) | set(
            example.references
        )
        if not written <= shown:
            wrong.append(example.id)
    return wrong


def in_other_language(samples: Sequence[Sample]) -> list[str]:
    """Ids of samples whose question is written in another script than their language says."""

    def hangul(text: str) -> bool:
        words = re.sub(r"`[^`]*`", "", text)
        return sum("가" <= char <= "힣" for char in words) > 0.15 * sum(map(str.isalpha, words))

    return [sample.id for sample in samples if hangul(sample.question) != (sample.language == "ko")]


def trigrams(text: str) -> frozenset[str]:
    folded = letters(text)
    return frozenset(folded[n : n + 3] for n in range(max(1, len(folded) - 2)))


def figures(text: str) -> frozenset[str]:
    """What a question names by digits or as code: another figure is another question."""
    code = {letters(span) for span in re.findall(r"`([^`]+)`", text)}
    tokens = re.findall(r"[a-z0-9]+(?:[-_./:,#][a-z0-9]+)*", unicodedata.normalize("NFKC", text).casefold())
    return frozenset(code | {re.sub(r"[^a-z0-9.]", "", token) for token in tokens if re.search(r"[0-9_]", token)})


def alike(questions: Sequence[str], others: Sequence[str] | None = None, least: float = 0.8) -> list[tuple[str, str]]:
    """Pairs that are the same but for case and punctuation, or whose trigrams have this Jaccard similarity while they
    name the same figures. Every pair is compared."""
    grams = {text: trigrams(text) for text in {*questions, *(others or ())}}
    named = {text: figures(text) for text in grams}
    pairs = (
        [(a, b) for n, a in enumerate(questions) for b in questions[n + 1 :]]
        if others is None
        else [(a, b) for a in questions for b in others]
    )
    return [
        (a, b)
        for a, b in pairs
        if letters(a) == letters(b)
        or (named[a] == named[b] and len(grams[a] & grams[b]) >= least * len(grams[a] | grams[b]))
    ]
