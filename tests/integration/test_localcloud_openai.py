"""Real model ids are answered by a server that speaks OpenAI's interface, through ordinary clients of AWS."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest

from cli.cloud import LocalOptions, local_cloud
from localcloud.errors import DidNotStart
from localcloud.process import LocalCloud
from tests.integration.localcloud_support import STUB, answer, client, job_request, prepare, say, until
from tests.integration.openai_server import KEY, OpenAIServer, openai_server
from tests.integration.test_localcloud_batch import batch_request, ended, put

pytestmark = pytest.mark.cloud

NOVA, UNKNOWN, TITAN, LORA = (
    "amazon.nova-lite-v1:0",
    "amazon.nova-pro-v1:0",
    "amazon.titan-embed-text-v2:0",
    "a.lora-v1",
)
ALIASES = {
    NOVA: "openai/llama3.1:8b",
    UNKNOWN: "openai/nobody/has-this",
    TITAN: "openai/nomic-embed-text",
    LORA: "lora/base/model",
}


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running


@pytest.fixture(scope="module")
def cloud(server: OpenAIServer) -> Iterator[LocalCloud]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEY_OF_THE_TEST", KEY)
        patch.setenv("GROUNDTUNE_OPENAI_TIMEOUT_S", "0.8")
        with LocalCloud(
            base="moto", aliases=ALIASES, engines={"lora": STUB}, openai=f"{server.url}/v1/",
            openai_key_env="KEY_OF_THE_TEST",
        ) as running:  # fmt: skip
            yield running


@pytest.fixture(scope="module")
def runtime(cloud: LocalCloud) -> Any:
    return client(cloud, "bedrock-runtime", retries={"max_attempts": 0}, max_pool_connections=20)


def test_a_conversation_goes_to_the_server_and_its_answer_and_usage_come_back(
    server: OpenAIServer, runtime: Any
) -> None:
    turns = [*say("첫 질문"), {"role": "assistant", "content": [{"text": "첫 답"}]}, *say("둘째 질문")]
    said = runtime.converse(
        modelId=NOVA, system=[{"text": "짧게"}], messages=turns,
        inferenceConfig={"maxTokens": 50, "temperature": 0.7, "stopSequences": ["끝"]},
    )  # fmt: skip
    assert (answer(said), said["stopReason"]) == ("들었습니다: 둘째 질문", "end_turn")
    assert said["usage"] == {"inputTokens": 7, "outputTokens": 3, "totalTokens": 10}
    path, authorization, body = server.asked[-1]
    assert (path, authorization) == ("/v1/chat/completions", f"Bearer {KEY}")
    roles = [("system", "짧게"), ("user", "첫 질문"), ("assistant", "첫 답"), ("user", "둘째 질문")]
    assert [(message["role"], message["content"]) for message in body.pop("messages")] == roles
    assert body == {"model": "llama3.1:8b", "max_tokens": 50, "temperature": 0, "stream": False, "stop": ["끝"]}


def test_why_an_answer_ended_is_said_as_converse_says_it(runtime: Any) -> None:
    short = runtime.converse(modelId=NOVA, messages=say("a b c"), inferenceConfig={"maxTokens": 2})
    assert (answer(short), short["stopReason"]) == ("들었습니다: a", "max_tokens")
    assert runtime.converse(modelId=NOVA, messages=say("to be filtered"))["stopReason"] == "content_filtered"


def test_a_forced_tool_is_a_function_of_the_server(server: OpenAIServer, runtime: Any) -> None:
    spec = {"name": "hear", "description": "Hears.", "inputSchema": {"json": {"type": "object"}}}
    config = {"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": "hear"}}}
    said = runtime.converse(modelId=NOVA, messages=say("이것"), toolConfig=config)
    (block,) = said["output"]["message"]["content"]
    assert (block["toolUse"]["name"], block["toolUse"]["input"]) == ("hear", {"heard": "이것"})
    assert said["stopReason"] == "tool_use"
    assert server.last["tools"][0]["function"]["parameters"] == {"type": "object"}
    with pytest.raises(runtime.exceptions.ValidationException, match="doesn't support tool use"):
        runtime.converse(modelId=NOVA, messages=say("only speak"), toolConfig=config)


def test_stop_sequences_beyond_the_servers_four_are_kept_too(server: OpenAIServer, runtime: Any) -> None:
    config = {"stopSequences": ["1", "2", "3", "4", " and"]}
    said = runtime.converse(modelId=NOVA, messages=say("this and that"), inferenceConfig=config)
    assert (answer(said), said["stopReason"]) == ("들었습니다: this", "stop_sequence")
    assert server.last["stop"] == ["1", "2", "3", "4"]


def test_tokens_are_counted_by_the_server(runtime: Any) -> None:
    counted = runtime.count_tokens(modelId=NOVA, input={"converse": {"messages": say("one two three")}})
    assert counted["inputTokens"] == 3


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("too fast", "ThrottlingException", r"/v1/chat/completions answered 429 for llama3\.1:8b: rate limit of 3"),
        ("trouble", "ServiceUnavailableException", "answered 500 .*out of memory; see the server's log"),
        ("no key", "AccessDeniedException", "invalid key; the key in KEY_OF_THE_TEST is not taken"),
        ("too long", "ValidationException", "answered 400 .*context length is 4096"),
        ("as vLLM says it", "ValidationException", "answered 400 for llama3.1:8b: max_tokens is too large"),
        ("hang up", "ServiceUnavailableException", "cannot be reached .*closed connection"),
        ("gateway", "ModelTimeoutException", "answered 504 .*upstream timed out"),
        ("hang", "ModelTimeoutException", r"no answer within 0\.8 s; .*GROUNDTUNE_OPENAI_TIMEOUT_S"),
        ("a web page", "ModelErrorException", "answered no JSON object; is it an OpenAI-compatible server"),
        ("something else", "ModelErrorException", "what is no chat completion"),
    ],
)
def test_the_servers_trouble_is_the_error_that_aws_would_give(
    server: OpenAIServer, runtime: Any, text: str, error: str, said: str
) -> None:
    with pytest.raises(getattr(runtime.exceptions, error), match=said) as caught:
        runtime.converse(modelId=NOVA, messages=say(text))
    assert server.url in str(caught.value)


def test_a_model_that_the_server_has_not_is_named(runtime: Any) -> None:
    with pytest.raises(runtime.exceptions.ValidationException, match=r"404 for nobody/has-this: .*/v1/models lists"):
        runtime.converse(modelId=UNKNOWN, messages=say("x"))


def test_embeddings_are_unit_vectors_in_titans_body(server: OpenAIServer, runtime: Any) -> None:
    def embedded(**body: Any) -> Any:
        return json.loads(runtime.invoke_model(modelId=TITAN, body=json.dumps(body))["body"].read())["embedding"]

    assert embedded(inputText="한국어 문장") == pytest.approx([0.6, 0.8])
    assert server.last == {"model": "nomic-embed-text", "input": ["한국어 문장"]}
    assert embedded(inputText="x", dimensions=512) == pytest.approx([0.6, 0.8, *[0.0] * 510])
    with pytest.raises(runtime.exceptions.ValidationException, match="this model has 2"):
        embedded(inputText="x", dimensions=256)


def test_a_model_for_embeddings_does_not_converse_nor_the_other_way_round(runtime: Any) -> None:
    with pytest.raises(runtime.exceptions.ValidationException, match="doesn't support the model"):
        runtime.converse(modelId=TITAN, messages=say("x"))
    with pytest.raises(runtime.exceptions.ValidationException, match="doesn't support the model"):
        runtime.invoke_model(modelId=NOVA, body=json.dumps({"inputText": "x"}))


def test_the_server_is_asked_several_things_at_once(server: OpenAIServer, runtime: Any) -> None:
    server.most = 0
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: answer(runtime.converse(modelId=NOVA, messages=say("slowly"))), range(8)))
    assert said == ["들었습니다: slowly"] * 8
    assert server.most >= 4


def test_the_other_engines_stay_and_only_those_that_train_are_offered_for_it(cloud: LocalCloud, runtime: Any) -> None:
    bedrock, role = client(cloud, "bedrock"), prepare(cloud)
    listed = bedrock.list_foundation_models()["modelSummaries"]
    names = {model["modelId"]: (model["modelName"], model["outputModalities"]) for model in listed}
    assert names[NOVA] == ("llama3.1:8b", ["TEXT"])
    assert names[TITAN] == ("nomic-embed-text", ["EMBEDDING"])
    trainable = bedrock.list_foundation_models(byCustomizationType="FINE_TUNING")["modelSummaries"]
    assert [model["modelId"] for model in trainable] == ["local.reader-v1", LORA]
    refusal = rf"{NOVA} does not support customization\. openai/llama3\.1:8b: .* train local\.reader-v1, or add"
    with pytest.raises(bedrock.exceptions.ValidationException, match=refusal):
        bedrock.create_model_customization_job(**job_request(role, "no", baseModelIdentifier=NOVA))
    assert answer(runtime.converse(modelId=LORA, messages=say("hello"))) == "base/model: |hello"
    extracted = runtime.converse(modelId="local.reader-v1", messages=say("Question: who?\n\n[1] Title\nAda did it."))
    assert extracted["stopReason"] == "end_turn"


def test_a_model_of_an_engine_beside_the_default_one_is_trained_and_deployed(cloud: LocalCloud, runtime: Any) -> None:
    bedrock = client(cloud, "bedrock")
    client(cloud, "s3").create_bucket(Bucket="bucket")
    role = client(cloud, "iam").get_role(RoleName="bedrock")["Role"]["Arn"]
    arn = bedrock.create_model_customization_job(**job_request(role, "lora", baseModelIdentifier=LORA))["jobArn"]
    job = until(lambda: bedrock.get_model_customization_job(jobIdentifier=arn), "Completed", "Failed")
    deployed = bedrock.create_custom_model_deployment(modelDeploymentName="lora", modelArn=job["outputModelArn"])
    deployment = deployed["customModelDeploymentArn"]
    until(lambda: bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=deployment), "Active")
    assert answer(runtime.converse(modelId=deployment, messages=say("hi"))) == "base/model after 5 rows: |hi"


def test_a_server_that_is_not_there_is_a_passing_trouble_that_names_its_url() -> None:
    with openai_server() as gone:
        pass
    with LocalCloud(base="moto", aliases={NOVA: "openai/x"}, openai=gone.url) as cloud:
        runtime = client(cloud, "bedrock-runtime", retries={"max_attempts": 0})
        said = rf"{gone.url}/v1/chat/completions cannot be reached .*start the server or correct --openai"
        with pytest.raises(runtime.exceptions.ServiceUnavailableException, match=said):
            runtime.converse(modelId=NOVA, messages=say("x"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"aliases": {NOVA: "openai/x"}}, "give the server that has it by --openai URL"),
        ({"openai": "localhost:11434"}, "'localhost:11434' is no URL of a server, such as"),
        ({"openai": "http://h", "openai_key_env": "NO_SUCH_KEY"}, "the environment has no NO_SUCH_KEY"),
        ({"openai_key_env": "KEY"}, "goes with --openai URL"),
    ],
)
def test_what_cannot_work_is_said_at_the_start(options: dict[str, Any], said: str) -> None:
    with pytest.raises(DidNotStart, match=said):
        LocalCloud(base="moto", **options).start()


async def test_a_command_that_starts_its_own_cloud_hands_the_server_on(server: OpenAIServer, tmp_path: Path) -> None:
    options = LocalOptions((f"{NOVA}=openai/llama3.1:8b",), openai=server.url)
    async with local_cloud({}, tmp_path, options) as cloud:
        make: Any = boto3.client
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        runtime = make("bedrock-runtime", endpoint_url=cloud.settings.endpoint, **keys)
        said = await asyncio.to_thread(runtime.converse, modelId=NOVA, messages=say("hello"))
    assert answer(said) == "들었습니다: hello"


@pytest.mark.parametrize(("told", "at_once"), [(None, 8), ("3", 3)])
def test_a_batch_job_asks_the_server_as_much_at_once_as_it_is_told_to(
    monkeypatch: pytest.MonkeyPatch, told: str | None, at_once: int
) -> None:
    if told:
        monkeypatch.setenv("GROUNDTUNE_OPENAI_CONCURRENCY", told)
    with (
        openai_server() as server,
        LocalCloud(base="moto", aliases={NOVA: "openai/llama3.1:8b"}, openai=server.url, batch_minimum=1) as cloud,
    ):
        bedrock, role = client(cloud, "bedrock"), prepare(cloud)
        put(cloud, "many.jsonl", *({"messages": say("slowly")} for _ in range(20)))
        arn = bedrock.create_model_invocation_job(**batch_request(role, "many", modelId=NOVA))["jobArn"]
        assert ended(bedrock, arn)["successRecordCount"] == 20
    assert server.most == at_once
