"""A corpus's pipeline.yaml, read where it lies."""

from __future__ import annotations

import yaml
from pydantic import ValidationError

from schemas.pipeline import Pipeline
from shared.errors import BadInput
from shared.store import keys
from shared.store.artifacts import Artifacts


async def load_pipeline(artifacts: Artifacts, corpus: str) -> Pipeline | None:
    """The corpus's pipeline.yaml; None when it has none. Raises BadInput when it is wrong."""
    key = keys.corpus_config(corpus, "pipeline.yaml")
    try:
        return Pipeline.model_validate(yaml.safe_load(await artifacts.read_bytes(key)) or {})
    except KeyError:
        return None
    except (yaml.YAMLError, ValidationError) as error:
        raise BadInput(f"{key} is wrong: {error}. Correct it") from error
