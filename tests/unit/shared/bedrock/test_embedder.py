from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import content_hash
from shared.bedrock.embedder import PORTION
from shared.bedrock.embedding_bodies import embedding_body
from shared.bedrock.embedding_cache import BLOCK, EmbeddingCache, blocks, unit
from shared.bedrock.ports import Account
from shared.errors import BudgetSpent, Poison, Retryable
from shared.testing import MemoryObjectStore
from shared.testing.bedrock import letters
from tests.unit.shared.bedrock.runtime import refusal
from tests.unit.shared.bedrock.test_client import World, always

TITAN = "amazon.titan-embed-text-v2:0"
COHERE = "us.cohere.embed-v4:0"
FREE = Account("corpus/c", "synthetic-gen")
TEXTS = [f"text number {n}" for n in range(200)]


def titan(operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(parameters["body"])
    return {"embedding": letters(body["inputText"]), "inputTextTokenCount": 7}


def cohere(operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    texts = json.loads(parameters["body"])["texts"]
    counted = {"x-amzn-bedrock-input-token-count": str(5 * len(texts))}
    return {"embeddings": {"float": [letters(text) for text in texts]}, "id": "i", "headers": counted}


@pytest.mark.parametrize(("model", "reply"), [(TITAN, titan), (COHERE, cohere)])
async def test_vectors_have_length_one_and_the_order_of_the_texts(model: str, reply: Any) -> None:
    texts = ["b", "a", "b", "한국어 문장"]
    vectors = await World(reply).bedrock.embed(model=model, texts=texts)
    assert vectors == [unit(letters(text)) for text in texts]
    assert all(math.isclose(math.hypot(*vector), 1, rel_tol=1e-6) for vector in vectors)


async def test_equal_texts_are_asked_once_and_then_come_from_the_cache() -> None:
    world = World(titan)
    ask = world.bedrock.embed
    first = await ask(model=TITAN, texts=TEXTS + TEXTS, account=FREE)
    assert len(world.runtime.calls) == len(TEXTS)
    assert await ask(model=TITAN, texts=TEXTS[::-1], account=FREE) == first[: len(TEXTS)][::-1]
    assert len(world.runtime.calls) == len(TEXTS)
    (line,) = await world.ledger.spent("corpus/c")
    assert (line.calls, line.cached, line.input_tokens) == (200, 200, 1_400)
    assert line.usd == pytest.approx(1_400 * 0.02e-6)


async def test_a_corpus_is_kept_in_few_objects_and_some_new_texts_ask_little_again() -> None:
    world = World(titan)
    await world.bedrock.embed(model=TITAN, texts=TEXTS)
    kept = [key for _, key in world.objects.contents]
    assert 1 <= len(kept) <= len(TEXTS) // 8
    await world.bedrock.embed(model=TITAN, texts=[*TEXTS[2:], "a new one"])
    largest = max(len(block) for block in blocks(TEXTS))
    assert len(world.runtime.calls) - len(TEXTS) <= 3 * largest + 1


async def test_cohere_takes_96_texts_a_call() -> None:
    world = World(cohere)
    await world.bedrock.embed(model=COHERE, texts=TEXTS, account=FREE)
    bodies = [json.loads(parameters["body"]) for _, parameters in world.runtime.calls]
    assert [len(body["texts"]) for body in bodies] == [96, 96, 8]
    assert (await world.ledger.spent("corpus/c"))[0].input_tokens == 1_000


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("local.embed-v1", {"inputText": "x"}),
        ("amazon.titan-embed-text-v1", {"inputText": "x"}),
        (TITAN, {"inputText": "x", "dimensions": 1024, "normalize": True}),
        ("cohere.embed-multilingual-v3", {"texts": ["x"], "input_type": "clustering", "truncate": "END"}),
        (
            "eu.cohere.embed-v4:0",
            {"texts": ["x"], "input_type": "clustering", "truncate": "RIGHT", "embedding_types": ["float"],
             "output_dimension": 1024},
        ),
    ],
)  # fmt: skip
def test_each_model_is_asked_in_its_own_way(model: str, body: dict[str, Any]) -> None:
    assert embedding_body(model).request(["x"]) == body


def test_cohere_3_answers_with_a_plain_list() -> None:
    assert embedding_body("cohere.embed-english-v3").vectors({"embeddings": [[1.0], [2.0]]}) == [[1.0], [2.0]]


async def test_a_model_that_embeds_nothing_is_named() -> None:
    with pytest.raises(Poison, match=r"amazon\.nova-lite-v1:0.*amazon\.titan-embed-text-v2"):
        await World(titan).bedrock.embed(model="amazon.nova-lite-v1:0", texts=["x"])


async def test_an_empty_text_is_refused_before_anything_is_paid() -> None:
    world = World(titan)
    with pytest.raises(ValueError, match="text 1"):
        await world.bedrock.embed(model=TITAN, texts=["x", " "])
    assert world.runtime.calls == []


async def test_nothing_is_asked_for_no_texts() -> None:
    assert await World(titan).bedrock.embed(model=TITAN, texts=[], account=FREE) == []


async def test_a_budget_holds_for_embeddings_too() -> None:
    world = World(titan)
    with pytest.raises(BudgetSpent):
        await world.bedrock.embed(model=TITAN, texts=TEXTS, account=Account("corpus/c", "x", budget_usd=1e-6))
    assert 0 < len(world.runtime.calls) < 20


async def test_vectors_that_are_missing_are_asked_again_later() -> None:
    world = World(always({"embeddings": {"float": [[1.0]]}}))
    with pytest.raises(Retryable, match="1 vectors for 2 texts"):
        await world.bedrock.embed(model=COHERE, texts=["a", "b"])


async def test_what_was_paid_before_an_error_is_not_paid_again() -> None:
    left = [500]

    def gives_out(operation: str, parameters: dict[str, Any]) -> Any:
        left[0] -= 1
        return titan(operation, parameters) if left[0] >= 0 else refusal("AccessDeniedException")

    world, texts = World(gives_out), [f"text {n}" for n in range(700)]
    with pytest.raises(Poison):
        await world.bedrock.embed(model=TITAN, texts=texts)
    left[0], before = 1_000, len(world.runtime.calls)
    await world.bedrock.embed(model=TITAN, texts=texts)
    assert len(world.runtime.calls) - before <= 700 - PORTION


@given(st.sets(st.text(min_size=1), max_size=200), st.randoms(use_true_random=False))
def test_blocks_hold_each_text_once_whatever_the_order(texts: set[str], chance: Any) -> None:
    texts = {text for text in texts if text.isprintable()}
    shuffled = [*texts, *texts]
    chance.shuffle(shuffled)
    found = blocks(shuffled)
    assert found == blocks(sorted(texts))
    assert sorted(text for block in found for text in block) == sorted(texts)


def test_blocks_are_as_large_as_they_are_meant_to_be() -> None:
    found = blocks(content_hash(str(n)) for n in range(20_000))
    assert BLOCK * 0.8 < 20_000 / len(found) < BLOCK * 1.25


async def test_a_block_that_is_not_whole_is_no_block() -> None:
    objects = MemoryObjectStore()
    cache = EmbeddingCache(objects)
    await cache.put("m", ["a", "b"], [[1.0, 0.0], [0.0, 1.0]])
    assert await cache.get("m", ["a", "b"]) == [[1.0, 0.0], [0.0, 1.0]]
    assert await cache.get("other", ["a", "b"]) is None
    ((key, (body, _)),) = objects.contents.items()
    await objects.put(key[1], body[:12])
    assert await cache.get("m", ["a", "b"]) is None
