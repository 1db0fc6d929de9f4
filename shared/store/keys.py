"""Every S3 key that groundtune writes. Made keys use only ``[A-Za-z0-9._/-]``; inbox keys are as people name files."""

from __future__ import annotations

from schemas.base import content_hash
from schemas.state import SamplesRecord

MODELS = "config/models.yaml"
"""A user's own table of models and prices, laid over the one that ships."""


def inbox(corpus: str, name: str = "") -> str:
    return f"inbox/{corpus}/{name}"


def corpus_config(corpus: str, name: str) -> str:
    return f"corpora/{corpus}/config/{name}"


def document(corpus: str, document: str, chunking: str, name: str) -> str:
    """``name``: ``document.json`` (schemas Document) or ``chunks.jsonl`` (schemas Chunk)."""
    return f"corpora/{corpus}/documents/{document}/{chunking}/{name}"


def recipe(corpus: str, recipe: str) -> str:
    """The recipe with this fingerprint (schemas Recipe)."""
    return f"corpora/{corpus}/synthetic/{recipe}/recipe.json"


def samples(corpus: str, recipe: str, unit: str, chunking: str, round: int, kind: str = "kept") -> str:
    """``kind``: ``kept`` (schemas Sample) or ``rejected`` (schemas RejectedSample)."""
    return f"corpora/{corpus}/synthetic/{recipe}/{unit}/{chunking}/round-{round}/{kind}.jsonl"


def samples_of(record: SamplesRecord, kind: str = "kept") -> str:
    """Where what a record tells of lies; ``kind`` as in ``samples``."""
    return samples(record.corpus, record.recipe, record.unit, record.chunking, record.round, kind)


def run(run: str, name: str) -> str:
    """A file of a run: ``run.yaml``, ``ground_truth.jsonl``, ``manifest.json``, ``report/index.html``, …"""
    return f"runs/{run}/{name}"


def index(run: str) -> str:
    """The retrieval index over the run's ``chunks.jsonl``."""
    return f"runs/{run}/index/bm25"


def vectors(run: str) -> str:
    """The vectors of the run's chunks, where meaning has its say in what is retrieved."""
    return f"runs/{run}/index/vectors"


def dataset(run: str, arm: str, name: str = "train.jsonl") -> str:
    return f"runs/{run}/datasets/{arm}/{name}"


def predictions(run: str, arm: str, shard: int) -> str:
    return f"runs/{run}/predictions/{arm}/{shard:05d}.jsonl"


def scores(run: str, arm: str, shard: int, name: str = "") -> str:
    """``name``: measure and hash of all that its numbers follow from; without one, the folder of a shard's scores."""
    return f"runs/{run}/scores/{arm}/{shard:05d}/{name}{'.jsonl' if name else ''}"


def judged(run: str, shard: int) -> str:
    """What the judge said of a shard's questions (schemas JudgedShard)."""
    return f"runs/{run}/judged/{shard:05d}.json"


def people(run: str, name: str) -> str:
    """``tasks.jsonl`` (schemas RankingTask), ``key.jsonl`` (RankingKey) or ``rankings.json`` (PeopleReport)."""
    return f"runs/{run}/people/{name}"


def llm_cache(digest: str) -> str:
    return f"llm-cache/{digest}"


def embeddings(digest: str) -> str:
    """A block of vectors; its hash names the model and every text in it."""
    return f"llm-cache/embeddings/{digest}"


def batch_input(name: str) -> str:
    """The records of a batch inference job, by the job's name."""
    return f"batches/{name}/input.jsonl"


def batch_output(name: str) -> str:
    """The folder that a batch inference job's results are written below."""
    return f"batches/{name}/output/"


def stored_events(worker: str, event_id: str, body: bytes) -> str:
    """What an event emitted, when it is too much for its idempotency record. Any text may be an event id: hashed."""
    return f"idempotency/{worker}/{content_hash(event_id)[:32]}/{content_hash(body)[:16]}.json"


def claim_check(digest: str) -> str:
    """The body of a message that is too big for its queue."""
    return f"claim-check/{digest}"
