from __future__ import annotations

import pytest

from shared.bedrock.estimate import Calls, Hosting, Line, Training, Work, estimate
from shared.bedrock.models import Facts

PRICES = {
    "known": Facts(usd_input=1, usd_output=10, usd_training=8, usd_hosting_hour=2, usd_batch_input=0.5),
    "free": Facts(usd_input=0, usd_output=0, usd_training=0),
    "unknown": Facts(usd_input=1),
}


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (
            Calls("answers", "known", 1_000, 500, 20),
            Line("answers", "known", "1,000 calls × (500 in + 20 out)", 0.7),
        ),
        (Training("tuning", "known", 500_000, 3), Line("tuning", "known", "500,000 tokens × 3 epochs", 12.0)),
        (Hosting("host", "known", 1.5), Line("host", "known", "1.5 hours", 3.0)),
        (Calls("answers", "free", 10, 5, 5), Line("answers", "free", "10 calls × (5 in + 5 out)", 0.0)),
        (
            Calls("answers", "unknown", 10, 5, 5),
            Line("answers", "unknown", "10 calls × (5 in + 5 out)", None, ("usd_output",)),
        ),
        (
            Calls("batch", "known", 10, 5, 5, route="batch"),
            Line("batch", "known", "10 calls × (5 in + 5 out), batch", None, ("usd_batch_output",)),
        ),
        (Hosting("host", "unknown", 1), Line("host", "unknown", "1 hours", None, ("usd_hosting_hour",))),
        (Hosting("host", "unknown", 0), Line("host", "unknown", "0 hours", 0.0)),
    ],
)
def test_each_kind_of_work_has_its_price(item: Work, line: Line) -> None:
    assert estimate([item], PRICES.__getitem__).lines == (line,)


def test_the_sum_is_of_what_is_known_and_the_rest_is_named_once_a_model() -> None:
    found = estimate(
        [Calls("a", "known", 1_000, 500, 20), Calls("b", "unknown", 1, 1, 1), Training("c", "unknown", 9, 1),
         Calls("d", "unknown", 1, 1, 1)],
        PRICES.__getitem__,
    )  # fmt: skip
    assert found.usd == 0.7
    assert found.unknown == ["unknown: usd_output, usd_training"]
