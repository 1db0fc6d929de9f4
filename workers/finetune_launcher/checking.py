"""Whether an arm's dataset is fit for its base model, asked before a job is started and paid for."""

from __future__ import annotations

import io
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


async def refusal_of(services: Services, run: str, arm: str, model: str) -> str | None:
    """Why a job of ``model`` on the arm's dataset would fail; None when nothing speaks against it.

    Says the same however often it is asked. Raises KeyError when there is no dataset.
    """
    objects, key = services.artifacts.objects, keys.dataset(run, arm)
    try:
        family = require_family(model)
        body = await objects.get(key, limit=family.max_bytes)
    except BadInput as error:
        return f"models.student: {error}"
    except ObjectTooBig as error:
        return f"the dataset is too big for {model}: {error}; ask for fewer examples"
    errors, named = await _errors(body, family)
    return _message(errors, named, f"s3://{objects.bucket}/{key}", model) if errors else None


@in_thread
def _errors(body: bytes, family: Family) -> tuple[int, list[Problem]]:
    """How many errors there are, and the first ones."""
    found = Validation(io.BytesIO(body), family)
    errors = (problem for problem in found if problem.level == "error")
    named = list(islice(errors, NAMED))
    return len(named) + sum(1 for _ in errors), named


def _message(errors: int, named: list[Problem], uri: str, model: str) -> str:
    count = f"{errors:,} error{'s' * (errors != 1)} for which the job would fail"
    rest = f"; and {errors - len(named):,} more" if errors > len(named) else ""
    seen = f"copy {uri} and run `groundtune validate-dataset train.jsonl --base-model {model}` to see all"
    return f"the dataset has {count}: {'; '.join(map(str, named))}{rest}; {seen}"
