"""ConverseStream of the local Bedrock, through ordinary clients."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aiobotocore.session import get_session

from localcloud.process import LocalCloud
from tests.integration.localcloud_support import STUB, answer, client, say

pytestmark = pytest.mark.cloud

MODEL = "local.reader-v1"
LONG = "한국어와 영어가 섞인 질문 with many words of both"


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(base="moto", engine=STUB) as running:
        yield running


@pytest.fixture(scope="module")
def runtime(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock-runtime", retries={"max_attempts": 0})


def test_a_stream_is_the_answer_of_converse_in_pieces(runtime: Any) -> None:
    request = {"modelId": MODEL, "messages": say(LONG), "serviceTier": {"type": "flex"}}
    whole = runtime.converse(**request)
    events = list(runtime.converse_stream(**request)["stream"])
    names = [next(iter(event)) for event in events]
    deltas = [event["contentBlockDelta"] for event in events if "contentBlockDelta" in event]
    assert len(deltas) > 1
    assert names == [
        "messageStart", *["contentBlockDelta"] * len(deltas), "contentBlockStop", "messageStop", "metadata",
    ]  # fmt: skip
    assert events[0]["messageStart"] == {"role": "assistant"}
    assert "".join(delta["delta"]["text"] for delta in deltas) == answer(whole)
    assert {delta["contentBlockIndex"] for delta in deltas} == {0}
    assert events[-2]["messageStop"] == {"stopReason": "end_turn"}
    metadata = events[-1]["metadata"]
    assert (metadata["usage"], metadata["serviceTier"]) == (whole["usage"], {"type": "flex"})


def test_what_converse_refuses_the_stream_refuses_with_the_same_error(runtime: Any) -> None:
    with pytest.raises(runtime.exceptions.ValidationException, match="model identifier is invalid"):
        runtime.converse_stream(modelId="amazon.nova-lite-v1:0", messages=say("x"))
    with pytest.raises(runtime.exceptions.ModelErrorException, match="a bug in the engine"):
        runtime.converse_stream(modelId=MODEL, messages=say("bug"))


def test_models_that_stream_say_so(cloud: LocalCloud) -> None:
    models = client(cloud, "bedrock").list_foundation_models()["modelSummaries"]
    streaming = {model["modelId"]: model["responseStreamingSupported"] for model in models}
    assert streaming[MODEL] and not streaming["local.embed-v1"]


async def test_an_asynchronous_client_reads_the_stream(cloud: LocalCloud) -> None:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    async with get_session().create_client(
        "bedrock-runtime", region_name="us-east-1", endpoint_url=cloud.endpoint, **keys
    ) as runtime:
        response = await runtime.converse_stream(modelId=MODEL, messages=say("hello"))
        texts = [
            event["contentBlockDelta"]["delta"]["text"]
            async for event in response["stream"]
            if "contentBlockDelta" in event
        ]
    assert "".join(texts) == f"{MODEL}: |hello"


VERDICT = {
    "toolChoice": {"tool": {"name": "verdict"}},
    "tools": [
        {
            "toolSpec": {
                "name": "verdict",
                "inputSchema": {
                    "json": {
                        "type": "object",
                        "properties": {"verdict": {"enum": ["A", "B", "tie"]}, "reason": {"type": "string"}},
                        "required": ["verdict", "reason"],
                    }
                },
            }
        }
    ],
}


def test_the_judge_calls_the_tool_that_it_has_to_at_once_and_in_a_stream_and_the_reader_cannot() -> None:
    pair = '<reference>the blue light</reference><answer id="A">red</answer><answer id="B">the blue light</answer>'
    with LocalCloud(base="moto") as running:
        runtime = client(running, "bedrock-runtime", retries={"max_attempts": 0})
        request = {"messages": say(pair), "toolConfig": VERDICT}
        said = runtime.converse(modelId="local.judge-v1", **request)
        (block,) = said["output"]["message"]["content"]
        assert said["stopReason"] == "tool_use"
        assert block["toolUse"]["input"]["verdict"] == "B" and block["toolUse"]["input"].keys() == {"verdict", "reason"}
        events = list(runtime.converse_stream(modelId="local.judge-v1", **request)["stream"])
        start, delta = (next(event[name] for event in events if name in event) for name in (
            "contentBlockStart", "contentBlockDelta",
        ))  # fmt: skip
        assert start["start"]["toolUse"] == {"toolUseId": block["toolUse"]["toolUseId"], "name": "verdict"}
        assert json.loads(delta["delta"]["toolUse"]["input"]) == block["toolUse"]["input"]
        counted = runtime.count_tokens(modelId="local.judge-v1", input={"converse": request})
        assert counted["inputTokens"] == said["usage"]["inputTokens"]
        with pytest.raises(runtime.exceptions.ValidationException, match="This model doesn't support tool use"):
            runtime.converse(modelId="local.reader-v1", **request)
