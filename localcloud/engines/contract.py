"""What an engine is: it answers, it learns, it embeds. It knows nothing of Bedrock's jobs, names or wire format.

``docs/local-bedrock.md``, "An engine of your own", says how one is made and started.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Request:
    """One Converse call, reduced to what a model sees. ``weights`` are what ``train`` returned; None: a base model.

    ``user`` is the last turn; ``earlier`` are role (``user`` or ``assistant``) and text of those before it. An engine
    may end an answer before one of ``stop``; where it does not, the local Bedrock does.
    """

    model: str
    weights: dict[str, Any] | None
    system: str
    user: str
    max_tokens: int
    earlier: Sequence[tuple[str, str]] = ()
    stop: Sequence[str] = ()


@dataclass(frozen=True)
class Reply:
    """The answer. ``stop_reason`` is one of Converse's: ``end_turn``, ``max_tokens``, ``stop_sequence`` or
    ``content_filtered``."""

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
    """A model family. The same call should give the same result. Made without arguments, in a process of its own.

    A class may say ``concurrency``: the number of threads that answer, and as many that embed; one without it. One
    thread trains. Every method may raise ValueError for what the caller did wrong and ``engines.failures.Failure``.
    """

    def converse(self, request: Request) -> Reply:
        """Answers the last user turn. Raises ValueError when the engine has no such model."""
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
        """Weights fitted to ``rows``: small and JSON-serialisable. Raises ValueError("line N: …") for a bad row.

        ``validation`` among them, if there, lists (epoch, loss on the validation rows): the job's validation metrics.
        """
        ...

    def embed(self, texts: list[str], model: str) -> list[list[float]]:
        """One unit vector per text, all of the same length."""
        ...
