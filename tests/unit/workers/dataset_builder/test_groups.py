from __future__ import annotations

from schemas.artifacts import SnapshotDocument
from workers.dataset_builder.groups import group_documents

TEXT = "The profile is downloaded once. A code is valid for fourteen days. Ask for another code in the app."


def document(name: str, url: str, aliases: list[str] | None = None) -> SnapshotDocument:
    return SnapshotDocument(document=name, key=name, url=url, title=name, language="en", aliases=aliases or [])


def together(
    documents: list[SnapshotDocument], texts: dict[str, str], signatures: dict[str, list[int]] | None = None
) -> set[frozenset[str]]:
    """The groups, as sets of document names."""
    groups = group_documents(documents, texts, signatures or {})
    return {frozenset(name for name in groups if groups[name] == group) for group in groups.values()}


def test_versions_of_one_url_are_one_group() -> None:
    documents = [document("a", "https://x.example/1"), document("b", "https://X.example/1/#top")]
    assert together(documents, {"a": "one text about this", "b": "quite another text"}) == {frozenset("ab")}


def test_an_alias_joins_too() -> None:
    documents = [document("a", "https://x.example/1", ["https://x.example/2"]), document("b", "https://x.example/2")]
    assert together(documents, {"a": "", "b": ""}) == {frozenset("ab")}


def test_documents_that_share_half_their_sentences_are_one_group() -> None:
    documents = [document(name, f"https://x.example/{name}") for name in "abc"]
    more = TEXT + " This version adds a sentence of its own."
    texts = {"a": TEXT, "b": more, "c": "Something entirely different stands here."}
    assert together(documents, texts) == {frozenset("ab"), frozenset("c")}


def test_an_edited_document_keeps_its_group() -> None:
    before = group_documents([document("old bytes", "https://x.example/1")], {"old bytes": TEXT}, {})
    after = group_documents([document("new bytes", "https://x.example/1")], {"new bytes": "Rewritten."}, {})
    assert list(before.values()) == list(after.values())


def test_documents_of_one_signature_are_one_group() -> None:
    documents = [document(name, f"https://x.example/{name}") for name in "abc"]
    signatures = {"a": list(range(128)), "b": [*range(120), *[0] * 8], "c": list(range(200, 328))}
    texts = {"a": "One edited.", "b": "One Edited!", "c": "Another."}
    assert together(documents, texts, signatures) == {frozenset("ab"), frozenset("c")}


def test_a_sentence_that_stands_everywhere_joins_nothing() -> None:
    names = [f"{n:03d}" for n in range(100)]
    documents = [document(name, f"https://x.example/{name}") for name in names]
    texts = dict.fromkeys(names, "All rights are reserved by the operator.")
    assert len(together(documents, texts)) == 100
