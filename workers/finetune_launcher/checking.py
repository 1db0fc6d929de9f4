"""Whether an arm's dataset is fit for its base model, asked before a job is started and paid for."""

from __future__ import annotations

import io
from collections import deque
from dataclasses import dataclass
from itertools import islice

from shared.bedrock.families import Family, require_family
from shared.datasets.problem import Problem
from shared.datasets.validation import Validation
from shared.errors import BadInput, ObjectTooBig
from shared.runtime.offload import in_thread
from shared.services import Services
from shared.store import keys

NAMED = 3
"""Problems that a failure names in full; the command it names shows all."""


@dataclass(frozen=True)
class Fitness:
    """``refusal`` says why a job on the dataset would fail; ``tokens`` are estimated, 0 of a dataset not read."""

    refusal: str | None
    tokens: int = 0


async def fitness_of(services: Services, run: str, arm: str, model: str) -> Fitness:
    """Whether ``model`` can be trained on the arm's dataset.

    Says the same however often it is asked. Raises KeyError when there is no dataset.
    """
    objects, key = services.artifacts.objects, keys.dataset(run, arm)
    try:
        family = require_family(model)
        body = await objects.get(key, limit=family.max_bytes)
    except BadInput as error:
        return Fitness(f"models.student: {error}")
    except ObjectTooBig as error:
        return Fitness(f"the dataset is too big for {model}: {error}; ask for fewer examples")
    found, named = await _validated(body, family)
    refusal = _message(found.errors, named, f"s3://{objects.bucket}/{key}", model) if found.errors else None
    return Fitness(refusal, found.tokens)


@in_thread
def _validated(body: bytes, family: Family) -> tuple[Validation, list[Problem]]:
    """The whole dataset's check, and the first errors: a hopeless file has more than anybody wants to keep."""
    found = Validation(io.BytesIO(body), family)
    errors = (problem for problem in found if problem.level == "error")
    named = list(islice(errors, NAMED))
    deque(errors, maxlen=0)
    return found, named


def _message(errors: int, named: list[Problem], uri: str, model: str) -> str:
    count = f"{errors:,} error{'s' * (errors != 1)} for which the job would fail"
    rest = f"; and {errors - len(named):,} more" if errors > len(named) else ""
    seen = f"copy {uri} and run `groundtune validate-dataset train.jsonl --base-model {model}` to see all"
    return f"the dataset has {count}: {'; '.join(map(str, named))}{rest}; {seen}"
