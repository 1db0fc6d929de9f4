"""The EventBridge default bus, for events that no queue of ours consumes: whoever likes adds a rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from schemas.envelope import Envelope
from shared.aws import calling
from shared.runtime.queue import Outcomes, Refused

SOURCE = "groundtune"


class Bus(Protocol):
    """Takes up to ten envelopes and answers one by one."""

    async def put(self, envelopes: Sequence[Envelope]) -> Outcomes: ...


class EventBridgeBus:
    """The default bus, through an aiobotocore EventBridge client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def put(self, envelopes: Sequence[Envelope]) -> Outcomes:
        entries = [
            {"Source": SOURCE, "DetailType": envelope.type, "Detail": envelope.model_dump_json(exclude_none=True)}
            for envelope in envelopes
        ]
        with calling("the EventBridge default bus"):
            answer = await self._client.put_events(Entries=entries)
        return [_outcome(entry) for entry in answer["Entries"]]


def _outcome(entry: dict[str, Any]) -> Refused | None:
    if "ErrorCode" not in entry:
        return None
    return Refused(entry["ErrorCode"], entry.get("ErrorMessage", ""), permanent=False)
