"""One POST to the server, and what its trouble means."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from localcloud.engines.failures import Denied, Failure, Throttled, TimedOut, Unavailable
from localcloud.engines.openai.settings import TIMEOUT_S, OpenAISettings

_SHOWN = 300
"""Characters of a server's own words in a message."""


def post(settings: OpenAISettings, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to ``{url}/v1/{path}``. Raises ValueError for what the server refuses, Failure for its trouble."""
    url = f"{settings.url}/v1/{path}"
    headers = {"Content-Type": "application/json"}
    if settings.key:
        headers["Authorization"] = f"Bearer {settings.key}"
    request = Request(url, json.dumps(body).encode(), headers, method="POST")  # noqa: S310 - settings took http only
    try:
        with urlopen(request, timeout=settings.timeout_s) as response:  # noqa: S310
            return _parsed(response.read(), url)
    except HTTPError as error:
        with error:
            raise _refusal(error.code, _words(error), url, str(body["model"]), settings) from None
    except (OSError, HTTPException) as error:
        raise _trouble(error, url, settings) from None


def _parsed(body: bytes, url: str) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise Failure(f"{url} answered no JSON object; is it an OpenAI-compatible server? {body[:_SHOWN]!r}")
    return answer


def _trouble(error: Exception, url: str, settings: OpenAISettings) -> Failure:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return TimedOut(
            f"{url} gave no answer within {settings.timeout_s:g} s; wait until its model is loaded,"
            f" take a smaller one, or set {TIMEOUT_S}"
        )
    return Unavailable(f"{url} cannot be reached ({reason}); start the server or correct --openai {settings.url}")


def _refusal(status: int, words: str, url: str, model: str, settings: OpenAISettings) -> Exception:
    said = f"{url} answered {status} for {model}: {words}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(f"{said}; ask more slowly")
    if status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT):
        return TimedOut(f"{said}; try again, or take a smaller model")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        given = f"the key in {settings.key_env} is not taken" if settings.key_env else "give a key by --openai-key-env"
        return Denied(f"{said}; {given}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"{said}; see the server's log, then try again")
    if status == HTTPStatus.NOT_FOUND:
        return ValueError(f"{said}; {settings.url}/v1/models lists the models that --alias may name")
    return ValueError(said)


def _words(error: HTTPError) -> str:
    """What the server says is wrong: OpenAI's ``{"error": {"message"}}``, its relatives, or the body as it is."""
    try:
        text = error.read().decode(errors="replace")
    except (OSError, HTTPException):
        return str(error.reason)
    try:
        found = json.loads(text)
        found = found.get("error", found)
        text = found if isinstance(found, str) else str(found["message"])
    except (ValueError, LookupError, AttributeError, TypeError):
        pass
    return text.strip()[:_SHOWN] or str(error.reason)
