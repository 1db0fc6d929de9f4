"""What inference used, by arm."""

from __future__ import annotations

from schemas.artifacts import Prediction
from tests.unit.workers.scorer.making import BASELINE, PROMPT, prediction
from workers.scorer.pairing import ArmResult
from workers.scorer.provenance import usage


def taking(latencies: list[float | None]) -> dict[str, Prediction]:
    found = [
        prediction(f"q{n}", input_tokens=9, cache_read_tokens=2, cached=took is None, latency_ms=took)
        for n, took in enumerate(latencies)
    ]
    return {prediction.id: prediction for prediction in found}


def test_tokens_are_summed_and_latencies_are_of_answers_that_a_model_gave() -> None:
    took: list[float | None] = [float(n) for n in range(20, 0, -1)]
    found = usage([ArmResult(BASELINE, predictions=taking([*took, None, None]))])["baseline"]
    assert (found["input_tokens"], found["cache_read_tokens"], found["cached_answers"]) == (22 * 9, 44, 2)
    assert (found["input_tokens_median"], found["output_tokens_p95"]) == (11, 0)
    assert (found["latency_median_ms"], found["latency_p95_ms"]) == (10.0, 19.0)


def test_an_arm_whose_answers_all_lay_in_the_store_has_no_latency() -> None:
    assert "latency_median_ms" not in usage([ArmResult(PROMPT, predictions=taking([None]))])["prompt"]
