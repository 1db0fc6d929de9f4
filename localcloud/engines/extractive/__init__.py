"""The default engine: small, extractive, no download. A reader that can be trained, a teacher, a judge, embeddings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.engines.contract import Reply, Request, Step, Tool
from localcloud.engines.embedding import embed
from localcloud.engines.extractive.judging import call, judge
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
        used = estimate_tokens(f"{request.system}\n{request.user}")
        if request.tool is not None and request.model == JUDGE:
            return _called(request, request.tool, used)
        text, stop_reason = _cut(self._text(request), request.max_tokens)
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


def _called(request: Request, tool: Tool, used: int) -> Reply:
    """The judge's verdict as the tool's input. The reader and the teacher only speak."""
    filled = call(request.user, tool.schema)
    used += estimate_tokens(json.dumps(tool.schema, ensure_ascii=False))
    made = estimate_tokens(json.dumps(filled, ensure_ascii=False))
    if made > request.max_tokens:
        return Reply("", "max_tokens", used, request.max_tokens)
    return Reply("", "tool_use", used, made, tool_input=filled)


def _cut(text: str, max_tokens: int) -> tuple[str, str]:
    """The longest beginning that fits, by bisection: the estimate grows with the text."""
    if estimate_tokens(text) <= max_tokens:
        return text, "end_turn"
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if estimate_tokens(text[:middle]) <= max_tokens else (low, middle - 1)
    return text[:low], "max_tokens"
