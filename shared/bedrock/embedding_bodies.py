"""How each embedding model is asked through InvokeModel, and what it answers: a table of small entries.

Source: Amazon Bedrock user guide, inference parameters of Titan Text Embeddings, Cohere Embed v3 and v4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from schemas.base import canonical_json
from shared.bedrock.model_names import model_name, without_region
from shared.errors import Poison

DIMENSIONS = 1_024
"""Of models that let one choose: the default of Titan v2, and what Cohere v3 has."""

Vectors = list[list[float]]


@dataclass(frozen=True)
class EmbeddingBody:
    """One kind of request. A call takes up to ``batch`` texts, each cut at ``max_chars`` characters."""

    batch: int
    max_chars: int
    request: Callable[[Sequence[str]], dict[str, Any]]
    vectors: Callable[[Mapping[str, Any]], Vectors]

    def asked(self, model: str) -> str:
        """All that a vector depends on but its text: part of its name in the cache."""
        return canonical_json({"model": model, "request": self.request([""]), "max_chars": self.max_chars})


def _titan_1(texts: Sequence[str]) -> dict[str, Any]:
    return {"inputText": texts[0]}


def _titan_2(texts: Sequence[str]) -> dict[str, Any]:
    return {"inputText": texts[0], "dimensions": DIMENSIONS, "normalize": True}


def _cohere_3(texts: Sequence[str]) -> dict[str, Any]:
    return {"texts": list(texts), "input_type": "clustering", "truncate": "END"}


def _cohere_4(texts: Sequence[str]) -> dict[str, Any]:
    return {
        "texts": list(texts), "input_type": "clustering", "truncate": "RIGHT", "embedding_types": ["float"],
        "output_dimension": DIMENSIONS,
    }  # fmt: skip


def _one(answer: Mapping[str, Any]) -> Vectors:
    return [answer["embedding"]]


def _many(answer: Mapping[str, Any]) -> Vectors:
    """Cohere answers with a list, or with lists by type when types were asked for."""
    found: Any = answer["embeddings"]
    return list(found["float"] if isinstance(found, Mapping) else found)


EMBEDDINGS: dict[str, EmbeddingBody] = {
    "local.embed*": EmbeddingBody(1, 8_000, _titan_1, _one),
    "amazon.titan-embed-text-v1*": EmbeddingBody(1, 8_000, _titan_1, _one),
    "amazon.titan-embed-g1-text*": EmbeddingBody(1, 8_000, _titan_1, _one),
    # 8,192 tokens; Korean has up to a token a character
    "amazon.titan-embed-text-v2*": EmbeddingBody(1, 8_000, _titan_2, _one),
    "cohere.embed-english-v3*": EmbeddingBody(96, 2_048, _cohere_3, _many),
    "cohere.embed-multilingual-v3*": EmbeddingBody(96, 2_048, _cohere_3, _many),
    "cohere.embed-v4*": EmbeddingBody(96, 8_000, _cohere_4, _many),
}


def embedding_body(model: str) -> EmbeddingBody:
    """How to ask a model id. Raises Poison, naming those that can be asked, for any other."""
    name = without_region(model_name(model))
    for pattern, body in EMBEDDINGS.items():
        if fnmatchcase(name, pattern):
            return body
    raise Poison(f"model {model} is no embedding model that groundtune can ask; those are {', '.join(EMBEDDINGS)}")
