"""`groundtune samples` on a cloud: a run with samples, a run without, and none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import settings
from shared.provision import provision
from shared.runtime.connection import connect
from shared.topology import load_topology
from tests.acceptance.clouds import OperatedCloud, local_cloud
from tests.acceptance.terminal import Terminal
from tests.unit.workers import sampled

pytestmark = pytest.mark.cloud


async def _put(cloud: OperatedCloud) -> None:
    found = settings.load(cloud.terminal.environ)
    await provision(found, load_topology(found.topology))
    async with connect(found) as connection:
        await sampled.put_built(connection.services)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperatedCloud]:
    """A local cloud that holds a run with samples."""
    with Terminal(tmp_path_factory.mktemp("samples")) as terminal, local_cloud(terminal) as operated:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in operated.environ.items():
                patch.setenv(name, value)
            asyncio.run(_put(operated))
        yield operated


def test_a_person_looks_at_kept_and_refused_samples(cloud: OperatedCloud) -> None:
    kept = cloud.terminal.call("samples", sampled.RUN, "--limit", "3")
    assert "14 questions asked, 7 samples kept, 4 rejected" in kept.said
    assert "There are more kept" in kept.said
    refused = cloud.terminal.call("samples", sampled.RUN, "--rejected", "--code", "evidence")
    assert "does not stand there: replace the antenna cable" in refused.said


def test_a_person_opens_the_page(cloud: OperatedCloud) -> None:
    told = cloud.terminal.call("samples", sampled.RUN, "--html")
    assert "11 samples written to samples-telco-1.html" in told.said
    page = (cloud.terminal.folder / "samples-telco-1.html").read_text("utf-8")
    assert page.count("<mark>") > 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "there is no run 'nowhere'; `groundtune runs list` shows the runs"),
        ((sampled.RUN, "--document", "plan.md"), "has no document 'plan.md' (did you mean 'plans.md'?)"),
        ((sampled.RUN, "--arm", "baseline"), "is not trained on synthetic samples; leave --arm out"),
        ((sampled.RUN, "--type", "riddle"), "'riddle' is not one of 'fact', 'definition'"),
        ((sampled.RUN, "--html", "no/page.html"), "no/page.html cannot be written"),
    ],
)
def test_what_cannot_be_shown_is_said_why(cloud: OperatedCloud, arguments: tuple[str, ...], said: str) -> None:
    assert said in cloud.terminal.call("samples", *arguments, code=2).said


def test_a_page_is_the_same_every_time(cloud: OperatedCloud, tmp_path: Path) -> None:
    for name in ("one.html", "two.html"):
        cloud.terminal.call("samples", sampled.RUN, "--html", tmp_path / name, "--seed", "3", "--limit", "2")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
