"""What the models are, where their ids alone would promise too much."""

from __future__ import annotations

from schemas.experiment import Models

LOCAL = {
    "local.reader": (
        "groundtune's small extractive reader, not a language model: "
        "it picks, orders and cites sentences of the given documents"
    ),
    "local.teacher": (
        "groundtune's small question writer, not a language model: "
        "it makes questions from headings, definitions and tables"
    ),
    "local.judge": "groundtune's small comparer, not a language model: it compares answers with the reference answer",
}


def model_notes(models: Models) -> list[str]:
    """One sentence for each model of the local cloud; ids of other models speak for themselves."""
    ids = dict.fromkeys([models.student, models.teacher, models.judge])
    return [f"{id} is {_described(id)}." for id in ids if id is not None and id.startswith("local.")]


def _described(id: str) -> str:
    stand_in = "a stand-in of groundtune's local cloud, not a language model"
    return next((text for prefix, text in LOCAL.items() if id.startswith(prefix)), stand_in)
