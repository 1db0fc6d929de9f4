from __future__ import annotations

from schemas.artifacts import Chunk, Document
from schemas.base import content_hash
from schemas.state import ObjectRecord
from shared.services import Services
from shared.store import keys
from shared.testing.services import memory_services
from tests.unit.workers import world
from tests.unit.workers.snapshots import put_snapshot
from workers.doc_ingest.signature import signature


async def put(services: Services, key: str, text: str, *, url: str, modified: float) -> str:
    """What doc-ingest leaves behind for an object that says where it comes from; its document's id."""
    document, where = content_hash(text), (world.CORPUS, content_hash(text), world.CHUNKING)
    made = Document(document=document, media_type="text/plain", signature=signature(text), chunks=1)
    chunk = Chunk(id=document[:16], document=document, text=text, start=0, end=len(text))
    await services.artifacts.write(keys.document(*where, "document.json"), made)
    await services.artifacts.write_lines(keys.document(*where, "chunks.jsonl"), [chunk])
    await services.corpora.put_object(
        ObjectRecord(
            corpus=world.CORPUS, bucket=world.bucket(services), key=key, etag=key, chunking=world.CHUNKING,
            status="ingested", document=document, chunks=1, metadata={"url": url}, modified=modified,
        )
    )  # fmt: skip
    return document


async def test_a_later_object_of_a_url_replaces_the_earlier_with_its_chunks() -> None:
    services = memory_services()
    await put(services, "v1.txt", "The limit is ten a day.", url="https://x.example/a", modified=100)
    new = await put(services, "v2.txt", "The limit is twenty a day.", url="https://x.example/a", modified=200)
    other = await put(services, "b.txt", "Something else.", url="https://x.example/b", modified=100)
    documents, chunks = await put_snapshot(services)
    assert {document.document: document.superseded for document in documents} == {new: ["v1.txt"], other: []}
    assert {chunk.document for chunk in chunks} == {new, other}


async def test_an_edited_copy_under_another_url_is_of_the_same_group() -> None:
    services = memory_services()
    # a number differs in every sentence, so that no sentence is shared
    words = [f"word{n}" for n in range(180)]
    sentences = [" ".join(words[start : start + 20]) for start in range(0, 180, 20)]
    texts = [" ".join(f"{sentence} {edit}." for sentence in sentences) for edit in ("ten", "twelve")]
    for number, text in enumerate([*texts, "A page about another thing altogether, told in other words."]):
        await put(services, f"{number}.txt", text, url=f"https://x.example/{number}", modified=100)
    groups = {document.key: document.group for document in (await put_snapshot(services))[0]}
    assert groups["0.txt"] == groups["1.txt"] != groups["2.txt"]
