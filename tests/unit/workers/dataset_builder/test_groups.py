from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import SnapshotDocument
from tests.unit.workers.dataset_builder.oracle import same_sentences
from workers.dataset_builder import sentence_sets as module
from workers.dataset_builder.groups import group_documents
from workers.dataset_builder.sentence_sets import SentenceSets

TEXT = "The profile is downloaded once. A code is valid for fourteen days. Ask for another code in the app."


def document(name: str, url: str, aliases: list[str] | None = None) -> SnapshotDocument:
    return SnapshotDocument(document=name, key=name, url=url, title=name, language="en", aliases=aliases or [])


def sentence_sets(texts: dict[str, str]) -> SentenceSets:
    found = SentenceSets()
    for name, text in texts.items():
        found.add(name, text)
    return found


def together(
    documents: list[SnapshotDocument], texts: dict[str, str], signatures: dict[str, list[int]] | None = None
) -> set[frozenset[str]]:
    """The groups, as sets of document names."""
    groups = group_documents(documents, sentence_sets(texts), signatures or {})
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
    texts = {"old bytes": TEXT, "new bytes": "Rewritten."}
    before, after = (
        group_documents([document(name, "https://x.example/1")], sentence_sets({name: text}), {})
        for name, text in texts.items()
    )
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


SENTENCES = [f"Sentence number {n} is long enough to count." for n in range(6)]


@given(st.lists(st.lists(st.sampled_from([*SENTENCES, "Short.", SENTENCES[0].upper()]), max_size=6), max_size=8))
def test_the_same_pairs_are_alike_as_when_all_texts_are_compared(texts: list[list[str]]) -> None:
    named = {f"d{n}": "\n".join(text) for n, text in enumerate(texts)}
    assert sorted(sentence_sets(named).alike()) == sorted(same_sentences(named))


@pytest.mark.parametrize("pairs", [1, 40, module.PAIRS])
def test_how_many_pairs_are_counted_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch, pairs: int) -> None:
    monkeypatch.setattr(module, "PAIRS", pairs)
    named = {f"d{n:02d}": " ".join(SENTENCES[n % 5 : n % 5 + 2]) for n in range(20)}
    assert sorted(sentence_sets(named).alike()) == sorted(same_sentences(named)) != []
