"""The comparison of a run: from what lies in the store to a report without its ending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.artifacts import DataSummary, GroundTruth
from schemas.experiment import Experiment
from schemas.report import Report
from shared.runs import load_experiment
from shared.runtime.offload import in_thread
from shared.services import Services
from workers.scorer.comparison import compare
from workers.scorer.instruments import Instruments
from workers.scorer.judge.results import judged
from workers.scorer.model_notes import ask_cards, model_notes
from workers.scorer.pairing import ArmResult
from workers.scorer.provenance import usage
from workers.scorer.results import load_aliases, load_people, load_questions, load_results, load_summary
from workers.scorer.validity import Validity, check


async def compare_run(services: Services, run: str, instruments: Instruments) -> Report:
    """The comparison of all arms that did not fail; its provenance holds ``usage`` by arm."""
    experiment = await load_experiment(services.artifacts, run)
    questions = await load_questions(services.artifacts, run)
    results = await load_results(services, run, experiment, len(questions))
    data = await load_summary(services.artifacts, run)
    notes = model_notes(experiment.models, await ask_cards(services.bedrock, experiment.models))
    aliases = await load_aliases(services.artifacts, run)
    report = await _compare(experiment, questions, results, data, instruments, notes, aliases)
    judge = await judged(services, run, experiment, results, len(questions))
    return report.model_copy(update={"judge": judge, "people": await load_people(services.artifacts, run)})


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
    questions: Sequence[GroundTruth],
    results: Sequence[ArmResult],
    data: DataSummary | None,
    instruments: Instruments,
    notes: Sequence[str],
    aliases: Mapping[str, str],
) -> Report:
    report = compare(
        experiment,
        questions,
        results,
        validity=check(instruments, questions, results),
        signatures=instruments.signatures(),
        data=data,
        model_notes=notes,
        aliases=aliases,
    )
    return report.model_copy(update={"provenance": {"usage": usage(results)}})
