"""Which synthetic samples an arm may use: nothing that gives the evaluation away, no repeats, mixed by type. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.artifacts import GroundTruth, Sample
from schemas.recipe import QuestionType
from shared.text.duplicates import NearDuplicates
from workers.dataset_builder.split import seeded


@dataclass(frozen=True)
class Selection:
    """Usable samples in the seeded order in which arms take them, and how many fell out, by reason."""

    samples: list[Sample]
    removed: dict[str, int]


def select(
    samples: Sequence[Sample], *, seed: int, train: Sequence[GroundTruth], evaluation: Sequence[GroundTruth],
    types: Mapping[QuestionType, float],
) -> Selection:  # fmt: skip
    """Removes samples that ask what the evaluation set asks or what another sample or a training pair asks."""
    texts = [sample.question for sample in samples] + [pair.question for pair in (*train, *evaluation)]
    held = NearDuplicates(texts)
    for pair in evaluation:
        held.add(pair.question)
    known = NearDuplicates(texts)
    for pair in train:
        known.add(pair.question)
    kept, removed = [], Counter[str]()
    for sample in in_order(samples, types, seed):
        if held.find(sample.question) is not None:
            removed["contaminated"] += 1
        elif known.find(sample.question) is not None:
            removed["near_duplicate"] += 1
        else:
            known.add(sample.question)
            kept.append(sample)
    return Selection(in_order(kept, types, seed), dict(sorted(removed.items())))


def clean_originals(
    train: Sequence[GroundTruth], evaluation: Sequence[GroundTruth]
) -> tuple[list[GroundTruth], list[str]]:
    """Training pairs that do not ask what the evaluation set asks, in the order given, and the ids of the others."""
    held = NearDuplicates([pair.question for pair in (*train, *evaluation)])
    for pair in evaluation:
        held.add(pair.question)
    contaminated = [pair.id for pair in train if held.find(pair.question) is not None]
    return [pair for pair in train if pair.id not in contaminated], contaminated


def in_order(samples: Sequence[Sample], types: Mapping[QuestionType, float], seed: int) -> list[Sample]:
    """The order in which arms take samples: any beginning of it has the mix of types, as far as there are samples of
    each, and spans the documents."""
    queues: dict[QuestionType, list[Sample]] = defaultdict(list)
    for sample in reversed(_spread_over_documents(samples, seed)):
        queues[sample.type].append(sample)
    taken, ordered = Counter[QuestionType](), list[Sample]()
    while queues:
        type_ = min(queues, key=lambda name: ((taken[name] + 1) / (types.get(name, 0) or 0.01), name))
        ordered.append(queues[type_].pop())
        taken[type_] += 1
        if not queues[type_]:
            del queues[type_]
    return ordered


def _spread_over_documents(samples: Sequence[Sample], seed: int) -> list[Sample]:
    """Seeded order in rounds: each document's first, then each one's second …"""
    by_document: dict[str, list[Sample]] = defaultdict(list)
    for sample in sorted(samples, key=lambda sample: seeded(seed, sample.id)):
        by_document[sample.documents[0]].append(sample)
    rank = {sample.id: place for own in by_document.values() for place, sample in enumerate(own)}
    return sorted(samples, key=lambda sample: (rank[sample.id], seeded(seed, sample.id)))
