"""Which synthetic samples an arm may use: nothing that gives the evaluation away, no repeats, mixed by type. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from schemas.artifacts import GroundTruth, Leak, RemovedSample, Sample
from schemas.recipe import QuestionType
from shared.text.duplicates import NearDuplicates, shingles, similarity
from shared.text.near_pairs import near_pairs
from workers.dataset_builder import semantic
from workers.dataset_builder.decontamination import decontaminated
from workers.dataset_builder.leaks import Item, Limits
from workers.dataset_builder.split import seeded

MANY = 50_000
"""Questions up to which repeats are looked for one by one."""


@dataclass(frozen=True)
class Selection:
    """Usable samples in the seeded order in which arms take them, what fell out, and the leaks among that."""

    samples: list[Sample] = field(default_factory=list)
    gone: list[RemovedSample] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)

    @property
    def removed(self) -> dict[str, int]:
        """How many fell out, by code."""
        return dict(sorted(Counter(sample.code for sample in self.gone).items()))


@dataclass(frozen=True)
class Known:
    """What samples are held against. ``leaky``: chunks that say what evaluation documents say."""

    train: Sequence[GroundTruth]
    evaluation: Sequence[GroundTruth]
    limits: Limits = field(default_factory=Limits)
    vectors: semantic.Vectors = field(default_factory=dict)
    leaky: Mapping[str, Leak] = field(default_factory=dict)


def select(samples: Sequence[Sample], known: Known, *, types: Mapping[QuestionType, float], seed: int) -> Selection:
    """Takes out what gives an evaluation question away, then what asks a training pair's or an earlier sample's
    question in other words."""
    ordered = in_order(samples, types, seed)
    leaks = sample_leaks(ordered, known)
    gone = {sample.id: _contaminated(sample, leaks[sample.id]) for sample in ordered if sample.id in leaks}
    clean = [sample for sample in ordered if sample.id not in gone]
    gone |= _repeats(clean, known.train)
    clean = [sample for sample in clean if sample.id not in gone]
    gone |= _same_meaning(clean, known)
    kept = [sample for sample in clean if sample.id not in gone]
    taken_out = [gone[sample.id] for sample in ordered if sample.id in gone]
    return Selection(in_order(kept, types, seed), taken_out, [leaks[removed.sample.id] for removed in taken_out
                                                              if removed.sample.id in leaks])  # fmt: skip


def sample_leaks(samples: Sequence[Sample], known: Known) -> dict[str, Leak]:
    """The leak of each sample that has one, by its id: in its question or answer, or in the chunks it rests on."""
    items = [Item(sample.id, sample.question, _said(sample)) for sample in samples]
    found = {
        leak.id: leak for leak in decontaminated(items, _items(known.evaluation), known.limits, known.vectors).leaks
    }
    for sample in samples:
        chunk = next((chunk for chunk in (*sample.citations, *sample.withheld) if chunk in known.leaky), None)
        if chunk is not None and sample.id not in found:
            found[sample.id] = known.leaky[chunk].model_copy(update={"id": sample.id})
    return found


def clean_originals(known: Known) -> tuple[list[GroundTruth], list[Leak]]:
    """Training pairs that do not give the evaluation set away, in the order given, and the leaks of the others."""
    items, evaluation = _items(known.train), _items(known.evaluation)
    leaks = decontaminated(items, evaluation, known.limits, known.vectors).leaks
    bad = {leak.id for leak in leaks}
    return [pair for pair in known.train if pair.id not in bad], leaks


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


def _said(sample: Sample) -> str:
    """A refusal is everybody's: it gives nothing away."""
    return "" if sample.withheld else sample.answer


def _items(pairs: Sequence[GroundTruth]) -> list[Item]:
    return [Item(pair.id, pair.question, pair.answer) for pair in pairs]


def _contaminated(sample: Sample, leak: Leak) -> RemovedSample:
    message = f"its {leak.part} gives an evaluation pair away ({leak.method}, {leak.similarity:.2f})"
    return RemovedSample(
        sample=sample, code="contaminated", message=message, evaluation=leak.evaluation, similarity=leak.similarity,
        text=leak.evaluation_text,
    )  # fmt: skip


def _repeats(samples: Sequence[Sample], train: Sequence[GroundTruth]) -> dict[str, RemovedSample]:
    """Samples that ask, almost word for word, what a training pair or an earlier sample asks."""
    asked, first = [pair.question for pair in train], len(train)
    questions = [*asked, *(sample.question for sample in samples)]
    earlier = _earlier_ones(questions, first) if len(questions) <= MANY else _earlier_ones_of_many(questions, first)
    gone = {}
    for place, other in earlier.items():
        sample, text = samples[place - first], questions[other]
        alike = similarity(shingles(sample.question), shingles(text))
        gone[sample.id] = _repeat(sample, "near_duplicate", "almost the same question", text, alike)
    return gone


def _earlier_ones(questions: Sequence[str], first: int) -> dict[int, int]:
    """Of the questions from ``first`` on, each that repeats an earlier kept one: its place and the other's. Exact."""
    near, kept, found = NearDuplicates(questions), list[int](), dict[int, int]()
    for place, question in enumerate(questions):
        other = near.find(question) if place >= first else None
        if other is None:
            near.add(question)
            kept.append(place)
        else:
            found[place] = kept[other]
    return found


def _earlier_ones_of_many(questions: Sequence[str], first: int) -> dict[int, int]:
    """The same for very many questions, but for one in a hundred of the pairs that lie just at the threshold."""
    found: dict[int, int] = {}
    pairs = near_pairs(questions)
    for place in np.lexsort((pairs.left, pairs.right)).tolist():
        left, right = int(pairs.left[place]), int(pairs.right[place])
        if right >= first and right not in found and (left not in found or pairs.similarity[place] == 1.0):
            found[right] = found.get(left, left)
    return found


def _same_meaning(samples: Sequence[Sample], known: Known) -> dict[str, RemovedSample]:
    """Samples whose question means what a training pair's or an earlier sample's does, as far as vectors tell."""
    limits = semantic.thresholds(
        [pair.question for pair in known.evaluation], known.vectors, floor=known.limits.semantic_floor,
        clean_loss=known.limits.semantic_clean_loss,
    )  # fmt: skip
    before, own = [pair.question for pair in known.train], [sample.question for sample in samples]
    return {
        samples[place].id: _repeat(samples[place], "semantic_duplicate", "a question of this meaning", text, cosine)
        for place, (text, cosine) in semantic.repeats(before, own, known.vectors, limits).items()
    }


def _repeat(sample: Sample, code: str, what: str, text: str, alike: float) -> RemovedSample:
    return RemovedSample(
        sample=sample, code=code, message=f"{what} is there already", similarity=round(alike, 6), text=text
    )


def _spread_over_documents(samples: Sequence[Sample], seed: int) -> list[Sample]:
    """Seeded order in rounds: each document's first, then each one's second …"""
    by_document: dict[str, list[Sample]] = defaultdict(list)
    for sample in sorted(samples, key=lambda sample: seeded(seed, sample.id)):
        by_document[sample.documents[0]].append(sample)
    rank = {sample.id: place for own in by_document.values() for place, sample in enumerate(own)}
    return sorted(samples, key=lambda sample: (rank[sample.id], seeded(seed, sample.id)))
