from __future__ import annotations

from datetime import UTC, datetime

import pytest

from localcloud.bedrock.faults.reading import BadFaults, read
from localcloud.bedrock.operations.registry import OPERATIONS


def test_an_empty_file_has_no_faults() -> None:
    assert read("", OPERATIONS).faults == ()
    assert read("# nothing yet\n", OPERATIONS).faults == ()


def test_all_that_can_be_said() -> None:
    text = """
seed: 7
faults:
  - {model: "meta.*", operation: "Converse*", throttle: {share: 0.5, requests_per_minute: 60}, latency_ms: 20}
  - {operation: InvokeModel, failure: {share: 0.1, error: ModelTimeoutException}}
  - {model: "meta.*", customization_jobs: {message: no capacity, name: "arm-*"}}
  - {model: "anthropic.*", end_of_life: {at: 2026-09-10, legacy: "2026-03-10T12:00:00+09:00"}}
"""
    found = read(text, OPERATIONS)
    assert (found.seed, len(found.faults)) == (7, 4)
    end = found.faults[3].end_of_life
    assert end and end.legacy
    assert end.at == datetime(2026, 9, 10, tzinfo=UTC)
    assert end.legacy == datetime(2026, 3, 10, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("faults: [", "line 1: expected the node content"),
        ("faults:\n  - latency_ms: 1\n  - {}\n", "line 3: faults 2: Value error, does nothing; give one of throttle,"),
        ("faults:\n  - throttle:\n      share: 2\n", "line 3: faults 1, throttle.share: Input should be less than"),
        ("seed: 1\nfautls: []\n", "line 2: fautls: there is no such key"),
        ("faults:\n  - customization_jobs: {name: a}\n", "line 2: faults 1, customization_jobs.message: is missing"),
        ("faults:\n- latency_ms: 5\n  operation: Convers\n", "line 3: faults 1, operation: 'Convers' is no operation"),
        (
            "faults:\n- operation: CountTokens\n  failure: {error: ModelErrorException}\n",
            "line 3: faults 1, failure: CountTokens cannot answer with ModelErrorException",
        ),
        (
            "faults:\n- operation: Converse\n  customization_jobs: {message: x}\n",
            "line 2: faults 1: Value error, operation goes with throttle, latency_ms and failure only",
        ),
        ("faults:\n- end_of_life: {at: 2026}\n", "line 2: faults 1, end_of_life.at: Value error, must be a date"),
        ("[1]", "line 1: Input should be"),
    ],
)
def test_every_mistake_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BadFaults) as caught:
        read(text, OPERATIONS)
    assert said in str(caught.value)


def test_several_mistakes_are_said_at_once() -> None:
    with pytest.raises(BadFaults, match=r"line 1: .*line 3: "):
        read("seed: x\nfaults:\n- latency_ms: -1\n", OPERATIONS)
