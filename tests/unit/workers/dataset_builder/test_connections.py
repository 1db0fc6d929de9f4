from __future__ import annotations

from schemas.artifacts import Chunk, SnapshotDocument
from shared.testing.indexes import index_of
from workers.dataset_builder.connections import connect


def document(name: str, *, group: str | None = None, language: str = "en") -> SnapshotDocument:
    return SnapshotDocument(
        document=name, key=f"{name}.md", url=f"https://x.example/{name}", title=f"About {name}", language=language,
        group=group or name,
    )  # fmt: skip


def chunk(document: str, text: str) -> Chunk:
    return Chunk(id=f"c-{document}", document=document, text=text, start=0, end=len(text))


PAGES = {
    "router": "The router connects through its antenna; see [roaming](https://x.example/roaming) for use abroad.",
    "roaming": "Roaming lets a phone use a network abroad. A surcharge applies to every megabyte that is used there.",
    "antenna": "An antenna of the router is turned until the router shows three bars, and then fixed with its screw.",
    "invoice": "Invoices are sent on the first working day of a month and must be paid within two weeks by transfer.",
}


def connected(documents: list[SnapshotDocument], wanted: int = 10) -> list[list[str]]:
    chunks = [chunk(d.document, PAGES[d.document.removesuffix("-copy")]) for d in documents]
    units = connect(documents, index_of(documents, chunks), wanted=wanted, seed=7)
    assert all(len(unit.chunks) == len(set(unit.documents)) == 2 for unit in units)
    return [sorted(unit.documents) for unit in units]


def test_a_link_connects_before_any_likeness_does() -> None:
    found = connected([document(name) for name in PAGES])
    assert found[0] == ["roaming", "router"]
    assert ["antenna", "router"] in found


def test_no_more_than_wanted_and_no_pair_twice() -> None:
    found = connected([document(name) for name in PAGES])
    assert len({tuple(pair) for pair in found}) == len(found)
    assert len(connected([document(name) for name in PAGES], wanted=1)) == 1
    assert connected([document(name) for name in PAGES], wanted=0) == []


def test_documents_of_one_group_or_of_two_languages_never_meet() -> None:
    documents = [document("router", group="g"), document("router-copy", group="g"), document("antenna", language="ko")]
    assert connected(documents) == []


def test_a_document_that_evaluates_is_connected_with_nothing() -> None:
    """Its chunks may be in the snapshot, but it is not among the documents that teach."""
    teaching = [document("router"), document("invoice")]
    chunks = [chunk(name, text) for name, text in PAGES.items()]
    units = connect(teaching, index_of([document(name) for name in PAGES], chunks, teaching), wanted=10, seed=7)
    assert all(set(unit.documents) <= {"router", "invoice"} for unit in units)
