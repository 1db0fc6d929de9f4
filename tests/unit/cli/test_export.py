from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from cli.json_schemas import json_schemas
from cli.main import groundtune
from schemas.artifacts import Chunk
from schemas.envelope import Envelope
from schemas.events import ModelReady, event_types
from shared import topology


def validate(value: Any, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(value)


def test_every_event_artifact_and_file_of_a_person_has_a_schema(tmp_path: Path) -> None:
    result = CliRunner().invoke(groundtune, ["export", "jsonschema", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.json")}
    assert {f"events/{name}.json" for name in event_types()} <= written
    assert {"envelope.json", "run.json", "queues.json", "pipeline.json"} <= written
    assert {"artifacts/chunk.json", "artifacts/retrieved-document.json", "artifacts/report.json"} <= written
    assert written == set(json_schemas())
    for path in tmp_path.rglob("*.json"):
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_an_event_on_the_wire_satisfies_the_schemas_that_it_names() -> None:
    schemas = json_schemas()
    event = ModelReady(run="r", arm="a", model="m")
    envelope = Envelope.wrap(event, id="1", source="/groundtune/scorer", time=datetime.now(UTC)).model_dump(mode="json")
    validate(envelope, schemas["envelope.json"])
    schema = schemas[f"events/{event.type}.json"]
    assert schema["$id"] == envelope["dataschema"]
    validate(envelope["data"], schema)
    with pytest.raises(jsonschema.ValidationError, match="'model' is a required property"):
        validate({"run": "r", "arm": "a"}, schema)


def test_an_artifact_satisfies_its_schema() -> None:
    chunk = Chunk(id="c", document="d", text="t", start=0, end=1)
    validate(chunk.model_dump(mode="json"), json_schemas()["artifacts/chunk.json"])


def test_the_shipped_topology_satisfies_its_schema_and_a_wrong_key_does_not() -> None:
    shipped = yaml.safe_load((Path(topology.__file__).parents[1] / "queues.yaml").read_text())
    validate(shipped, json_schemas()["queues.json"])
    with pytest.raises(jsonschema.ValidationError):
        validate({**shipped, "queue": []}, json_schemas()["queues.json"])
