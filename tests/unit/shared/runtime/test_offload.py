from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from functools import partial
from pathlib import Path

import pytest

from shared.errors import ChildDied, Retryable
from shared.runtime.offload import PROCESSES, THREADS, close_executors, in_process, in_thread
from tests.unit.shared.runtime import offloaded

RUN: ContextVar[str] = ContextVar("run", default="none")


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    close_executors()


async def begun(file: Path) -> int:
    """The pid of the child that works on ``wait_for(file)``."""
    marker = file.with_suffix(".begun")
    while not (marker.exists() and (text := marker.read_text())):
        await asyncio.sleep(0.01)
    return int(text)


async def gone(pid: int) -> None:
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(0.01)


async def test_a_thread_of_the_pool_runs_the_function_with_its_arguments() -> None:
    assert (await offloaded.thread_name("in ", suffix="!")).startswith("in offloaded")
    assert offloaded.thread_name.__name__ == "thread_name"


async def test_a_thread_sees_the_context_of_its_caller() -> None:
    RUN.set("r1")
    assert await in_thread(RUN.get)() == "r1"


async def test_no_more_threads_than_the_bound_work_at_once() -> None:
    running, most, lock, go = 0, 0, threading.Lock(), threading.Event()

    @in_thread
    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            if running == THREADS:
                go.set()
        go.wait()
        with lock:
            running -= 1

    await asyncio.gather(*(work() for _ in range(3 * THREADS)))
    assert most == THREADS


async def test_who_awaits_a_thread_is_released_when_cancelled_and_its_result_is_dropped() -> None:
    started, go, ended = threading.Event(), threading.Event(), threading.Event()

    @in_thread
    def work() -> str:
        started.set()
        go.wait()
        ended.set()
        return "nobody asks any more"

    task = asyncio.create_task(work())
    await in_thread(started.wait)()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not ended.is_set()  # it runs on
    go.set()
    assert await in_thread(ended.wait)()


async def test_errors_come_through() -> None:
    @in_thread
    def broken() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await broken()
    with pytest.raises(ValueError, match="wrong"):
        await offloaded.fail(picky=False)
    with pytest.raises(RuntimeError, match="Picky: very picky"):
        await offloaded.fail(picky=True)


async def test_a_child_serves_many_calls() -> None:
    first = await offloaded.pid()
    assert first != os.getpid()
    assert await offloaded.pid(add=1) == first + 1


async def test_a_plain_function_of_another_module_can_be_declared_under_a_name_of_ones_own() -> None:
    doubled = in_process(offloaded.plain)
    assert await doubled(21) == 42 and offloaded.plain(1) == 2


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_child_that_dies_fails_its_own_call_only_and_is_replaced(tmp_path: Path, number: int) -> None:
    file = tmp_path / "file"
    neighbour = asyncio.create_task(offloaded.wait_for(file))
    child = await begun(file)
    with pytest.raises(ChildDied, match=r"offloaded\.die died") as died:
        await offloaded.die(number)
    assert isinstance(died.value, Retryable)
    assert await offloaded.pid() != child
    file.write_text("unharmed")
    assert await neighbour == "unharmed"


async def test_a_child_that_died_while_idle_fails_no_call() -> None:
    child = await offloaded.pid()
    os.kill(child, signal.SIGKILL)
    await gone(child)
    assert await offloaded.pid() != child


async def test_a_cancelled_call_kills_its_child(tmp_path: Path) -> None:
    task = asyncio.create_task(offloaded.wait_for(tmp_path / "never"))
    child = await begun(tmp_path / "never")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await gone(child)
    assert await offloaded.pid() != child


async def test_a_call_that_waits_for_a_child_and_is_cancelled_never_begins(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.file" for n in range(PROCESSES + 1)]
    tasks = [asyncio.create_task(offloaded.wait_for(file)) for file in files]
    for file in files[:-1]:
        await begun(file)
    tasks[-1].cancel()
    for file in files:
        file.write_text("go")
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert results[:-1] == ["go"] * PROCESSES and isinstance(results[-1], asyncio.CancelledError)
    assert not files[-1].with_suffix(".begun").exists()


async def test_a_result_that_cannot_travel_is_an_error_and_no_death() -> None:
    with pytest.raises(Exception, match="pickle"):
        await offloaded.unpicklable()
    assert await offloaded.pid()


async def test_closing_kills_what_runs_and_the_next_call_starts_anew(tmp_path: Path) -> None:
    task = asyncio.create_task(offloaded.wait_for(tmp_path / "never"))
    child = await begun(tmp_path / "never")
    close_executors()
    with pytest.raises(ChildDied):
        await task
    await gone(child)
    close_executors()
    assert await offloaded.pid() != child


def test_one_executor_serves_one_event_loop_after_another() -> None:
    assert asyncio.run(offloaded.pid()) == asyncio.run(offloaded.pid())


async def test_a_child_ends_with_its_parent_even_if_that_was_killed(tmp_path: Path) -> None:
    file = tmp_path / "never"
    script = f"""
import asyncio
from pathlib import Path
from tests.unit.shared.runtime import offloaded
asyncio.run(offloaded.wait_for(Path({str(file)!r})))
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script, env=environment)
    child = await begun(file)
    parent.kill()
    await parent.wait()
    await gone(child)


def nested() -> object:
    def inner() -> None: ...

    return inner


async def coroutine() -> None: ...


@pytest.mark.parametrize("function", [lambda: None, nested(), partial(offloaded.plain, 1), str.upper, len])
def test_what_a_child_could_not_import_is_refused_when_it_is_declared(function: object) -> None:
    with pytest.raises(TypeError, match="top level of a module"):
        in_process(function)  # type: ignore[arg-type]


def test_a_function_of_the_script_itself_is_refused() -> None:
    script = "from shared.runtime.offload import in_process\ndef work(): ...\nin_process(work)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert "move it from the script into a module" in ended.stderr


@pytest.mark.parametrize("declare", [in_thread, in_process])
def test_a_coroutine_function_is_refused(declare: object) -> None:
    with pytest.raises(TypeError, match="coroutine function"):
        declare(coroutine)  # type: ignore[operator]
