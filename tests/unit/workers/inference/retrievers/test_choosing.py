from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.artifacts import GroundTruth, RetrievedDocument
from shared.bedrock.ports import Account
from shared.errors import Poison
from shared.services import Services
from shared.testing.knowledge_bases import FakeKnowledgeBases, RetrieveCall
from shared.testing.services import memory_services
from tests.unit.workers import snapshots, world
from workers.inference.retrievers.choosing import Retrievers
from workers.inference.retrievers.hybrid import Hybrid
from workers.inference.retrievers.knowledge_base import KnowledgeBase
from workers.inference.retrievers.port import Retriever
from workers.inference.retrievers.words import GivenDocuments, Words

ID = "KB12345678"
QUESTION = GroundTruth(id="q", question="What is gadget1?", answer="x", references=[], documents=[world.url(2)])
EMBEDDED = {"student": "local.reader-v1", "teacher": "local.teacher-v1", "embeddings": "local.embed-v1"}


async def chosen(services: Services, **changes: Any) -> Retriever:
    for number in range(3):
        await world.ingest(services, number)
    await world.put_run(services, documents=3, **changes)
    await snapshots.put_snapshot(services)
    return await Retrievers(services).of(world.RUN, world.experiment(**changes), Account("run/r", "arm/a"))


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, Words),
        ({"retrieval": {"by": "ground_truth"}}, GivenDocuments),
        ({"retrieval": {"mode": "hybrid"}, "models": EMBEDDED}, Hybrid),
        ({"models": EMBEDDED}, Words),
        ({"retrieval": {"by": "knowledge_base", "knowledge_base": ID}}, KnowledgeBase),
    ],
)
async def test_run_yaml_says_what_retrieves(changes: dict[str, Any], kind: type[Retriever]) -> None:
    assert isinstance(await chosen(memory_services(), **changes), kind)


def passage(url: str, title: str = "as told") -> RetrievedDocument:
    return RetrievedDocument(chunk="c", url=url, title=title, text="text")


async def test_a_knowledge_base_over_the_corpus_is_cited_as_the_corpus_is() -> None:
    services = memory_services()
    object_uri = f"s3://{world.bucket(services)}/{world.key(1)}"
    bases = FakeKnowledgeBases({ID: [passage(object_uri), passage("https://elsewhere/x"), passage("s3://other/y")]})
    services = memory_services(knowledge_bases=bases)
    retriever = await chosen(services, retrieval={"by": "knowledge_base", "knowledge_base": ID, "top_k": 3})
    found = await retriever.retrieve(QUESTION)
    assert [(document.url, document.title) for document in found] == [
        (world.url(1), "Gadget 1"), ("https://elsewhere/x", "as told"), ("s3://other/y", "as told"),
    ]  # fmt: skip
    assert bases.calls == [RetrieveCall(ID, QUESTION.question, 3)]


async def test_a_knowledge_base_that_is_not_there_is_poison() -> None:
    retriever = await chosen(memory_services(), retrieval={"by": "knowledge_base", "knowledge_base": ID})
    with pytest.raises(Poison, match=ID):
        await retriever.retrieve(QUESTION)


@pytest.mark.parametrize(
    "retrieval",
    [{"by": "knowledge_base"}, {"knowledge_base": ID}, {"by": "knowledge_base", "knowledge_base": "no id"}],
)
def test_a_knowledge_base_is_named_where_it_is_used_and_only_there(retrieval: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        world.experiment(retrieval=retrieval)
