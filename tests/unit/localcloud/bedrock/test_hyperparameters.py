from __future__ import annotations

import pytest

from localcloud.bedrock.errors import ValidationException
from localcloud.bedrock.hyperparameters import check


def test_the_names_of_claude_nova_and_llama_are_known() -> None:
    check({"epochCount": "2", "batchSize": "32", "learningRateMultiplier": "1.0", "earlyStoppingPatience": "2"})
    check({"epochCount": "5", "learningRate": "1e-5", "learningRateWarmupSteps": "10", "seed": "7"})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("epochs", "2", "epochs is not a hyperparameter of this model; it takes epochCount"),
        ("epochCount", "0", "epochCount is '0'; it must be a whole number from 1 to 50"),
        ("epochCount", "2.5", "whole number"),
        ("learningRate", "fast", "learningRate is 'fast'; it must be a number"),
        ("learningRate", "nan", "learningRate is 'nan'"),
        ("learningRateMultiplier", "2.1", "from 0.1 to 2"),
    ],
)
def test_what_is_unknown_or_out_of_range_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(ValidationException) as caught:
        check({name: value})
    assert said in str(caught.value)
