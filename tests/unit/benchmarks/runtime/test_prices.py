from __future__ import annotations

import pytest

from benchmarks.runtime.counting import Call, Counts
from benchmarks.runtime.prices import PER_MILLION, dollars


def test_the_least_that_a_hop_can_cost_is_twelve_cents_a_million() -> None:
    counts = Counts.none()
    for action in ("SendMessageBatch", "ReceiveMessage", "DeleteMessageBatch"):
        counts.add(Call("sqs", action, "work", 10), 1)
    assert dollars(counts, messages=10)["sqs"] == pytest.approx(0.12)


def test_each_service_is_priced_by_its_own_lines() -> None:
    counts = Counts.none()
    counts.add(Call("dynamodb", "PutItem"), 2)
    counts.add(Call("dynamodb", "GetItem"), 0.5)
    counts.add(Call("s3", "PUT"), 1)
    counts.add(Call("sts", "GetCallerIdentity"), 1)
    writes, reads = PER_MILLION["dynamodb write"], PER_MILLION["dynamodb read"]
    expected = {"sqs": 0.0, "dynamodb": 2 * writes + reads / 2, "s3": PER_MILLION["s3 write"]}
    assert dollars(counts, messages=1) == pytest.approx(expected)
