"""The passages of a folder, found by BM25."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from localcloud.bedrock.knowledge.reading import Source, passages, sources
from schemas.artifacts import SnapshotDocument
from shared.retrieval.building import build_index
from shared.retrieval.corpus import CorpusIndex


@dataclass(frozen=True)
class Passage:
    """One result; a higher score is better."""

    id: str
    text: str
    score: float
    source: Source


class FolderIndex:
    """The index of a folder as it is now; its files are read once."""

    def __init__(self, folder: Path) -> None:
        self._sources = {source.path: source for source in sources(folder)}
        documents = [_document(source) for source in self._sources.values()]
        with TemporaryDirectory() as temporary:
            chunks, index = Path(temporary, "chunks.jsonl"), Path(temporary, "index")
            with chunks.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
                for source in self._sources.values():
                    file.writelines(chunk.model_dump_json() + "\n" for chunk in passages(source))
            build_index(documents, chunks, index)
            self._corpus = CorpusIndex(index, chunks, documents)

    def search(self, question: str, top_k: int) -> list[Passage]:
        """The best passages that share a term with the question, best first."""
        found = [(self._corpus.chunk(hit.id), hit.score) for hit in self._corpus.search(question, top_k)]
        return [Passage(chunk.id, chunk.text, score, self._sources[chunk.document]) for chunk, score in found]


def _document(source: Source) -> SnapshotDocument:
    url = source.metadata.get("url", source.path)
    return SnapshotDocument(document=source.path, key=source.path, url=url, title=source.title, language="")
