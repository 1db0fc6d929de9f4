from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.session import get_session
from botocore.validate import validate_parameters

from schemas.artifacts import RetrievedDocument
from shared.bedrock.knowledge_bases import AwsKnowledgeBases, document_of
from shared.errors import Poison, Retryable, Throttled

ID = "KB12345678"


class Agent:
    """A bedrock-agent-runtime client with pages of results, which checks both against botocore's model."""

    def __init__(self, *pages: dict[str, Any] | Exception) -> None:
        self._pages = list(pages)
        self._shapes: Any = get_session().get_service_model("bedrock-agent-runtime").operation_model("Retrieve")
        self.asked: list[dict[str, Any]] = []

    async def retrieve(self, **parameters: Any) -> dict[str, Any]:
        validate_parameters(parameters, self._shapes.input_shape)
        self.asked.append(parameters)
        page = self._pages.pop(0)
        if isinstance(page, Exception):
            raise page
        validate_parameters(page, self._shapes.output_shape)
        return page


def result(text: str, **more: Any) -> dict[str, Any]:
    return {"content": {"type": "TEXT", "text": text}, **more}


def bases(agent: Agent) -> AwsKnowledgeBases:
    async def connected() -> Agent:
        return agent

    return AwsKnowledgeBases(connected)


async def found(agent: Agent, top_k: int = 3) -> list[str]:
    passages = await bases(agent).retrieve(knowledge_base=ID, question="why?", top_k=top_k)
    return [passage.text for passage in passages]


async def test_so_many_passages_are_asked_for_as_are_wanted_and_no_more_are_taken() -> None:
    agent = Agent({"retrievalResults": [result("a"), result("b"), result("c")]})
    assert await found(agent, 2) == ["a", "b"]
    (asked,) = agent.asked
    assert asked["knowledgeBaseId"] == ID and asked["retrievalQuery"] == {"text": "why?"}
    assert asked["retrievalConfiguration"]["vectorSearchConfiguration"] == {"numberOfResults": 2}


async def test_pages_are_followed_until_there_are_enough() -> None:
    pages = ({"retrievalResults": [result(text)], "nextToken": f"after-{text}"} for text in "abcd")
    agent = Agent(*pages)
    assert await found(agent) == ["a", "b", "c"]
    assert [asked.get("nextToken") for asked in agent.asked] == [None, "after-a", "after-b"]
    assert await found(Agent({"retrievalResults": [result("a")]})) == ["a"]
    assert await found(Agent({"retrievalResults": []})) == []


async def test_a_client_is_made_once_and_only_when_it_is_needed() -> None:
    made: list[Agent] = []

    async def connected() -> Agent:
        made.append(Agent({"retrievalResults": []}, {"retrievalResults": []}))
        return made[-1]

    port = AwsKnowledgeBases(connected)
    assert made == []
    for _ in range(2):
        await port.retrieve(knowledge_base=ID, question="why?", top_k=1)
    assert len(made) == 1


KB = "x-amz-bedrock-kb-"


@pytest.mark.parametrize(
    ("given", "url", "title", "chunk"),
    [
        (
            {"metadata": {"url": "https://a/b", "title": "B", f"{KB}chunk-id": "c1"},
             "location": {"type": "S3", "s3Location": {"uri": "s3://bucket/b.md"}}},
            "https://a/b", "B", "c1",
        ),
        ({"location": {"type": "WEB", "webLocation": {"url": "https://a/x/"}}, "documentId": "d"},
         "https://a/x/", "x", "d"),
        ({"location": {"type": "S3", "s3Location": {"uri": "s3://bucket/%EA%B0%80.md"}}, "documentId": "d"},
         "s3://bucket/%EA%B0%80.md", "가.md", "d"),
        ({"location": {"type": "CUSTOM", "customDocumentLocation": {"id": "note"}}, "documentId": "d"},
         "note", "note", "d"),
        ({"location": {"type": "SQL", "sqlLocation": {"query": "select 1"}}, "documentId": "d"}, "", "", "d"),
        ({"metadata": {f"{KB}source-uri": "s3://b/k"}, "documentId": "d"}, "s3://b/k", "k", "d"),
    ],
)  # fmt: skip
def test_a_passage_is_cited_by_its_metadata_or_by_where_it_lies(
    given: dict[str, Any], url: str, title: str, chunk: str
) -> None:
    assert document_of(result("text", **given)) == RetrievedDocument(chunk=chunk, url=url, title=title, text="text")


def test_passages_that_nothing_names_are_told_apart_by_their_text() -> None:
    one, other = document_of(result("a")), document_of(result("b"))
    assert one.chunk != other.chunk and one == document_of(result("a"))


def refusal(code: str, status: int = 400) -> ClientError:
    said: Any = {"Error": {"Code": code, "Message": "said the test"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(said, "Retrieve")


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (refusal("ThrottlingException"), Throttled, "ThrottlingException"),
        (refusal("InternalServerException", 500), Retryable, "InternalServerException"),
        (refusal("DependencyFailedException", 424), Retryable, "DependencyFailedException"),
        (refusal("BadGatewayException", 502), Retryable, "BadGatewayException"),
        (EndpointConnectionError(endpoint_url="http://x"), Retryable, "Retrieve from knowledge base KB12345678"),
        (refusal("ResourceNotFoundException", 404), Poison, "KB12345678: there is none.*retrieval.knowledge_base"),
        (refusal("AccessDeniedException", 403), Poison, "AccessDeniedException"),
        (refusal("ValidationException"), Poison, "said the test"),
    ],
)
async def test_errors_are_of_the_kinds_that_the_runtime_knows(
    error: Exception, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        await found(Agent(error))
