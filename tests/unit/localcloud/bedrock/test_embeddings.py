from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.bedrock.errors import ValidationException
from localcloud.bedrock.operations.embeddings import invoke

TITAN, COHERE = "amazon.titan-embed-text-v2:0", "eu.cohere.embed-english-v3"
TEXTS = {"texts": ["a"], "input_type": "search_query"}


async def lengths(texts: list[str]) -> list[list[float]]:
    return [[float(len(text))] for text in texts]


async def test_titans_body_with_what_the_model_has() -> None:
    body = json.dumps({"inputText": "한 둘", "dimensions": 1, "normalize": True}).encode()
    assert await invoke(TITAN, body, lengths) == {"embedding": [3.0], "inputTextTokenCount": 2}


@pytest.mark.parametrize(
    ("model", "body", "problem"),
    [
        (TITAN, {"inputText": "a", "dimensions": 256}, "#/dimensions: 256 is not a valid enum value"),
        (TITAN, {"inputText": "a", "dimensions": "384"}, "#/dimensions: 384 is not a valid enum value"),
        (TITAN, {"inputText": "a", "normalize": "yes"}, "#/normalize"),
        (TITAN, {"inputText": ""}, "expected minLength: 1, actual: 0"),
        (TITAN, {"inputText": 7}, "#/inputText: not a string"),
        (TITAN, {}, r"required key \[inputText\] not found"),
        (TITAN, TEXTS, r"required key \[inputText\] not found"),
        (TITAN, {"inputText": "a", "k": 1}, r"extraneous key \[k\] is not permitted"),
        (COHERE, {"texts": ["a"]}, r"required key \[input_type\] not found"),
        (COHERE, TEXTS | {"input_type": "story"}, "#/input_type: story is not a valid enum value"),
        (COHERE, TEXTS | {"truncate": "MIDDLE"}, "#/truncate: MIDDLE is not a valid enum value"),
        (COHERE, TEXTS | {"texts": []}, "expected 1 to 96 items, found 0"),
        (COHERE, TEXTS | {"texts": ["a"] * 97}, "expected 1 to 96 items, found 97"),
        (COHERE, TEXTS | {"texts": "a"}, "expected type: JSONArray"),
        (COHERE, [], "^Malformed input request, please reformat"),
    ],
)
async def test_what_a_body_lacks_or_has_too_much_is_said(model: str, body: Any, problem: str) -> None:
    with pytest.raises(ValidationException, match=problem):
        await invoke(model, json.dumps(body).encode(), lengths)


async def test_what_is_no_json_is_malformed() -> None:
    with pytest.raises(ValidationException, match="Malformed input request"):
        await invoke(TITAN, b"{", lengths)


async def test_a_model_that_ours_stands_in_for_gets_its_dimensions_and_the_same_similarities() -> None:
    async def embed(texts: list[str]) -> list[list[float]]:
        return [[0.6, 0.8, *[0.0] * 382] for _ in texts]

    body = json.dumps({"inputText": "a", "dimensions": 1024}).encode()
    vector = (await invoke(TITAN, body, embed))["embedding"]
    assert len(vector) == 1024 and sum(value * value for value in vector) == pytest.approx(1.0)
