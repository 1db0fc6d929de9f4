"""Dead letters sent back: to be handled as if new, or as the next revision of the run that they were missing in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from cli.dead_letters import DeadLetter, delete, graveyard
from schemas.event import Event
from schemas.events import RunRequested, RunSweepDue
from schemas.state import ENDED, RunRecord
from shared.revisions import REVISABLE, revisable, revise
from shared.runtime.backoff import Backoff
from shared.runtime.connection import Connection
from shared.runtime.deadletter import ADDED
from shared.runtime.message import Outgoing
from shared.runtime.publish import publish
from shared.runtime.sending import send_all
from shared.runtime.worker import Delayed
from shared.topology import Topology

FIRST_SWEEP_S = 120
"""A revision is swept as a run is: should this command die between two steps, it still ends."""


@dataclass
class Redriven:
    """What was done: letters that went back, and what a person should know of the runs they belong to."""

    sent: list[DeadLetter] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


async def redrive(connection: Connection, topology: Topology, letters: Sequence[DeadLetter]) -> Redriven:
    """Redrives each letter; call within ``held``. Letters of an ended run become one new revision of it."""
    done = Redriven()
    revised: dict[str, list[DeadLetter]] = {}
    for letter in letters:
        record = await connection.services.runs.get(letter.run) if letter.run else None
        if record is not None and isinstance(letter.event, REVISABLE) and revisable(record):
            revised.setdefault(record.run, []).append(letter)
        elif record is None or (stays := await _why_it_stays(connection, record, letter)) is None:
            await _send_back(connection, letter)
            done.sent.append(letter)
            _note_of_documents(letter, done)
        else:
            done.note(stays)
    for run, missing in revised.items():
        await _revise(connection, topology, run, missing, done)
    return done


async def _revise(
    connection: Connection, topology: Topology, run: str, letters: Sequence[DeadLetter], done: Redriven
) -> None:
    record = await connection.services.runs.get(run)
    assert record is not None
    died: list[Event] = [letter.event for letter in letters if letter.event is not None]
    events = await revise(connection.services, record, died)
    if not events:
        done.note(f"run {run} changed meanwhile: its dead letters stay, redrive them again")
        return
    revision = record.revision + 1
    sweep = Delayed(RunSweepDue(run=run, revision=revision), FIRST_SWEEP_S)
    await publish(connection, topology, [sweep, *events], source="cli")
    for letter in letters:  # their records stay: a late copy of the old message must not be handled anew
        await delete(await graveyard(connection, letter.worker), letter)
        done.sent.append(letter)
    done.note(f"run {run}: {len(letters)} failed taken back, revision {revision} makes its report again")


async def _why_it_stays(connection: Connection, record: RunRecord, letter: DeadLetter) -> str | None:
    """None when the letter may go back as it is."""
    if record.status in ENDED and isinstance(letter.event, (*REVISABLE, RunRequested)):
        return (
            f"run {record.run} ({record.status}) cannot be revised: it ended before its arms were built or by a "
            "person's wish; its dead letters stay, start a new run with `groundtune run`"
        )
    if isinstance(letter.event, REVISABLE) and await _counted(connection, letter):
        return (
            f"run {record.run} is still at work and has counted this as failed; redrive again once it has ended "
            "(`groundtune runs` shows when)"
        )
    return None


async def _counted(connection: Connection, letter: DeadLetter) -> bool:
    """Whether its worker gave the event up, and so has told the run."""
    return any([await connection.idempotency.given_up(event, letter.worker) for event in letter.events])


def _note_of_documents(letter: DeadLetter, done: Redriven) -> None:
    corpus = getattr(letter.event, "corpus", None)
    if corpus is not None and not isinstance(letter.event, RunRequested):
        done.note(
            f"corpus {corpus}: what was sent back enters runs that still wait for it and new ones; "
            "a run that has ended is not revised by a document"
        )


async def _send_back(connection: Connection, letter: DeadLetter) -> None:
    """Its record is forgotten first, else the worker would bury it again; deleted last, so that none is lost."""
    for event in letter.events:
        await connection.idempotency.forget(event, letter.worker)
    source = await connection.queue(connection.settings.queue(letter.worker))
    attributes = {name: value for name, value in letter.message.attributes.items() if name not in ADDED}
    message = Outgoing(letter.message.body, attributes, group=letter.message.group)
    await send_all(source, [message], connection.clock, Backoff(random.random))
    await delete(await graveyard(connection, letter.worker), letter)
