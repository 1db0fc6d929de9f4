"""The comparison of a run: from what lies in the store to a report without its ending."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import DataSummary
from schemas.experiment import Experiment
from schemas.report import Report
from schemas.state import RunRecord
from shared.runs import load_experiment
from shared.runtime.offload import in_thread
from shared.services import Services
from workers.scorer.comparison import compare
from workers.scorer.judge.results import judged
from workers.scorer.measures.registry import Instruments, signatures
from workers.scorer.model_notes import ask_cards, model_notes
from workers.scorer.pairing import ArmResult
from workers.scorer.provenance import usage
from workers.scorer.results import Scored, load_documents, load_people, load_questions, load_results, load_summary
from workers.scorer.scoring import all_metrics, asked
from workers.scorer.validity import Validity, check


async def compare_run(services: Services, record: RunRecord, instruments: Instruments) -> Report:
    """The comparison of all arms that did not fail; its provenance holds ``usage`` by arm."""
    run, artifacts = record.run, services.artifacts
    experiment = await load_experiment(artifacts, run)
    questions, documents = await load_questions(artifacts, run), await load_documents(artifacts, run)
    scored = Scored(asked(experiment, record, instruments), questions, documents)
    results = await load_results(services, run, experiment, scored)
    data = await load_summary(artifacts, run)
    notes = model_notes(experiment.models, await ask_cards(services.bedrock, experiment.models))
    report = await _compare(experiment, all_metrics(experiment, record), scored, results, data, notes)
    judge = await judged(services, record, experiment, results)
    return report.model_copy(update={"judge": judge, "people": await load_people(artifacts, run)})


async def nothing_compared(services: Services, run: str, experiment: Experiment, reason: str) -> Report:
    """The report of a run that failed before its arms could be compared: all that is known, and no numbers."""
    questions = await load_questions(services.artifacts, run)
    cards = await ask_cards(services.bedrock, experiment.models)
    return compare(
        experiment,
        questions,
        [ArmResult(arm, failed=reason) for arm in experiment.arms],
        validity=Validity(False, ["The run ended before its arms could be compared."]),
        signatures={},
        data=await load_summary(services.artifacts, run),
        model_notes=model_notes(experiment.models, cards),
    )


@in_thread
def _compare(
    experiment: Experiment,
    metrics: Sequence[str],
    scored: Scored,
    results: Sequence[ArmResult],
    data: DataSummary | None,
    notes: Sequence[str],
) -> Report:
    report = compare(
        experiment,
        scored.questions,
        results,
        metrics=metrics,
        validity=check(scored.measures, scored.questions, results),
        signatures=signatures(scored.measures),
        data=data,
        model_notes=notes,
        documents=scored.documents,
    )
    return report.model_copy(update={"provenance": {"usage": usage(results)}})
