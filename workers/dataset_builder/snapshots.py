"""A complete snapshot: its documents with their sources and groups, and their chunks, which are a file.

Documents are read one after the other, a few ahead; of each no more is kept than what compares it with the others.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from schemas.artifacts import Chunk, Document, SnapshotDocument, SourceRecord
from schemas.experiment import Experiment
from schemas.state import ObjectRecord
from shared.concurrency import AT_ONCE, in_order
from shared.inbox import SOURCES_TABLE
from shared.quotas import Size, size_of
from shared.runtime.offload import in_thread
from shared.services import Services
from shared.sources import parse_sources_csv, resolve
from shared.store import keys
from shared.store.artifacts import as_line
from workers.dataset_builder.groups import group_documents
from workers.dataset_builder.manifest import source_of
from workers.dataset_builder.sentence_sets import SentenceSets
from workers.dataset_builder.versions import Sourced, latest_of_each_url, superseded_keys


@dataclass(frozen=True)
class Snapshot:
    """Documents in id order; ``chunks``: a JSON Lines file of theirs, in document order, then in reading order."""

    documents: list[SnapshotDocument]
    chunks: Path


@dataclass
class _Read:
    """What is kept of the documents until all are known."""

    languages: dict[str, str] = field(default_factory=dict)
    signatures: dict[str, Sequence[int]] = field(default_factory=dict)
    sourced: dict[str, list[Sourced]] = field(default_factory=dict)


async def take_snapshot(
    services: Services, experiment: Experiment, records: Sequence[ObjectRecord], folder: Path
) -> Snapshot:
    """Reads what was ingested, and writes ``chunks.jsonl`` into the folder. Equal bytes under two keys are one
    document with two sources."""
    table = await _sources_table(services, experiment)
    by_document: dict[str, list[ObjectRecord]] = defaultdict(list)
    for record in records:
        if record.status == "ingested" and record.document is not None:
            by_document[record.document].append(record)
    chunkings = {name: own[0].chunking for name, own in sorted(by_document.items())}
    read = await _read_documents(services, experiment, chunkings, by_document, table)
    current, superseded = latest_of_each_url(read.sourced), superseded_keys(read.sourced)
    chunkings = {name: chunking for name, chunking in chunkings.items() if name in current}
    documents = [_with_sources(name, read, current[name], superseded, experiment) for name in chunkings]
    written = _Written(SentenceSets(), {})
    with (folder / "chunks.jsonl").open("wb") as file:
        await _copy_chunks(services, experiment, chunkings, written, file)
    signatures = {name: read.signatures[name] for name in chunkings}
    return Snapshot(await _grouped(documents, written, signatures), folder / "chunks.jsonl")


async def _read_documents(
    services: Services, experiment: Experiment, chunkings: Mapping[str, str],
    records: Mapping[str, Sequence[ObjectRecord]], table: Mapping[str, SourceRecord],
) -> _Read:  # fmt: skip
    read, artifacts, corpus = _Read(), services.artifacts, experiment.corpus.name
    places = [keys.document(corpus, *place, "document.json") for place in chunkings.items()]
    async for document in in_order([partial(artifacts.read, place, Document) for place in places], AT_ONCE):
        name = document.document
        read.languages[name] = document.language
        read.signatures[name] = array("Q", document.signature)  # a tenth of what a list of numbers takes
        read.sourced[name] = [(record, resolve(record, document, table)) for record in records[name]]
    return read


@dataclass
class _Written:
    """What is kept of the chunks: sentences, and how much can be asked about, of each document."""

    sentences: SentenceSets
    sizes: dict[str, Size]


async def _copy_chunks(
    services: Services, experiment: Experiment, chunkings: Mapping[str, str], written: _Written, file: IO[bytes]
) -> None:
    artifacts, corpus = services.artifacts, experiment.corpus.name
    places = [keys.document(corpus, *place, "chunks.jsonl") for place in chunkings.items()]
    calls = [partial(artifacts.read_lines, place, Chunk) for place in places]
    names = iter(chunkings)
    async for chunks in in_order(calls, AT_ONCE):
        await _write(next(names), chunks, written, file)


@in_thread
def _write(document: str, chunks: Sequence[Chunk], written: _Written, file: IO[bytes]) -> None:
    for chunk in chunks:
        file.write(as_line(chunk))
    written.sizes[document] = size_of(chunk.text for chunk in chunks)
    written.sentences.add(document, "\n".join(chunk.text for chunk in chunks))


async def _sources_table(services: Services, experiment: Experiment) -> dict[str, SourceRecord]:
    """sources.csv of the corpus's config or, of an s3:// corpus, at its own root, by the path that records have."""
    if not experiment.corpus.documents.startswith("s3://"):
        bucket, prefix, key = None, "", keys.corpus_config(experiment.corpus.name, SOURCES_TABLE)
    else:
        bucket, prefix = source_of(experiment, services.artifacts.objects.bucket)
        key = prefix + SOURCES_TABLE
    try:
        table = parse_sources_csv(await services.artifacts.objects.get(key, bucket=bucket))
    except KeyError:
        return {}
    return {prefix + path: record for path, record in table.items()}


def _with_sources(
    name: str, read: _Read, found: Sequence[Sourced], superseded: Mapping[str, list[str]], experiment: Experiment
) -> SnapshotDocument:
    sources = [source for _, source in found]
    urls = list(dict.fromkeys(source.url for source in sources))
    return SnapshotDocument(
        document=name,
        key=found[0][0].key,
        url=urls[0],
        title=sources[0].title,
        language=read.languages[name] if experiment.language == "auto" else experiment.language,
        licence=sources[0].licence,
        aliases=urls[1:],
        superseded=[key for url in urls for key in superseded.get(url, [])],
    )


@in_thread
def _grouped(
    documents: Sequence[SnapshotDocument], written: _Written, signatures: Mapping[str, Sequence[int]]
) -> list[SnapshotDocument]:
    groups = group_documents(documents, written.sentences, signatures)
    return [
        document.model_copy(update={"tokens": size.tokens, "chunks": size.chunks, "group": groups[document.document]})
        for document in documents
        if (size := written.sizes[document.document])
    ]
