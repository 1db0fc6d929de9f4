from __future__ import annotations

import pytest

from shared.errors import Throttled
from shared.testing import FakeBedrock


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
