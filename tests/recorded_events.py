"""Events of Amazon Bedrock as AWS has published them (../shared/data/events/bedrock)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

_FOLDER = Path(__file__).parents[2] / "shared/data/events/bedrock"


def recorded_event(kind: Literal["model_customization", "batch_inference"]) -> dict[str, Any]:
    """The whole event, as EventBridge delivers it. Skips the test where the data is not here."""
    path = _FOLDER / f"eventbridge_{kind}_job.json"
    if not path.exists():
        pytest.skip("the recorded AWS events (../shared/data/events/bedrock) are not here")
    event: dict[str, Any] = json.loads(path.read_text())
    return event
