from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from shared.bedrock.batch_client import AwsBatches
from shared.bedrock.batches import Batch, BatchError, batch_record, read_results
from shared.bedrock.ports import Answer
from shared.errors import Poison, Throttled

ARN = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl"


def result(record_id: str, text: str) -> dict[str, Any]:
    usage = {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}
    output = {"message": {"role": "assistant", "content": [{"text": text}]}}
    return {"recordId": record_id, "modelOutput": {"output": output, "stopReason": "end_turn", "usage": usage}}


def test_a_record_is_a_converse_body_at_temperature_0_under_a_short_id() -> None:
    record = batch_record("f" * 70, "Be brief.", "Why?", 99)
    assert record["recordId"] == "f" * 64
    assert record["modelInput"] == {
        "system": [{"text": "Be brief."}],
        "messages": [{"role": "user", "content": [{"text": "Why?"}]}],
        "inferenceConfig": {"maxTokens": 99, "temperature": 0.0},
    }


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (json.dumps(result("a", "답")), [("a", Answer("답", "end_turn", 3, 2))]),
        (
            '{"recordId": "a", "error": {"errorCode": 429, "errorMessage": "slow"}}',
            [("a", BatchError(429, "slow"))],
        ),
        ('{"recordId": "a", "modelOutput": {"content": []}}', [("a", BatchError)]),
        ('{"recordId": "a", "modelOutput": null}', [("a", BatchError)]),
        ('{"recordId": "a"}', [("a", BatchError)]),
        ('{"modelOutput": {}}', []),
        ('{"recordId": "a", "modelOut', []),
        ("7", []),
        ("", []),
    ],
)
def test_a_result_line_is_an_answer_an_error_or_nobodys(line: str, read: list[tuple[str, Any]]) -> None:
    found = [(each, type(what) if read and read[0][1] is BatchError else what) for each, what in read_results([line])]
    assert found == read


@given(st.permutations([f"{number:03d}" for number in range(20)]))
def test_results_are_joined_by_id_in_whatever_order_they_come(order: list[str]) -> None:
    lines = [json.dumps(result(each, f"answer {each}")) for each in order]
    answers = dict(read_results(lines))
    assert all(isinstance(what, Answer) and what.text == f"answer {each}" for each, what in answers.items())
    assert len(answers) == 20


@pytest.mark.parametrize(
    ("status", "ended"),
    [("Submitted", False), ("Scheduled", False), ("Stopping", False), ("PartiallyCompleted", True), ("Expired", True)],
)
def test_a_batch_knows_whether_it_has_ended(status: Any, ended: bool) -> None:
    assert Batch(ARN, status, "s3://b/out/").ended is ended


class Control:
    """A ``bedrock`` client that answers by script: operation to what it returns, or raises."""

    def __init__(self, **script: Any) -> None:
        self._script = script
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        async def call(**request: Any) -> Any:
            self.calls.append((operation, request))
            answers = self._script[operation]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "m"}}, "Operation")


def listed(*names: str, token: str | None = None) -> dict[str, Any]:
    jobs = [{"jobName": name, "jobArn": f"{ARN[:-1]}{number}"} for number, name in enumerate(names)]
    return {"invocationJobSummaries": jobs} | ({"nextToken": token} if token else {})


async def create(control: Control) -> str:
    batches = AwsBatches(control, "arn:aws:iam::123456789012:role/r")
    return await batches.create(
        name="gt-1", token="t", model="m.m", input_uri="s3://b/i.jsonl", output_uri="s3://b/o/", tags={"k": "v"}
    )


async def test_the_job_of_exactly_this_name_is_found_on_any_page() -> None:
    pages = [listed("gt-10", "x-gt-1", token="more"), listed("gt-100", "gt-1")]
    control = Control(list_model_invocation_jobs=pages)
    assert await create(control) == f"{ARN[:-1]}1"
    assert control.calls[1] == ("list_model_invocation_jobs", {"nameContains": "gt-1", "nextToken": "more"})


async def test_a_job_that_another_worker_has_just_made_is_found_too() -> None:
    control = Control(
        list_model_invocation_jobs=[listed(), listed("gt-1")],
        create_model_invocation_job=[refused("ConflictException")],
    )
    assert await create(control) == f"{ARN[:-1]}0"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("ThrottlingException", Throttled), ("ValidationException", Poison), ("ConflictException", Poison)],
)
async def test_other_refusals_are_ours(code: str, kind: type[Exception]) -> None:
    control = Control(list_model_invocation_jobs=[listed()], create_model_invocation_job=[refused(code)])
    with pytest.raises(kind, match=r"CreateModelInvocationJob gt-1 with model m\.m"):
        await create(control)


async def test_a_job_is_read_whether_bedrock_counts_or_not() -> None:
    answer = {"status": "InProgress", "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://b/o"}}}
    counted = answer | {"totalRecordCount": 9, "successRecordCount": 5, "errorRecordCount": 1, "message": "why"}
    batches = AwsBatches(Control(get_model_invocation_job=[answer, counted]), "role")
    assert await batches.get(ARN) == Batch(ARN, "InProgress", "s3://b/o/abcdefghijkl/")
    assert await batches.get(ARN) == Batch(ARN, "InProgress", "s3://b/o/abcdefghijkl/", "why", 9, 5, 1)


@pytest.mark.parametrize("code", ["ConflictException", "ValidationException", "ResourceNotFoundException"])
async def test_stopping_what_has_ended_is_no_error(code: str) -> None:
    await AwsBatches(Control(stop_model_invocation_job=[refused(code)]), "role").stop(ARN)


async def test_a_stop_that_was_throttled_is_told() -> None:
    with pytest.raises(Throttled, match="StopModelInvocationJob"):
        await AwsBatches(Control(stop_model_invocation_job=[refused("ThrottlingException")]), "role").stop(ARN)
