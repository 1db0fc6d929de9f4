"""An arm's questions as one batch inference job; then its shards are answered as ever, and find the answers."""

from __future__ import annotations

from schemas.artifacts import GroundTruth
from schemas.events import InferenceBatchDue
from schemas.experiment import Experiment
from schemas.state import RunRecord
from shared.batching import BatchJobs
from shared.bedrock.ports import Account
from shared.bedrock.routing import AnswerRoute, answer_route, least_records
from shared.bedrock.turns import Turn
from shared.concurrency import gathered
from shared.errors import Poison
from shared.runs import load_evaluation
from shared.services import Services
from workers.inference.answering import turn_of
from workers.inference.questions import account_of, missing_shards, questions_of, system_of
from workers.inference.retrievers.choosing import Retrievers
from workers.inference.retrievers.port import Retriever

_ROUTE = "answer-route"


class Batching:
    """Batch jobs of runs' arms."""

    def __init__(self, services: Services, retrievers: Retrievers) -> None:
        self._services = services
        self._retrievers = retrievers
        self._jobs = BatchJobs(services)

    async def route(self, run: str, experiment: Experiment) -> AnswerRoute:
        """How this run is answered: decided by whoever asks first, and never again."""
        facts = await self._services.models.of(experiment.models.student)
        questions = len(await load_evaluation(self._services.artifacts, run))
        chosen = answer_route(experiment, questions, facts)
        return "batch" if await self._services.runs.first(run, _ROUTE, chosen) == "batch" else "online"

    async def settled(self, event: InferenceBatchDue, record: RunRecord, experiment: Experiment) -> bool:
        """Starts the arm's job, or looks at it. True once its answers are where the shards will find them."""
        account = account_of(event, experiment)
        facts = await self._services.models.of(event.model)
        least = 1 if experiment.inference.batch == "always" else least_records(facts)

        async def turns() -> list[Turn]:
            return await self._turns(event, record, experiment, account)

        return await self._jobs.settled(event.run, _job(event), account, turns, least)

    async def stop(self, event: InferenceBatchDue) -> None:
        """Asks for the end of the arm's job, if there is one."""
        await self._jobs.stop(event.run, _job(event))

    async def _turns(
        self, event: InferenceBatchDue, record: RunRecord, experiment: Experiment, account: Account
    ) -> list[Turn]:
        retriever = await self._retrievers.of(event.run, experiment, account)
        shards = await missing_shards(self._services, record, event)
        asked = [question for shard in shards for question in await questions_of(self._services, record, shard)]
        turns = await gathered(_turn(event, experiment, retriever, question) for question in asked)
        return [turn for turn in turns if turn is not None]


async def _turn(
    event: InferenceBatchDue, experiment: Experiment, retriever: Retriever, question: GroundTruth
) -> Turn | None:
    """None where nothing can be retrieved: the question's shard will say why."""
    try:
        documents = await retriever.retrieve(question)
    except Poison:
        return None
    return turn_of(event.model, system_of(event, experiment), question, documents)


def _job(event: InferenceBatchDue) -> str:
    return f"answers-{event.arm}-{event.revision}"
