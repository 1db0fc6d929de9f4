"""What a person gave to a run, checked against each other: documents that could be read, links that lead somewhere."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import Failure, GroundTruth
from schemas.experiment import Experiment
from schemas.state import ObjectRecord
from shared.errors import BadCorpus, BadGroundTruth
from shared.ground_truth import read_ground_truth
from shared.services import Services
from shared.store import keys
from workers.dataset_builder.snapshots import Snapshot
from workers.dataset_builder.truth import resolve_references


async def check_documents(
    services: Services, run: str, experiment: Experiment, records: Sequence[ObjectRecord]
) -> None:
    """Lists rejected documents as failures. Raises BadCorpus when they are all there is, or too many."""
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


async def resolved_truth(services: Services, run: str, experiment: Experiment, snapshot: Snapshot) -> list[GroundTruth]:
    """The ground truth whose links are known; the rest is listed. Raises BadGroundTruth when that is too much."""
    body = await services.artifacts.read_bytes(keys.run(run, "ground_truth.jsonl"))
    pairs, given = read_ground_truth("ground_truth.jsonl", body), experiment.retrieval.by == "ground_truth"
    truth, unknown = resolve_references(pairs, snapshot.documents, given=given)
    for failure in unknown:
        await services.runs.add_failure(run, failure)
    if len(unknown) > experiment.max_failed_fraction * (len(truth) + len(unknown)):
        raise BadGroundTruth(_too_many_unknown(unknown, len(truth) + len(unknown), experiment))
    return truth
