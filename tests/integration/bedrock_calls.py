"""One call of every operation that the local Bedrock serves, in an order in which each has what it needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.integration.localcloud_support import BUCKET, job_request, say, until

Params = dict[str, Any]
TAGS = [{"key": "run", "value": "r1"}]
KNOWLEDGE = "KB12345678"


@dataclass
class Journey:
    """``clients`` by service; ``made`` are the answers of the calls so far, by operation."""

    clients: dict[str, Any]
    role: str
    made: dict[str, Params] = field(default_factory=dict)

    @property
    def bedrock(self) -> Any:
        return self.clients["bedrock"]

    @property
    def job(self) -> str:
        return str(self.made["CreateModelCustomizationJob"]["jobArn"])

    @property
    def batch(self) -> str:
        return str(self.made["CreateModelInvocationJob"]["jobArn"])

    @property
    def deployment(self) -> str:
        return str(self.made["CreateCustomModelDeployment"]["customModelDeploymentArn"])

    @property
    def throughput(self) -> str:
        return str(self.made["CreateProvisionedModelThroughput"]["provisionedModelArn"])

    @property
    def guardrail(self) -> str:
        return str(self.made["CreateGuardrail"]["guardrailId"])

    def trained(self) -> str:
        """The job's model, once it is there."""
        job = until(lambda: self.bedrock.get_model_customization_job(jobIdentifier=self.job), "Completed")
        return str(job["outputModelArn"])


def _batch(journey: Journey) -> Params:
    return {
        "jobName": "batch",
        "roleArn": journey.role,
        "modelId": "local.reader-v1",
        "modelInvocationType": "Converse",
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{BUCKET}/long.jsonl", "s3InputFormat": "JSONL"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://{BUCKET}/out/"}},
        "timeoutDurationInHours": 24,
        "tags": TAGS,
    }


def _guardrail(_: Journey) -> Params:
    return {
        "name": "grounded",
        "description": "about",
        "contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "GROUNDING", "threshold": 0.7}]},
        "blockedInputMessaging": "no",
        "blockedOutputsMessaging": "no",
        "tags": TAGS,
    }


def _applied(journey: Journey) -> Params:
    content = [
        {"text": {"text": text, "qualifiers": [what]}}
        for text, what in (("London is big.", "grounding_source"), ("London is big.", "guard_content"))
    ]
    return {
        "guardrailIdentifier": journey.guardrail, "guardrailVersion": "DRAFT", "source": "OUTPUT", "content": content,
    }  # fmt: skip


def _conversation(journey: Journey) -> Params:
    return {
        "modelId": journey.deployment,
        "messages": say("hello"),
        "system": [{"text": "be brief"}],
        "inferenceConfig": {"maxTokens": 50, "temperature": 0.5, "topP": 0.9, "stopSequences": ["END"]},
        "requestMetadata": {"run": "r1"},
    }


def _deployed(journey: Journey) -> Params:
    return {
        "modelDeploymentName": "d", "modelArn": journey.trained(), "description": "about", "tags": TAGS,
        "clientRequestToken": "token-1",
    }  # fmt: skip


def _active(journey: Journey) -> Params:
    def read() -> Params:
        found: Params = journey.bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=journey.deployment)
        return found

    until(read, "Active")
    return {"customModelDeploymentIdentifier": journey.deployment}


CALLS: dict[str, Callable[[Journey], Params]] = {
    "ListFoundationModels": lambda _: {"byOutputModality": "TEXT", "byInferenceType": "ON_DEMAND"},
    "GetFoundationModel": lambda _: {"modelIdentifier": "local.reader-v1"},
    "CreateModelCustomizationJob": lambda j: job_request(
        j.role, "job", customizationType="FINE_TUNING", jobTags=TAGS, customModelTags=TAGS,
        clientRequestToken="token-1", validationDataConfig={"validators": [{"s3Uri": f"s3://{BUCKET}/train.jsonl"}]},
    ),
    "GetModelCustomizationJob": lambda j: {"jobIdentifier": j.trained() and j.job},
    "ListModelCustomizationJobs": lambda _: {
        "statusEquals": "Completed", "nameContains": "job", "maxResults": 5, "sortBy": "CreationTime",
        "sortOrder": "Ascending",
    },
    "GetCustomModel": lambda _: {"modelIdentifier": "job-model"},
    "ListCustomModels": lambda _: {"nameContains": "job", "maxResults": 5, "isOwned": True},
    "CreateCustomModelDeployment": _deployed,
    "GetCustomModelDeployment": _active,
    "ListCustomModelDeployments": lambda _: {"nameContains": "d", "maxResults": 5, "statusEquals": "Active"},
    "CreateProvisionedModelThroughput": lambda j: {
        "modelUnits": 1, "provisionedModelName": "p", "modelId": j.trained(), "tags": TAGS,
    },
    "GetProvisionedModelThroughput": lambda j: {"provisionedModelId": j.throughput},
    "ListProvisionedModelThroughputs": lambda _: {"nameContains": "p", "maxResults": 5},
    "TagResource": lambda j: {"resourceARN": j.job, "tags": [{"key": "more", "value": "1"}]},
    "UntagResource": lambda j: {"resourceARN": j.job, "tagKeys": ["more"]},
    "ListTagsForResource": lambda j: {"resourceARN": j.job},
    "CreateModelInvocationJob": _batch,
    "GetModelInvocationJob": lambda j: {"jobIdentifier": j.batch},
    "ListModelInvocationJobs": lambda _: {"nameContains": "batch", "maxResults": 5},
    "StopModelInvocationJob": lambda j: {"jobIdentifier": j.batch},
    "CreateGuardrail": _guardrail,
    "GetGuardrail": lambda j: {"guardrailIdentifier": j.guardrail, "guardrailVersion": "DRAFT"},
    "ListGuardrails": lambda _: {"maxResults": 5},
    "ApplyGuardrail": _applied,
    "Converse": _conversation,
    "ConverseStream": _conversation,
    "CountTokens": lambda _: {"modelId": "local.reader-v1", "input": {"converse": {"messages": say("hello")}}},
    "InvokeModel": lambda _: {"modelId": "local.embed-v1", "body": json.dumps({"inputText": "two words"})},
    "Retrieve": lambda _: {
        "knowledgeBaseId": KNOWLEDGE, "retrievalQuery": {"text": "roaming"},
        "retrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 2}},
    },
    "DeleteGuardrail": lambda j: {"guardrailIdentifier": j.guardrail},
    "DeleteProvisionedModelThroughput": lambda j: {"provisionedModelId": j.throughput},
    "DeleteCustomModelDeployment": lambda j: {"customModelDeploymentIdentifier": j.deployment},
    "DeleteCustomModel": lambda _: {"modelIdentifier": "job-model"},
    "StopModelCustomizationJob": lambda j: {"jobIdentifier": _long_job(j)},
}  # fmt: skip


def _long_job(journey: Journey) -> str:
    request = job_request(
        journey.role, "long", trainingDataConfig={"s3Uri": f"s3://{BUCKET}/many.jsonl"},
        hyperParameters={"epochCount": "50"},
    )  # fmt: skip
    return str(journey.bedrock.create_model_customization_job(**request)["jobArn"])
