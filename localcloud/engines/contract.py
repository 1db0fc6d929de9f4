"""What an engine is: it answers, it learns, it embeds. It knows nothing of Bedrock's jobs, names or wire format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Request:
    """One Converse call, reduced to what a model sees. ``weights`` are what ``train`` returned; None: a base model."""

    model: str
    weights: dict[str, Any] | None
    system: str
    user: str
    max_tokens: int


@dataclass(frozen=True)
class Reply:
    """The answer. ``stop_reason`` is ``end_turn`` or ``max_tokens``, as Converse names them."""

    text: str
    stop_reason: str
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class Step:
    """One gradient step of a training: counted from 1, with the mean loss of its batch."""

    step: int
    epoch: int
    loss: float


class Engine(Protocol):
    """A model family. Everything is deterministic: the same call gives the same result."""

    def converse(self, request: Request) -> Reply:
        """Answers one user turn. Raises ValueError when the engine has no such model."""
        ...

    def train(
        self,
        *,
        model: str,
        rows: list[dict[str, Any]],
        validation: list[dict[str, Any]],
        hyperparameters: Mapping[str, str],
        progress: Callable[[Step], None],
    ) -> dict[str, Any]:
        """Weights fitted to ``rows``: small and JSON-serialisable. Raises ValueError("line N: …") for a bad row."""
        ...

    def embed(self, texts: list[str]) -> list[list[float]]:
        """One unit vector per text, all of the same length."""
        ...
