"""A bedrock-runtime client for tests: what botocore's own service model refuses, this refuses, in both directions."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.exceptions import ClientError
from botocore.session import get_session
from botocore.validate import ParamValidator, validate_parameters

Reply = dict[str, Any] | Exception


@cache
def _model(service: str) -> Any:
    return get_session().get_service_model(service)


class Body:
    """The stream of an InvokeModel answer."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aenter__(self) -> Body:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def read(self) -> bytes:
        return self._content


class ShapedRuntime:
    """Answers what ``reply`` says to an operation's parameters; ``calls`` are the operations and their parameters."""

    def __init__(self, reply: Callable[[str, dict[str, Any]], Reply]) -> None:
        self._reply = reply
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def converse(self, **parameters: Any) -> Any:
        return self._answered("Converse", parameters)

    async def apply_guardrail(self, **parameters: Any) -> Any:
        return self._answered("ApplyGuardrail", parameters)

    async def invoke_model(self, **parameters: Any) -> Any:
        answer = self._asked("InvokeModel", parameters)
        headers = answer.pop("headers", {})
        return {"body": Body(json.dumps(answer).encode()), "ResponseMetadata": {"HTTPHeaders": headers}}

    def _answered(self, operation: str, parameters: dict[str, Any]) -> Any:
        answer = self._asked(operation, parameters)
        validate_parameters(answer, _model("bedrock-runtime").operation_model(operation).output_shape)
        return answer

    def _asked(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        shape = _model("bedrock-runtime").operation_model(operation).input_shape
        report = ParamValidator().validate(parameters, shape)
        assert not report.has_errors(), report.generate_report()
        self.calls.append((operation, parameters))
        answer = self._reply(operation, parameters)
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)


class Control:
    """A bedrock client that knows what is behind deployments."""

    def __init__(self, behind: dict[str, str] | None = None) -> None:
        self._behind = behind or {}
        self.asked = 0

    async def get_custom_model_deployment(self, *, customModelDeploymentIdentifier: str) -> dict[str, str]:
        self.asked += 1
        if customModelDeploymentIdentifier not in self._behind:
            raise refusal("ResourceNotFoundException")
        return {"modelArn": self._behind[customModelDeploymentIdentifier]}

    async def get_inference_profile(self, *, inferenceProfileIdentifier: str) -> dict[str, Any]:
        self.asked += 1
        return {"models": [{"modelArn": self._behind[inferenceProfileIdentifier]}]}


def refusal(code: str) -> ClientError:
    """An error that Bedrock answers with."""
    return ClientError({"Error": {"Code": code, "Message": "said the test"}}, "Converse")


def said(text: str, tokens: tuple[int, int] = (100, 20), read: int = 0, written: int = 0) -> dict[str, Any]:
    """A Converse answer."""
    used = {"inputTokens": tokens[0], "outputTokens": tokens[1], "totalTokens": sum(tokens)}
    cached = {"cacheReadInputTokens": read, "cacheWriteInputTokens": written} if read or written else {}
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn", "usage": used | cached, "metrics": {"latencyMs": 5},
    }  # fmt: skip
