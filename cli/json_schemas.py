"""JSON Schemas (draft 2020-12) of everything that travels, is stored, or is written by a person."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from schemas import artifacts, people, report
from schemas.envelope import Envelope
from schemas.events import event_types
from schemas.experiment import Experiment
from schemas.pipeline import Pipeline
from schemas.recipe import Recipe
from shared.bedrock.models import ModelsFile
from shared.topology import Topology

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schemas() -> dict[str, dict[str, Any]]:
    """Schemas by file name: ``events/<type>.json``, ``artifacts/<name>.json``, ``envelope.json``, ``run.json``, …

    An event's ``$id`` is the ``dataschema`` of its envelopes.
    """
    files = {f"events/{name}.json": _schema(f"schema:{name}", event) for name, event in event_types().items()}
    stored: list[type[BaseModel]] = [*_models(artifacts), *_models(report), *_models(people), Recipe]
    for model in stored:
        name = _kebab(model.__name__)
        files[f"artifacts/{name}.json"] = _schema(f"artifact:{name}", model)
    written: dict[str, type[BaseModel]] = {
        "envelope": Envelope, "run": Experiment, "pipeline": Pipeline, "queues": Topology,
        "models": ModelsFile,
    }  # fmt: skip
    return files | {f"{name}.json": _schema(name, model) for name, model in written.items()}


def _schema(name: str, model: type[BaseModel]) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": f"urn:groundtune:{name}", **model.model_json_schema()}


def _models(module: ModuleType) -> list[type[BaseModel]]:
    """The models that a module defines itself."""
    found = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, BaseModel))
    return [model for model in found if model.__module__ == module.__name__]


def _kebab(name: str) -> str:
    """``RetrievedDocument`` → ``retrieved-document``"""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
