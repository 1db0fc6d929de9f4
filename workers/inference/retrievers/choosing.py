"""The retriever that run.yaml's ``retrieval`` asks for."""

from __future__ import annotations

from schemas.artifacts import SnapshotDocument
from schemas.experiment import Experiment
from shared.bedrock.ports import Account
from shared.services import Services
from shared.store import keys
from workers.inference.indexes import Indexes
from workers.inference.retrievers.hybrid import Hybrid
from workers.inference.retrievers.knowledge_base import KnowledgeBase
from workers.inference.retrievers.port import Retriever
from workers.inference.retrievers.words import GivenDocuments, Words


class Retrievers:
    """Retrievers of runs, over indexes that a process opens once a run."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._indexes = Indexes(services.artifacts)

    async def of(self, run: str, experiment: Experiment, account: Account) -> Retriever:
        """``account`` pays for what the retriever asks of a model."""
        how, model = experiment.retrieval, experiment.chunks_embedded_by
        if how.by == "knowledge_base":
            return await self._knowledge_base(run, experiment)
        index = await self._indexes.of(run)
        if how.by == "ground_truth":
            return GivenDocuments(index, how.top_k)
        if model is not None:
            return Hybrid(self._services.bedrock, model, account, index, how.top_k)
        return Words(index, how.top_k)

    async def _knowledge_base(self, run: str, experiment: Experiment) -> KnowledgeBase:
        artifacts, how = self._services.artifacts, experiment.retrieval
        assert how.knowledge_base is not None, "an experiment is refused without it"
        documents = await artifacts.read_lines(keys.run(run, "snapshot.jsonl"), SnapshotDocument)
        bases, bucket = self._services.knowledge_bases, artifacts.objects.bucket
        return KnowledgeBase(bases, how.knowledge_base, how.top_k, bucket, documents)
