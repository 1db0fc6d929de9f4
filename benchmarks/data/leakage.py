"""Decontamination with planted leaks: how many are caught, how much clean data goes with them, how fast."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.data.corpus import corpus
from benchmarks.data.edits import EDITS, rewordings
from benchmarks.data.questions import Questions
from workers.dataset_builder.decontamination import decontaminated
from workers.dataset_builder.leaks import Item
from workers.dataset_builder.semantic import Vectors

Rewording = Callable[[str], Sequence[tuple[str, str]]]
Embed = Callable[[list[str]], list[list[float]]]


@dataclass(frozen=True)
class Leakage:
    """One question set, a part of it held out and reworded into the training part. ``worst``: the kind of edit that
    was caught least, and its share."""

    name: str
    split: str
    planted: int
    caught: int
    worst: tuple[str, float]
    clean: int
    lost: int
    cosine: float | None = None


def leakage(questions: Questions, by: str, *, reworded: Rewording | None = None, embed: Embed | None = None) -> Leakage:
    """``by``: ``group`` holds out whole documents, ``question`` any third of the questions."""
    held = _held(questions, by)
    evaluation = [Item(f"e{place}", questions.texts[place], "") for place in sorted(held)]
    clean = [Item(f"c{place}", text, "") for place, text in enumerate(questions.texts) if place not in held]
    planted = [
        Item(f"leak:{kind}:{item.id}", text, "")
        for item in evaluation
        for kind, text in (reworded or _each_edit)(item.question)
    ]
    found = decontaminated([*clean, *planted], evaluation, vectors=_vectors([*clean, *planted, *evaluation], embed))
    removed = {leak.id for leak in found.leaks}
    kinds = Counter(item.id.split(":")[1] for item in planted)
    caught = Counter(item.id.split(":")[1] for item in planted if item.id in removed)
    worst = min((caught[kind] / kinds[kind], kind) for kind in kinds)
    lost = sum(item.id in removed for item in clean)
    cosine = next(iter(found.cosines.values()), None)
    return Leakage(questions.name, by, len(planted), caught.total(), (worst[1], worst[0]), len(clean), lost, cosine)


def four_words(question: str) -> list[tuple[str, str]]:
    """Reworded by four edits on end: what trigrams do not see any more."""
    rng, text = random.Random(question), question
    for kind in rng.sample(list(EDITS), len(EDITS))[:4]:
        text = dict(rewordings(text)).get(kind, text)
    return [("four words", text)]


def seconds(training: int = 10_000, evaluation: int = 1000) -> float:
    """CPU seconds for question, answer and four contexts of so many items, without vectors. The contexts are drawn from
    chunks of twelve sentences, three for ten items, other ones for training and evaluation."""
    rng, total = random.Random(5), training + evaluation
    chunks = 3 * total // 10
    texts = corpus(4 * total + 12 * chunks, seed=11).texts
    documents = [" ".join(texts[4 * total + 12 * place :][:12]) for place in range(chunks)]
    cut = chunks * training // total

    def item(place: int) -> Item:
        own = documents[:cut] if place < training else documents[cut:]
        return Item(str(place), texts[4 * place], " ".join(texts[4 * place + 1 :][:3]), rng.choices(own, k=4))

    items = [item(place) for place in range(total)]
    begun = time.process_time()
    decontaminated(items[:training], items[training:])
    return time.process_time() - begun


def _each_edit(question: str) -> list[tuple[str, str]]:
    return list(rewordings(question))


def _held(questions: Questions, by: str) -> set[int]:
    rng = random.Random(3)
    if by == "question":
        return set(rng.sample(range(len(questions.texts)), len(questions.texts) // 3))
    groups = sorted(set(questions.groups))
    chosen = set(rng.sample(groups, len(groups) // 3))
    return {place for place, group in enumerate(questions.groups) if group in chosen}


def _vectors(items: Sequence[Item], embed: Embed | None) -> Vectors:
    if embed is None:
        return {}
    texts = sorted({item.question for item in items})
    return dict(zip(texts, embed(texts), strict=True))
