from __future__ import annotations

import math
from functools import partial

import pytest

from shared.bedrock.ports import Account, Grounding, ToolSpec
from shared.errors import Poison, Throttled
from shared.testing import FakeBedrock
from shared.testing.bedrock import EmbedCall, GroundCall


async def ask(bedrock: FakeBedrock, user: str = "u") -> str:
    return (await bedrock.converse(model="m", system="s", user=user, max_tokens=10)).text


async def test_answers_come_in_order_and_the_last_one_stays() -> None:
    bedrock = FakeBedrock(["one", Throttled("slow"), "two"])
    assert await ask(bedrock) == "one"
    with pytest.raises(Throttled):
        await ask(bedrock)
    assert [await ask(bedrock), await ask(bedrock)] == ["two", "two"]


async def test_a_script_sees_the_call() -> None:
    bedrock = FakeBedrock(lambda call: call.user.upper())
    assert await ask(bedrock, "hello") == "HELLO"
    assert bedrock.calls[0].model == "m"


async def test_a_mapping_in_the_script_is_what_a_tool_is_called_with_and_a_text_cannot_be() -> None:
    bedrock, tool = FakeBedrock([{"winner": "A"}, "I prefer A."]), ToolSpec("verdict", "Who wins", {"type": "object"})
    asked = {"model": "m", "system": "s", "user": "u", "max_tokens": 10}
    said = await bedrock.converse(**asked, tool=tool)  # type: ignore[arg-type]
    assert (said.text, said.stop_reason, said.tool_input) == ("", "tool_use", {"winner": "A"})
    assert bedrock.calls[0].tool is tool
    with pytest.raises(Poison, match="doesn't support tool use"):
        await bedrock.converse(**asked, tool=tool)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="to a call that has none"):
        await ask(FakeBedrock([{"winner": "A"}]))


async def test_a_job_started_twice_is_one_and_completes_after_its_looks() -> None:
    bedrock = FakeBedrock(looks=2)

    async def start() -> str:
        return await bedrock.create_job(
            name="n", token="t", model_name="mn", base_model="b", training_uri="s3://x", output_uri="s3://y",
            hyperparameters={}, tags={},
        )  # fmt: skip

    arn = await start()
    assert await start() == arn and len(bedrock.jobs) == 1
    states = [(await bedrock.get_job(arn)).status for _ in range(4)]
    assert states == ["InProgress", "InProgress", "Completed", "Completed"]
    assert (await bedrock.get_job(arn)).model


async def test_embeddings_without_a_model_are_unit_vectors_in_which_like_texts_lie_near() -> None:
    bedrock, account = FakeBedrock(), Account("corpus/c", "part")
    texts = ["reset the router", "resetting the router", "bananas", "reset the router"]
    vectors = await bedrock.embed(model="m", texts=texts, account=account)
    assert vectors[0] == vectors[3] and math.isclose(math.hypot(*vectors[0]), 1, rel_tol=1e-6)
    near, far = (sum(a * b for a, b in zip(vectors[0], other, strict=True)) for other in vectors[1:3])
    assert near > 0.5 > far
    assert bedrock.embeds == [EmbedCall("m", tuple(texts), account)]


async def test_embeddings_guardrails_and_accounts_go_by_script() -> None:
    def ground(call: GroundCall) -> Grounding | Exception:
        return Throttled("slow") if call.answer == "x" else Grounding(0.2, None, blocked=True)

    bedrock, account = FakeBedrock(embed=lambda text: [3.0, 4.0], ground=ground), Account("run/r", "arm/a", 2.0)
    assert await bedrock.embed(model="m", texts=["a"]) == [pytest.approx([0.6, 0.8])]
    ask = partial(bedrock.ground, guardrail="g", version="1", source="s", query="q")
    assert await ask(answer="a", account=account) == Grounding(0.2, None, blocked=True)
    with pytest.raises(Throttled):
        await ask(answer="x")
    assert bedrock.grounds[0] == GroundCall("g", "1", "s", "q", "a", account)
    await bedrock.converse(model="m", system="s", user="u", max_tokens=1, account=account)
    assert bedrock.calls[0].account == account
