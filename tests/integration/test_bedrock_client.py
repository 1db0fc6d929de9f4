"""Our Bedrock client against the local Bedrock: what is asked once is paid once, what is named once exists once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import boto3
import pytest

from schemas.artifacts import RetrievedDocument
from shared.bedrock.batches import BatchError, batch_record, read_results
from shared.bedrock.ports import Account, ModelCard
from shared.bedrock.serving import Guard, Serving
from shared.datasets.formats import converse
from shared.datasets.turns import Turns
from shared.errors import Poison
from shared.prompting.citations import with_sources
from shared.prompting.layout import render_question
from shared.runtime.connection import Connection
from shared.store import keys
from tests.integration.localcloud_support import connected

pytestmark = pytest.mark.cloud

URL = "https://docs.example/gadget"
GUIDE = RetrievedDocument(chunk="c", url=URL, title="Gadget guide", text="The limit is 5 a day. It is blue. It is new.")
ASKED, SAID = render_question([GUIDE], "What is the limit of the gadget?"), with_sources("The limit is 5.", [URL])
ROW = converse(Turns("q", "Be brief.", ASKED, SAID))


@pytest.fixture
async def connection(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connection]:
    async with connected(monkeypatch, batch_minimum=2) as connection:
        yield connection


async def test_the_same_question_is_answered_from_the_cache(connection: Connection) -> None:
    ask = connection.services.bedrock.converse
    user = "The gadget has a limit of 5 per day.\n\nWhat is the limit of the gadget?"
    first = await ask(model="local.reader-v1", system="Answer.", user=user, max_tokens=100)
    again = await ask(model="local.reader-v1", system="Answer.", user=user, max_tokens=100)
    other = await ask(model="local.reader-v1", system="Answer!", user=user, max_tokens=100)
    assert (first.cached, again.cached, other.cached) == (False, True, False)
    assert first.text == again.text != ""


async def test_a_guardrail_that_intervened_is_how_an_answer_ended_and_its_units_are_counted(
    connection: Connection,
) -> None:
    control = boto3.client("bedrock", endpoint_url=connection.settings.endpoint, region_name="us-east-1")
    made = control.create_guardrail(
        name="words", blockedInputMessaging="Ask something else.", blockedOutputsMessaging="That is not said here.",
        wordPolicyConfig={"wordsConfig": [{"text": "forbidden"}]},
    )  # fmt: skip
    serving = Serving(Guard(made["guardrailId"], "DRAFT"))
    asked = {"model": "local.reader-v1", "system": "s", "max_tokens": 50, "account": Account("run/r", "arm/a")}
    ask = connection.services.bedrock.converse
    blocked = await ask(user="What is forbidden?", serving=serving, **asked)  # type: ignore[arg-type]
    passed = await ask(user=ASKED, serving=serving, **asked)  # type: ignore[arg-type]
    assert (blocked.text, blocked.stop_reason) == ("Ask something else.", "guardrail_intervened")
    assert passed.stop_reason == "end_turn" and "5" in passed.text
    (spent,) = await connection.services.ledger.spent("run/r")
    assert (spent.calls, spent.text_units) == (2, 3)


async def test_an_unknown_model_is_poison_with_awss_own_words(connection: Connection) -> None:
    with pytest.raises(Poison, match="The provided model identifier is invalid"):
        await connection.services.bedrock.converse(model="acme.none-v1", system="s", user="u", max_tokens=10)
    assert await connection.services.bedrock.card("acme.none-v1") is None
    with pytest.raises(Poison, match="The provided model identifier is invalid"):
        await connection.services.bedrock.base_card("acme.none-v1:0:300k")
    card = await connection.services.bedrock.base_card("local.reader-v1")
    assert card == await connection.services.bedrock.card("local.reader-v1")
    assert card == ModelCard("groundtune", "Local reader", "ACTIVE", None, ("FINE_TUNING",), card.inference)
    assert "ON_DEMAND" in (card.inference or ())


async def test_a_job_and_its_deployment_exist_once_however_often_they_are_asked_for(connection: Connection) -> None:
    bedrock, bucket = connection.services.bedrock, connection.objects.bucket
    await connection.objects.put("runs/t/train.jsonl", b"".join(json.dumps(ROW).encode() + b"\n" for _ in range(12)))

    async def start() -> str:
        return await bedrock.create_job(
            name="gt-once", token="t" * 64, model_name="gt-once", base_model="local.reader-v1",
            training_uri=f"s3://{bucket}/runs/t/train.jsonl", output_uri=f"s3://{bucket}/runs/t/models/",
            hyperparameters={}, tags={"groundtune:run": "t"},
        )  # fmt: skip

    arn = await start()
    assert await start() == arn
    async with asyncio.timeout(60):
        while (job := await bedrock.get_job(arn)).status == "InProgress":
            await asyncio.sleep(0.1)
        assert job.status == "Completed" and job.model is not None, job.failure
        model = job.model

        async def deploy() -> str:
            return await bedrock.create_deployment(name="gt-once", token="d" * 64, model=model, tags={})

        deployment = await deploy()
        assert await deploy() == deployment == await bedrock.find_deployment("gt-once", "on_demand")
        assert await bedrock.find_job("gt-onc") is await bedrock.find_deployment("gt-onc", "on_demand") is None
        while (await bedrock.get_deployment(deployment)).status == "Creating":
            await asyncio.sleep(0.1)
    answer = await bedrock.converse(model=deployment, system="Be brief.", user="The limit is 5. Limit?", max_tokens=50)
    assert answer.text
    await bedrock.delete_deployment(deployment)
    await bedrock.delete_deployment(deployment)
    with pytest.raises(Poison):
        await bedrock.converse(model=deployment, system="s", user="u", max_tokens=50)


async def test_a_batch_of_one_name_runs_once_and_says_what_converse_says(connection: Connection) -> None:
    batches, bedrock, bucket = connection.services.batches, connection.services.bedrock, connection.objects.bucket
    users = {f"d{number}": f"The limit of gadget {number} is {number}5 a day.\n\nLimit?" for number in range(4)}
    lines = [json.dumps(batch_record(digest, "Answer.", user, 50)) for digest, user in users.items()]
    lines.append(json.dumps(batch_record("empty", "Answer.", " ", 50)))
    await connection.objects.put(keys.batch_input("gt-batch"), "\n".join(lines).encode())

    async def start() -> str:
        return await batches.create(
            name="gt-batch", token="t" * 64, model="local.reader-v1", tags={"groundtune:corpus": "c"},
            input_uri=f"s3://{bucket}/{keys.batch_input('gt-batch')}",
            output_uri=f"s3://{bucket}/{keys.batch_output('gt-batch')}",
        )  # fmt: skip

    arn = await start()
    assert await start() == arn
    async with asyncio.timeout(60):
        while not (batch := await batches.get(arn)).ended:
            await asyncio.sleep(0.1)
    assert (batch.status, batch.total, batch.succeeded, batch.failed) == ("Completed", 5, 4, 1), batch.failure
    key = f"{batch.output_uri.removeprefix(f's3://{bucket}/')}input.jsonl.out"
    found = dict(read_results((await connection.objects.get(key)).decode().splitlines()))
    empty = found.pop("empty")
    assert isinstance(empty, BatchError) and empty.code == 400 and "is blank" in empty.message
    for digest, user in users.items():
        online = await bedrock.converse(model="local.reader-v1", system="Answer.", user=user, max_tokens=50)
        assert found[digest] == online
    await batches.stop(arn)


async def test_a_batch_that_bedrock_would_not_take_is_poison_with_its_words(connection: Connection) -> None:
    batches = connection.services.batches
    with pytest.raises(Poison, match="The provided model identifier is invalid"):
        await batches.create(
            name="n",
            token="t",
            model="acme.none-v1",
            input_uri="s3://bucket/i.jsonl",
            output_uri="s3://bucket/o",
            tags={},
        )
    with pytest.raises(Poison, match="ResourceNotFoundException"):
        await batches.get("arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/abcdefghijkl")


async def test_texts_are_embedded_charged_and_kept(connection: Connection) -> None:
    bedrock, account = connection.services.bedrock, Account("corpus/c", "synthetic-gen", budget_usd=0.01)
    texts = ["How do I reset the router?", "Resetting the router", "Bananas are yellow.", "How do I reset the router?"]
    first = await bedrock.embed(model="local.embed-v1", texts=texts, account=account)
    again = await bedrock.embed(model="local.embed-v1", texts=texts, account=account)
    assert first == again and first[0] == first[3]
    near, far = (sum(a * b for a, b in zip(first[0], other, strict=True)) for other in first[1:3])
    assert near > far
    (line,) = await connection.services.ledger.spent("corpus/c")
    assert (line.model, line.calls, line.cached, line.usd) == ("local.embed-v1", 3, 3, 0.0)
    assert line.input_tokens > 0


async def test_a_call_is_charged_to_its_account(connection: Connection) -> None:
    account = Account("run/r", "arm/a", budget_usd=0.01)
    for _ in range(2):
        await connection.services.bedrock.converse(
            model="local.reader-v1", system="Answer.", user="The limit is 5. Limit?", max_tokens=50, account=account
        )
    (line,) = await connection.services.ledger.spent("run/r")
    assert (line.part, line.calls, line.cached, line.usd) == ("arm/a", 1, 1, 0.0)
    assert line.input_tokens == line.saved_input_tokens > 0
