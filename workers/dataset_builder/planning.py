"""A run's second stage: the split is fixed, and with it what may teach and by which recipe."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from schemas.artifacts import GroundTruth, Leak, PlannedUnit, SnapshotDocument, SplitPlan
from schemas.experiment import Experiment
from schemas.recipe import Recipe, Unit
from schemas.state import ObjectRecord, RunRecord
from shared.bedrock.ports import Account
from shared.chunk_vectors import write_vectors
from shared.errors import BadInput
from shared.quotas import SLOTS_PER_CONNECTION
from shared.recipes import corpus_recipe, store_recipe
from shared.retrieval.corpus import CorpusIndex
from shared.runtime.offload import in_thread
from shared.services import Services
from shared.store import indexes, keys
from workers.dataset_builder.checking import check_documents, resolved_truth
from workers.dataset_builder.cleaning import leaks_of_chunks, without_leaks
from workers.dataset_builder.connections import connect
from workers.dataset_builder.recipes import SURPLUS, make_recipe, wanted_synthetic
from workers.dataset_builder.snapshots import Snapshot, take_snapshot
from workers.dataset_builder.split import make_split


@dataclass(frozen=True)
class Plan:
    """What a run is built from; stored under the run, so that any worker can go on with it.

    ``units`` may be asked about: documents of the training side alone. ``leaky``: their chunks that say what evaluation
    documents say, by id.
    """

    split: SplitPlan
    train: list[GroundTruth]
    recipe: Recipe | None
    units: list[PlannedUnit]
    leaky: Mapping[str, Leak]


async def make_plan(
    services: Services, run: RunRecord, experiment: Experiment, records: Sequence[ObjectRecord]
) -> Plan:
    """Fixes snapshot, split and recipe, and stores them. Raises BadInput when the experiment cannot be run on them."""
    await check_documents(services, run.run, experiment, records)
    with TemporaryDirectory(prefix="groundtune-plan-") as folder:
        return await _planned(
            services, run, experiment, await take_snapshot(services, experiment, records, Path(folder))
        )


async def _planned(services: Services, run: RunRecord, experiment: Experiment, snapshot: Snapshot) -> Plan:
    truth = await resolved_truth(services, run.run, experiment, snapshot)
    split = make_split(experiment.split, experiment.seed, truth, snapshot.documents)
    by_id = {pair.id: pair for pair in truth}
    evaluation = [by_id[id] for id in sorted(split.evaluation)]
    may_teach = frozenset(split.train_documents)
    teaching = [document for document in snapshot.documents if document.document in may_teach]
    index = await indexes.build(snapshot.documents, snapshot.chunks, experiment.retrieval.analyzer)
    opened = CorpusIndex(index, snapshot.chunks, teaching)
    leaky = await leaks_of_chunks(experiment, snapshot, index, opened, may_teach)
    train, leaks = await without_leaks(
        services, run, experiment, [by_id[id] for id in split.train], evaluation, opened, leaky
    )
    split = _without(split, [leak.id for leak in leaks])
    recipe = await _recipe(services, experiment, train, teaching)
    units = await _units(experiment, recipe, teaching, opened) if recipe else []
    plan = Plan(split, train, recipe, units, leaky)
    vectors = await chunk_vectors(services, run.run, experiment, snapshot, index)
    await indexes.store(services.artifacts, run.run, snapshot.chunks, index, vectors)
    await services.artifacts.write_lines(keys.run(run.run, "leaks-original.jsonl"), leaks)
    await _store(services, run.run, snapshot, plan, evaluation)
    return plan


async def load_plan(services: Services, run: str) -> Plan:
    """The plan that was stored. Raises KeyError before it was made."""
    artifacts = services.artifacts
    split = await artifacts.read(keys.run(run, "split.json"), SplitPlan)
    train = await artifacts.read_lines(keys.run(run, "train.jsonl"), GroundTruth)
    key = keys.run(run, "recipe.json")
    recipe = await artifacts.read(key, Recipe) if await artifacts.exists(key) else None
    units = await artifacts.read_lines(keys.run(run, "units.jsonl"), PlannedUnit)
    leaks = await artifacts.read_lines(keys.run(run, "leaky-chunks.jsonl"), Leak)
    return Plan(split, train, recipe, units, {leak.id: leak for leak in leaks})


async def chunk_vectors(
    services: Services, run: str, experiment: Experiment, snapshot: Snapshot, index: Path
) -> Path | None:
    """Those of all chunks of the snapshot, where meaning has its say in what is retrieved."""
    model = experiment.chunks_embedded_by
    if model is None:
        return None
    account = Account(f"run/{run}", "dataset-builder", experiment.budget_usd)
    whole, vectors = CorpusIndex(index, snapshot.chunks, snapshot.documents), index.with_name("vectors")
    await write_vectors(services.bedrock, model, account, whole, vectors)
    return vectors


async def _recipe(
    services: Services, experiment: Experiment, train: Sequence[GroundTruth], teaching: Sequence[SnapshotDocument]
) -> Recipe | None:
    """The recipe of the run, or the corpus's own where the run names it; None when no arm wants samples."""
    if not wanted_synthetic(experiment):
        return None
    corpus, artifacts = experiment.corpus.name, services.artifacts
    if experiment.synthesis.recipe == "run":
        recipe = make_recipe(experiment, train, sum(document.tokens for document in teaching))
        await store_recipe(artifacts, corpus, recipe)
        return recipe
    own = await corpus_recipe(artifacts, corpus)
    if own is None:
        key = keys.corpus_config(corpus, "recipe.yaml")
        raise BadInput(f"synthesis.recipe is `corpus`, but there is no {key}; put it there, or leave the key out")
    await store_recipe(artifacts, corpus, own)
    return own


async def _units(
    experiment: Experiment, recipe: Recipe, teaching: Sequence[SnapshotDocument], index: CorpusIndex
) -> list[PlannedUnit]:
    """Each training document, and what connects two of them as far as the recipe wants such questions."""
    alone = [
        PlannedUnit(unit=Unit(documents=[d.document]), tokens=d.tokens, chunks=d.chunks) for d in teaching if d.tokens
    ]
    share = recipe.types.get("multi_hop", 0) / sum(recipe.types.values())
    wanted = math.ceil(share * wanted_synthetic(experiment) * SURPLUS / SLOTS_PER_CONNECTION)
    connected = await _connected(teaching, index, wanted, experiment.seed) if wanted else []
    return [*alone, *(PlannedUnit(unit=unit, tokens=0, chunks=len(unit.chunks)) for unit in connected)]


@in_thread
def _connected(teaching: Sequence[SnapshotDocument], index: CorpusIndex, wanted: int, seed: int) -> list[Unit]:
    return connect(teaching, index, wanted=wanted, seed=seed)


def _without(split: SplitPlan, contaminated: Sequence[str]) -> SplitPlan:
    left_out = {**split.left_out, **dict.fromkeys(contaminated, "gives an evaluation pair away")}
    train = [id for id in split.train if id not in contaminated]
    return split.model_copy(update={"train": train, "left_out": dict(sorted(left_out.items()))})


async def _store(
    services: Services, run: str, snapshot: Snapshot, plan: Plan, evaluation: Sequence[GroundTruth]
) -> None:
    artifacts = services.artifacts
    await artifacts.write_lines(keys.run(run, "snapshot.jsonl"), snapshot.documents)
    await artifacts.write_lines(keys.run(run, "evaluation.jsonl"), evaluation)
    await artifacts.write_lines(keys.run(run, "train.jsonl"), plan.train)
    await artifacts.write_lines(keys.run(run, "units.jsonl"), plan.units)
    await artifacts.write_lines(keys.run(run, "leaky-chunks.jsonl"), plan.leaky.values())
    if plan.recipe is not None:
        await artifacts.write(keys.run(run, "recipe.json"), plan.recipe)
    await artifacts.write(keys.run(run, "split.json"), plan.split)
