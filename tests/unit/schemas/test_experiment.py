from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.experiment import Experiment
from tests.unit.workers.world import experiment


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arms": [{"name": "a", "prompt": "plain"}] * 2}, "two arms are named 'a'"),
        ({"arms": [{"name": "a", "prompt": "missing"}]}, "uses prompt 'missing', but `prompts` has only good, plain"),
        ({"arms": [{"name": "a", "prompt": "plain", "train": {}}]}, "train asks for no examples"),
        ({"metrics": ["rouge9"]}, "unknown metric 'rouge9'"),
        ({"retrieval": {"mode": "hybrid"}}, "retrieval.mode is hybrid, which needs `models.embeddings`"),
        ({"arms": []}, "at least 1 item"),
        ({"name": "Not A Slug"}, "should match pattern"),
    ],
)
def test_what_contradicts_itself_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        experiment(**changes)


def test_split_may_be_a_word() -> None:
    assert experiment(split="question").split.by == "question"


def test_hyperparameters_become_strings_as_bedrock_wants_them() -> None:
    assert experiment(hyperparameters={"epochCount": 2}).hyperparameters == {"epochCount": "2"}


def test_an_arm_is_found_by_its_slug() -> None:
    arm = experiment().arms[2]
    assert re.fullmatch(r"ft-[0-9a-f]{8}", arm.slug)
    assert experiment().arm(arm.slug) == arm
    with pytest.raises(KeyError):
        experiment().arm("nobody")


def test_what_is_stored_is_read_back() -> None:
    assert Experiment.model_validate(experiment().model_dump(mode="json")) == experiment()
