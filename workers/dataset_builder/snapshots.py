"""A complete snapshot: its documents with their sources and groups, and their chunks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.artifacts import Chunk, Document, SnapshotDocument, SourceRecord
from schemas.experiment import Experiment
from schemas.state import ObjectRecord
from shared.concurrency import gathered
from shared.inbox import SOURCES_TABLE
from shared.quotas import worth
from shared.runtime.offload import in_thread
from shared.services import Services
from shared.sources import parse_sources_csv, resolve
from shared.store import keys
from workers.dataset_builder.groups import group_documents
from workers.dataset_builder.manifest import source_of
from workers.dataset_builder.versions import Sourced, latest_of_each_url, superseded_keys


@dataclass(frozen=True)
class Snapshot:
    """Documents in id order; chunks in document order, then in reading order."""

    documents: list[SnapshotDocument]
    chunks: list[Chunk]


async def take_snapshot(services: Services, experiment: Experiment, records: Sequence[ObjectRecord]) -> Snapshot:
    """Reads what was ingested. Equal bytes under two keys are one document with two sources."""
    corpus = experiment.corpus.name
    table = await _sources_table(services, experiment)
    by_document: dict[str, list[ObjectRecord]] = defaultdict(list)
    for record in records:
        if record.status == "ingested" and record.document is not None:
            by_document[record.document].append(record)
    in_order = sorted(by_document.items())
    places = [(corpus, name, own[0].chunking) for name, own in in_order]
    read = services.artifacts.read
    parsed = await gathered(read(keys.document(*place, "document.json"), Document) for place in places)
    sourced = {
        document.document: [(record, resolve(record, document, table)) for record in own]
        for document, (_, own) in zip(parsed, in_order, strict=True)
    }
    current, superseded = latest_of_each_url(sourced), superseded_keys(sourced)
    parsed = [document for document in parsed if document.document in current]
    documents = [_with_sources(document, current[document.document], superseded, experiment) for document in parsed]
    places = [place for place in places if place[1] in current]
    read_lines = services.artifacts.read_lines
    cut = await gathered(read_lines(keys.document(*place, "chunks.jsonl"), Chunk) for place in places)
    chunks = [chunk for own in cut for chunk in own]
    documents = _with_sizes(documents, chunks)
    signatures = {document.document: document.signature for document in parsed}
    return Snapshot(await _grouped(documents, chunks, signatures), chunks)


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
    document: Document, found: Sequence[Sourced], superseded: Mapping[str, list[str]], experiment: Experiment
) -> SnapshotDocument:
    sources = [source for _, source in found]
    urls = list(dict.fromkeys(source.url for source in sources))
    return SnapshotDocument(
        document=document.document,
        key=found[0][0].key,
        url=urls[0],
        title=sources[0].title,
        language=document.language if experiment.language == "auto" else experiment.language,
        licence=sources[0].licence,
        aliases=urls[1:],
        superseded=[key for url in urls for key in superseded.get(url, [])],
    )


def _with_sizes(documents: Sequence[SnapshotDocument], chunks: Sequence[Chunk]) -> list[SnapshotDocument]:
    tokens, counts = Counter[str](), Counter[str]()
    for chunk in chunks:
        share = worth(chunk.text)
        tokens[chunk.document] += share
        counts[chunk.document] += share > 0
    return [d.model_copy(update={"tokens": tokens[d.document], "chunks": counts[d.document]}) for d in documents]


@in_thread
def _grouped(
    documents: list[SnapshotDocument], chunks: Sequence[Chunk], signatures: Mapping[str, Sequence[int]]
) -> list[SnapshotDocument]:
    texts: dict[str, list[str]] = {document.document: [] for document in documents}
    for chunk in chunks:
        texts[chunk.document].append(chunk.text)
    groups = group_documents(documents, {name: "\n".join(own) for name, own in texts.items()}, signatures)
    return [document.model_copy(update={"group": groups[document.document]}) for document in documents]
