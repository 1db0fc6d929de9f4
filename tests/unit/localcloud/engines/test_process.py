from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from localcloud.engines.contract import Request, Step
from localcloud.engines.process import EngineDied, EngineError, EngineProcess

STUB = "tests.unit.localcloud.stub_engine:StubEngine"


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[EngineProcess]:
    process = EngineProcess(STUB)
    yield process
    await process.close()


def request(user: str, weights: dict[str, Any] | None = None) -> Request:
    return Request(model="local.reader-v1", weights=weights, system="", user=user, max_tokens=10)


async def test_many_requests_in_flight_get_each_its_own_answer(engine: EngineProcess) -> None:
    replies = await asyncio.gather(*(engine.converse(request(f"q{n} 한 \ud800")) for n in range(50)))
    assert [reply.text.split("|")[1] for reply in replies] == [f"q{n} 한 \ud800" for n in range(50)]


async def test_weights_travel_once_and_are_found_by_their_key(engine: EngineProcess) -> None:
    first = await engine.converse(request("q", {"rows": 7}), weights_key="m")
    again = await engine.converse(request("q", {"rows": 8}), weights_key="m")
    assert "after 7 rows" in first.text and "after 7 rows" in again.text


async def test_a_training_reports_its_steps_and_returns_its_weights(engine: EngineProcess) -> None:
    steps: list[Step] = []
    weights = await engine.train(
        model="m",
        rows=[{}, {}],
        validation=[{}],
        hyperparameters={"epochCount": "2"},
        progress=steps.append,
        started=lambda number: None,
    )
    assert weights == {"rows": 2, "validation": [[1, 1.0], [2, 0.5]]}
    assert [(step.step, step.epoch) for step in steps] == [(1, 1), (2, 1), (3, 2), (4, 2)]


async def test_a_training_can_be_stopped_and_answers_go_on_meanwhile(
    engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUB_STEP_S", "0.01")
    number: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    training = asyncio.create_task(
        engine.train(
            model="m",
            rows=[{}] * 100_000,
            validation=[],
            hyperparameters={},
            progress=lambda step: None,
            started=number.set_result,
        )
    )
    assert (await engine.converse(request("q"))).stop_reason == "end_turn"
    await engine.stop(await number)
    with pytest.raises(EngineError) as caught:
        await training
    assert caught.value.kind == "TrainingStopped"


async def test_what_an_engine_refuses_is_told_from_what_it_does_wrong(engine: EngineProcess) -> None:
    for user, kind in (("refuse", "ValueError"), ("bug", "RuntimeError")):
        with pytest.raises(EngineError) as caught:
            await engine.converse(request(user))
        assert caught.value.kind == kind


async def test_a_dead_child_is_replaced_and_gets_the_weights_again(engine: EngineProcess) -> None:
    await engine.converse(request("q", {"rows": 1}), weights_key="m")
    with pytest.raises(EngineDied):
        await engine.converse(request("die"))
    assert "after 1 rows" in (await engine.converse(request("q", {"rows": 1}), weights_key="m")).text


async def test_an_engine_that_cannot_be_imported_is_no_hang() -> None:
    process = EngineProcess("no.such.module:Engine")
    with pytest.raises(EngineDied):
        await process.embed(["x"], "local.embed-v1")
    await process.close()
