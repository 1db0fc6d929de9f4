"""Models of any server that speaks OpenAI's HTTP interface: Ollama, vLLM, llama.cpp and others, by URL."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.engines.contract import Reply, Request, Step
from localcloud.engines.openai.chat import chat_body, read_reply
from localcloud.engines.openai.embeddings import read_vectors
from localcloud.engines.openai.http import post
from localcloud.engines.openai.settings import OpenAISettings


class OpenAIEngine:
    """Stateless; a call is one POST. Settings come from the environment of its process."""

    def __init__(self) -> None:
        self._settings = OpenAISettings.load(os.environ)

    @property
    def concurrency(self) -> int:
        """Such servers answer several at once, or queue what comes."""
        return self._settings.concurrency

    def converse(self, request: Request) -> Reply:
        """By ``/v1/chat/completions``. Raises ValueError for what the server refuses, Failure when it cannot answer."""
        answer = post(self._settings, "chat/completions", chat_body(request))
        return read_reply(answer, request, self._settings.url)

    def train(
        self,
        *,
        model: str,
        rows: list[dict[str, Any]],
        validation: list[dict[str, Any]],
        hyperparameters: Mapping[str, str],
        progress: Callable[[Step], None],
    ) -> dict[str, Any]:
        """Raises ValueError: the interface has no training that such servers share."""
        raise ValueError(f"{model} at {self._settings.url} cannot be trained; train local.reader-v1 instead")

    def embed(self, texts: list[str], model: str) -> list[list[float]]:
        """By ``/v1/embeddings``. Raises as ``converse`` does."""
        if not texts:
            return []
        answer = post(self._settings, "embeddings", {"model": model, "input": texts})
        return read_vectors(answer, len(texts), model, self._settings.url)
