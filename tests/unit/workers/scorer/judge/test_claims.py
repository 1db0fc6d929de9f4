from __future__ import annotations

import json

import pytest

from shared.bedrock.ports import Account
from shared.errors import Poison
from shared.testing.bedrock import FakeBedrock, Said
from tests.unit.workers.scorer.making import prediction
from workers.scorer.judge.asking import Judge
from workers.scorer.judge.claims import check_claims

ANSWER = prediction("q1", "Two claims.", ["https://x.example/a"])
ANSWER = ANSWER.model_copy(
    update={"documents": [ANSWER.documents[0].model_copy(update={"text": "Hold it\nfor 10 seconds."})]}
)


def claims(*quotes: str) -> str:
    return json.dumps({"claims": [{"claim": "c", "verdict": "supported", "quote": quote} for quote in quotes]})


async def checked(*said: Said) -> tuple[int | None, int | None]:
    found = await check_claims(Judge(FakeBedrock(said), "judge-1", Account("run/r", "judge")), "arm", ANSWER)
    return found.claims, found.supported


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([claims("Hold it for 10 seconds.")], (1, 1)),
        ([claims("Hold it for 10 seconds.", "Hold it for 9 seconds.")], (2, 1)),  # it quotes what stands nowhere
        ([claims("")], (1, 0)),
        (['{"claims": [{"claim": "c", "verdict": "unsupported"}]}'], (1, 0)),
        (["not JSON", claims("Hold it")], (1, 1)),
        (["not JSON"], (None, None)),
        ([Poison("no access")], (None, None)),
    ],
)
async def test_a_claim_counts_only_with_words_that_stand_in_a_document(
    said: list[Said], expected: tuple[int | None, int | None]
) -> None:
    assert await checked(*said) == expected
