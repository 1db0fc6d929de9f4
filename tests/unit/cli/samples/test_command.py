"""The command as a person uses it, over a run in memory."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from cli.cloud import Cloud
from cli.samples.command import command
from shared.errors import BadInput
from shared.settings import Settings
from shared.testing.services import memory_services
from tests.unit.workers import sampled


@pytest.fixture(autouse=True)
def person(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A person in a folder of their own, whose cloud lives in memory."""
    services = memory_services()
    asyncio.run(sampled.put_built(services))

    @asynccontextmanager
    async def reach(*args: object, **kwargs: object) -> AsyncIterator[Cloud]:
        yield Cloud(Settings(), {})

    @asynccontextmanager
    async def connect(settings: Settings) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(services=services)

    module = sys.modules["cli.samples.command"]
    monkeypatch.setattr(module, "reach", reach)
    monkeypatch.setattr(module, "connect", connect)
    monkeypatch.chdir(tmp_path)


def samples(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(command, [sampled.RUN, *arguments])
    assert result.exit_code == code, result.output
    return result


def test_it_shows_the_kept_ones_and_with_rejected_the_others() -> None:
    kept, refused = samples().output, samples("--rejected").output
    assert "At most 32." in kept and "Replace the antenna cable." not in kept
    assert "Replace the antenna cable." in refused and "At most 32." not in refused
    assert "s-leak" in refused and "s-leak" not in kept


def test_a_code_means_the_refused_ones() -> None:
    output = samples("--code", "contaminated").output
    assert "s-leak" in output and "r-1" not in output


@pytest.mark.parametrize(
    ("arguments", "there", "not_there"),
    [
        (["--type", "unanswerable"], "s-ko-2", "s-ko-1"),
        (["--language", "en"], "s-en-1", "s-ko-1"),
        (["--document", "alarms.md"], "s-extra", "s-ko-1"),
        (["--arm", sampled.ARM], "s-ko-1", "s-extra"),
    ],
)
def test_it_shows_what_is_asked_for(arguments: list[str], there: str, not_there: str) -> None:
    output = samples(*arguments).output
    assert there in output and not_there not in output


def test_it_says_that_there_are_more() -> None:
    output = samples("--limit", "2").output
    assert "There are more kept: --limit shows more" in output
    assert "3. " not in output
    assert "There are more" not in samples("--limit", "5").output


def test_nothing_found_is_said() -> None:
    assert "No such sample." in samples("--code", "nothing").output


def test_the_page_is_named_after_the_run_or_as_told(tmp_path: Path) -> None:
    assert "11 samples written to samples-telco-1.html" in samples("--html").output
    samples("--html", "mine.html", "--lang", "ko", "--rejected")
    assert (tmp_path / "samples-telco-1.html").read_text("utf-8").count("<article") == 11
    korean = (tmp_path / "mine.html").read_text("utf-8")
    assert korean.count("<article") == 6 and '<html lang="ko">' in korean


def test_the_page_goes_to_standard_output_too() -> None:
    assert samples("--html", "-").stdout.startswith("<!doctype html>")


def test_a_page_that_cannot_be_written_says_so() -> None:
    with pytest.raises(BadInput, match=r"no/such/page\.html cannot be written"):
        CliRunner().invoke(command, [sampled.RUN, "--html", "no/such/page.html"], catch_exceptions=False)


def test_without_templates_the_terminal_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cli.samples.page", None)
    assert "At most 32." in samples().output
    with pytest.raises(BadInput, match=r"which is not installed; pip install 'groundtune\[dataset-builder\]'"):
        CliRunner().invoke(command, [sampled.RUN, "--html"], catch_exceptions=False)


def test_an_arm_has_no_refused_samples() -> None:
    assert "leave out --arm, or --rejected and --code" in samples("--arm", "ft", "--rejected", code=2).output


def test_an_unknown_run_is_named() -> None:
    with pytest.raises(BadInput, match="there is no run 'telco-2'"):
        CliRunner().invoke(command, ["telco-2"], catch_exceptions=False)
