"""What questions can be told apart by: pure functions from the evaluation set to a name for each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.artifacts import GroundTruth
from shared.text.language import detect_language

Names = Mapping[str, str]
"""Question id → what it is called. A question without a name is in no slice."""

MANY_LINKS = 3
"""From here on questions are not told apart by how many links their answer rests on."""


@dataclass(frozen=True)
class Attribute:
    """``by`` what, the name of each question, and all names in the order in which they are shown."""

    by: str
    names: Names
    order: Sequence[str]


def attributes(evaluation: Sequence[GroundTruth], retrieved: Names) -> list[Attribute]:
    """All by which questions differ. ``retrieved``: what retrieval found of the links that an answer rests on."""
    sizes = {pair.id: len("".join(pair.answer.split())) for pair in evaluation}
    found = [
        _by_name("type", {pair.id: pair.type for pair in evaluation if pair.type}),
        _by_name("topic", {pair.id: pair.topic for pair in evaluation if pair.topic}),
        _by_name("language", {pair.id: detect_language(pair.question) for pair in evaluation}),
        thirds("reference_characters", sizes),
        _by_name("reference_links", {pair.id: _count(len(set(pair.references))) for pair in evaluation}),
        _by_name("answerable", {pair.id: "yes" if pair.references else "no" for pair in evaluation}),
        _by_name("retrieved", retrieved),
    ]
    return [attribute for attribute in found if len(attribute.order) > 1]


def thirds(by: str, sizes: Mapping[str, int]) -> Attribute:
    """Three parts of about as many questions each, named by their bounds; equal sizes stay together."""
    ordered = sorted(sizes.values())
    ends = {ordered[-(-len(ordered) * part // 3) - 1] for part in (1, 2, 3)} if ordered else set()
    names = _spans(sorted(ends), ordered[:1])
    return Attribute(
        by, {id: names[min(end for end in names if size <= end)] for id, size in sizes.items()}, list(names.values())
    )


def _spans(ends: Sequence[int], least: Sequence[int]) -> dict[int, str]:
    """Upper end → ``41–120``."""
    starts = [*least, *(end + 1 for end in ends)]
    return {end: f"{start}–{end}" for start, end in zip(starts, ends, strict=False)}


def _by_name(by: str, names: Names) -> Attribute:
    return Attribute(by, names, sorted(set(names.values())))


def _count(links: int) -> str:
    return f"{MANY_LINKS}+" if links >= MANY_LINKS else str(links)
