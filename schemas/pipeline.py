"""pipeline.yaml in a corpus's config: how its documents are cut, and when a run starts by itself."""

from __future__ import annotations

from pydantic import Field

from schemas.base import StrictModel
from schemas.recipe import Chunking


class StartWhen(StrictModel):
    """Either condition starts a run over the whole corpus."""

    new_documents: int | None = Field(default=None, ge=1, description="so many documents arrived since the last run")
    quiet_minutes: float | None = Field(default=None, gt=0, description="no document arrived for so long")


class Pipeline(StrictModel):
    """``corpora/<corpus>/config/pipeline.yaml``. ``run`` names the run.yaml beside it, prompts inlined."""

    chunking: Chunking = Chunking()
    start: StartWhen | None = None
    run: str = "run.yaml"
    ground_truth: str = "ground_truth.jsonl"
