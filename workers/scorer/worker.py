"""scorer: scores each shard of answers, compares the arms when all are scored, writes the report and ends the run."""

from __future__ import annotations

from schemas.artifacts import Failure, Prediction
from schemas.event import Event
from schemas.events import ComparisonDue, JudgementDue, PredictionsReady, ReportDue, RunScored
from schemas.state import ENDED
from shared.clock import Clock, SystemClock
from shared.errors import Poison
from shared.runs import fail_run, load_evaluation, load_experiment, shard_scored
from shared.runtime.offload import in_thread
from shared.runtime.worker import Context, Emitted, Worker
from shared.services import Services
from shared.store import keys
from workers.scorer.comparing import compare_run
from workers.scorer.embedding import SentenceEncoder
from workers.scorer.ending import finished_report
from workers.scorer.judge.stage import Judging
from workers.scorer.measures.registry import Instruments
from workers.scorer.minilm import MiniLM
from workers.scorer.publishing import publish
from workers.scorer.results import load_documents
from workers.scorer.scoring import asked, batch_of, score_shard
from workers.scorer.vectors import StoredVectors


class Scorer(Worker):
    """PredictionsReady → scores; the last shard → ComparisonDue → JudgementDue per shard where a judge is named; the
    last of these, or none → comparison → ReportDue → report → RunScored."""

    name = "scorer"

    def __init__(self, services: Services, encoder: SentenceEncoder | None = None, clock: Clock | None = None) -> None:
        super().__init__(services)
        self._encoder = encoder or MiniLM()
        self._instruments = Instruments(self._encoder)
        self._vectors = StoredVectors(services.artifacts.objects)
        self._judging = Judging(services)
        self._clock = clock or SystemClock()

    async def warm_up(self) -> None:
        """The encoder takes seconds to load: while earlier stages work, not while answers wait."""
        await in_thread(self._encoder.load)()

    async def handle(self, event: Event, context: Context) -> Emitted:
        match event:
            case PredictionsReady():
                return await self._score(event, context.event_id)
            case JudgementDue():
                return await self._judging.judge(event, context.event_id)
            case ComparisonDue():
                return await self._compare(event)
            case ReportDue():
                return await self._report(event)
        raise Poison(f"{self.name} does not consume {event.type}")

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        match event:
            case PredictionsReady():
                return await self._not_scored(event, error, context.event_id)
            case JudgementDue():
                return await self._judging.not_judged(event, error, context.event_id)
            case ComparisonDue():
                return await fail_run(self.services, event.run, f"the arms could not be compared: {error}")
            case ReportDue():
                return await self._not_reported(event, error)
        return []

    async def _score(self, event: PredictionsReady, by: str) -> Emitted:
        record = await self.services.runs.active(event.run)
        if record is None:
            return []
        artifacts = self.services.artifacts
        measures = asked(await load_experiment(artifacts, event.run), record, self._instruments)
        predictions = await artifacts.read_lines(keys.predictions(event.run, event.arm, event.shard), Prediction)
        batch = batch_of(
            predictions, await load_evaluation(artifacts, event.run), await load_documents(artifacts, event.run)
        )
        await score_shard(artifacts, self._vectors, measures, batch, run=event.run, arm=event.arm, shard=event.shard)
        for prediction in predictions:
            if prediction.error is not None:
                await self._fail(event, "inference", prediction.id, "no_answer", prediction.error)
        return await shard_scored(self.services, event.run, event.arm, event.shard, by=by)

    async def _not_scored(self, event: PredictionsReady, error: str, by: str) -> Emitted:
        """The shard counts as done, its questions as missing."""
        if await self.services.runs.active(event.run) is None:
            return []
        await self._fail(event, self.name, f"shard {event.shard}", "not_scored", error)
        return await shard_scored(self.services, event.run, event.arm, event.shard, by=by, outcome="failed")

    async def _fail(self, event: PredictionsReady, stage: str, item: str, code: str, message: str) -> None:
        arm = await self.services.runs.arm(event.run, event.arm)
        name = f"{arm.name if arm else event.arm}/{item}"
        await self.services.runs.add_failure(event.run, Failure(stage=stage, item=name, code=code, message=message))

    async def _compare(self, event: ComparisonDue) -> Emitted:
        record = await self.services.runs.active(event.run)
        if record is None or record.revision != event.revision:
            return []
        if not event.judged and (due := await self._judging.due(event, record)):
            return [*due]
        await self.services.runs.advance(event.run, "reporting", revision=event.revision)
        report = await compare_run(self.services, record, self._instruments)
        await self.services.artifacts.write(keys.run(event.run, "comparison.json"), report)
        return [ReportDue(run=event.run, revision=event.revision)]

    async def _report(self, event: ReportDue) -> Emitted:
        record = await self.services.runs.get(event.run)
        if record is None or record.status == "cancelled" or record.revision != event.revision:
            return []
        if record.status in ENDED:  # a crash came between the run's end and this message's
            return [_scored(event, record.status, record.report)]
        status, report = await finished_report(self.services, record, self._clock.now())
        prefix = await publish(self.services.artifacts, event.run, report)
        await self.services.runs.advance(
            event.run, status, revision=event.revision, report=prefix, reason=report.reason
        )
        return [_scored(event, status, prefix)]

    async def _not_reported(self, event: ReportDue, error: str) -> Emitted:
        """No run hangs for want of a report, and none ends unsaid when a crash came between its end and its event."""
        record = await self.services.runs.get(event.run)
        if record is None or record.status == "cancelled" or record.revision != event.revision:
            return []
        if record.status in ENDED:
            return [_scored(event, record.status, record.report)]
        reason = record.reason or f"the report could not be written: {error}"
        await self.services.runs.advance(event.run, "failed", revision=event.revision, reason=reason)
        return [_scored(event, "failed", None)]


def _scored(event: ReportDue, status: str, report: str | None) -> RunScored:
    return RunScored(run=event.run, revision=event.revision, status=status, report=report)
