"""The default engine: small, extractive, no download. A reader that can be trained, a teacher, a judge, embeddings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from localcloud.engines.contract import Reply, Request, Step
from localcloud.engines.embedding import embed
from localcloud.engines.extractive.judging import judge
from localcloud.engines.extractive.model import load_model
from localcloud.engines.extractive.reader import answer
from localcloud.engines.extractive.teacher import teach
from localcloud.engines.extractive.training import train
from shared.text.tokens import estimate_tokens

READER, TEACHER, JUDGE = "local.reader-v1", "local.teacher-v1", "local.judge-v1"
EMBEDDER = "local.embed-v1"


class ExtractiveEngine:
    """Stateless: weights come with each request. Safe to call from several threads."""

    def converse(self, request: Request) -> Reply:
        """Answers one user turn. Raises ValueError for a model that the engine has not."""
        text, stop_reason = _cut(self._text(request), request.max_tokens)
        used = estimate_tokens(f"{request.system}\n{request.user}")
        return Reply(text, stop_reason, used, estimate_tokens(text))

    def train(
        self,
        *,
        model: str,
        rows: list[dict[str, Any]],
        validation: list[dict[str, Any]],
        hyperparameters: Mapping[str, str],
        progress: Callable[[Step], None],
    ) -> dict[str, Any]:
        """Weights of a reader fitted to rows in Bedrock's formats. Raises ValueError("line N: …") for a bad row."""
        if model != READER:
            raise ValueError(f"model {model!r} cannot be trained; {READER!r} can")
        return train(rows, validation, hyperparameters, progress)

    def embed(self, texts: list[str], model: str = EMBEDDER) -> list[list[float]]:
        """One unit vector of 384 numbers per text."""
        return embed(texts)

    def _text(self, request: Request) -> str:
        if request.model == READER:
            return answer(request.system, request.user, load_model(request.weights))
        if request.model == TEACHER:
            return teach(request.system, request.user)
        if request.model == JUDGE:
            return judge(request.user)
        raise ValueError(f"model {request.model!r} is unknown; the engine has {READER}, {TEACHER} and {JUDGE}")


def _cut(text: str, max_tokens: int) -> tuple[str, str]:
    """The longest beginning that fits, by bisection: the estimate grows with the text."""
    if estimate_tokens(text) <= max_tokens:
        return text, "end_turn"
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if estimate_tokens(text[:middle]) <= max_tokens else (low, middle - 1)
    return text[:low], "max_tokens"
