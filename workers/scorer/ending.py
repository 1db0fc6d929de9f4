"""The end of a run: the comparison with status, failures and provenance added."""

from __future__ import annotations

from schemas.experiment import Experiment
from schemas.report import Report
from schemas.state import RunRecord, RunStatus
from shared.runs import load_experiment
from shared.services import Services
from shared.store import keys
from workers.scorer.comparing import nothing_compared
from workers.scorer.outcome import outcome
from workers.scorer.provenance import provenance
from workers.scorer.results import load_questions
from workers.scorer.spending import spending


async def finished_report(services: Services, record: RunRecord, now: float) -> tuple[RunStatus, Report]:
    """The status that the run ends with, and its whole report. ``now`` is Unix seconds."""
    experiment = await load_experiment(services.artifacts, record.run)
    report = await _comparison(services, record, experiment)
    failures = await services.runs.failures(record.run)
    questions = len(await load_questions(services.artifacts, record.run))
    status, reason = outcome(experiment, report, failures, questions, record.reason)
    arms = await services.runs.arms(record.run)
    told = provenance(record, arms, report.provenance.get("usage", {}), now)
    ledger, name = services.ledger, f"run/{record.run}"
    told["spending"] = spending(await ledger.spent(name), await ledger.charges.all(name, now), arms)
    values = {"status": status, "reason": reason, "failures": failures, "provenance": told}
    return status, report.model_copy(update=values)


async def _comparison(services: Services, record: RunRecord, experiment: Experiment) -> Report:
    try:
        return await services.artifacts.read(keys.run(record.run, "comparison.json"), Report)
    except KeyError:
        reason = record.reason or "the run ended before this arm was compared"
        return await nothing_compared(services, record.run, experiment, reason)
