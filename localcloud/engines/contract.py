"""What an engine is: it answers, it learns, it embeds. It knows nothing of Bedrock's jobs, names or wire format.

``docs/local-bedrock.md``, "An engine of your own", says how one is made and started.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Tool:
    """A function that the model has to call instead of speaking; ``schema`` is the JSON Schema of its input."""

    name: str
    description: str
    schema: dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One Converse call, reduced to what a model sees. ``weights`` are what ``train`` returned; None: a base model.

    ``user`` is the last turn; ``earlier`` are role (``user`` or ``assistant``) and text of those before it. An engine
    may end an answer before one of ``stop``; where it does not, the local Bedrock does. With ``tool`` a model that
    can call tools says ``Reply.tool_input``; of any other the local Bedrock says that it cannot.
    """

    model: str
    weights: dict[str, Any] | None
    system: str
    user: str
    max_tokens: int
    earlier: Sequence[tuple[str, str]] = ()
    stop: Sequence[str] = ()
    tool: Tool | None = None


@dataclass(frozen=True)
class Reply:
    """The answer. ``stop_reason`` is one of Converse's: ``end_turn``, ``tool_use``, ``max_tokens``, ``stop_sequence``
    or ``content_filtered``. ``tool_input`` is what the request's tool is called with, and fits its schema."""

    text: str
    stop_reason: str
    input_tokens: int
    output_tokens: int
    tool_input: dict[str, Any] | None = None


@dataclass(frozen=True)
class Step:
    """One gradient step of a training: counted from 1, with the mean loss of its batch."""

    step: int
    epoch: int
    loss: float


class Engine(Protocol):
    """A model family. The same call should give the same result. Made without arguments, in a process of its own.

    An engine may say ``concurrency``: the number of threads that answer, and as many that embed; one without it. So
    many records of batch inference jobs are given to it at once. One thread trains. Every method may raise ValueError
    for what the caller did wrong and ``engines.failures.Failure``.
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

        Under ``validation`` they may list what was measured on the rows of that name, as (epoch, loss).
        """
        ...

    def embed(self, texts: list[str], model: str) -> list[list[float]]:
        """One unit vector per text, all of the same length."""
        ...
