"""The table of permissions against the code: what workers call, and what the clients ask of AWS."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from shared.bedrock.deployments import _KINDS as DEPLOYED
from shared.provision.cloud import Names
from shared.provision.permissions import CALLS, ITEMS, OBJECTS, RECEIVES, SENDS, USES, actions_of, policy
from shared.settings import Settings
from shared.topology import load_topology

ROOT = Path(__file__).parents[4]
NAMES, TOPOLOGY = Names(Settings(), "123456789012"), load_topology()
OPERATORS = {"workers/finetune_launcher/reaping.py", "shared/bedrock/holdings.py"}
"""What only a person's commands run."""
THROUGH = {
    "base_model_verdict": {"base_card"},
    "BatchJobs": {"batches.create", "batches.get", "batches.stop"},
    "KnowledgeBase": {"knowledge_bases.retrieve"},
}
"""What of shared calls methods for the worker that names it."""
SERVICES = {
    "bedrock": "bedrock", "bedrock-runtime": "bedrock", "bedrock-agent-runtime": "bedrock", "iam": "iam",
    "service-quotas": "servicequotas",
    "s3": "s3", "dynamodb": "dynamodb", "sqs": "sqs",
}  # fmt: skip
"""Service by its prefix in IAM."""
ALSO_KNOWN_AS = {
    "bedrock:Converse": "bedrock:InvokeModel", "s3:HeadObject": "s3:GetObject", "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket", "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}  # fmt: skip
"""Operations that IAM knows by another name. Parts of an upload are puts."""
PARTS = {"s3:CreateMultipartUpload", "s3:CompleteMultipartUpload", "s3:UploadPart"}
UNASKED = {"dynamodb:TransactWriteItems", "bedrock:DeleteCustomModel"}
"""Of a transaction its parts are asked for; custom models are removed by a person."""


@pytest.mark.parametrize("worker", USES)
def test_a_worker_uses_the_methods_that_its_package_calls(worker: str) -> None:
    text = "\n".join(file.read_text() for file in _files(f"workers/{worker.replace('-', '_')}"))
    called = {_method(*found) for found in re.findall(r"\b_?(bedrock|batches|premises)\.([a-z_]+)\(", text)}
    through = [methods for name, methods in THROUGH.items() if re.search(rf"\b{name}\(", text)]
    assert called.union(*through) == set(USES[worker])


def test_the_actions_of_all_methods_are_the_operations_that_the_clients_ask_for() -> None:
    asked = {ALSO_KNOWN_AS.get(operation, operation) for operation in _operations() - PARTS - UNASKED}
    allowed = {action for actions in CALLS.values() for action in actions} | {*OBJECTS, *ITEMS, *RECEIVES, *SENDS}
    assert allowed - {"bedrock:TagResource"} == asked


def test_every_action_is_one_that_aws_has() -> None:
    actions = {action for worker in USES for action in actions_of(worker)} - {"bedrock:TagResource"}
    assert actions <= {ALSO_KNOWN_AS.get(name, name) for name in _named().values()}


def test_only_the_launcher_and_who_starts_batches_hand_over_the_role_and_only_to_bedrock() -> None:
    passing = {worker: _statement(worker, "iam:PassRole") for worker in USES}
    assert {worker for worker, found in passing.items() if found} == {
        "finetune-launcher", "inference", "synthetic-gen",
    }  # fmt: skip
    statement = passing["finetune-launcher"]
    assert statement is not None
    assert statement["Resource"] == ["arn:aws:iam::123456789012:role/groundtune-bedrock"]
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}


def test_a_worker_reads_its_own_queue_sends_to_those_of_its_events_and_sweeps_only_where_it_is_the_sweeper() -> None:
    received, sent = _statement("inference", "sqs:ReceiveMessage"), _statement("inference", "sqs:SendMessage")
    assert received is not None and sent is not None
    assert received["Resource"] == ["arn:aws:sqs:us-east-1:123456789012:groundtune-inference"]
    assert {arn.rsplit("groundtune-", 1)[1] for arn in sent["Resource"]} == {
        "inference", "inference-dlq", "scorer", "finetune-launcher",
    }  # fmt: skip
    sweeping = _statement("dataset-builder", "sqs:ReceiveMessage")
    assert sweeping is not None and len(sweeping["Resource"]) == len(TOPOLOGY.queues) + 1


def test_only_who_emits_what_no_queue_consumes_puts_it_on_the_bus() -> None:
    assert [worker for worker in USES if _statement(worker, "events:PutEvents")] == ["scorer"]


def test_doc_ingest_may_nothing_on_bedrock_and_inference_may_only_ask() -> None:
    assert not actions_of("doc-ingest")
    assert not [action for action in actions_of("inference") if "Custom" in action and "Get" not in action]


def _statement(worker: str, action: str) -> dict[str, Any] | None:
    statements: list[dict[str, Any]] = policy(NAMES, TOPOLOGY, worker)["Statement"]
    return next((each for each in statements if action in each["Action"]), None)


def _method(port: str, name: str) -> str:
    return name if port == "bedrock" else f"{port}.{name}"


def _files(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    return [file for file in found if str(file.relative_to(ROOT)) not in OPERATORS]


def _operations() -> set[str]:
    """Every operation of AWS whose name stands in the clients' code, as an attribute or as a text."""
    words = {f"{verb}_{kind.noun}" for verb in ("create", "get", "delete") for kind in DEPLOYED.values()}
    words |= {f"list_{kind.noun}s" for kind in DEPLOYED.values()}
    for folder in ("shared/bedrock", "shared/store", "shared/runtime"):
        for file in _files(folder):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Attribute):
                    words.add(node.attr)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    words.add(node.value)
    return {_named()[word] for word in words & set(_named())}


@cache
def _named() -> dict[str, str]:
    """Operation as IAM spells it, by the name of a client's method or, for clients that speak JSON, by its own."""
    named: dict[str, str] = {}
    for service, prefix in SERVICES.items():
        for operation in botocore.session.get_session().get_service_model(service).operation_names:
            spelt = operation if service in ("dynamodb", "sqs") else botocore.xform_name(operation)
            named[spelt] = f"{prefix}:{operation}"
    return named
