"""The funnel of a run's data, counted for the report."""

from __future__ import annotations

from collections import Counter

from schemas.artifacts import DataSummary, RejectedSample, SnapshotDocument
from schemas.base import content_hash
from schemas.experiment import Experiment
from schemas.state import RunRecord, SamplesRecord
from shared.concurrency import gathered
from shared.runs import load_evaluation
from shared.services import Services
from shared.store import keys
from workers.dataset_builder.planning import Plan
from workers.dataset_builder.selection import Selection
from workers.dataset_builder.synthesis import Synthesis


async def write_summary(
    services: Services, run: RunRecord, experiment: Experiment, plan: Plan, selection: Selection,
    synthesis: Synthesis, chunks: int,
) -> None:  # fmt: skip
    """Writes ``summary.json`` of the run."""
    documents = await services.artifacts.read_lines(keys.run(run.run, "snapshot.jsonl"), SnapshotDocument)
    failures = await services.runs.failures(run.run)
    evaluation = await load_evaluation(services.artifacts, run.run)
    records = await synthesis.records(run, experiment, plan)
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
        split_by=plan.split.by,
        samples_asked=sum(record.asked for record in records),
        samples=len(selection.samples) + sum(selection.removed.values()),
        samples_rejected=await _rejected(services, records),
        samples_removed=selection.removed,
        samples_of_evaluation=await synthesis.of_evaluation(run, experiment, plan),
        samples_by_type=dict(sorted(Counter(sample.type for sample in selection.samples).items())),
        recipe=plan.recipe.fingerprint() if plan.recipe else None,
        snapshot_sha256=content_hash([document.document for document in documents]),
        evaluation_sha256=content_hash([pair.model_dump() for pair in evaluation]),
    )
    await services.artifacts.write(keys.run(run.run, "summary.json"), summary)


async def _rejected(services: Services, records: list[SamplesRecord]) -> dict[str, int]:
    """Samples that the filters refused, by code."""
    codes: Counter[str] = Counter()
    places = [keys.samples_of(record, "rejected") for record in records if record.rejected]
    for samples in await gathered(services.artifacts.read_lines(key, RejectedSample) for key in places):
        codes.update(sample.code for sample in samples)
    return dict(sorted(codes.items()))
