"""What the teacher is asked before it is asked: how many questions, of which kind, about which chunk. Pure.

Questions are spread over all chunks by their text, late ones included, and go on where the round before left off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.artifacts import Chunk
from schemas.recipe import Difficulty, QuestionType, Recipe, Unit
from shared.quotas import SLOTS_PER_CALL, SLOTS_PER_CHUNK, Size, quota, size_of, worth
from workers.synthetic_gen.sampling import mixed, phase, systematic

CHUNKS_PER_CALL = 6
"""Chunks shown to the teacher at once: enough for context, few enough for any model's window."""

_TABLE = re.compile(r"^\s*\|.*\|\s*$", re.MULTILINE)
_STEPS = re.compile(r"^\s*(?:\d{1,2}[.)]|[①-⑳])\s", re.MULTILINE)
NEEDS: dict[QuestionType, re.Pattern[str]] = {"table": _TABLE, "procedure": _STEPS}
"""Types that only such text answers."""
PLAIN: tuple[QuestionType, ...] = ("fact", "definition", "procedure", "table", "troubleshooting")
"""What is asked about a chunk by itself, and what a question to be left unanswered looks like."""


@dataclass(frozen=True)
class Slot:
    """One question wanted. ``asked`` is what the teacher is told: of ``unanswerable`` it is told nothing.

    ``about``: places in the call's chunks, from 1.
    """

    number: int
    type: QuestionType
    asked: QuestionType
    persona: str
    difficulty: Difficulty
    about: tuple[int, ...]


@dataclass(frozen=True)
class Call:
    """One call of the teacher."""

    chunks: tuple[Chunk, ...]
    slots: tuple[Slot, ...]


def plan_calls(unit: Unit, chunks: Sequence[Chunk], recipe: Recipe, round: int) -> list[Call]:
    """The calls of a round, in reading order."""
    if len(unit.documents) > 1:
        return [_connection(unit, chunks, recipe, round)]
    shares = [worth(chunk.text) for chunk in chunks]
    wanted = quota(unit, size_of(chunk.text for chunk in chunks), recipe, round)
    if wanted == 0:
        return []
    drawn = systematic(shares, wanted, phase(unit.name, round))
    return _calls(chunks, _slots(unit, chunks, _capped(drawn), recipe, round))


def _capped(drawn: Sequence[int]) -> list[int]:
    return [place for n, place in enumerate(drawn) if n < SLOTS_PER_CHUNK or drawn[n - SLOTS_PER_CHUNK] != place]


def _slots(
    unit: Unit, chunks: Sequence[Chunk], drawn: Sequence[int], recipe: Recipe, round: int
) -> list[tuple[int, Slot]]:
    """Place of the chunk, and the slot; ``about`` and number are set when calls are cut."""
    alone = {type_: weight for type_, weight in recipe.types.items() if type_ != "multi_hop"}
    types = mixed(alone, len(drawn), f"type:{unit.name}", round) or ["fact"] * len(drawn)
    personas = mixed(dict.fromkeys(recipe.personas, 1.0), len(drawn), f"persona:{unit.name}", round)
    hard = mixed(recipe.difficulties, len(drawn), f"difficulty:{unit.name}", round)
    return [
        (place, _slot(types[n], chunks[place], recipe, n, personas[n] if personas else "", hard[n]))
        for n, place in enumerate(drawn)
    ]


def _slot(type_: QuestionType, chunk: Chunk, recipe: Recipe, turn: int, persona: str, difficulty: Difficulty) -> Slot:
    plain = [name for name in PLAIN if recipe.types.get(name) and _fits(name, chunk)] or ["fact"]
    other: QuestionType = plain[turn % len(plain)]
    if type_ == "unanswerable":
        return Slot(0, type_, other, persona, difficulty, ())
    asked = type_ if _fits(type_, chunk) else other
    return Slot(0, asked, asked, persona, difficulty, ())


def _fits(type_: QuestionType, chunk: Chunk) -> bool:
    return type_ not in NEEDS or NEEDS[type_].search(chunk.text) is not None


def _calls(chunks: Sequence[Chunk], slots: Sequence[tuple[int, Slot]]) -> list[Call]:
    """Neighbouring chunks are shown together; a chunk's slots are never in two calls."""
    calls: list[Call] = []
    rest = list(slots)
    while rest:
        first = rest[0][0]
        last, taken = first, 0
        while taken < len(rest) and rest[taken][0] < first + CHUNKS_PER_CALL:
            same = sum(place == rest[taken][0] for place, _ in rest)
            if taken and taken + same > SLOTS_PER_CALL:
                break
            last, taken = rest[taken][0], taken + same
        calls.append(_call(chunks, rest[:taken], last))
        rest = rest[taken:]
    return calls


def _call(chunks: Sequence[Chunk], own: Sequence[tuple[int, Slot]], last: int) -> Call:
    """As many chunks as may be shown, the asked ones as far in the middle as the document allows."""
    first = own[0][0]
    spare = CHUNKS_PER_CALL - (last - first + 1)
    start = max(0, min(first - spare // 2, len(chunks) - CHUNKS_PER_CALL))
    shown = tuple(chunks[start : start + CHUNKS_PER_CALL])
    slots = (
        Slot(number, slot.type, slot.asked, slot.persona, slot.difficulty, (place - start + 1,))
        for number, (place, slot) in enumerate(own, 1)
    )
    return Call(shown, tuple(slots))


def _connection(unit: Unit, chunks: Sequence[Chunk], recipe: Recipe, round: int) -> Call:
    """Questions that need all of the shown chunks."""
    wanted = quota(unit, Size(0, len(chunks)), recipe, round)
    personas = mixed(dict.fromkeys(recipe.personas, 1.0), wanted, f"persona:{unit.name}", round)
    about = tuple(range(1, len(chunks) + 1))
    slots = (
        Slot(n + 1, "multi_hop", "multi_hop", personas[n] if personas else "", "hard", about) for n in range(wanted)
    )
    return Call(tuple(chunks), tuple(slots))
