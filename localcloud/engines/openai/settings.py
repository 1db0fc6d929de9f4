"""Where the server is and how it is asked, from environment variables: the engine has a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

URL, KEY_ENV, TIMEOUT_S = "GROUNDTUNE_OPENAI_URL", "GROUNDTUNE_OPENAI_KEY_ENV", "GROUNDTUNE_OPENAI_TIMEOUT_S"
CONCURRENCY = "GROUNDTUNE_OPENAI_CONCURRENCY"
_DEFAULT_CONCURRENCY = 8
_MOST = 256
_DEFAULT_TIMEOUT_S = 280.0
"""Small machines are slow. Below the 300 s that the workers wait, so that they hear why."""


@dataclass(frozen=True)
class OpenAISettings:
    """``url`` has neither the final slash nor ``/v1``; ``key_env`` names the variable that ``key`` came from."""

    url: str
    key: str = field(default="", repr=False)
    key_env: str = ""
    timeout_s: float = _DEFAULT_TIMEOUT_S
    concurrency: int = _DEFAULT_CONCURRENCY
    """Calls at the server at once."""

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> OpenAISettings:
        """Raises ValueError that names the option or the variable."""
        key_env = environ.get(KEY_ENV, "")
        key = environ.get(key_env, "") if key_env else ""
        if key_env and not key:
            raise ValueError(f"--openai-key-env {key_env}: the environment has no {key_env}; export it first")
        timeout_s = _timeout_s(environ.get(TIMEOUT_S) or _DEFAULT_TIMEOUT_S)
        concurrency = _concurrency(environ.get(CONCURRENCY) or str(_DEFAULT_CONCURRENCY))
        return cls(_url(environ.get(URL, "")), key, key_env, timeout_s, concurrency)


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
        _ = parts.port  # raises for one that is no number
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"--openai {text!r} is no URL of a server, such as http://127.0.0.1:11434")
    return text.rstrip("/").removesuffix("/v1")


def _timeout_s(text: str | float) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise ValueError(f"{TIMEOUT_S} is {text!r}; it must be seconds, above 0 and at most 3600")
    return seconds


def _concurrency(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST):
        raise ValueError(f"{CONCURRENCY} is {text!r}; it must be a whole number from 1 to {_MOST}")
    return int(text)
