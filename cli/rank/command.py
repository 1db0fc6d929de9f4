"""The commands: tasks out, answers in."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from cli.rank.answers import judged, read_key, unblinded
from cli.rank.candidates import load_candidates
from cli.rank.terminal import show
from cli.rank.writing import key_file, put, write_tasks
from cli.runs import aws_option, on_cloud
from schemas.people import PeopleReport, RankingKey
from shared.errors import BadInput
from shared.runtime.connection import Connection
from shared.store import keys
from workers.scorer.people.tasks import Task, make_tasks

FILE = click.Path(dir_okay=False, path_type=Path)
SEED = click.option("--seed", type=int, default=0, show_default=True, help="What orders and intervals follow from.")


@click.group()
def command() -> None:
    """Have people rank the answers of a run, blind."""


@command.command()
@click.argument("run")
@click.option("--out", type=FILE, required=True, help="File of tasks: .jsonl, or .csv for a spreadsheet.")
@click.option("--raters", type=click.IntRange(min=1), default=1, show_default=True, help="People who rank all of it.")
@click.option("--arms", metavar="NAMES", help="Only these arms, separated by commas. [default: all that were scored]")
@click.option("--questions", type=click.IntRange(min=1), help="So many questions, drawn by the seed. [default: all]")
@click.option("--gold/--no-gold", default=False, show_default=True, help="Show the reference answer.")
@click.option("--documents/--no-documents", default=False, show_default=True, help="Show what the arms were given.")
@click.option("--replace", is_flag=True, help="Forget the tasks that were given out before.")
@SEED
@aws_option
def export(
    run: str, out: Path, raters: int, arms: str | None, questions: int | None, gold: bool, documents: bool,
    replace: bool, seed: int, aws: bool,
) -> None:  # fmt: skip
    """Write tasks: a question and the answers of all arms as A, B, C, …, in an order that is balanced over the tasks.

    Whose answers they are stands in a key beside the file, and in the run: keep it from the raters. Fill in rank_A,
    rank_B, … of the CSV, or write a JSON line {"task": "…", "ranks": {"A": 2, "B": 1, …}} for each task; 1 is the best,
    equal answers have the same rank. One in twenty tasks comes twice, to see how steady a rater is.
    """
    names = [name.strip() for name in arms.split(",")] if arms else None

    async def work(connection: Connection) -> list[Task]:
        found = await load_candidates(connection.services, run, names, gold=gold, documents=documents)
        chosen = found.drawn(questions, seed)
        tasks = make_tasks(chosen.taken, [f"rater-{n + 1}" for n in range(raters)], seed, chosen.spare)
        await _keep(connection, run, [key for _, key in tasks], replace)
        return tasks

    tasks = on_cloud(aws, work)
    write_tasks(out, tasks)
    click.echo(f"{len(tasks)} tasks for {raters} in {out}; whose answers they are in {key_file(out)}: not for raters")
    click.echo(f"Next: groundtune rank import {run} --answers FILE")


@command.command("import")
@click.argument("run", metavar="RUN|TASKS")
@click.option("--answers", type=FILE, multiple=True, required=True, help="What raters filled in, .jsonl or .csv.")
@click.option(
    "--judge", type=FILE, help="Verdicts of a judge to compare with: JSON lines of question, first, second, winner."
)
@click.option("--out", type=FILE, default=Path("rankings.json"), show_default=True, help="Where the results go.")
@SEED
@aws_option
def import_(run: str, answers: tuple[Path, ...], judge: Path | None, out: Path, seed: int, aws: bool) -> None:
    """Read rankings, list all that does not count and why, and say what the rest amounts to.

    TASKS is the exported file, whose key lies beside it. With a RUN the key is read from there, and results go there,
    too.
    """
    key = read_key(Path(run)) if Path(run).is_file() else on_cloud(aws, lambda connection: _key(connection, run))
    report = unblinded(answers, key, judged(judge), seed)
    put(out, report.model_dump_json(indent=2) + "\n")
    if not Path(run).is_file():
        on_cloud(aws, lambda connection: _store(connection, run, report))
    show(report, Console())
    click.echo(f"results: {out}")
    click.echo(f"Next: groundtune report RUN|REPORT.json --people {out} --out DIR puts them into the report")


async def _keep(connection: Connection, run: str, key: list[RankingKey], replace: bool) -> None:
    """In the run. Answers to tasks whose key is gone are lost: that is done only when asked for."""
    try:
        before = await _key(connection, run)
    except BadInput:
        before = key
    if before != key and not replace:
        raise BadInput(
            f"run {run!r} has other tasks given out; --replace gives new ones, and no answer to those counts"
        )
    await connection.services.artifacts.write_lines(keys.people(run, "key.jsonl"), key)


async def _key(connection: Connection, run: str) -> list[RankingKey]:
    try:
        return await connection.services.artifacts.read_lines(keys.people(run, "key.jsonl"), RankingKey)
    except KeyError:
        message = f"run {run!r} has no tasks, nor is there a file of this name; `groundtune rank export` makes some"
        raise BadInput(message) from None


async def _store(connection: Connection, run: str, report: PeopleReport) -> None:
    await connection.services.artifacts.write(keys.people(run, "rankings.json"), report)
