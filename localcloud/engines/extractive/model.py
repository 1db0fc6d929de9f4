"""The reader's weights: all that training changes. Small, and stored as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from localcloud.engines.extractive import citing, length, ranker
from localcloud.engines.extractive.citing import CITE_NAMES, LinkStyle
from localcloud.engines.extractive.length import STOP_NAMES
from localcloud.engines.extractive.ranker import Vector
from localcloud.engines.extractive.refusing import Refusal
from localcloud.engines.extractive.style import Style

FORMAT = "extractive-reader-1"


@dataclass(frozen=True)
class ReaderModel:
    """``trained`` models decide length, links and style by themselves; a base model follows the prompt alone."""

    rank: Vector = field(default_factory=ranker.prior)
    stop: Vector = field(default_factory=length.prior)
    cite: Vector = field(default_factory=citing.prior)
    links: LinkStyle | None = None
    style: Style | None = None
    refusal: Refusal | None = None

    @property
    def trained(self) -> bool:
        return self.style is not None

    def as_json(self) -> dict[str, Any]:
        """What ``train`` returns. Raises AssertionError for a base model, which has nothing to store."""
        assert self.style is not None
        return {
            "format": FORMAT,
            "rank": ranker.as_mapping(self.rank),
            "stop": _named(STOP_NAMES, self.stop),
            "cite": _named(CITE_NAMES, self.cite),
            "links": self.links.as_json() if self.links else None,
            "style": {**asdict(self.style), "leave_out": list(self.style.leave_out)},
            "refusal": self.refusal.as_json() if self.refusal else None,
        }


def base_model() -> ReaderModel:
    """The model before any training."""
    return ReaderModel()


def load_model(weights: Mapping[str, Any] | None) -> ReaderModel:
    """The stored model, or the base for None. Raises ValueError for weights of another engine or format."""
    if weights is None:
        return base_model()
    if weights.get("format") != FORMAT:
        raise ValueError(f"weights of format {weights.get('format')!r} are not the reader's; it reads {FORMAT!r}")
    style = dict(weights["style"])
    style["leave_out"] = tuple(style["leave_out"])
    return ReaderModel(
        rank=ranker.as_vector(weights["rank"]),
        stop=np.asarray([weights["stop"][name] for name in STOP_NAMES]),
        cite=np.asarray([weights["cite"][name] for name in CITE_NAMES]),
        links=LinkStyle(**weights["links"]) if weights["links"] else None,
        style=Style(**style),
        refusal=Refusal(**weights["refusal"]) if weights.get("refusal") else None,
    )


def rounded(vector: Vector) -> Vector:
    """Weights as they are stored, so that a model answers alike before and after being stored."""
    return np.asarray(np.round(vector, 6))


def _named(names: tuple[str, ...], vector: Vector) -> dict[str, float]:
    return {name: round(float(value), 6) for name, value in zip(names, vector, strict=True)}
