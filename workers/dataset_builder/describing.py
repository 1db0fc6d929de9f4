"""The manifest of a dataset: what it holds, where it comes from, what was left out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from schemas.artifacts import DatasetManifest, SnapshotDocument, TrainingExample
from schemas.base import content_hash
from schemas.experiment import Arm, Experiment
from shared.bedrock.families import Family, family_of
from shared.bedrock.ledger import Spending
from shared.errors import BadInput
from shared.text.language import detect_language
from workers.dataset_builder.examples import oracle_places
from workers.dataset_builder.planning import Plan


@dataclass(frozen=True)
class Made:
    """A dataset as it was written. ``hashes``: of its file in each format; ``rewritten``: reserved words, counted."""

    examples: Sequence[TrainingExample]
    hashes: Mapping[str, str]
    rewritten: Mapping[str, int]
    removed: Mapping[str, int]


def make_manifest(
    experiment: Experiment, plan: Plan, arm: Arm, family: Family, made: Made, training: Iterable[SnapshotDocument],
    run: str,
) -> DatasetManifest:  # fmt: skip
    """The manifest of one arm that trains."""
    assert arm.train is not None
    counts = Counter(example.kind for example in made.examples)
    return DatasetManifest(
        arm=arm.name,
        format=family.format,
        base_model=experiment.models.student,
        original=counts["original"],
        synthetic=counts["synthetic"],
        repeat=arm.train.repeat,
        sha256=made.hashes[family.format],
        exports={name: sha256 for name, sha256 in made.hashes.items() if name != family.format},
        rewritten=dict(sorted(made.rewritten.items())),
        removed=dict(made.removed),
        types=_counted(example.type for example in made.examples if example.type),
        languages=_counted(detect_language(example.question) for example in made.examples),
        oracle_places=oracle_places(made.examples),
        lineage=_lineage(experiment, plan, arm, run),
        licences=_counted(document.licence or "not stated" for document in training),
        examples=[example.id for example in made.examples],
    )


def trainable(model: str) -> Family:
    """The family of a student. Raises BadInput when groundtune cannot fine-tune it."""
    family = family_of(model)
    if family is None:
        raise BadInput(
            f"models.student {model!r} is of no family that groundtune can fine-tune; "
            "use a Nova, Llama 3 or Claude 3 Haiku model, or leave `train` out of the arms"
        )
    return family


def spending_of(spent: Sequence[Spending]) -> dict[str, Any]:
    """What was spent until now, by stage and model, as a card shows it."""
    found: dict[str, Any] = {}
    for entry in spent:
        found.setdefault(entry.part, {})[entry.model] = {
            "calls": entry.calls,
            "from_cache": entry.cached,
            "input_tokens": entry.all_input_tokens,
            "output_tokens": entry.output_tokens,
            "usd": "unknown" if entry.usd is None else round(entry.usd, 6),
        }
    return found


def _lineage(experiment: Experiment, plan: Plan, arm: Arm, run: str) -> dict[str, str]:
    recipe = plan.recipe
    written = {"recipe": recipe.fingerprint(), "teacher": recipe.teacher} if recipe else {}
    return {
        "groundtune": version("groundtune"),
        "run": run,
        "prompt_sha256": content_hash(experiment.prompts[arm.prompt]),
        "ground_truth_sha256": content_hash([pair.model_dump() for pair in plan.train]),
        "split": f"{plan.split.by}, seed {plan.split.seed}",
        **written,
    }


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
