from __future__ import annotations

from schemas.artifacts import SourceRecord
from schemas.state import ObjectRecord
from workers.dataset_builder.versions import Sourced, latest_of_each_url, superseded_keys


def sourced(key: str, url: str, modified: float | None) -> Sourced:
    record = ObjectRecord(
        corpus="c", bucket="b", key=key, etag=key, chunking="k", status="ingested", document=key, modified=modified
    )
    return record, SourceRecord(url=url, title=key)


def test_a_later_object_of_the_same_url_supersedes_the_earlier() -> None:
    old, new = sourced("v1.md", "https://x.example/a", 100.0), sourced("v2.md", "https://x.example/a", 200.0)
    assert latest_of_each_url({"old": [old], "new": [new]}) == {"new": [new]}
    assert superseded_keys({"old": [old], "new": [new]}) == {"https://x.example/a": ["v1.md"]}


def test_a_document_keeps_what_nothing_replaces() -> None:
    old, alias = sourced("v1.md", "https://x.example/a", 100.0), sourced("copy.md", "https://x.example/b", 100.0)
    new = sourced("v2.md", "https://x.example/a", 200.0)
    assert latest_of_each_url({"old": [old, alias], "new": [new]}) == {"old": [alias], "new": [new]}


def test_a_version_that_came_back_is_the_latest() -> None:
    again = sourced("v3.md", "https://x.example/a", 300.0)
    found = latest_of_each_url({
        "one": [sourced("v1.md", "https://x.example/a", 100.0), again],
        "two": [sourced("v2.md", "https://x.example/a", 200.0)],
    })  # fmt: skip
    assert found == {"one": [again]}


def test_objects_of_one_moment_and_parts_of_a_page_are_kept() -> None:
    documents = {
        "a": [sourced("a", "https://x.example/p#a", 100.0)], "b": [sourced("b", "https://x.example/p#b", 200.0)],
        "c": [sourced("c", "https://x.example/q", 100.0)], "d": [sourced("d", "https://x.example/q", 100.0)],
        "e": [sourced("e", "https://x.example/r", None)],
    }  # fmt: skip
    assert latest_of_each_url(documents) == documents
