"""OpenAI's embeddings as unit vectors."""

from __future__ import annotations

import math
from typing import Any

from localcloud.engines.failures import Failure


def read_vectors(answer: dict[str, Any], count: int, model: str, url: str) -> list[list[float]]:
    """One vector of length 1 per text, in the order of the texts. Raises Failure for another body."""
    try:
        items = sorted(answer["data"], key=lambda item: item["index"])
        vectors = [_unit([float(value) for value in item["embedding"]]) for item in items]
    except (LookupError, TypeError, ValueError):
        raise Failure(f"{url} answered for {model} what are no embeddings: {str(answer)[:200]}") from None
    if len(vectors) != count or len({len(vector) for vector in vectors}) != 1:
        raise Failure(f"{url} answered {count} texts for {model} with {len(vectors)} vectors, or of several lengths")
    return vectors


def _unit(vector: list[float]) -> list[float]:
    length = math.hypot(*vector)
    return [value / length for value in vector] if length else vector
