"""Prompts that Bedrock will not cache although run.yaml asks for it: it says nothing of that itself."""

from __future__ import annotations

from schemas.experiment import Experiment
from shared.bedrock.models import Facts
from shared.text.tokens import estimate_tokens


def prompt_cache_remarks(experiment: Experiment, facts: Facts) -> list[str]:
    """A sentence for each prompt of an arm that is too short for the student, where ``cache_prompt: true`` is written.

    ``facts`` are the student's.
    """
    if not (experiment.inference.cache_prompt and "cache_prompt" in experiment.inference.model_fields_set):
        return []
    least, student = facts.prompt_cache_min_tokens, experiment.models.student
    if least is None:
        return [f"inference.cache_prompt: models.yaml has no prompt_cache_min_tokens of {student}; nothing is cached."]
    used = dict.fromkeys(arm.prompt for arm in experiment.arms)
    sizes = {name: estimate_tokens(experiment.prompts[name]) for name in used}
    return [
        f"inference.cache_prompt: prompt {name!r} has about {size:,} tokens, and {student} caches from {least:,} on; "
        "it is not cached."
        for name, size in sizes.items()
        if size < least
    ]
