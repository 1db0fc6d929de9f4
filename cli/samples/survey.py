"""What there is of a run's samples, without reading a single one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.artifacts import DatasetManifest, DataSummary, RemovedSample, SnapshotDocument
from schemas.experiment import Experiment
from schemas.state import ENDED, RunRecord, SamplesRecord
from shared.errors import BadInput
from shared.runs import load_experiment
from shared.services import Services
from shared.store import keys
from shared.store.artifacts import Artifacts
from workers.dataset_builder.planning import Plan, load_plan
from workers.dataset_builder.showing.views import Outcome
from workers.dataset_builder.synthesis import Synthesis


@dataclass(frozen=True)
class Survey:
    """``arms``: ids of the samples that an arm's dataset holds, by the arm's name; empty before datasets are built.

    ``removed`` is None where the run has no list of what was taken out later.
    """

    run: RunRecord
    experiment: Experiment
    records: Sequence[SamplesRecord]
    documents: Mapping[str, SnapshotDocument]
    arms: Mapping[str, frozenset[str]]
    removed: Sequence[RemovedSample] | None
    summary: DataSummary | None

    @property
    def removed_ids(self) -> frozenset[str]:
        """Samples that were kept, and taken out later."""
        return frozenset(removed.sample.id for removed in self.removed or ())

    @property
    def removed_codes(self) -> dict[str, int]:
        """How many were taken out later, by code; as the summary counted them where they are not listed."""
        if self.removed is not None:
            return dict(Counter(removed.code for removed in self.removed))
        return dict(self.summary.samples_removed) if self.summary else {}

    def arms_of(self, sample: str) -> list[str]:
        """Names of the arms that use the sample."""
        return [name for name, ids in self.arms.items() if sample in ids]

    def outcome(self, sample: str) -> Outcome:
        """What became of a kept sample."""
        if not self.arms:
            return "kept"
        return "used" if self.arms_of(sample) else "unused"


async def survey(services: Services, run: str) -> Survey:
    """Raises BadInput when there is no such run, or when it has no samples, or none yet."""
    record = await services.runs.get(run)
    if record is None:
        raise BadInput(f"there is no run {run!r}; `groundtune runs list` shows the runs")
    experiment, plan = await _planned(services, record)
    artifacts = services.artifacts
    documents = await artifacts.read_lines(keys.run(run, "snapshot.jsonl"), SnapshotDocument)
    return Survey(
        run=record,
        experiment=experiment,
        records=await Synthesis(services).records(record, experiment, plan),
        documents={document.document: document for document in documents},
        arms=await _arms(artifacts, run, experiment, frozenset(pair.id for pair in plan.train)),
        removed=await _removed(artifacts, run),
        summary=await _summary(artifacts, run),
    )


async def _planned(services: Services, record: RunRecord) -> tuple[Experiment, Plan]:
    run, said = record.run, record.status.replace("_", " ")
    try:
        experiment = await load_experiment(services.artifacts, run)
        plan = await load_plan(services, run)
    except KeyError:
        if record.status in ENDED:
            reason = f" ({record.reason})" if record.reason else ""
            raise BadInput(f"run {run!r} is {said}{reason}: it ended before any sample was planned") from None
        raise BadInput(
            f"run {run!r} is {said}: samples are planned once its documents are read; "
            f"`groundtune runs watch {run}` follows it"
        ) from None
    if plan.recipe is None:
        raise BadInput(f"run {run!r} has no synthetic samples: no arm asks for any (train.synthetic in run.yaml)")
    return experiment, plan


async def _arms(
    artifacts: Artifacts, run: str, experiment: Experiment, originals: frozenset[str]
) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for arm in experiment.arms:
        if arm.train is None or not arm.train.synthetic:
            continue
        try:
            manifest = await artifacts.read(keys.dataset(run, arm.slug, "manifest.json"), DatasetManifest)
        except KeyError:
            continue
        found[arm.name] = frozenset(manifest.examples) - originals
    return found


async def _removed(artifacts: Artifacts, run: str) -> list[RemovedSample] | None:
    try:
        return await artifacts.read_lines(keys.run(run, "removed.jsonl"), RemovedSample)
    except KeyError:
        return None


async def _summary(artifacts: Artifacts, run: str) -> DataSummary | None:
    try:
        return await artifacts.read(keys.run(run, "summary.json"), DataSummary)
    except KeyError:
        return None
