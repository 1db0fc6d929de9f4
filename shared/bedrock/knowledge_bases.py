"""Retrieval by Amazon Bedrock Knowledge Bases: the port, and the one implementation over aiobotocore.

Shapes: Retrieve of ``bedrock-agent-runtime``. Where a result comes from is told by its own metadata (``url``,
``title``: whatever the data source attached), by what Bedrock adds (``x-amz-bedrock-kb-…``), or by its location.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from urllib.parse import unquote

from botocore.exceptions import BotoCoreError, ClientError

from schemas.artifacts import RetrievedDocument
from schemas.base import content_hash
from shared.bedrock.errors import code_of, translated
from shared.errors import GroundtuneError, Poison, Retryable

_SOURCE, _CHUNK = "x-amz-bedrock-kb-source-uri", "x-amz-bedrock-kb-chunk-id"
_PASSING = frozenset({"ConflictException", "DependencyFailedException", "BadGatewayException"})
"""The store behind a knowledge base is busy, asleep or being changed."""


class KnowledgeBases(Protocol):
    """Calls raise Throttled, Retryable or Poison, never botocore's own errors."""

    async def retrieve(self, *, knowledge_base: str, question: str, top_k: int) -> list[RetrievedDocument]:
        """The best ``top_k`` passages, 1 to 100, best first; fewer where there are fewer. A passage's ``url`` is empty
        where nothing says where it comes from. Raises Poison that names a knowledge base which does not exist."""
        ...


class AwsKnowledgeBases:
    """``connected`` makes a ``bedrock-agent-runtime`` client, which most processes never need."""

    def __init__(self, connected: Callable[[], Awaitable[Any]]) -> None:
        self._connected = connected
        self._client: Any = None

    async def retrieve(self, *, knowledge_base: str, question: str, top_k: int) -> list[RetrievedDocument]:
        found: list[RetrievedDocument] = []
        page: dict[str, str] = {}
        while True:
            response = await self._page(knowledge_base, question, top_k, page)
            found += map(document_of, response.get("retrievalResults", []))
            if len(found) >= top_k or not response.get("nextToken"):
                return found[:top_k]
            page = {"nextToken": response["nextToken"]}

    async def _page(self, knowledge_base: str, question: str, top_k: int, page: dict[str, str]) -> dict[str, Any]:
        if self._client is None:
            self._client = await self._connected()
        try:
            response: dict[str, Any] = await self._client.retrieve(
                knowledgeBaseId=knowledge_base,
                retrievalQuery={"text": question},
                retrievalConfiguration={"vectorSearchConfiguration": {"numberOfResults": top_k}},
                **page,
            )
        except (ClientError, BotoCoreError) as error:
            raise _translated(error, knowledge_base) from error
        return response


def document_of(result: Mapping[str, Any]) -> RetrievedDocument:
    """A result of Retrieve as a model sees it."""
    metadata, text = result.get("metadata", {}), str(result.get("content", {}).get("text", ""))
    url = str(metadata.get("url") or _located(result.get("location", {})) or metadata.get(_SOURCE) or "")
    chunk = metadata.get(_CHUNK) or result.get("documentId") or content_hash([url, text])[:16]
    title = metadata.get("title") or unquote(url.rstrip("/").rpartition("/")[2])
    return RetrievedDocument(chunk=str(chunk), url=url, title=str(title), text=text)


def _located(location: Mapping[str, Any]) -> str | None:
    """The URL, URI or id of a location: each type has a structure of its own, with one member that says it."""
    for name, where in location.items():
        if name.endswith("Location") and isinstance(where, Mapping):
            return next((str(where[key]) for key in ("url", "uri", "id") if key in where), None)
    return None


def _translated(error: Exception, knowledge_base: str) -> GroundtuneError:
    doing = f"Retrieve from knowledge base {knowledge_base}"
    code = code_of(error) if isinstance(error, ClientError) else ""
    if code == "ResourceNotFoundException":
        return Poison(f"{doing}: there is none of this id in this account and region; correct retrieval.knowledge_base")
    if code in _PASSING:
        return Retryable(f"{doing}: {error}")
    return translated(error, doing)
