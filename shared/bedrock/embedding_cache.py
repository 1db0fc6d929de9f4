"""Vectors kept in S3, many in an object: one object a text would cost more than the text.

Texts are sorted by hash and cut into blocks wherever a hash says so, so that the same text mostly falls into the same
block whatever it is asked with: when some texts of a corpus change, only their blocks are asked again. (Content-defined
chunking: A. Muthitacharoen, B. Chen, D. Mazières, "A Low-bandwidth Network File System", 2001.) A block is named by
how the model was asked and the hashes in it, and never changes.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Iterable, Sequence

from schemas.base import content_hash
from shared.store import keys
from shared.store.ports import ObjectStore

BLOCK = 32
"""Texts in a block, on average."""

Vectors = list[list[float]]


def blocks(texts: Iterable[str]) -> list[list[str]]:
    """Different texts in blocks, in an order of their own."""
    found: list[list[str]] = []
    fresh = True
    for digest, text in sorted((content_hash(text), text) for text in set(texts)):
        if fresh:
            found.append([])
        found[-1].append(text)
        fresh = int(digest[-8:], 16) % BLOCK == 0
    return found


def unit(vector: Sequence[float]) -> list[float]:
    """The vector with length 1, rounded to 32 bits as it is kept. A vector of zeros stays one."""
    length = math.sqrt(math.fsum(value * value for value in vector)) or 1.0
    return list(array("f", (value / length for value in vector)))


class EmbeddingCache:
    """Blocks of vectors as little-endian 32-bit floats."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def get(self, asked: str, block: Sequence[str]) -> Vectors | None:
        """Vectors of a block's texts, in order; None when they are not kept."""
        try:
            body = await self._objects.get(_key(asked, block))
        except KeyError:
            return None
        numbers = array("f")
        numbers.frombytes(body)
        size, odd = divmod(len(numbers), len(block))
        if odd or not size:
            return None
        _little_endian(numbers)
        return [list(numbers[start : start + size]) for start in range(0, len(numbers), size)]

    async def put(self, asked: str, block: Sequence[str], vectors: Vectors) -> None:
        numbers = array("f", (value for vector in vectors for value in vector))
        _little_endian(numbers)
        await self._objects.put(_key(asked, block), numbers.tobytes())


def _key(asked: str, block: Sequence[str]) -> str:
    return keys.embeddings(content_hash({"asked": asked, "texts": [content_hash(text) for text in block]}))


def _little_endian(numbers: array[float]) -> None:
    if sys.byteorder == "big":
        numbers.byteswap()
