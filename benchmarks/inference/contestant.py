"""One way to search many chunks by words, in a process of its own: the peers' interpreter runs this file, too, so it
imports none of ours but in our own contestants.

    python contestant.py NAME FILE    one JSON line

FILE is JSON with the texts and the questions. All is read, and ours are written as a file of chunks, before the clock
starts. Every contestant has one thread.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp

TOP = 5
Search = Callable[[str], object]
Build = Callable[[], Search]


def groundtune(texts: Sequence[str], by: str = "words", dimensions: int = 0) -> Build:
    """``dimensions``: of random vectors, for a search by meaning too."""
    from schemas.artifacts import Chunk, SnapshotDocument
    from shared.retrieval.analyzers import analyzer
    from shared.retrieval.building import build_index
    from shared.retrieval.corpus import CorpusIndex

    documents = [SnapshotDocument(document="d", key="k", url="https://x.example", title="", language="en")]
    folder = Path(mkdtemp(dir=Path(sys.argv[2]).parent))
    with (folder / "chunks").open("w", encoding="utf-8") as file:
        for n, text in enumerate(texts):
            file.write(Chunk(id=f"{n:016x}", document="d", text=text, start=0, end=9).model_dump_json() + "\n")
    analyzer(by).terms("모델")  # is loaded once in the life of a worker

    def build() -> Search:
        build_index(documents, folder / "chunks", folder / "index", by=by)
        vectors = _vectors(folder, len(texts), dimensions) if dimensions else None
        index = CorpusIndex(folder / "index", folder / "chunks", documents, vectors)
        return _both(index, dimensions) if dimensions else lambda question: index.search(question, TOP)

    return build


def rank_bm25(texts: Sequence[str]) -> Build:
    """As its documentation shows it."""
    from rank_bm25 import BM25Okapi

    def build() -> Search:
        index = BM25Okapi([text.lower().split() for text in texts])
        return lambda question: index.get_top_n(question.lower().split(), texts, n=TOP)

    return build


def bm25s(texts: Sequence[str]) -> Build:
    """As its documentation shows it, with its English stop words."""
    import bm25s

    def build() -> Search:
        index = bm25s.BM25()
        index.index(bm25s.tokenize(list(texts), stopwords="en", show_progress=False), show_progress=False)
        return lambda question: index.retrieve(
            bm25s.tokenize(question, stopwords="en", show_progress=False), k=TOP, show_progress=False
        )

    return build


CONTESTANTS: dict[str, Callable[[Sequence[str]], Build]] = {
    "groundtune": groundtune,
    "groundtune-morphemes": lambda texts: groundtune(texts, "ko-morph"),
    "groundtune-hybrid": lambda texts: groundtune(texts, dimensions=384),
    "rank-bm25": rank_bm25,
    "bm25s": bm25s,
}


def _vectors(folder: Path, rows: int, dimensions: int) -> Path:
    import numpy as np

    from shared.retrieval.dense import digest, write_dense

    values = np.random.default_rng(7).standard_normal((rows, dimensions), dtype=np.float32)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    ids = np.array([f"{n:016x}".encode() for n in range(rows)])
    write_dense(folder / "vectors", "random", digest(ids), dimensions, [values])
    return folder / "vectors"


def _both(index: object, dimensions: int) -> Search:
    import numpy as np

    from shared.hybrid import DEPTH, POOL
    from shared.retrieval.corpus import CorpusIndex

    assert isinstance(index, CorpusIndex)
    vector = np.random.default_rng(8).standard_normal(dimensions)
    unit = (vector / np.linalg.norm(vector)).tolist()
    return lambda question: index.nearest([question], [unit], candidates=POOL * TOP, depth=DEPTH * TOP)


def main() -> None:
    given = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    build = CONTESTANTS[sys.argv[1]](given["texts"])
    cpu = time.process_time()
    search = build()
    cpu = time.process_time() - cpu
    taken = sorted(map(_timed(search), [*given["questions"][:3], *given["questions"]][3:]))
    told = {"build_s": cpu, "median_ms": statistics.median(taken), "p95_ms": taken[int(0.95 * (len(taken) - 1))]}
    print(json.dumps({**told, "chunks": len(given["texts"]), "peak_kib": _peak_kib()}))


def _timed(search: Search) -> Callable[[str], float]:
    def timed(question: str) -> float:
        start = time.process_time()
        search(question)
        return 1_000 * (time.process_time() - start)

    return timed


def _peak_kib() -> int:
    """getrusage would keep what the parent held over fork and exec."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()
