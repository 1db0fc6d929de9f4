"""Questions that people wrote, with answers and links, and the index over the documents that they are asked of."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from localcloud.engines.embedding import embed
from schemas.artifacts import Chunk, GroundTruth, SnapshotDocument
from schemas.base import content_hash
from schemas.recipe import Chunking
from shared.hybrid import DEPTH, POOL, Nearest
from shared.retrieval.corpus import CorpusIndex
from shared.retrieval.passages import with_headings
from shared.testing.indexes import index_of
from shared.text.language import detect_language
from workers.doc_ingest.ingest import ingest

ROOT = Path(__file__).parents[3]
TELCO = ROOT / "examples" / "telco"
COOKBOOKS = ROOT.parent / "shared" / "data" / "qa" / "anthropics__claude-cookbooks"
GENERIC = """Answer the question with the help of the documents and give links to the documents."""
HOUSE = """You answer technical questions about a product from its documentation.

- Use only what the given documents say. If they do not answer the question, say so in one sentence.
- Be direct and concise, at most 4 sentences. Leave out what was not asked.
- Keep values, units and names exactly as the documents write them.
- Cite only the documents that your answer rests on. End with a line of its own: `Sources: <url>`."""


class Corpus:
    """Documents with their chunks, of which indexes are opened over all or some of the documents.

    ``hybrid``: chunks are searched by meaning too, as by a run with ``retrieval.mode: hybrid``.
    """

    def __init__(self, documents: Sequence[SnapshotDocument], chunks: Sequence[Chunk], *, hybrid: bool = False) -> None:
        self.documents = list(documents)
        self.hybrid = hybrid
        self._chunks = list(chunks)
        vectors = embed([with_headings(chunk) for chunk in chunks]) if hybrid else []
        self._vectors = {chunk.id: vector for chunk, vector in zip(chunks, vectors, strict=False)}

    def index(self, without: frozenset[str] = frozenset()) -> CorpusIndex:
        """Over the documents whose URL is not among these."""
        among = [document for document in self.documents if document.url not in without]
        return index_of(self.documents, self._chunks, among, vectors=self._vectors)

    def nearest(self, index: CorpusIndex, questions: Sequence[str], top_k: int) -> Nearest:
        """By question what retrieval finds in an index of this corpus, nearest first."""
        if not self.hybrid:
            return {question: index.retrieve(question, POOL * top_k) for question in questions}
        found = index.nearest(questions, embed(list(questions)), candidates=POOL * top_k, depth=DEPTH * top_k)
        return dict(zip(questions, found, strict=True))


@dataclass(frozen=True)
class QuestionSet:
    """``groups``: by question id, what must stay on one side of a split."""

    name: str
    corpus: Corpus
    questions: Sequence[GroundTruth]
    groups: Mapping[str, str]
    baseline: str
    improved: str
    top_k: int


def question_sets() -> Iterator[QuestionSet]:
    """The example in either language and, where it lies beside the checkout, the cookbooks set."""
    corpus = _telco()
    pairs = [GroundTruth.model_validate_json(line) for line in _lines(TELCO / "ground_truth.jsonl")]
    prompts = [(TELCO / "prompts" / name).read_text(encoding="utf-8") for name in ("baseline.md", "optimized.md")]
    for language in ("en", "ko"):
        own = [pair for pair in pairs if detect_language(pair.question) == language]
        groups = grouped({pair.id: pair.references for pair in own})
        yield QuestionSet(f"telco, {language}", corpus, own, groups, prompts[0], prompts[1], top_k=4)
    if COOKBOOKS.is_dir():
        own = [_cookbooks_pair(row) for row in json.loads((COOKBOOKS / "questions.json").read_text("utf-8"))]
        ids = {pair.id: pair.id for pair in own}
        yield QuestionSet("cookbooks", _cookbooks(), own, ids, GENERIC, HOUSE, top_k=5)


def grouped(references: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Group by id: two that share a link, directly or through others, are in one."""
    group = {url: url for urls in references.values() for url in urls}
    for urls in references.values():
        joined = {group[url] for url in urls}
        group = {url: min(joined) if name in joined else name for url, name in group.items()}
    return {id: group[urls[0]] for id, urls in references.items()}


def _telco() -> Corpus:
    with (TELCO / "documents" / "sources.csv").open(encoding="utf-8", newline="") as file:
        sources = list(csv.DictReader(file))
    documents, chunks = [], []
    for source in sources:
        found = ingest(source["path"], (TELCO / "documents" / source["path"]).read_bytes(), Chunking())
        name = found.document.document
        documents.append(_document(name, source["url"], source["title"], found.document.language))
        chunks += found.chunks
    return Corpus(documents, chunks)


def _cookbooks() -> Corpus:
    """Each chunk is a document of its own, since each has its own link."""
    rows = json.loads((COOKBOOKS / "chunks.json").read_text("utf-8"))
    documents, chunks = [], []
    for row in rows:
        name = content_hash([row["chunk_link"], row["text"]])
        documents.append(_document(name, row["chunk_link"], row["chunk_heading"], "en"))
        chunks.append(Chunk(id=name[:16], document=name, text=row["text"], start=0, end=len(row["text"])))
    return Corpus(documents, chunks, hybrid=True)


def _document(name: str, url: str, title: str, language: str) -> SnapshotDocument:
    return SnapshotDocument(document=name, key="", url=url, title=title, language=language, group=url)


def _cookbooks_pair(row: Mapping[str, object]) -> GroundTruth:
    fields = {"id": "id", "question": "question", "answer": "correct_answer", "references": "correct_chunks"}
    return GroundTruth.model_validate({name: row[key] for name, key in fields.items()})


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
