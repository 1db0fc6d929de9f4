"""Embeddings of many texts: each different text asked once, in bounded numbers at a time, cached by content."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from shared.bedrock.embedding_bodies import EmbeddingBody, embedding_body
from shared.bedrock.embedding_cache import EmbeddingCache, Vectors, blocks, unit
from shared.bedrock.meter import Meter
from shared.bedrock.ports import Account
from shared.bedrock.usage import WORST, Usage
from shared.concurrency import gathered
from shared.errors import Retryable
from shared.text.tokens import estimate_tokens

CALLS = 8
"""InvokeModel calls in flight for one ``embed``."""
PORTION = 384
"""Texts that are asked for before what has come is kept: no more than these are paid twice after an error."""
TOKENS_HEADER = "x-amzn-bedrock-input-token-count"

Invoke = Callable[[str, bytes], Awaitable[tuple[dict[str, Any], dict[str, str]]]]
"""InvokeModel with a model id and a body: the answer's JSON and its headers; errors are translated."""


class Embedder:
    """Asks embedding models through ``invoke``."""

    def __init__(self, invoke: Invoke, cache: EmbeddingCache, meter: Meter) -> None:
        self._invoke = invoke
        self._cache = cache
        self._meter = meter

    async def embed(self, model: str, texts: Sequence[str], account: Account | None) -> Vectors:
        """One unit vector for each text, in order. Raises ValueError for an empty one.

        All of them are held in memory, some 30 KB for a vector of 1,024 numbers: a corpus comes in portions.
        """
        if any(not text.strip() for text in texts):
            raise ValueError(f"text {next(n for n, text in enumerate(texts) if not text.strip())} has nothing to embed")
        body = embedding_body(model)
        found: dict[str, list[float]] = {}
        missing: list[list[str]] = []
        wanted, asked = blocks(texts), body.asked(model)
        for block, known in zip(wanted, await gathered(self._cache.get(asked, block) for block in wanted), strict=True):
            if known is None:
                missing.append(block)
            else:
                found |= zip(block, known, strict=True)
        if found:
            saved = Usage(input_tokens=sum(map(estimate_tokens, found)))
            await self._meter.cached(model, account, saved, answers=-(-len(found) // body.batch))
        for portion in _portions(missing):
            found |= await self._ask(model, body, portion, account)
        return [found[text] for text in texts]

    async def _ask(
        self, model: str, body: EmbeddingBody, missing: Sequence[Sequence[str]], account: Account | None
    ) -> dict[str, list[float]]:
        """Texts of different blocks share calls; what has come is kept before the next portion is paid."""
        texts = [text for block in missing for text in block]
        batches = [texts[start : start + body.batch] for start in range(0, len(texts), body.batch)]
        answers = await gathered((self._call(model, body, batch, account) for batch in batches), CALLS)
        found = dict(zip(texts, (vector for vectors in answers for vector in vectors), strict=True))
        asked = body.asked(model)
        await gathered(self._cache.put(asked, block, [found[text] for text in block]) for block in missing)
        return found

    async def _call(self, model: str, body: EmbeddingBody, texts: Sequence[str], account: Account | None) -> Vectors:
        cut = [text[: body.max_chars] for text in texts]
        estimated = sum(map(estimate_tokens, cut))

        async def call() -> tuple[Vectors, Usage]:
            answer, headers = await self._invoke(model, json.dumps(body.request(cut), ensure_ascii=False).encode())
            vectors = [unit(vector) for vector in body.vectors(answer)]
            if len(vectors) != len(cut):
                raise Retryable(f"model {model} gave {len(vectors)} vectors for {len(cut)} texts")
            return vectors, Usage(input_tokens=_tokens(answer, headers, estimated))

        return await self._meter.pay(model, account, Usage(input_tokens=math.ceil(estimated * WORST)), call)


def _tokens(answer: dict[str, Any], headers: dict[str, str], estimated: int) -> int:
    """As Bedrock counted: in a header, in Titan's answer; estimated where it says nothing."""
    said = headers.get(TOKENS_HEADER) or answer.get("inputTextTokenCount")
    return estimated if said is None else int(said)


def _portions(missing: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    portion: list[Sequence[str]] = []
    for block in missing:
        portion.append(block)
        if sum(map(len, portion)) >= PORTION:
            yield portion
            portion = []
    if portion:
        yield portion
