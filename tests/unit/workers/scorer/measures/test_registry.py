"""The table of measures: complete, and making only what is asked."""

from __future__ import annotations

import pytest

from schemas import experiment
from tests.unit.workers.scorer.making import BagOfWords
from tests.unit.workers.scorer.measures.batches import batch
from workers.scorer.measures.registry import ENTRIES, Instruments, Setting, signatures
from workers.scorer.metrics import METRICS, headline


def instruments() -> Instruments:
    return Instruments(BagOfWords())


def test_every_metric_of_run_yaml_has_a_label_and_one_measure() -> None:
    yielded = [metric for entry in ENTRIES for metric in entry.metrics]
    assert sorted(yielded) == sorted(METRICS) == sorted(experiment.METRICS)
    assert set(experiment.CASE_METRICS) < set(experiment.DEFAULT_METRICS) < set(experiment.METRICS)


@pytest.mark.parametrize("metric", experiment.METRICS)
def test_a_metric_asked_alone_is_computed_alone(metric: str) -> None:
    [measure] = instruments().measures([metric])
    [score] = measure.score(batch(("a reference answer", "an answer")))
    assert list(score.values) == [metric] == list(measure.metrics)
    assert set(score.rouge) <= {metric}


def test_all_metrics_together_give_what_each_gives_alone() -> None:
    asked = batch(("reset the router", "restart the router https://x.example/a"))
    found: dict[str, float | None] = {}
    for measure in instruments().measures(experiment.METRICS):
        found |= measure.score(asked)[0].values
    for metric in experiment.METRICS:
        [alone] = instruments().measures([metric])
        assert alone.score(asked)[0].values == {metric: found[metric]}


def test_signatures_are_one_for_each_metric_and_follow_the_setting() -> None:
    first = signatures(instruments().measures(experiment.METRICS))
    assert list(first) == sorted(experiment.METRICS, key=list(first).index)
    assert len(set(first.values())) == len(experiment.METRICS)
    other = signatures(instruments().measures(["rouge1"], Setting(tokenizer="default")))
    assert other["rouge1"] != first["rouge1"]


def test_an_embedding_model_is_made_once_and_only_when_asked() -> None:
    made: list[str] = []

    def encoder(name: str) -> BagOfWords:
        made.append(name)
        return BagOfWords()

    shared = Instruments(BagOfWords(), encoder)
    for _ in range(2):
        shared.measures(["embedding_similarity"], Setting(embedding_model="some/model"))
    assert made == ["some/model"]


def test_an_unknown_metric_is_refused() -> None:
    with pytest.raises(KeyError, match="bleu"):
        instruments().measures(["rouge1", "bleu"])


@pytest.mark.parametrize(
    ("metrics", "decides"),
    [
        (["rouge1", "rougeL"], "rougeL"),
        (["citation_accuracy", "rouge1"], "citation_accuracy"),
        (["length_ratio", "hallucinated_links", "chrf"], "chrf"),
        ([], "rougeL"),
    ],
)
def test_more_of_the_metric_that_decides_is_better(metrics: list[str], decides: str) -> None:
    assert headline(metrics) == decides
