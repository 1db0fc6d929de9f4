"""Online or batch inference: by size of the job, by price, and by what batch inference takes at all. Pure.

Source: Amazon Bedrock user guide, "Process multiple prompts with batch inference" (no provisioned models) and
CreateModelInvocationJob, whose ``modelId`` names no custom model deployment.
"""

from __future__ import annotations

from typing import Literal

from schemas.experiment import Experiment
from shared.bedrock.models import Facts

Wish = Literal["auto", "always", "never"]
AnswerRoute = Literal["online", "batch"]

MIN_RECORDS = 100
"""What Bedrock asks of a job where models.yaml says nothing else (a quota of each model)."""


def answer_route(experiment: Experiment, questions: int, facts: Facts) -> AnswerRoute:
    """How the evaluation set is answered, by every arm alike: answers of two routes would not compare in time and cost.

    ``facts`` are the student's. One arm that is fine-tuned, a guardrail or a service tier takes all arms online.
    """
    how = experiment.inference
    possible = not any(arm.train for arm in experiment.arms) and how.guardrail is None and how.service_tier == "default"
    return "batch" if possible and by_batch(how.batch, facts, questions) else "online"


def by_batch(wish: Wish, facts: Facts, calls: int) -> bool:
    """Whether so many calls of one model are to be one batch job."""
    if wish == "auto":
        return worthwhile(facts, calls)
    return wish == "always" and calls > 0


def worthwhile(facts: Facts, calls: int) -> bool:
    """Large enough for a job, and known to be cheaper."""
    if calls < least_records(facts):
        return False
    return _cheaper(facts.usd_batch_input, facts.usd_input) and _cheaper(facts.usd_batch_output, facts.usd_output)


def least_records(facts: Facts) -> int:
    """Records that a job of the model must have."""
    return facts.batch_min_records or MIN_RECORDS


def _cheaper(batch: float | None, online: float | None) -> bool:
    return batch is not None and online is not None and batch < online
