from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from shared.observe import logs
from shared.observe.tracing import processing


@pytest.fixture(autouse=True)
def defaults_restored() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_record_is_one_json_object_with_its_action_worker_and_trace(capsys: pytest.CaptureFixture[str]) -> None:
    log = logs.configure("info", "scorer", "host-1")
    with processing("q", "m", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a.v1"):
        log.info("event.handled", attempt=1)
    log.debug("nobody.asked")
    (line,) = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "action": "event.handled", "attempt": 1, "level": "info", "worker": "scorer", "worker_id": "host-1",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
    }  # fmt: skip
