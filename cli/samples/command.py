"""The command: what is wanted, where it goes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from cli.cloud import reach
from cli.samples.reading import Group, Reading, count
from cli.samples.survey import survey
from cli.samples.terminal import Terminal
from cli.samples.wanted import Wanted, known_arm, known_document
from schemas.recipe import QUESTION_TYPES
from shared.errors import BadInput
from shared.provision import provision
from shared.runtime.connection import connect
from shared.services import Services
from shared.topology import load_topology
from workers.dataset_builder.showing.labels import LANGUAGES

ON_TERMINAL = 20
ON_PAGE = 500
"""Samples of each group that are shown without --limit."""

WORDS: dict[Group, str] = {"kept": "kept", "removed": "taken out later", "rejected": "rejected"}

BESIDE = "beside"
"""Value of --html without a file: a file named after the run, here."""


@click.command()
@click.argument("run")
@click.option("--rejected", is_flag=True, help="Those that were refused, or taken out later, and why.")
@click.option(
    "--html", metavar="[FILE]", is_flag=False, flag_value=BESIDE, help="Write a page with all of them, and filters."
)
@click.option("--arm", metavar="NAME", help="Only what this arm was trained on.")
@click.option("--type", "type_", type=click.Choice(QUESTION_TYPES), help="Only this type of question.")
@click.option("--code", metavar="CODE", help="Only what was refused or taken out with this code.")
@click.option("--language", type=click.Choice(["en", "ko"]), help="Only samples in this language.")
@click.option("--document", metavar="KEY", help="Only about this document: its key, file name or URL.")
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=1), help="Samples shown of each group. [default: 20; on a page 500]"
)
@click.option("--seed", metavar="N", type=int, help="Draw them at random by this seed. [default: in order]")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the page.")
@click.option("--aws", is_flag=True, help="Look on AWS; shows account and region and asks first.")
def command(
    run: str, rejected: bool, html: str | None, arm: str | None, type_: str | None, code: str | None,
    language: str | None, document: str | None, limit: int | None, seed: int | None, lang: str, aws: bool,
) -> None:  # fmt: skip
    """Look through a run's samples, with their evidence marked.

    Shows the kept ones, or with --rejected what was refused, with the reason. --html writes both to one page.
    """
    if arm and (rejected or code):
        raise click.UsageError("an arm is trained on kept samples alone; leave out --arm, or --rejected and --code")
    groups = _groups(refused=rejected or code is not None, page=html is not None and arm is None)
    wanted = Wanted(type=type_, code=code, language=language, document=document, arm=arm)

    async def go() -> None:
        async with reach(os.environ, aws=aws, join=True) as cloud:
            if cloud.local:
                await provision(cloud.settings, load_topology(cloud.settings.topology))
            async with connect(cloud.settings) as connection:
                most = limit or (ON_TERMINAL if html is None else ON_PAGE)
                reading = await make_reading(connection.services, run, wanted, seed, most)
                if html is None:
                    await _print(reading, groups)
                else:
                    await _write(reading, groups, html, lang)

    asyncio.run(go())


def _groups(*, refused: bool, page: bool) -> Sequence[Group]:
    if refused:
        return ("removed", "rejected")
    return ("kept", "removed", "rejected") if page else ("kept",)


async def make_reading(services: Services, run: str, wanted: Wanted, seed: int | None, limit: int) -> Reading:
    """Reads what is wanted, an arm and a document as a person calls them. Raises BadInput where there is none."""
    found = await survey(services, run)
    arm = known_arm(wanted.arm, found) if wanted.arm else None
    document = known_document(wanted.document, found) if wanted.document else None
    return Reading(services, found, replace(wanted, document=document, arm=arm), seed, limit)


async def _print(reading: Reading, groups: Sequence[Group]) -> None:
    terminal = Terminal(Console())
    terminal.head(reading.survey, await count(reading.services, reading.survey))
    for group in groups:
        if await _print_group(terminal, reading, group):
            click.echo(f"\nThere are more {WORDS[group]}: --limit shows more, --seed others.")
    if not terminal.printed:
        click.echo("\nNo such sample.")


async def _print_group(terminal: Terminal, reading: Reading, group: Group) -> bool:
    """Whether there are more than ``reading.limit``."""
    shown = 0
    async with aclosing(reading.views(group)) as views:
        async for view in views:
            if shown == reading.limit:
                return True
            terminal.sample(view)
            shown += 1
    return False


async def _write(reading: Reading, groups: Sequence[Group], html: str, lang: str) -> None:
    try:
        from cli.samples.page import write_page  # the terminal needs no templates
    except ModuleNotFoundError as error:
        needed = f"--html needs the module {error.name}, which is not installed"
        raise BadInput(f"{needed}; pip install 'groundtune[dataset-builder]'") from error
    path = Path(f"samples-{reading.survey.run.run}.html") if html == BESIDE else Path(html)
    try:
        with click.open_file(str(path), "w", encoding="utf-8") as target:
            shown = await write_page(target, reading, groups, lang)
    except OSError as error:
        raise BadInput(f"{path} cannot be written ({error.strerror}); name a file in a folder that exists") from None
    click.echo(f"{shown} samples written to {path}", err=True)
