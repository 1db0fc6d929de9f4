"""An engine for the tests: no model, but it learns, answers and fails on request."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.engines.contract import Reply, Request, Step


class StubEngine:
    """A user text of ``die``, ``bug`` or ``refuse`` makes it do so; training learns the number of rows.

    A text that begins with ``wait`` is answered after STUB_ANSWER_S seconds, a training step takes STUB_STEP_S.
    """

    def converse(self, request: Request) -> Reply:
        if request.user == "die":
            os._exit(9)
        if request.user == "bug":
            raise RuntimeError("a bug in the engine")
        if request.user == "refuse":
            raise ValueError("the engine has no such model")
        if request.user.startswith("wait"):
            time.sleep(float(os.environ.get("STUB_ANSWER_S", "0.01")))
        learned = f" after {request.weights['rows']} rows" if request.weights else ""
        print("noise on stdout")
        text = f"{request.model}{learned}: {request.system}|{request.user}"
        return Reply(text, "end_turn", len(request.user.split()), len(text.split()))

    def train(
        self,
        *,
        model: str,
        rows: list[dict[str, Any]],
        validation: list[dict[str, Any]],
        hyperparameters: Mapping[str, str],
        progress: Callable[[Step], None],
    ) -> dict[str, Any]:
        step, epochs = 0, int(hyperparameters.get("epochCount", "1"))
        for epoch in range(1, epochs + 1):
            for _ in rows:
                step += 1
                time.sleep(float(os.environ.get("STUB_STEP_S", "0")))
                progress(Step(step, epoch, 1.0 / step))
        held_out = [[epoch, 1.0 / epoch] for epoch in range(1, epochs + 1)] if validation else []
        return {"rows": len(rows), "validation": held_out}

    def embed(self, texts: list[str], model: str) -> list[list[float]]:
        return [[1.0, 0.0, float(len(text))] for text in texts]
