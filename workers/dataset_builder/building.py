"""A run's third stage: each arm's training file, mixed, written and counted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.artifacts import (
    GroundTruth,
    SnapshotDocument,
    TrainingExample,
)
from schemas.base import content_hash
from schemas.events import DatasetReady
from schemas.experiment import Arm, Experiment
from schemas.state import ArmRecord, RunRecord
from shared.datasets.formats import FORMATS
from shared.errors import BadRunFile
from shared.hybrid import Nearest, nearest_chunks
from shared.retrieval.corpus import CorpusIndex
from shared.runs import scores_group, shard_count
from shared.runtime.offload import in_thread
from shared.services import Services
from shared.sharding import shard_size
from shared.store import indexes, keys
from shared.topology import load_topology
from workers.dataset_builder.card import write_cards
from workers.dataset_builder.describing import Made, make_manifest, spending_of, trainable
from workers.dataset_builder.examples import ExampleMaker
from workers.dataset_builder.planning import Plan
from workers.dataset_builder.rows import Rows
from workers.dataset_builder.selection import Selection
from workers.dataset_builder.semantic import Vectors
from workers.dataset_builder.split import seeded
from workers.dataset_builder.summary import write_summary
from workers.dataset_builder.synthesis import BUDGET, Synthesis, shortfall


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


def repeated(examples: Sequence[TrainingExample], times: int, seed: int) -> list[TrainingExample]:
    """The examples once in their order, then again in other orders: more epochs than a model's limit allows."""
    rows = list(examples)
    for turn in range(1, times):
        again = list(examples)
        random.Random(seeded(seed, f"repeat:{turn}")).shuffle(again)
        rows += again
    return rows


@in_thread
def _mixed(arms: Sequence[Arm], material: Material) -> dict[str, list[TrainingExample]]:
    return {arm.slug: mix(arm, material) for arm in arms}


class Building:
    """Builds the arms of one run."""

    def __init__(
        self, services: Services, run: RunRecord, experiment: Experiment, plan: Plan, selection: Selection,
        vectors: Vectors,
    ) -> None:  # fmt: skip
        """``vectors``: of the questions, where an embedding model is asked."""
        self._services = services
        self._run = run
        self._experiment = experiment
        self._plan = plan
        self._selection = selection
        self._vectors = vectors

    async def build(self, synthesis: Synthesis) -> list[DatasetReady]:
        """Writes every arm's dataset, registers the arms and their shards, and says that they are ready."""
        artifacts, run, experiment = self._services.artifacts, self._run.run, self._experiment
        documents = await artifacts.read_lines(keys.run(run, "snapshot.jsonl"), SnapshotDocument)
        seen = frozenset(self._plan.split.train_documents)
        training = [document for document in documents if document.document in seen]
        index = await indexes.load(artifacts, run, training)
        nearest = await self._nearest(index)
        maker = ExampleMaker(
            index, training, top_k=experiment.retrieval.top_k, seed=experiment.seed, nearest=nearest,
            barred=self._plan.leaky,
        )  # fmt: skip
        examples = await _mixed(experiment.arms, Material(self._plan.train, self._selection, maker))
        for arm in experiment.arms:
            if arm.train is not None:
                await self._write_arm(arm, examples[arm.slug], training)
                await self._explain(arm, examples[arm.slug], synthesis)
        await artifacts.write_lines(keys.run(run, "removed.jsonl"), self._selection.gone)
        await artifacts.write_lines(keys.run(run, "leaks-synthetic.jsonl"), self._selection.leaks)
        await write_summary(self._services, self._run, experiment, self._plan, self._selection, synthesis, index.total)
        spent = spending_of(await self._services.ledger.spent(f"run/{run}"))
        await write_cards(self._services, run, experiment, self._plan, self._selection.samples, examples, spent)
        await self._register()
        return [DatasetReady(run=run, arm=arm.slug, examples=len(examples[arm.slug])) for arm in experiment.arms]

    async def _nearest(self, index: CorpusIndex) -> Nearest:
        """Of each question that trains its nearest chunks, where meaning has its say in what is retrieved: an arm
        trains on what it will be shown. Empty: words alone tell."""
        experiment, model = self._experiment, self._experiment.chunks_embedded_by
        if model is None:
            return {}
        trains = [arm.train for arm in experiment.arms if arm.train]
        pairs = self._plan.train[: max((train.original for train in trains), default=0)]
        samples = self._selection.samples[: max((train.synthetic for train in trains), default=0)]
        asked = [*(pair.question for pair in pairs), *(sample.question for sample in samples)]
        questions = {question: self._vectors[question] for question in asked if question in self._vectors}
        return await nearest_chunks(index, model, questions, experiment.retrieval.top_k)

    async def _write_arm(
        self, arm: Arm, examples: Sequence[TrainingExample], training: Sequence[SnapshotDocument]
    ) -> None:
        assert arm.train is not None
        run, artifacts = self._run.run, self._services.artifacts
        family = trainable(self._experiment.models.student)
        repeats = repeated(examples, arm.train.repeat, self._experiment.seed)
        rows = Rows(repeats, self._experiment.prompts[arm.prompt], family.reserved)
        hashes = {}
        for name in dict.fromkeys([family.format, *self._experiment.exports]):
            body = await _written(rows, name)
            hashes[name] = content_hash(body)
            key = keys.dataset(run, arm.slug, _file_name(name, own=name == family.format))
            await artifacts.write_bytes(key, body, FORMATS[name].content_type)
        await artifacts.write_lines(keys.dataset(run, arm.slug, "examples.jsonl"), examples)
        made = Made(examples, hashes, rows.rewritten, self._selection.removed if arm.train.synthetic else {})
        manifest = make_manifest(self._experiment, self._plan, arm, family, made, training, run)
        await artifacts.write(keys.dataset(run, arm.slug, "manifest.json"), manifest)

    async def _explain(self, arm: Arm, examples: Sequence[TrainingExample], synthesis: Synthesis) -> None:
        """An arm with fewer samples than it asks for is a failure of the run, with its reason."""
        assert arm.train is not None
        built = sum(example.kind == "synthetic" for example in examples)
        if built >= arm.train.synthetic:
            return
        records = await synthesis.records(self._run, self._experiment, self._plan)
        failures = await self._services.runs.failures(self._run.run)
        spent = any(failure.code == BUDGET for failure in failures)
        failure = shortfall(arm.name, arm.train.synthetic, built, self._selection.removed, records, spent)
        await self._services.runs.add_failure(self._run.run, failure)

    async def _register(self) -> None:
        run, arms = self._run.run, self._experiment.arms
        size = await self._shard_size()
        shards = shard_count(len(self._plan.split.evaluation), size)
        for arm in arms:
            await self._services.runs.put_arm(ArmRecord(run=run, arm=arm.slug, name=arm.name))
        await self._services.fanin.expect(scores_group(run), shards * len(arms))
        await self._services.runs.advance(
            run, "running", arms=[arm.slug for arm in arms], shards=shards, shard_size=size
        )

    async def _shard_size(self) -> int:
        """Settled once: a shard's number says the same questions as long as the run lives."""
        visibility_s = load_topology(self._services.settings.topology).queue("inference").visibility_timeout_s
        size = shard_size(visibility_s, self._experiment.inference.seconds_per_question)
        return int(await self._services.runs.first(self._run.run, "shard-size", str(size)))


@in_thread
def _written(rows: Rows, format: str) -> bytes:
    return rows.written(format)


def _file_name(format: str, *, own: bool) -> str:
    """The file that trains is ``train.jsonl``; further formats bear their names."""
    extension = FORMATS[format].extension
    return f"train{extension}" if own else f"train-{format}{extension}"
