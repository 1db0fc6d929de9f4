"""Writes the page of a run's samples, sample by sample."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from typing import IO

from cli.samples.reading import Group, Reading, count
from workers.dataset_builder.showing.counts import Counts
from workers.dataset_builder.showing.page import page_head, page_tail, sample_card, section_head, section_tail


async def write_page(target: IO[str], reading: Reading, groups: Sequence[Group], language: str) -> int:
    """Writes at most ``reading.limit`` samples of each group; returns how many in all."""
    run, counts, written = reading.survey.run, await count(reading.services, reading.survey), 0
    target.write(page_head(run.run, run.status, counts, language=language))
    for group in groups:
        target.write(section_head(group, language=language))
        shown = await _write_group(target, reading, group, language)
        total = _total(group, counts) if reading.wanted.everything else None
        target.write(section_tail(shown, total, language=language))
        written += shown
    target.write(page_tail(language=language))
    return written


async def _write_group(target: IO[str], reading: Reading, group: Group, language: str) -> int:
    shown = 0
    async with aclosing(reading.views(group)) as views:
        async for view in views:
            target.write(sample_card(view, language=language))
            shown += 1
            if shown == reading.limit:
                break
    return shown


def _total(group: Group, counts: Counts) -> int:
    removed = sum(counts.removed.values())
    return {"kept": counts.kept - removed, "removed": removed, "rejected": counts.refused}[group]
