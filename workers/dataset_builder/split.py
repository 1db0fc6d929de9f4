"""The split: which questions evaluate, which train. Fixed first, by seed alone. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from schemas.artifacts import GroundTruth, SnapshotDocument, SplitPlan
from schemas.experiment import Split
from shared.errors import BadInput


def make_split(
    split: Split, seed: int, truth: Sequence[GroundTruth], documents: Sequence[SnapshotDocument]
) -> SplitPlan:
    """The split of a run. Every reference of ``truth`` is the URL of one of ``documents``. Raises BadInput."""
    return (_by_question if split.by == "question" else _by_group)(split, seed, truth, documents)


def seeded(seed: int, name: str) -> str:
    """A random-looking order that depends on seed and name alone, never on the order of the input."""
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def _by_question(
    split: Split, seed: int, truth: Sequence[GroundTruth], documents: Sequence[SnapshotDocument]
) -> SplitPlan:
    order = sorted((pair.id for pair in truth), key=lambda id: seeded(seed, id))
    _enough(split, len(order), "questions that cite known documents")
    groups = {document.group for document in documents}
    return SplitPlan(
        by="question",
        seed=seed,
        evaluation=order[: split.evaluation],
        train=order[split.evaluation :],
        train_documents=sorted(document.document for document in documents),
        groups=len(groups),
        evaluation_groups=len(groups),
    )


def _by_group(
    split: Split, seed: int, truth: Sequence[GroundTruth], documents: Sequence[SnapshotDocument]
) -> SplitPlan:
    group_of_url = {document.url: document.group for document in documents}
    groups_of = {pair.id: {group_of_url[url] for url in pair.references} for pair in truth}
    language_of = {document.group: document.language for document in documents}
    held = _hold_groups_apart(split, seed, groups_of, language_of)
    order = sorted(groups_of, key=lambda id: seeded(seed, id))
    inside = [id for id in order if groups_of[id] <= held]
    outside = [id for id in order if not groups_of[id] & held]
    surplus, straddling = inside[split.evaluation :], set(order) - set(inside) - set(outside)
    left_out = {id: "in an evaluation group, but the evaluation set is full" for id in surplus}
    left_out |= {id: "cites documents of both sides of the split" for id in straddling}
    return SplitPlan(
        by="group",
        seed=seed,
        evaluation=inside[: split.evaluation],
        train=outside,
        left_out=dict(sorted(left_out.items())),
        train_documents=sorted(document.document for document in documents if document.group not in held),
        groups=len(language_of),
        evaluation_groups=len(held),
    )


def _hold_groups_apart(
    split: Split, seed: int, groups_of: Mapping[str, set[str]], language_of: Mapping[str, str]
) -> set[str]:
    """Takes groups, languages in proportion, until enough questions lie wholly within them."""
    held: set[str] = set()
    for group in _interleaved(seed, groups_of, language_of):
        held.add(group)
        if sum(groups <= held for groups in groups_of.values()) >= split.evaluation:
            return held
    _enough(split, sum(groups <= held for groups in groups_of.values()), "questions that cite known documents")
    return held


def _interleaved(seed: int, groups_of: Mapping[str, set[str]], language_of: Mapping[str, str]) -> list[str]:
    """Groups that questions cite, in seeded order within each language, languages mixed by their share."""
    cited = {group for groups in groups_of.values() for group in groups}
    strata: dict[str, list[str]] = defaultdict(list)
    for group in sorted(cited, key=lambda name: seeded(seed, name)):
        strata[language_of[group]].append(group)
    placed = [((i + 0.5) / len(own), name, group) for name, own in strata.items() for i, group in enumerate(own)]
    return [group for _, _, group in sorted(placed)]


def _enough(split: Split, available: int, what: str) -> None:
    if available < split.evaluation:
        raise BadInput(
            f"split asks for {split.evaluation} evaluation questions, but there are {available} {what}; "
            "lower split.evaluation or add ground truth"
        )
