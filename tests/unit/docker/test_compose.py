from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from shared.topology import load_topology
from tests.unit.docker.dockerfile import ROOT, stages

WORKERS = [queue.worker for queue in load_topology(ROOT / "queues.yaml").queues]
DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m)$"}
TEXTS = {"type": "array", "items": {"type": "string"}, "minItems": 1}
CONDITIONS = ["service_started", "service_healthy", "service_completed_successfully"]
SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["build"],
    "properties": {
        "build": {
            "type": "object",
            "additionalProperties": False,
            "required": ["context", "dockerfile", "target"],
            "properties": {key: {"type": "string"} for key in ("context", "dockerfile", "target")},
        },
        "entrypoint": TEXTS,
        "command": TEXTS,
        "environment": {"type": "object", "additionalProperties": {"type": "string"}},
        "network_mode": {"type": "string"},
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "stop_grace_period": DURATION,
        "init": {"type": "boolean"},
        "read_only": {"type": "boolean"},
        "tmpfs": TEXTS,
        "cap_drop": TEXTS,
        "security_opt": TEXTS,
        "volumes": TEXTS,
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["condition"],
                "properties": {"condition": {"enum": CONDITIONS}},
            },
        },
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "required": ["test"],
            "properties": {
                "test": TEXTS, "interval": DURATION, "timeout": DURATION, "start_period": DURATION,
                "retries": {"type": "integer", "minimum": 1},
            },
        },
    },
}  # fmt: skip
COMPOSE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["services"],
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "volumes": {"type": "object"},
    },
}
"""The part of the compose specification's schema that our file uses."""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())
    return loaded


def test_the_file_is_what_the_compose_specification_accepts(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, COMPOSE)


def test_it_runs_the_local_cloud_and_every_worker(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"local", "provision", *WORKERS}
    targets = {name: service["build"]["target"] for name, service in compose["services"].items()}
    assert all(targets[worker] == worker for worker in WORKERS)
    assert set(targets.values()) <= set(stages())


def test_workers_start_once_the_cloud_answers_and_is_provisioned(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["provision"]["depends_on"] == {"local": {"condition": "service_healthy"}}
    assert "healthcheck" in services["local"]
    for worker in WORKERS:
        assert services[worker]["depends_on"]["provision"]["condition"] == "service_completed_successfully"


def test_workers_get_longer_than_their_own_grace_before_they_are_killed(compose: dict[str, Any]) -> None:
    for worker in WORKERS:
        service = compose["services"][worker]
        patience = int(service["stop_grace_period"].removesuffix("s"))
        assert patience > float(service["environment"]["GROUNDTUNE_GRACE_S"])


def test_workers_can_be_scaled(compose: dict[str, Any]) -> None:
    for worker in WORKERS:
        assert not compose["services"][worker].keys() & {"container_name", "ports"}
