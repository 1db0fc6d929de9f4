from __future__ import annotations

from typing import Any

import pytest

from shared.runtime.message import Outgoing
from shared.runtime.sqs import SqsClients, SqsQueue
from shared.testing import FakeClock


class Answering:
    """An SQS client that gives the same answer to any batch call."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    async def send_message_batch(self, **arguments: Any) -> dict[str, Any]:
        return self._answer


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        ({"Successful": [{"Id": "0"}, {"Id": "1"}]}, [None, None]),
        ({"Successful": [{"Id": "1"}], "Failed": [{"Id": "0", "Code": "Internal"}]}, ["Internal", None]),
        ({"Successful": [{"Id": "0"}]}, [None, "Unreported"]),
        ({}, ["Unreported", "Unreported"]),
    ],
)
async def test_what_an_answer_does_not_confirm_has_failed(answer: dict[str, Any], codes: list[str | None]) -> None:
    client = Answering(answer)
    queue = SqsQueue(SqsClients(client, client, client), "url", "q", FakeClock())
    outcomes = await queue.send([Outgoing("a"), Outgoing("b")])
    assert [None if outcome is None else outcome.code for outcome in outcomes] == codes
