"""What each worker may do on AWS: the calls that its ports make, and nothing else, as an IAM policy.

``USES`` says which methods of the ports a worker calls, ``CALLS`` which actions of IAM a method needs; tests hold both
against the code. Actions are those of "Actions, resources, and condition keys" for each service.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shared.provision.cloud import Names
from shared.topology import Topology

INVOKE = frozenset({"bedrock:InvokeModel"})
BEHIND = frozenset({
    "bedrock:GetCustomModelDeployment", "bedrock:GetProvisionedModelThroughput", "bedrock:GetInferenceProfile",
})  # fmt: skip
"""What the price of a deployment or an inference profile is asked by."""
JOB_TAGS = frozenset({"bedrock:TagResource"})
"""Whatever is created with tags needs it, too."""

CALLS: dict[str, frozenset[str]] = {
    "converse": INVOKE | BEHIND | frozenset({"bedrock:ApplyGuardrail"}),
    "embed": INVOKE,
    "ground": frozenset({"bedrock:ApplyGuardrail"}),
    "card": frozenset({"bedrock:GetFoundationModel"}),
    "base_card": frozenset({"bedrock:GetFoundationModel"}),
    "create_job": frozenset({"bedrock:CreateModelCustomizationJob", "bedrock:ListModelCustomizationJobs"}) | JOB_TAGS,
    "find_job": frozenset({"bedrock:ListModelCustomizationJobs"}),
    "get_job": frozenset({"bedrock:GetModelCustomizationJob"}),
    "stop_job": frozenset({"bedrock:StopModelCustomizationJob"}),
    "create_deployment": frozenset({
        "bedrock:CreateCustomModelDeployment", "bedrock:ListCustomModelDeployments",
        "bedrock:CreateProvisionedModelThroughput", "bedrock:ListProvisionedModelThroughputs",
    }) | JOB_TAGS,
    "find_deployment": frozenset({"bedrock:ListCustomModelDeployments", "bedrock:ListProvisionedModelThroughputs"}),
    "get_deployment": frozenset({"bedrock:GetCustomModelDeployment", "bedrock:GetProvisionedModelThroughput"}),
    "delete_deployment": frozenset({
        "bedrock:DeleteCustomModelDeployment", "bedrock:DeleteProvisionedModelThroughput",
    }),
    "batches.create": frozenset({"bedrock:CreateModelInvocationJob", "bedrock:ListModelInvocationJobs"}) | JOB_TAGS,
    "batches.get": frozenset({"bedrock:GetModelInvocationJob"}),
    "batches.stop": frozenset({"bedrock:StopModelInvocationJob"}),
    "knowledge_bases.retrieve": frozenset({"bedrock:Retrieve"}),
    "premises.trust": frozenset({"iam:GetRole"}),
    "premises.bucket": frozenset({"s3:ListBucket"}),
    "premises.file": frozenset({"s3:GetObject"}),
    "premises.standing": frozenset({
        "servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota",
        "bedrock:ListModelCustomizationJobs", "bedrock:ListCustomModels", "bedrock:ListProvisionedModelThroughputs",
    }),
}  # fmt: skip
"""By method; those of ``Bedrock`` bear no prefix."""

USES: dict[str, tuple[str, ...]] = {
    "doc-ingest": (),
    "synthetic-gen": ("converse", "ground", "batches.create", "batches.get", "batches.stop"),
    "dataset-builder": ("embed",),
    "finetune-launcher": (
        "base_card", "create_job", "find_job", "get_job", "stop_job", "create_deployment", "find_deployment",
        "get_deployment", "delete_deployment", "premises.trust", "premises.bucket", "premises.file",
        "premises.standing",
    ),
    "inference": (
        "converse", "embed", "batches.create", "batches.get", "batches.stop", "knowledge_bases.retrieve",
    ),
    "scorer": ("card", "converse"),
}  # fmt: skip
TAKES_ROLE = frozenset({"create_job", "batches.create"})
"""Methods that hand Bedrock its service role."""

OBJECTS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")
ITEMS = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
"""A transaction asks for the actions of its parts."""
RECEIVES = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes")
SENDS = ("sqs:SendMessage", "sqs:GetQueueUrl")
SWEEPS = "dataset-builder"
"""The worker that looks into every dead-letter queue."""


def policy(names: Names, topology: Topology, worker: str) -> dict[str, Any]:
    """The IAM policy of a worker's role. Raises BadTopology for a worker that has no queue."""
    own = names.settings.queue(worker), names.settings.dead_letter_queue(worker)
    graves = [names.settings.dead_letter_queue(queue.worker) for queue in topology.queues if worker == SWEEPS]
    receives, sends = {own[0], *graves}, {*own, *graves, *_receivers(names, topology, worker)}
    statements = [
        _allow(RECEIVES, [names.queue_arn(queue) for queue in sorted(receives)]),
        _allow(SENDS, [names.queue_arn(queue) for queue in sorted(sends)]),
        _allow(OBJECTS, [f"{names.bucket_arn}/*"]),
        _allow(["s3:ListBucket"], [names.bucket_arn]),
        _allow(ITEMS, [names.table_arn]),
        *_bus(names, topology, worker),
        *_bedrock(names, worker),
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def actions_of(worker: str) -> frozenset[str]:
    """What the worker's ports to Bedrock, and to what it needs around it, ask of IAM."""
    return frozenset().union(*(CALLS[method] for method in USES[worker]))


def _receivers(names: Names, topology: Topology, worker: str) -> set[str]:
    """Queues that the worker's events go to; a worker may send any back to a queue from its dead letters."""
    if worker == SWEEPS:
        return {names.settings.queue(queue.worker) for queue in topology.queues}
    consumers = [topology.consumer_of(event) for event in topology.queue(worker).emits]
    return {names.settings.queue(queue.worker) for queue in consumers if queue is not None}


def _bus(names: Names, topology: Topology, worker: str) -> list[dict[str, Any]]:
    if all(topology.consumer_of(event) for event in topology.queue(worker).emits):
        return []
    return [_allow(["events:PutEvents"], [names.bus_arn])]


def _bedrock(names: Names, worker: str) -> list[dict[str, Any]]:
    found = actions_of(worker)
    invoking = found & (INVOKE | {"bedrock:ApplyGuardrail", "bedrock:Retrieve"})
    other = {action for action in found - invoking if not action.startswith(("s3:", "iam:"))}
    statements = [
        _allow(sorted(invoking), [*names.models, names.of_bedrock]) if invoking else None,
        # lists and quotas know no resources; jobs name models of AWS and things that are only being made
        _allow(sorted(other), ["*"]) if other else None,
        _allow(["iam:GetRole"], [names.role_arn]) if "iam:GetRole" in found else None,
        _pass_role(names) if TAKES_ROLE & set(USES[worker]) else None,
    ]
    return [statement for statement in statements if statement is not None]


def _pass_role(names: Names) -> dict[str, Any]:
    """To Bedrock only."""
    condition = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
    return {**_allow(["iam:PassRole"], [names.role_arn]), "Condition": condition}


def _allow(actions: Iterable[str], resources: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resources}
