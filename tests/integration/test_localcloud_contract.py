"""Every operation of the local Bedrock against AWS's own description of it, botocore's service models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import OperationModel, StructureShape

from localcloud.bedrock.operations.registry import OPERATIONS
from localcloud.process import LocalCloud
from tests.integration.bedrock_calls import CALLS, KNOWLEDGE, Journey
from tests.integration.localcloud_support import BUCKET, STUB, client, prepare, say, training_rows
from tests.integration.violations import violations
from tests.integration.wire_shapes import oddities

pytestmark = pytest.mark.cloud

SERVICES = ("bedrock", "bedrock-runtime", "bedrock-agent-runtime")
DOC = Path(__file__).parents[2] / "docs" / "local-bedrock.md"


@dataclass
class Travelled:
    """What was asked and what came over the wire, by operation."""

    clients: dict[str, Any]
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)

    def client(self, operation: str) -> Any:
        """Of the first service that has the operation."""
        return next(each for each in self.clients.values() if operation in each.meta.service_model.operation_names)

    def model(self, operation: str) -> OperationModel:
        return self.client(operation).meta.service_model.operation_model(operation)

    def call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(self.client(operation), xform_name(operation))(**params)
        return answer

    def record(self, event_name: str, response_dict: dict[str, Any] | None, **_: Any) -> None:
        if response_dict is not None:
            self.answered[event_name.rsplit(".", 1)[-1]] = response_dict


@pytest.fixture(scope="module")
def travelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Travelled]:
    """One call of each, on a cloud of its own."""
    folder = tmp_path_factory.mktemp("knowledge")
    (folder / "a.md").write_text("# Roaming\n\nDial *100# to activate roaming.\n")
    with LocalCloud(base="moto", engine=STUB, knowledge={KNOWLEDGE: folder}, batch_minimum=1) as cloud:
        role, s3 = prepare(cloud), client(cloud, "s3")
        record = json.dumps({"recordId": "r", "modelInput": {"messages": say("wait")}}) + "\n"
        s3.put_object(Bucket=BUCKET, Key="long.jsonl", Body=record.encode() * 2_000)
        s3.put_object(Bucket=BUCKET, Key="many.jsonl", Body=training_rows(15_000))
        unchecked = {"parameter_validation": False, "retries": {"max_attempts": 0}}
        clients = {name: client(cloud, name, **unchecked) for name in SERVICES}
        found, journey = Travelled(clients), Journey(clients, role)
        for each in clients.values():
            each.meta.events.register("response-received.*", found.record)
        for operation, params in CALLS.items():
            found.asked[operation] = params(journey)
            journey.made[operation] = found.call(operation, found.asked[operation])
        yield found


def test_every_operation_that_is_served_is_called_here() -> None:
    assert set(CALLS) == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_answer_is_one_that_aws_could_have_given(travelled: Travelled, operation: str) -> None:
    model, answer = travelled.model(operation), travelled.answered[operation]
    assert answer["status_code"] == model.http["responseCode"]
    if model.has_event_stream_output or model.has_streaming_output:
        return  # a stream's events are parsed by test_localcloud_streaming, an embedding by test_localcloud_bedrock
    assert oddities(model.output_shape, json.loads(answer["body"])) == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_aws_would_refuse_is_refused_before_anything_is_done(travelled: Travelled, operation: str) -> None:
    shape = travelled.model(operation).input_shape
    assert isinstance(shape, StructureShape)
    bad = list(violations(shape, travelled.asked[operation]))
    assert [what for what, params in bad if not _refused(travelled, operation, params)] == []


def _refused(travelled: Travelled, operation: str, params: dict[str, Any]) -> bool:
    try:
        travelled.call(operation, params)
    except ClientError as error:
        said = error.response["Error"]
        return said["Code"] == "ValidationException" and "validation error" in said["Message"]
    return False


def test_the_table_of_calls_names_what_is_served_and_no_more(travelled: Travelled) -> None:
    served: dict[str, set[str]] = {service: set() for service in SERVICES}
    for operation in OPERATIONS:
        served[travelled.client(operation).meta.service_model.service_name].add(operation)
    table = DOC.read_text(encoding="utf-8").partition("## Calls")[2].partition("##")[0]
    rows = re.findall(r"^\| (bedrock\S*) \| (.*) \|$", table, re.MULTILINE)
    assert {service: set(_named(cell)) for service, cell in rows} == served


def _named(cell: str) -> Iterator[str]:
    """``Create/ListThing(s)`` is CreateThing and ListThings; what stands in brackets after a blank is a remark."""
    for part in re.split(r" · |, ", re.sub(r" \([^)]*\)", "", cell)):
        *verbs, last = part.split("/")
        verb = re.match(r"[A-Z][a-z]+", last)
        assert verb, part
        for each in (*verbs, verb[0]):
            yield each + re.sub(r"\(s\)$", "s" if each == "List" else "", last[len(verb[0]) :])
