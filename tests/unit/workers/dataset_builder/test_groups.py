from __future__ import annotations

from schemas.artifacts import SnapshotDocument
from workers.dataset_builder.groups import group_documents

TEXT = "The profile is downloaded once. A code is valid for fourteen days. Ask for another code in the app."


def document(name: str, url: str, aliases: list[str] | None = None) -> SnapshotDocument:
    return SnapshotDocument(document=name, key=name, url=url, title=name, language="en", aliases=aliases or [])


def test_versions_of_one_url_are_one_group() -> None:
    documents = [document("a", "https://x.example/1"), document("b", "https://X.example/1/#top")]
    assert group_documents(documents, {"a": "one text about this", "b": "quite another text"}) == {"a": "a", "b": "a"}


def test_an_alias_joins_too() -> None:
    documents = [document("a", "https://x.example/1", ["https://x.example/2"]), document("b", "https://x.example/2")]
    assert group_documents(documents, {"a": "", "b": ""}) == {"a": "a", "b": "a"}


def test_documents_that_share_half_their_sentences_are_one_group() -> None:
    documents = [
        document("a", "https://x.example/1"),
        document("b", "https://x.example/2"),
        document("c", "https://x.example/3"),
    ]
    texts = {
        "a": TEXT,
        "b": TEXT + " This version adds a sentence of its own.",
        "c": "Something entirely different stands here.",
    }
    assert group_documents(documents, texts) == {"a": "a", "b": "a", "c": "c"}
