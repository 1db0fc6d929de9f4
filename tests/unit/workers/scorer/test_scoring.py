"""A shard's scores: what is there is not computed again, and what is asked later is computed alone."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import Score
from schemas.state import RunRecord
from shared.store import keys
from shared.store.artifacts import Artifacts
from shared.testing.objects import MemoryObjectStore
from tests.unit.workers.scorer.making import BagOfWords, experiment, prediction, truth
from workers.scorer.documents import Documents
from workers.scorer.measures.measure import Batch, Measure
from workers.scorer.measures.registry import Instruments
from workers.scorer.scoring import all_metrics, asked, batch_of, laid_together, read_scores, score_shard
from workers.scorer.vectors import StoredVectors

URL = "https://x.example/a"
BATCH = batch_of(
    [prediction("q1", "reset it", [URL]), prediction("q2", "yes")], [truth("q1"), truth("q2")], Documents()
)


class Counting:
    """A measure that counts what it is asked."""

    def __init__(self, inner: Measure) -> None:
        self.name, self.metrics, self._inner = inner.name, inner.metrics, inner
        self.batches: list[Batch] = []

    def signature(self, metric: str) -> str:
        return self._inner.signature(metric)

    def score(self, batch: Batch) -> list[Score]:
        self.batches.append(batch)
        return self._inner.score(batch)


def counting(*metrics: str) -> list[Counting]:
    return [Counting(measure) for measure in Instruments(BagOfWords()).measures(metrics)]


async def scored(artifacts: Artifacts, measures: Sequence[Measure], batch: Batch = BATCH) -> None:
    vectors = StoredVectors(artifacts.objects)
    await score_shard(artifacts, vectors, measures, batch, run="run-1", arm="base", shard=0)


async def test_scores_that_are_there_are_not_computed_again() -> None:
    artifacts = Artifacts(MemoryObjectStore())
    for times in (1, 0):
        measures = counting("rougeL", "citation_accuracy", "exact_match")
        await scored(artifacts, measures)
        assert [len(measure.batches) for measure in measures] == [times] * 3


async def test_a_metric_that_is_added_is_computed_alone_and_read_with_the_others() -> None:
    artifacts = Artifacts(MemoryObjectStore())
    await scored(artifacts, counting("rougeL", "rouge1"))
    record = RunRecord(run="run-1", name="n", corpus="c", created=0, updated=0, added_metrics=[["chrf"], ["rouge2"]])
    run = experiment(metrics=["rougeL", "rouge1"])
    assert all_metrics(run, record) == ["rougeL", "rouge1", "chrf", "rouge2"]
    measures = [Counting(measure) for measure in asked(run, record, Instruments(BagOfWords()))]
    await scored(artifacts, measures)
    assert [(list(measure.metrics), len(measure.batches)) for measure in measures] == [
        (["rouge1", "rougeL"], 0), (["chrf"], 1), (["rouge2"], 1),
    ]  # fmt: skip
    found = await read_scores(artifacts, measures, BATCH, run="run-1", arm="base", shard=0)
    assert [(score.id, score.arm, sorted(score.values)) for score in found] == [
        (id, "base", ["chrf", "rouge1", "rouge2", "rougeL"]) for id in ("q1", "q2")
    ]


async def test_another_answer_is_scored_anew_and_no_old_score_is_read_for_it() -> None:
    artifacts, measures = Artifacts(MemoryObjectStore()), counting("exact_match")
    await scored(artifacts, measures)
    other = batch_of([prediction("q1", "reference answer")], [truth("q1")], Documents())
    assert await read_scores(artifacts, measures, other, run="run-1", arm="base", shard=0) == []
    await scored(artifacts, measures, other)
    [score] = await read_scores(artifacts, measures, other, run="run-1", arm="base", shard=0)
    assert score.values == {"exact_match": 1.0}


async def test_vectors_of_earlier_processes_and_other_arms_are_taken_from_the_store() -> None:
    artifacts = Artifacts(MemoryObjectStore())
    first, second = BagOfWords(), BagOfWords()
    await scored(artifacts, Instruments(first).measures(["embedding_similarity"]))
    assert sorted(first.encoded) == ["reference answer", "reset it", "yes"]
    names = [found.key async for found in artifacts.objects.list(keys.scores("run-1", "base", 0))]
    before = await artifacts.read_bytes(names[0])
    await artifacts.objects.delete(names[0])
    await scored(artifacts, Instruments(second).measures(["embedding_similarity"]))
    assert second.encoded == []
    assert await artifacts.read_bytes(names[0]) == before
    other = batch_of(
        [prediction("q1", "quite another"), prediction("q2", "yes")], [truth("q1"), truth("q2")], Documents()
    )
    await scored(artifacts, Instruments(second).measures(["embedding_similarity"]), other)
    assert "reference answer" not in second.encoded


def test_a_batch_leaves_out_errors_and_unknown_questions() -> None:
    answers = [prediction("q2", urls=[URL]), prediction("q1", error="blocked"), prediction("q9")]
    batch = batch_of(answers, [truth("q1"), truth("q2")], Documents())
    assert [(item.id, item.retrieved, item.links) for item in batch.items] == [("q2", (URL,), (URL,))]


def test_parts_of_a_score_are_laid_together() -> None:
    parts = [Score(id="a", values={"x": 1.0}), Score(id="b", values={"x": 0.0}), Score(id="a", values={"y": None})]
    assert laid_together(parts) == [Score(id="a", values={"x": 1.0, "y": None}), Score(id="b", values={"x": 0.0})]
