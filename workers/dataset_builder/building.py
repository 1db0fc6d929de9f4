"""A run's third stage: each arm's training file, mixed, written and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.artifacts import (
    Chunk,
    DatasetManifest,
    DataSummary,
    Failure,
    GroundTruth,
    RejectedSample,
    SnapshotDocument,
    TrainingExample,
)
from schemas.base import content_hash
from schemas.events import DatasetReady
from schemas.experiment import Arm, Experiment
from schemas.state import ArmRecord, RunRecord
from shared.bedrock.families import Family, family_of
from shared.errors import BadInput, BadRunFile
from shared.retrieval.corpus import CorpusIndex
from shared.runs import load_evaluation, scores_group, shard_count
from shared.runtime.offload import in_thread
from shared.services import Services
from shared.store import keys
from workers.dataset_builder.examples import ExampleMaker
from workers.dataset_builder.formats import write_rows
from workers.dataset_builder.planning import Plan
from workers.dataset_builder.selection import Selection

_indexed = in_thread(CorpusIndex)


@dataclass(frozen=True)
class Material:
    """What arms are mixed from, in the order in which they take it: arms are nested prefixes."""

    original: Sequence[GroundTruth]
    selection: Selection
    maker: ExampleMaker


def mix(arm: Arm, material: Material) -> list[TrainingExample]:
    """The arm's examples. Raises BadRunFile when it asks for more original pairs than the split leaves."""
    if arm.train is None:
        return []
    if arm.train.original > len(material.original):
        raise BadRunFile(
            f"arm {arm.name!r} asks for {arm.train.original} original pairs, but the split leaves "
            f"{len(material.original)} for training; lower train.original or split.evaluation"
        )
    original = [material.maker.original(pair) for pair in material.original[: arm.train.original]]
    synthetic = [material.maker.synthetic(sample) for sample in material.selection.samples[: arm.train.synthetic]]
    return [*original, *synthetic]


@in_thread
def _mixed(arms: Sequence[Arm], material: Material) -> dict[str, list[TrainingExample]]:
    return {arm.slug: mix(arm, material) for arm in arms}


async def build(
    services: Services, run: RunRecord, experiment: Experiment, plan: Plan, selection: Selection
) -> list[DatasetReady]:
    """Writes every arm's dataset, registers the arms and their shards, and says that they are ready."""
    artifacts = services.artifacts
    documents = await artifacts.read_lines(keys.run(run.run, "snapshot.jsonl"), SnapshotDocument)
    chunks = await artifacts.read_lines(keys.run(run.run, "chunks.jsonl"), Chunk)
    seen = frozenset(plan.split.train_documents)
    training = [document for document in documents if document.document in seen]
    index = await _indexed(training, chunks)
    maker = ExampleMaker(index, training, top_k=experiment.retrieval.top_k, seed=experiment.seed)
    material = Material(plan.train, selection, maker)
    examples = await _mixed(experiment.arms, material)
    for arm in experiment.arms:
        await _write_arm(services, run.run, experiment, arm, examples[arm.slug], selection)
    rejected = await _rejected_samples(services, run, experiment, plan)
    await _write_summary(services, run, plan, documents, len(chunks), selection, rejected)
    shards = shard_count(len(plan.split.evaluation))
    await _register(services, run.run, experiment, shards)
    return [DatasetReady(run=run.run, arm=arm.slug, examples=len(examples[arm.slug])) for arm in experiment.arms]


async def _write_arm(
    services: Services,
    run: str,
    experiment: Experiment,
    arm: Arm,
    examples: Sequence[TrainingExample],
    selection: Selection,
) -> None:
    if arm.train is None:
        return
    family = _trainable(experiment.models.student)
    body = write_rows(examples, format=family.format, system=experiment.prompts[arm.prompt])
    await services.artifacts.write_bytes(keys.dataset(run, arm.slug), body, "application/x-ndjson")
    counts = Counter(example.kind for example in examples)
    manifest = DatasetManifest(
        arm=arm.name,
        format=family.format,
        original=counts["original"],
        synthetic=counts["synthetic"],
        sha256=content_hash(body),
        removed=selection.removed if arm.train.synthetic else {},
        examples=[example.id for example in examples],
    )
    await services.artifacts.write(keys.dataset(run, arm.slug, "manifest.json"), manifest)
    if counts["synthetic"] < arm.train.synthetic:
        await services.runs.add_failure(run, _shortfall(arm, counts["synthetic"], selection))


def _trainable(model: str) -> Family:
    family = family_of(model)
    if family is None:
        raise BadInput(
            f"models.student {model!r} is of no family that groundtune can fine-tune; "
            "use a Nova, Llama 3 or Claude 3 Haiku model, or leave `train` out of the arms"
        )
    return family


def _shortfall(arm: Arm, built: int, selection: Selection) -> Failure:
    assert arm.train is not None
    reasons = (
        ", ".join(f"{count} {reason}" for reason, count in selection.removed.items()) or "the teacher wrote no more"
    )
    message = (
        f"asked for {arm.train.synthetic} synthetic samples, built with {built} ({reasons}); "
        "lower train.synthetic or add documents"
    )
    return Failure(stage="dataset-builder", item=arm.name, code="shortfall", message=message)


async def _register(services: Services, run: str, experiment: Experiment, shards: int) -> None:
    for arm in experiment.arms:
        await services.runs.put_arm(ArmRecord(run=run, arm=arm.slug, name=arm.name))
    await services.fanin.expect(scores_group(run), shards * len(experiment.arms))
    await services.runs.advance(run, "running", arms=[arm.slug for arm in experiment.arms], shards=shards)


async def _write_summary(
    services: Services,
    run: RunRecord,
    plan: Plan,
    documents: Sequence[SnapshotDocument],
    chunks: int,
    selection: Selection,
    rejected: dict[str, int],
) -> None:
    failures = await services.runs.failures(run.run)
    evaluation = await load_evaluation(services.artifacts, run.run)
    unknown = sum(failure.code in ("unknown_reference", "no_reference") for failure in failures)
    summary = DataSummary(
        documents=len(documents),
        rejected_documents=sum(failure.stage == "doc-ingest" for failure in failures),
        superseded_documents=len({key for document in documents for key in document.superseded}),
        chunks=chunks,
        ground_truth=len(plan.split.evaluation) + len(plan.split.train) + len(plan.split.left_out) + unknown,
        evaluation=len(plan.split.evaluation),
        train=len(plan.split.train),
        left_out=dict(sorted(Counter(plan.split.left_out.values()).items())),
        groups=plan.split.groups,
        evaluation_groups=plan.split.evaluation_groups,
        samples=len(selection.samples) + sum(selection.removed.values()),
        samples_rejected=rejected,
        samples_removed=selection.removed,
        recipe=plan.recipe.fingerprint() if plan.recipe else None,
        snapshot_sha256=content_hash([document.document for document in documents]),
        evaluation_sha256=content_hash([pair.model_dump() for pair in evaluation]),
    )
    await services.artifacts.write(keys.run(run.run, "summary.json"), summary)


async def _rejected_samples(services: Services, run: RunRecord, experiment: Experiment, plan: Plan) -> dict[str, int]:
    """Samples that the filters refused, of the run's documents and rounds, by code."""
    if plan.recipe is None:
        return {}
    recipe, chunking, codes = plan.recipe.fingerprint(), experiment.chunking.fingerprint(), Counter[str]()
    for round in range(run.round + 1):
        for document in await services.corpora.samples(run.corpus, recipe, chunking, round):
            if document in plan.split.train_documents:
                key = keys.samples(run.corpus, recipe, document, chunking, round, "rejected")
                codes.update(sample.code for sample in await services.artifacts.read_lines(key, RejectedSample))
    return dict(sorted(codes.items()))
