"""Any model of sentence-transformers as an encoder, by Hugging Face id or folder."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from shared.errors import BadInput
from workers.scorer.embedding import Vector
from workers.scorer.prefixes import prefix_of
from workers.scorer.windows import windows

LONGEST_WINDOW = 8_192
"""Tokens, for a model that names no limit of its own."""

_PIECE = 1 << 20


class Transformer:
    """The model is loaded once, at the first use, and shared by all threads."""

    def __init__(self, name: str, revision: str | None = None) -> None:
        self.name = name
        self._prefix = prefix_of(name)
        self._revision = revision
        self._model: Any = None
        # Also around encode: the tokenizer keeps truncation as state and must not be entered twice.
        self._lock = threading.RLock()

    def source(self) -> str:
        """What sentence-transformers loads."""
        return self.name

    def load(self) -> None:
        """Raises BadInput when the model cannot be had."""
        with self._lock:
            if self._model is None:
                self._model = _load(self.source())
                self._revision = self._revision or _revision(self.source(), self._model)

    def encode(self, text: str) -> Vector:
        with self._lock:
            self.load()
            pieces = windows(text, self._room(), self._count)
            weights = [max(self._count(piece), 1) for piece in pieces]
            return _mean([self._forward(piece) for piece in pieces], weights)

    def is_long(self, text: str) -> bool:
        with self._lock:
            self.load()
            return self._count(text) > self._room()

    def signature(self) -> str:
        """Loads the model: its revision and its window are known only then."""
        with self._lock:
            self.load()
            parts = [f"model={self.name}", f"revision={self._revision}", f"window={self._window()}"]
        prefix = [f"prefix={self._prefix!r}"] if self._prefix else []
        return "|".join([*parts, *prefix, f"sentence-transformers={version('sentence-transformers')}"])

    def _window(self) -> int:
        """Tokens that the model reads, special ones included; the rest of a longer text it would drop silently."""
        return min(int(self._model.max_seq_length or LONGEST_WINDOW), LONGEST_WINDOW)

    def _room(self) -> int:
        """Tokens of text in a window."""
        special = int(self._model.tokenizer.num_special_tokens_to_add(pair=False))
        return self._window() - special - (self._count(self._prefix) if self._prefix else 0)

    def _count(self, text: str) -> int:
        encoded = self._model.tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)
        return len(encoded["input_ids"])

    def _forward(self, text: str) -> Vector:
        import torch

        # One thread: with several, sums are split differently and the last bits depend on the machine's load.
        torch.set_num_threads(1)
        vectors = self._model.encode(
            [self._prefix + text], batch_size=1, convert_to_numpy=True, normalize_embeddings=True,
            show_progress_bar=False,
        )  # fmt: skip
        return np.asarray(vectors[0], dtype=np.float64)


def _load(source: str) -> Any:
    # Read when the library is imported: without the first, it looks for newer files of a local model on the network.
    if Path(source).exists():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(source, device="cpu")
    except (OSError, ValueError) as error:
        raise BadInput(
            f"the embedding model {source!r} cannot be loaded ({str(error).splitlines()[0]}); scoring.embedding_model "
            "takes a folder with a sentence-transformers model, or a Hugging Face id that this machine can reach"
        ) from error
    model.eval()
    return model


def _revision(source: str, model: Any) -> str:
    """The commit of a model from Hugging Face; of a folder the hash of all that is in it."""
    if not Path(source).is_dir():
        return str(getattr(model[0].auto_model.config, "_commit_hash", None) or "unknown")
    digest = hashlib.sha256()
    for path in sorted(path for path in Path(source).rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(source)).encode())
        with open(path, "rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    return f"sha256:{digest.hexdigest()[:16]}"


def _mean(vectors: Sequence[Vector], weights: Sequence[int]) -> Vector:
    """The mean of the windows' vectors, weighted by their tokens, brought back to unit length."""
    mean = np.average(np.stack(vectors), axis=0, weights=weights)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length > 0 else mean, dtype=np.float64)
