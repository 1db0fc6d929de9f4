from __future__ import annotations

import pytest

from localcloud.bedrock.metrics import training_csv, training_key, validation_csv, validation_key
from localcloud.engines.contract import Step

ARN = "arn:aws:bedrock:us-east-1:000000000000:model-customization-job/local.reader-v1/abcdefghijkl"


def test_the_loss_curve_has_bedrocks_columns() -> None:
    assert training_csv([Step(1, 1, 0.0), Step(2, 1, 1.0)]).decode().splitlines() == [
        "step_number,epoch_number,training_loss,perplexity",
        "0,1,0.0,1.0",
        "1,1,1.0,2.718281828459045",
    ]


@pytest.mark.parametrize("prefix", ["runs/r", "runs/r/"])
def test_it_lies_in_the_jobs_folder(prefix: str) -> None:
    folder = "model-customization-job-abcdefghijkl/training_artifacts/step_wise_training_metrics.csv"
    assert training_key(prefix, ARN) == f"runs/r/{folder}"
    assert training_key("", ARN) == folder


def test_validation_losses_stand_at_the_last_step_of_their_epoch() -> None:
    steps = [Step(1, 1, 0.9), Step(2, 1, 0.8), Step(3, 2, 0.7)]
    assert validation_csv(steps, [(1, 0.0), (2, 1.0)]).decode().splitlines() == [
        "step_number,epoch_number,validation_loss,perplexity",
        "1,1,0.0,1.0",
        "2,2,1.0,2.718281828459045",
    ]
    assert validation_key("runs/r/", ARN).endswith(
        "/validation_artifacts/post_fine_tuning_validation/validation_metrics.csv"
    )
