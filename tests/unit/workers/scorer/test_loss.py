"""Training loss as Bedrock writes it."""

from __future__ import annotations

import pytest

from workers.scorer.loss import read_losses, read_validation

HEADER = "step_number,epoch_number,training_loss,perplexity\n"


@pytest.mark.parametrize(
    ("text", "losses"),
    [
        (HEADER + "0,0,1.5,4.48\n1,0,0.75,2.11\n", [1.5, 0.75]),
        ("\ufeff" + HEADER + "0,0,1.123456789,3\n", [1.123457]),
        (HEADER + "0,0,nan,nan\n1,0,,\n2,0,oops,1\n3,1,0.5,1\n", [0.5]),
        (HEADER, []),
        ("something,else\n1,2\n", []),
        ("", []),
    ],
)
def test_losses_are_read_step_by_step(text: str, losses: list[float]) -> None:
    assert read_losses(text.encode()) == losses


def test_validation_losses_are_read_with_the_step_that_they_belong_to() -> None:
    text = "step_number,epoch_number,validation_loss,perplexity\n9,0,1.25,3.5\n19,1,nan,\n,2,0.5,1\n29,2,0.75,2\n"
    assert [(point.step, point.loss) for point in read_validation(text.encode())] == [(10, 1.25), (30, 0.75)]
    assert read_validation(b"") == []
