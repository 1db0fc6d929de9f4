"""What must hold of training data, told without the code that makes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from schemas.artifacts import Chunk, Sample, TrainingExample


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


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
