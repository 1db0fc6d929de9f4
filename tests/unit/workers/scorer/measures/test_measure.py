"""What a batch's scores are called: by all that they follow from, and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workers.scorer.documents import Documents
from workers.scorer.measures.citing import Citations
from workers.scorer.measures.form import Form
from workers.scorer.measures.measure import Batch, Item, Measure, artifact_name
from workers.scorer.text_form import RAW

ITEM = Item("q1", "an answer", "a reference", ("https://x.example/a",), ("https://x.example/a", "https://x.example/b"))
BATCH = Batch([ITEM], Documents(frozenset({"https://x.example/a"}), {"https://old.example/a": "https://x.example/a"}))


def named(*items: Item, documents: Documents = BATCH.documents, measure: Measure | None = None) -> str:
    return artifact_name(measure or Citations(), Batch(items, documents))


def test_the_same_batch_has_the_same_name() -> None:
    assert named(replace(ITEM)) == artifact_name(Citations(), BATCH)
    assert named(ITEM).startswith("citations-")


@pytest.mark.parametrize(
    "other",
    [
        named(replace(ITEM, id="q2")),
        named(replace(ITEM, answer="another")),
        named(replace(ITEM, reference="another")),
        named(replace(ITEM, links=())),
        named(replace(ITEM, retrieved=("https://x.example/b", "https://x.example/a"))),  # [1] is another document
        named(replace(ITEM, retrieved=None)),
        named(ITEM, ITEM),
        named(ITEM, documents=Documents()),
        named(ITEM, documents=Documents(BATCH.documents.urls)),
        named(ITEM, measure=Citations(["citation_f1"])),
        named(ITEM, measure=Form()),
        named(ITEM, measure=Form(form=RAW)),
    ],
)
def test_whatever_a_score_follows_from_makes_another_name(other: str) -> None:
    assert other != named(ITEM)
