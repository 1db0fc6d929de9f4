"""A run's second stage: the split is fixed, and missing samples are asked for, round by round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.artifacts import Failure, GroundTruth, Sample, SplitPlan
from schemas.events import SynthesisRequested
from schemas.experiment import Experiment
from schemas.recipe import Recipe
from schemas.state import ObjectRecord, RunRecord, WaitingRun
from shared.concurrency import gathered
from shared.errors import BadCorpus, BadGroundTruth
from shared.ground_truth import read_ground_truth
from shared.runs import samples_group
from shared.services import Services
from shared.store import keys
from workers.dataset_builder.losing import lost
from workers.dataset_builder.recipes import make_recipe, wanted_synthetic
from workers.dataset_builder.selection import clean_originals
from workers.dataset_builder.snapshots import Snapshot, take_snapshot
from workers.dataset_builder.split import make_split
from workers.dataset_builder.truth import resolve_references


@dataclass(frozen=True)
class Plan:
    """What a run is built from; stored under the run, so that any worker can go on with it."""

    split: SplitPlan
    train: list[GroundTruth]
    recipe: Recipe | None


async def make_plan(
    services: Services, run: RunRecord, experiment: Experiment, records: Sequence[ObjectRecord]
) -> Plan:
    """Fixes snapshot, split and recipe, and stores them. Raises BadInput when the experiment cannot be run on them."""
    await _check_documents(services, run.run, experiment, records)
    snapshot = await take_snapshot(services, experiment, records)
    body = await services.artifacts.read_bytes(keys.run(run.run, "ground_truth.jsonl"))
    truth, unknown = resolve_references(read_ground_truth("ground_truth.jsonl", body), snapshot.documents)
    for failure in unknown:
        await services.runs.add_failure(run.run, failure)
    if len(unknown) > experiment.max_failed_fraction * (len(truth) + len(unknown)):
        raise BadGroundTruth(_too_many_unknown(unknown, len(truth) + len(unknown), experiment))
    split = make_split(experiment.split, experiment.seed, truth, snapshot.documents)
    by_id = {pair.id: pair for pair in truth}
    evaluation = [by_id[id] for id in sorted(split.evaluation)]
    train, contaminated = clean_originals([by_id[id] for id in split.train], evaluation)
    split = _without(split, contaminated)
    recipe = None
    if wanted_synthetic(experiment):
        recipe = make_recipe(experiment, train, len(split.train_documents))
    await _store(services, run.run, snapshot, split, evaluation, train, recipe)
    return Plan(split, train, recipe)


async def load_plan(services: Services, run: str) -> Plan:
    """The plan that was stored. Raises KeyError before it was made."""
    artifacts = services.artifacts
    split = await artifacts.read(keys.run(run, "split.json"), SplitPlan)
    train = await artifacts.read_lines(keys.run(run, "train.jsonl"), GroundTruth)
    key = keys.run(run, "recipe.json")
    recipe = await artifacts.read(key, Recipe) if await artifacts.exists(key) else None
    return Plan(split, train, recipe)


async def ask_for_samples(
    services: Services, run: RunRecord, plan: Plan, chunking: str, round: int, by: str
) -> tuple[bool, list[SynthesisRequested]]:
    """Registers a synthesis round. Returns whether it is complete with this, and requests for what is missing."""
    assert plan.recipe is not None
    documents, recipe = plan.split.train_documents, plan.recipe.fingerprint()
    group = samples_group(run.run, round)
    await services.fanin.expect(group, len(documents))
    waiting = WaitingRun(run=run.run, chunking=chunking, recipe=recipe, round=round)
    await services.corpora.put_waiting(run.corpus, waiting)
    await services.runs.advance(run.run, "synthesizing", round=round)
    done = await services.corpora.samples(run.corpus, recipe, chunking, round)
    await services.fanin.record_all(group, [document for document in documents if document in done])
    missing = [document for document in documents if document not in done]
    requests = [
        SynthesisRequested(
            corpus=run.corpus, document=document, chunking=chunking, recipe=plan.recipe, round=round, run=run.run
        )
        for document in missing
    ]
    return await services.fanin.closes(group, by), requests


async def lose_samples(services: Services, run: RunRecord, plan: Plan, by: str) -> bool:
    """Counts every document without samples in the present round as lost. True when event ``by`` completes it."""
    group = samples_group(run.run, run.round)
    missing = await services.fanin.missing(group, plan.split.train_documents)
    for document in missing:
        await services.runs.add_failure(run.run, lost("synthetic-gen", document))
    await services.fanin.record_all(group, missing, outcome="failed")
    return await services.fanin.closes(group, by)


async def samples_so_far(services: Services, corpus: str, plan: Plan, chunking: str, rounds: int) -> list[Sample]:
    """Every sample of the plan's recipe and documents, of rounds 0 to ``rounds`` − 1, in document order."""
    if plan.recipe is None:
        return []
    recipe, places = plan.recipe.fingerprint(), []
    for round in range(rounds):
        done = await services.corpora.samples(corpus, recipe, chunking, round)
        written = [document for document in plan.split.train_documents if document in done]
        places += [keys.samples(corpus, recipe, document, chunking, round) for document in written]
    batches = await gathered(services.artifacts.read_lines(key, Sample) for key in places)
    return [sample for batch in batches for sample in batch]


async def _check_documents(
    services: Services, run: str, experiment: Experiment, records: Sequence[ObjectRecord]
) -> None:
    rejected = [record for record in records if record.status == "rejected"]
    for record in rejected:
        failure = Failure(
            stage="doc-ingest", item=record.key, code=record.code or "rejected", message=record.message or ""
        )
        await services.runs.add_failure(run, failure)
    if len(rejected) == len(records):
        raise BadCorpus(f"none of the {len(records)} documents could be read; the first: {_reason(rejected)}")
    if len(rejected) > experiment.max_failed_fraction * len(records):
        raise BadCorpus(
            f"{len(rejected)} of {len(records)} documents were rejected, more than max_failed_fraction "
            f"{experiment.max_failed_fraction:g} allows; the first: {_reason(rejected)}"
        )


def _reason(rejected: Sequence[ObjectRecord]) -> str:
    return f"{rejected[0].key}: {rejected[0].message}" if rejected else "no record"


def _too_many_unknown(unknown: Sequence[Failure], pairs: int, experiment: Experiment) -> str:
    return (
        f"{len(unknown)} of {pairs} ground-truth pairs refer to no document of the corpus, more than "
        f"max_failed_fraction {experiment.max_failed_fraction:g} allows; the first: {unknown[0].item}: "
        f"{unknown[0].message}"
    )


def _without(split: SplitPlan, contaminated: Sequence[str]) -> SplitPlan:
    left_out = {**split.left_out, **dict.fromkeys(contaminated, "asks what an evaluation question asks")}
    train = [id for id in split.train if id not in contaminated]
    return split.model_copy(update={"train": train, "left_out": dict(sorted(left_out.items()))})


async def _store(
    services: Services,
    run: str,
    snapshot: Snapshot,
    split: SplitPlan,
    evaluation: Sequence[GroundTruth],
    train: Sequence[GroundTruth],
    recipe: Recipe | None,
) -> None:
    artifacts = services.artifacts
    await artifacts.write_lines(keys.run(run, "snapshot.jsonl"), snapshot.documents)
    await artifacts.write_lines(keys.run(run, "chunks.jsonl"), snapshot.chunks)
    await artifacts.write_lines(keys.run(run, "evaluation.jsonl"), evaluation)
    await artifacts.write_lines(keys.run(run, "train.jsonl"), train)
    if recipe is not None:
        await artifacts.write(keys.run(run, "recipe.json"), recipe)
    await artifacts.write(keys.run(run, "split.json"), split)
