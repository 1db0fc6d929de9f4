"""bedrock-agent-runtime: Retrieve, over folders of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localcloud.bedrock import arns
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.errors import ResourceNotFoundException, ValidationException

if TYPE_CHECKING:
    from localcloud.bedrock.knowledge.index import Passage

_DEFAULT_RESULTS = 5
_SERVED = {
    "request": {"knowledgeBaseId", "retrievalQuery", "retrievalConfiguration"},
    "retrievalQuery": {"text", "type"},
    "retrievalConfiguration": {"vectorSearchConfiguration"},
    "vectorSearchConfiguration": {"numberOfResults", "overrideSearchType"},
}


async def retrieve(backend: Backend, call: Call) -> Answer:
    """All results on one page. Raises ValidationException for filters, reranking and what else is not served."""
    params = call.params
    configuration = params.get("retrievalConfiguration", {})
    search = configuration.get("vectorSearchConfiguration", {})
    _check("request", params)
    _check("retrievalQuery", params["retrievalQuery"])
    _check("retrievalConfiguration", configuration)
    _check("vectorSearchConfiguration", search)
    identifier, question = params["knowledgeBaseId"], params["retrievalQuery"].get("text", "")
    if not question.strip():
        raise ValidationException("The text of the retrieval query is blank. Add text to it, and try again.")
    top_k = search.get("numberOfResults", _DEFAULT_RESULTS)
    found = await backend.knowledge.search(arns.last_part(identifier), question, top_k)
    if found is None:
        raise ResourceNotFoundException(f"Knowledge base with id {identifier} does not exist")
    return {"retrievalResults": [_result(passage) for passage in found]}


def _check(where: str, given: dict[str, Any]) -> None:
    for name in given:
        if name not in _SERVED[where]:
            raise ValidationException(f"{name} is not served by the local Bedrock. Remove {name} and try again.")


def _result(passage: Passage) -> dict[str, Any]:
    source = passage.source
    url = source.metadata.get("url")
    custom = {"type": "CUSTOM", "customDocumentLocation": {"id": source.path}}
    own = {"x-amz-bedrock-kb-source-uri": url or source.path, "x-amz-bedrock-kb-chunk-id": passage.id}
    return {
        "content": {"type": "TEXT", "text": passage.text},
        "location": {"type": "WEB", "webLocation": {"url": url}} if url else custom,
        "score": passage.score,
        "metadata": {"title": source.title, **source.metadata, **own},
    }
