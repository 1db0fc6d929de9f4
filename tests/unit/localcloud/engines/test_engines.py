"""Several engines stand side by side, each in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from localcloud.engines.contract import Request
from localcloud.engines.engines import Engines
from localcloud.engines.families import Family, named, split
from localcloud.engines.process import DEFAULT, EngineDied, EngineError
from localcloud.errors import BadOption

STUB = "tests.unit.localcloud.stub_engine:StubEngine"


@pytest_asyncio.fixture
async def engines() -> AsyncIterator[Engines]:
    slow = Family("slow", STUB, {"STUB_STEP_S": "0.01"})
    made = Engines(STUB, [slow, Family("broken", "no.such.module:Engine")])
    yield made
    await made.close()


def request(model: str, user: str = "q") -> Request:
    return Request(model=model, weights=None, system="", user=user, max_tokens=10)


async def test_a_model_goes_to_its_engine_under_the_engines_own_name_for_it(engines: Engines) -> None:
    assert (await engines.converse(request("local.reader-v1"))).text == "local.reader-v1: |q"
    assert (await engines.converse(request("slow/org/model"))).text == "org/model: |q"
    assert await engines.embed(["abc"], "slow/model") == [[1.0, 0.0, 3.0]]


async def test_one_that_dies_leaves_the_others_alone(engines: Engines) -> None:
    waiting = asyncio.create_task(engines.converse(request("local.reader-v1", "wait")))
    for model in ("slow/m", "broken/m"):
        with pytest.raises(EngineDied):
            await engines.converse(request(model, "die"))
    assert (await waiting).text == "local.reader-v1: |wait"


async def test_a_model_of_no_engine_is_the_callers_mistake(engines: Engines) -> None:
    with pytest.raises(EngineError, match="no engine has gone/m; start the local cloud with one for gone/") as caught:
        await engines.converse(request("gone/m"))
    assert caught.value.kind == "ValueError"


async def test_the_training_that_is_stopped_is_the_one_that_its_number_says(engines: Engines) -> None:
    numbers: asyncio.Queue[int] = asyncio.Queue()

    def training(model: str, rows: int) -> asyncio.Task[dict[str, int]]:
        return asyncio.create_task(
            engines.train(
                model=model, rows=[{}] * rows, validation=[], hyperparameters={}, progress=lambda step: None,
                started=numbers.put_nowait,
            )
        )  # fmt: skip

    endless = training("slow/m", 100_000)
    number = await numbers.get()
    other = training("local.reader-v1", 3)
    assert await other == {"rows": 3, "validation": []}
    await engines.stop(await numbers.get())  # has ended: nothing happens
    assert not endless.done()
    await engines.stop(number)
    with pytest.raises(EngineError) as caught:
        await endless
    assert caught.value.kind == "TrainingStopped"


def test_the_server_is_an_engine_beside_those_that_are_named() -> None:
    default, (lora, openai) = split({"lora": STUB}, "http://h/v1", "KEY", {"KEY": "k"})
    assert default == DEFAULT
    assert (lora.name, lora.spec, lora.untrainable) == ("lora", STUB, "")
    assert (openai.name, dict(openai.environ)) == (
        "openai",
        {"GROUNDTUNE_OPENAI_URL": "http://h/v1", "GROUNDTUNE_OPENAI_KEY_ENV": "KEY"},
    )
    assert "local.reader-v1" in openai.untrainable


@pytest.mark.parametrize("name", ["Hf", "a/b", "openai"])
def test_an_engines_name_is_checked(name: str) -> None:
    with pytest.raises(BadOption, match="the name must be a-z, 0-9 and -, and no other engine's"):
        split({name: STUB}, "http://h", None, {})


def test_an_engine_without_a_name_takes_the_place_of_the_default_one() -> None:
    assert split(dict(map(named, [STUB])), None, None, {}) == (STUB, [])


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("engines", "must be MODULE:CLASS"),
        ("my-engines:E", "must be MODULE:CLASS"),
        ("no_such_package.engines:E", "there is no module no_such_package; install it"),
    ],
)
@pytest.mark.parametrize("name", ["", "hf"])
def test_an_engine_that_cannot_be_found_is_said_at_the_start(name: str, spec: str, said: str) -> None:
    with pytest.raises(BadOption, match=said):
        split({name: spec}, None, None, {})
