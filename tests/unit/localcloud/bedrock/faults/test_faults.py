from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from localcloud.bedrock.faults.faults import Faults
from localcloud.bedrock.operations.registry import OPERATIONS
from localcloud.errors import BadOption

NOVA = ("amazon.nova-lite-v1:0",)
LLAMA = ("arn:aws:bedrock:us-east-1:000000000000:custom-model-deployment/abcdefghijkl", "meta.llama3-v1:0")


class Minutes:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "faults.yaml"
    path.write_text(text)
    return path


def faults(tmp_path: Path, text: str, now: Minutes | None = None) -> Faults:
    return Faults(written(tmp_path, text), OPERATIONS, now or Minutes())


def codes(faults: Faults, count: int, operation: str = "Converse", models: tuple[str, ...] = NOVA) -> list[str | None]:
    errors = [faults.of_call(operation, models).error for _ in range(count)]
    return [error.code if error else None for error in errors]


def test_without_a_file_nothing_happens() -> None:
    none = Faults()
    assert codes(none, 3) == [None] * 3
    assert none.failing("customization_jobs", "meta.llama3-v1:0", "j") is None
    assert none.lifecycle("meta.llama3-v1:0") == {"status": "ACTIVE"}


def test_the_same_seed_strikes_the_same_calls_and_another_seed_others(tmp_path: Path) -> None:
    text = "seed: {}\nfaults:\n- throttle: {{share: 0.3}}\n  failure: {{share: 0.3}}\n"
    first, again, other = (codes(faults(tmp_path, text.format(seed)), 200) for seed in (1, 1, 2))
    assert first == again != other
    assert {"ThrottlingException", "InternalServerException", None} == set(first)


def test_a_rule_is_for_its_models_and_operations(tmp_path: Path) -> None:
    own = faults(
        tmp_path, "faults:\n- {model: 'meta.*', operation: 'Converse*', failure: {error: ModelErrorException}}"
    )
    assert codes(own, 1, models=LLAMA) == codes(own, 1, "ConverseStream", LLAMA) == ["ModelErrorException"]
    assert codes(own, 1) == codes(own, 1, "InvokeModel", LLAMA) == codes(own, 1, models=()) == [None]


def test_an_operation_never_answers_with_an_error_that_aws_does_not_give_it(tmp_path: Path) -> None:
    own = faults(tmp_path, "faults:\n- failure: {error: ModelTimeoutException}")
    assert codes(own, 1) == ["ModelTimeoutException"]
    assert codes(own, 1, "CountTokens") == codes(own, 1, "GetFoundationModel") == [None]


def test_requests_a_minute_are_counted_by_model_over_all_operations(tmp_path: Path) -> None:
    clock = Minutes()
    own = faults(tmp_path, "faults:\n- throttle: {requests_per_minute: 2}", clock)
    assert codes(own, 3) == [None, None, "ThrottlingException"]
    assert codes(own, 1, "CountTokens") == ["ThrottlingException"]
    assert codes(own, 1, models=LLAMA) == codes(own, 1, models=("a", LLAMA[1])) == [None]
    assert codes(own, 1, models=LLAMA) == ["ThrottlingException"]
    clock.now = 30.0
    assert codes(own, 2) == [None, "ThrottlingException"]


def test_latencies_add_up_and_come_before_a_failure_but_not_before_throttling(tmp_path: Path) -> None:
    slow = "faults:\n- latency_ms: 20\n- {operation: Converse, latency_ms: 30}\n"
    failing = faults(tmp_path, slow + "- failure: {}\n").of_call("Converse", NOVA)
    assert (failing.latency_s, failing.error and failing.error.code) == (0.05, "InternalServerException")
    throttled = faults(tmp_path, slow + "- throttle: {share: 1}\n").of_call("Converse", NOVA)
    assert (throttled.latency_s, throttled.error and throttled.error.code) == (0.0, "ThrottlingException")


def test_jobs_fail_by_model_and_name(tmp_path: Path) -> None:
    own = faults(tmp_path, "faults:\n- {model: 'meta.*', customization_jobs: {message: no capacity, name: 'arm-*'}}")
    assert own.failing("customization_jobs", "meta.llama3-v1:0", "arm-1") == "no capacity"
    assert own.failing("customization_jobs", "meta.llama3-v1:0", "leg-1") is None
    assert own.failing("customization_jobs", NOVA[0], "arm-1") is None
    assert own.failing("invocation_jobs", "meta.llama3-v1:0", "arm-1") is None


@pytest.mark.parametrize("kind", ["customization_jobs", "invocation_jobs", "deployments", "throughputs"])
def test_each_kind_of_thing_fails_by_a_key_of_its_own(tmp_path: Path, kind: Any) -> None:
    own = faults(tmp_path, f"faults:\n- {kind}: {{message: no capacity}}")
    kinds: tuple[Any, ...] = ("customization_jobs", "invocation_jobs", "deployments", "throughputs")
    assert [each for each in kinds if own.failing(each, NOVA[0], "n")] == [kind]


def test_of_several_quotas_the_least_holds_and_each_for_its_models(tmp_path: Path) -> None:
    text = "faults:\n- quota: {model_units: 5, deployments: 0}\n- {model: 'amazon.*', quota: {model_units: 2}}\n"
    own = faults(tmp_path, text)
    assert (own.quota("model_units", NOVA[0]), own.quota("model_units", LLAMA[1])) == (2, 5)
    assert (own.quota("deployments", NOVA[0]), own.quota("customization_jobs", NOVA[0])) == (0, None)


def test_which_jobs_of_a_share_fail_is_decided_by_their_names_alone(tmp_path: Path) -> None:
    own = faults(tmp_path, "faults:\n- customization_jobs: {message: bad luck, share: 0.5}")
    failing = {name for name in map(str, range(20)) if own.failing("customization_jobs", "m", name)}
    assert {name for name in map(str, reversed(range(20))) if own.failing("customization_jobs", "m", name)} == failing
    assert 0 < len(failing) < 20


@pytest.mark.parametrize(
    ("legacy_days", "end_days", "status", "usable"),
    [(None, 9, "LEGACY", True), (2, 9, "ACTIVE", True), (-2, 9, "LEGACY", True), (-9, -2, "LEGACY", False)],
)
def test_a_model_grows_old(tmp_path: Path, legacy_days: int | None, end_days: int, status: str, usable: bool) -> None:
    def day(days: int) -> str:
        return (datetime.now(UTC) + timedelta(days=days)).isoformat()

    legacy = "" if legacy_days is None else f", legacy: {day(legacy_days)}"
    own = faults(tmp_path, f"faults:\n- {{model: 'amazon.*', end_of_life: {{at: {day(end_days)}{legacy}}}}}")
    found = own.lifecycle(NOVA[0])
    assert (found["status"], "endOfLifeTime" in found) == (status, status == "LEGACY")
    assert codes(own, 1) == [None if usable else "ResourceNotFoundException"]
    assert codes(own, 1, "GetFoundationModel") == [None]
    assert own.lifecycle(LLAMA[1]) == {"status": "ACTIVE"}


def test_a_changed_file_is_read_again_and_one_with_mistakes_is_not_obeyed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = faults(tmp_path, "faults: []")
    assert codes(own, 1) == [None]
    path = written(tmp_path, "faults:\n- throttle: {share: 1}")
    assert codes(own, 1) == ["ThrottlingException"]
    with caplog.at_level(logging.ERROR):
        written(tmp_path, "faults:\n- throttle: {share: two}")
        assert codes(own, 2) == ["ThrottlingException"] * 2
        path.unlink()
        assert codes(own, 2) == ["ThrottlingException"] * 2
    first, second = caplog.messages
    assert "line 2: faults 1, throttle.share" in first
    assert "cannot be read" in second
    written(tmp_path, "")
    assert codes(own, 1) == [None]


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"faults: 1", "line 1: faults: Input should be"), (b"\xff", "not UTF-8")],
)
def test_at_the_start_a_file_must_be_good(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "faults.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadOption, match=said):
        Faults(path, OPERATIONS)


def test_the_end_of_a_model_may_be_a_lack_of_access(tmp_path: Path) -> None:
    own = faults(tmp_path, "faults:\n- end_of_life: {at: 2020-01-01, error: AccessDeniedException}")
    assert codes(own, 1) == codes(own, 1, "CreateModelCustomizationJob") == ["AccessDeniedException"]
