from __future__ import annotations

import pytest

from schemas.state import ArmRecord
from shared.bedrock.charges import Charge
from shared.bedrock.ledger import Spending
from workers.scorer.report.costs import cost_rows, dollars, total
from workers.scorer.report.labels import labels
from workers.scorer.spending import spending

ARMS = [ArmRecord(run="r", arm="ft-1a2b3c4d", name="ft-500")]
SPENT = [
    Spending("arm/ft-1a2b3c4d", "student", calls=60, input_tokens=1_200, cache_read_tokens=300, usd=0.5),
    Spending("synthetic-gen", "teacher", calls=3, cached=2, input_tokens=9_000, output_tokens=700, usd=0.001),
]

CHARGES = [
    Charge("training", "arm/ft-1a2b3c4d", "student", 40_000, 0.08),
    Charge("hosting", "arm/ft-1a2b3c4d", "student", 1.25, None),
]
WORDS = labels("en")["cost"]


def test_training_and_hosting_have_lines_of_their_own_after_the_arms_calls() -> None:
    told = {"spending": spending(SPENT, CHARGES, ARMS)}
    rows = cost_rows(told, WORDS)
    assert [row.part for row in rows] == [
        "synthetic-gen", "ft-500", "ft-500: training, 40,000 tokens (estimated, times epochs)",
        "ft-500: hosting, 1.25 hours of a unit",
    ]  # fmt: skip
    assert [(row.calls, row.usd) for row in rows[2:]] == [("", "$0.08"), ("", None)]
    assert total(told) is None
    assert total({"spending": spending(SPENT, CHARGES[:1], ARMS)}) == "$0.58"


def test_stages_come_before_arms_which_are_called_by_their_names() -> None:
    rows = spending(SPENT, [], ARMS)
    assert [(row["part"], row["calls"], row["cached"]) for row in rows] == [("synthetic-gen", 3, 2), ("ft-500", 60, 0)]
    assert rows[1]["input_tokens"] == 1_500


def test_money_is_summed_only_if_every_price_is_known() -> None:
    known = {"spending": spending(SPENT, [], ARMS)}
    assert total(known) == "$0.50"
    unknown = {"spending": spending([*SPENT, Spending("dataset-builder", "embedder", calls=1, usd=None)], [], ARMS)}
    assert total(unknown) is None
    assert [row.usd for row in cost_rows(unknown, WORDS)] == [None, "$0.001000", "$0.50"]
    assert total({}) is None and cost_rows({}, WORDS) == []


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "$0.00"), (1234.5, "$1,234.50"), (0.00012, "$0.000120"), (None, None)]
)
def test_dollars_keep_what_is_less_than_a_cent(amount: float | None, text: str | None) -> None:
    assert dollars(amount) == text
