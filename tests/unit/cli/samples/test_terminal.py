"""Samples on the terminal: readable without colour, and nothing of them works on the terminal."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from cli.samples.reading import Group, Reading, count
from cli.samples.survey import survey
from cli.samples.terminal import Terminal
from cli.samples.wanted import Wanted
from shared.testing.services import memory_services
from tests.unit.workers import sampled

GROUPS: tuple[Group, ...] = ("kept", "removed", "rejected")


async def printed(group: Group, *, colour: bool = False, width: int = 90) -> str:
    services = memory_services()
    await sampled.put_built(services)
    found = await survey(services, sampled.RUN)
    console = Console(width=width, file=StringIO(), force_terminal=colour, color_system="standard" if colour else None)
    terminal = Terminal(console)
    terminal.head(found, await count(services, found))
    async for view in Reading(services, found, Wanted()).views(group):
        terminal.sample(view)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


async def test_the_head_counts_kept_refused_and_used() -> None:
    said = " ".join((await printed("kept")).split())
    assert "14 questions asked, 7 samples kept, 4 rejected (evidence 2, language 1, schema 1)." in said
    assert "Taken out later: 2 (contaminated 1, near_duplicate 1)." in said
    assert f"Used by arm: {sampled.ARM} 4." in said
    assert "written earlier about evaluation documents: 3." in said


async def test_evidence_is_bracketed_without_colour_and_coloured_with_it() -> None:
    plain, coloured = await printed("kept"), await printed("kept", colour=True)
    assert "[[at most 32 static routes]]" in plain
    assert "[[" not in coloured
    assert "\x1b[1;30;43mat most 32 static routes" in coloured


@pytest.mark.parametrize("colour", [False, True])
async def test_no_sample_can_write_on_the_terminal_but_text(colour: bool) -> None:
    text = await printed("kept", colour=colour)
    assert "\x1b[2J" not in text and "\u202e" not in text
    assert "�[2J�" in text
    assert "[요금제 변경]" in text.replace("\n", "")


async def test_what_is_withheld_unused_or_missing_is_said() -> None:
    kept, refused = await printed("kept"), await printed("rejected")
    assert "withheld: 5G 요금제와 로밍 안내" in kept
    assert "s-extra · fact · medium · a support engineer · en · used by no arm" in kept
    assert "does not stand there: replace the antenna cable" in refused
    assert "reply that could not be read (schema)" in refused
    assert "evidence: evidence 'replace the antenna cable' does not stand in document 1" in refused


async def test_what_was_taken_out_says_what_it_is_too_like() -> None:
    said = " ".join((await printed("removed")).split())
    assert "too like evaluation pair q3 (similarity 1.00): Which error refuses further routes?" in said


@pytest.mark.parametrize("width", [40, 80, 200])
async def test_lines_fit_and_end_without_blanks(width: int) -> None:
    for group in GROUPS:
        lines = (await printed(group, width=width)).split("\n")
        assert all(line == line.rstrip() for line in lines)
        assert all(len(line) <= width for line in lines)
