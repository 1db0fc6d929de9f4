from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.errors import Rejected
from workers.doc_ingest.child import extend_limit
from workers.doc_ingest.isolation import Isolated
from workers.doc_ingest.rejections import reject


def act(what: str) -> str:
    """What a parser may do, asked for by name."""
    if what == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "hang":
        time.sleep(3600)
    if what == "reject":
        raise reject("encrypted", "it is locked")
    if what == "bug":
        raise ZeroDivisionError("oops")
    if what == "hoard":
        return str(len(bytearray(400_000_000)))
    if what == "exit":
        sys.exit(3)
    if what == "pile up":
        pile: list[str] = []
        while True:
            pile.append(f"{len(pile)} things")
    if what == "grow":
        return str(len(bytes(b"x" * 320_000_000)))
    if what == "die in a C library":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "take longer":
        extend_limit(30)
        time.sleep(1.5)
    if what.startswith("leave a program behind "):
        with subprocess.Popen(["sh", "-c", f"sleep 3 && touch '{what[23:]}'"]):
            time.sleep(3600)
    return f"{what} by {os.getpid()}"


@pytest.fixture
def isolated() -> Iterator[Isolated[str]]:
    runner = Isolated(act, processes=1, limit_s=60, max_bytes=390_000_000)
    yield runner
    runner.close()


@pytest.fixture
def hurried() -> Iterator[Isolated[str]]:
    runner = Isolated(act, processes=1, limit_s=1)
    yield runner
    runner.close()


async def test_results_come_from_another_process_that_is_used_again(isolated: Isolated[str]) -> None:
    first, second = await isolated("work"), await isolated("work")
    assert first == second
    assert first != f"work by {os.getpid()}"


async def test_rejections_and_bugs_come_through(isolated: Isolated[str]) -> None:
    with pytest.raises(Rejected) as rejected:
        await isolated("reject")
    assert rejected.value.code == "encrypted"
    assert "it is locked" in rejected.value.message
    with pytest.raises(RuntimeError, match="ZeroDivisionError: oops"):
        await isolated("bug")


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("crash", "crashed"),
        ("exit", "crashed"),
        ("hoard", "out_of_memory"),
        ("pile up", "out_of_memory"),
        ("die in a C library", "out_of_memory"),
    ],
)
async def test_a_crash_costs_its_own_document_only(isolated: Isolated[str], what: str, code: str) -> None:
    with pytest.raises(Rejected) as rejected:
        await isolated(what)
    assert rejected.value.code == code
    assert (await isolated("work")).startswith("work by")


async def test_a_hang_costs_its_own_document_only(hurried: Isolated[str]) -> None:
    with pytest.raises(Rejected) as rejected:
        await hurried("hang")
    assert rejected.value.code == "too_slow"
    assert (await hurried("work")).startswith("work by")


async def test_a_child_that_grew_large_is_replaced(isolated: Isolated[str]) -> None:
    before = await isolated("work")
    assert await isolated("grow") == "320000000"
    assert await isolated("work") != before


async def test_work_may_ask_for_more_time(hurried: Isolated[str]) -> None:
    assert (await hurried("take longer")).startswith("take longer by")


async def test_programs_that_a_child_started_end_with_it(hurried: Isolated[str], tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with pytest.raises(Rejected):
        await hurried(f"leave a program behind {trace}")
    await asyncio.sleep(3)
    assert not trace.exists()


async def test_a_cancelled_call_frees_its_child() -> None:
    isolated = Isolated(act, processes=1, limit_s=60)
    await isolated("work")
    call = asyncio.create_task(isolated("hang"))
    await asyncio.sleep(0.05)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert (await isolated("work")).startswith("work by")
    isolated.close()


PARENT = """
import asyncio
from tests.unit.workers.doc_ingest.test_isolation import act
from workers.doc_ingest.isolation import Isolated

async def main():
    print(await Isolated(act, processes=1, limit_s=60)("work"), flush=True)
    await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_a_child_leaves_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().startswith(b"work by")
        parent.kill()
        # the child holds the same standard output: it ends when both are gone
        assert parent.communicate(timeout=30)[0] == b""
