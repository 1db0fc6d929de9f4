"""Foundation models: the local ones, and the real ids that aliases let stand for them."""

from __future__ import annotations

from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.catalog import Foundation
from localcloud.bedrock.errors import ValidationException


async def list_foundation_models(backend: Backend, call: Call) -> Answer:
    wanted = call.params
    models = [_details(backend, model, call.region) for model in backend.catalog]
    return {"modelSummaries": [model for model in models if _matches(model, wanted)]}


async def get_foundation_model(backend: Backend, call: Call) -> Answer:
    found = backend.catalog.find(call.params["modelIdentifier"])
    if found is None:
        raise ValidationException("The provided model identifier is invalid.")
    return {"modelDetails": _details(backend, found, call.region)}


def _details(backend: Backend, model: Foundation, region: str) -> dict[str, Any]:
    return {
        "modelArn": arns.foundation_model(region, model.id),
        "modelId": model.id,
        "modelName": model.local.name,
        "providerName": "groundtune",
        "inputModalities": ["TEXT"],
        "outputModalities": [model.local.output],
        "responseStreamingSupported": model.local.output == "TEXT",
        "customizationsSupported": ["FINE_TUNING"] if model.local.customizable else [],
        "inferenceTypesSupported": ["ON_DEMAND", "PROVISIONED"] if model.local.output == "TEXT" else ["ON_DEMAND"],
        "modelLifecycle": backend.faults.lifecycle(model.id),
    }


def _matches(model: dict[str, Any], wanted: dict[str, str]) -> bool:
    return (
        wanted.get("byProvider", "groundtune").lower() == "groundtune"
        and wanted.get("byCustomizationType") in (None, *model["customizationsSupported"])
        and wanted.get("byOutputModality") in (None, *model["outputModalities"])
        and wanted.get("byInferenceType") in (None, *model["inferenceTypesSupported"])
    )
