"""Retrieve of the local Bedrock, through an ordinary client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localcloud.errors import DidNotStart
from localcloud.process import LocalCloud
from tests.integration.localcloud_support import STUB, client

pytestmark = pytest.mark.cloud

ID = "KB12345678"
URL = "https://example.com/queues"


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("knowledge")
    (folder / "queues.md").write_text(f"---\nurl: {URL}\n---\n# 대기열\n메시지는 대기열에 최대 14일 보관된다.\n")
    for number in range(7):
        (folder / f"note-{number}.txt").write_text(f"Buckets keep objects; note {number}.")
    with LocalCloud(base="moto", engine=STUB, knowledge={ID: folder}) as running:
        yield client(running, "bedrock-agent-runtime", retries={"max_attempts": 0})


def retrieve(agent: Any, question: str, id_: str = ID, **search: Any) -> list[dict[str, Any]]:
    more = {"retrievalConfiguration": {"vectorSearchConfiguration": search}} if search else {}
    found: list[dict[str, Any]] = agent.retrieve(
        knowledgeBaseId=id_, retrievalQuery={"text": question}, **more
    )["retrievalResults"]  # fmt: skip
    return found


def test_a_passage_comes_with_its_source_and_score(agent: Any) -> None:
    [found] = retrieve(agent, "메시지 보관 기간")
    assert found["content"] == {"type": "TEXT", "text": "# 대기열\n메시지는 대기열에 최대 14일 보관된다."}
    assert found["location"] == {"type": "WEB", "webLocation": {"url": URL}}
    assert found["score"] > 0
    metadata = found["metadata"]
    assert (metadata["title"], metadata["x-amz-bedrock-kb-source-uri"]) == ("대기열", URL)
    assert len(metadata["x-amz-bedrock-kb-chunk-id"]) == 16


def test_a_file_without_a_url_is_told_by_its_path(agent: Any) -> None:
    found = retrieve(agent, "note 3", numberOfResults=1)
    assert [each["location"] for each in found] == [{"type": "CUSTOM", "customDocumentLocation": {"id": "note-3.txt"}}]


def test_there_are_five_results_unless_another_number_is_asked_for(agent: Any) -> None:
    assert len(retrieve(agent, "buckets")) == 5
    assert len(retrieve(agent, "buckets", numberOfResults=100, overrideSearchType="HYBRID")) == 7
    arn = f"arn:aws:bedrock:us-east-1:000000000000:knowledge-base/{ID}"
    assert len(retrieve(agent, "buckets", arn)) == 5


def test_what_is_not_served_is_refused_by_name(agent: Any) -> None:
    with pytest.raises(agent.exceptions.ResourceNotFoundException, match="KB00000000 does not exist"):
        retrieve(agent, "x", "KB00000000")
    with pytest.raises(agent.exceptions.ValidationException, match="Remove filter"):
        retrieve(agent, "x", filter={"equals": {"key": "k", "value": "v"}})
    with pytest.raises(agent.exceptions.ValidationException, match="blank"):
        retrieve(agent, "  ")
    with pytest.raises(agent.exceptions.ValidationException, match="less than or equal to 100"):
        retrieve(agent, "x", numberOfResults=101)


def test_a_folder_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(DidNotStart, match="there is no such folder"):
        LocalCloud(base="moto", knowledge={ID: Path("/no/such/folder")}).start()
