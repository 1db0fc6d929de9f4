"""What several stages need to know of a run: its fan-in groups, its shards, and how an arm or a run fails."""

from __future__ import annotations

import yaml

from schemas.artifacts import DatasetManifest, Failure, GroundTruth
from schemas.events import ArmEvent, ArmPredicted, ComparisonDue, ReportDue
from schemas.experiment import Experiment
from shared.runtime.worker import Emitted
from shared.services import Services
from shared.store import keys
from shared.store.artifacts import Artifacts

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Several times faster, where PyYAML was built with libyaml; every handler of a run reads its experiment."""

STAGES = ("doc-ingest", "synthetic-gen", "dataset-builder", "finetune-launcher", "inference", "scorer")
"""The workers that a run passes through."""


def documents_group(run: str) -> str:
    """Fan-in of the snapshot's objects."""
    return f"run/{run}/documents"


def samples_group(run: str, wave: int) -> str:
    """Fan-in of the units that a synthesis wave asks about."""
    return f"run/{run}/samples/{wave}"


def shards_group(run: str, arm: str) -> str:
    """Fan-in of an arm's inference shards."""
    return f"run/{run}/arm/{arm}/shards"


def scores_group(run: str) -> str:
    """Fan-in of all scored shards of all arms."""
    return f"run/{run}/scores"


def judgements_group(run: str) -> str:
    """Fan-in of the shards that the judge is asked of."""
    return f"run/{run}/judgements"


def score_item(arm: str, shard: int) -> str:
    """One item of the scores group."""
    return f"{arm}/{shard}"


def judged_item(shard: int) -> str:
    """What a failure calls a shard that the judge could not be asked of."""
    return f"judged shard {shard}"


def shard_count(questions: int, size: int) -> int:
    """Shards of an evaluation set."""
    return -(-questions // size)


def shard_of(evaluation: list[GroundTruth], shard: int, size: int) -> list[GroundTruth]:
    """The questions of one shard; the evaluation set is stored in id order."""
    return evaluation[shard * size : (shard + 1) * size]


async def load_experiment(artifacts: Artifacts, run: str) -> Experiment:
    """The run's experiment as stored: prompts are inlined texts."""
    body = await artifacts.read_bytes(keys.run(run, "run.yaml"))
    return Experiment.model_validate(yaml.load(body, Loader=_LOADER))  # noqa: S506 - either is safe


async def load_evaluation(artifacts: Artifacts, run: str) -> list[GroundTruth]:
    """The run's evaluation set, in id order."""
    return await artifacts.read_lines(keys.run(run, "evaluation.jsonl"), GroundTruth)


async def outdated(services: Services, event: ArmEvent) -> bool:
    """Whether the arm was launched again since: what this event speaks of is no more."""
    arm = await services.runs.arm(event.run, event.arm)
    return arm is not None and event.revision < arm.revision


async def examples_of(services: Services, run: str, arm: str) -> int:
    """Rows of the arm's dataset; 0 for an arm that is not trained."""
    try:
        manifest = await services.artifacts.read(keys.dataset(run, arm, "manifest.json"), DatasetManifest)
    except KeyError:
        return 0
    return manifest.original + manifest.synthetic


async def shard_scored(
    services: Services, run: str, arm: str, shard: int, *, by: str, outcome: str = "done"
) -> Emitted:
    """Counts one shard scored by event ``by``; the event that closes the count asks for the comparison."""
    closes = await services.fanin.record_closes(scores_group(run), score_item(arm, shard), outcome, by=by)
    return [await comparison_due(services, run)] if closes else []


async def comparison_due(services: Services, run: str) -> ComparisonDue:
    """Asks for the comparison of the run's present revision."""
    record = await services.runs.get(run)
    return ComparisonDue(run=run, revision=record.revision if record else 0)


async def fail_arm(services: Services, run: str, arm: str, *, stage: str, code: str, message: str, by: str) -> Emitted:
    """Ends an arm as failed: its shards count as done, so that the run goes on without it, and it is torn down."""
    record = await services.runs.arm(run, arm)
    state = await services.runs.get(run)
    if record is None or state is None:
        return []
    await services.runs.set_arm(run, arm, "failed", reason=message)
    failure = Failure(stage=stage, item=record.name, code=code, message=message)
    await services.runs.add_failure(run, failure)
    items = [score_item(arm, shard) for shard in range(state.shards)]
    await services.fanin.record_all(scores_group(run), items, outcome="failed")
    closing = [await comparison_due(services, run)] if await services.fanin.closes(scores_group(run), by) else []
    return [ArmPredicted(run=run, arm=arm, revision=record.revision), *closing]


async def fail_run(services: Services, run: str, reason: str) -> Emitted:
    """Ends a run as failed: the reason is kept, its arms are torn down, the report is made of what there is."""
    record = await services.runs.get(run)
    if record is None or not await services.runs.advance(run, "reporting", reason=record.reason or reason):
        return []
    arms = await services.runs.arms(run)
    torn_down = (ArmPredicted(run=run, arm=arm.arm, revision=arm.revision) for arm in arms)
    return [ReportDue(run=run, revision=record.revision), *torn_down]
