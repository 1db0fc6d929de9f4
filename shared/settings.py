"""Settings of a process, read once from the environment that is passed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from urllib.parse import urlsplit

from shared.errors import BadInput

METRICS_PORT, METRICS_HOST = "GROUNDTUNE_METRICS_PORT", "GROUNDTUNE_METRICS_HOST"
MAX_PORT = 65_535
MAX_GRACE_S = 43_200.0
"""Twelve hours: no message can be held longer."""
MAX_WAIT_S = 20
"""Of a long poll on SQS."""
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Settings:
    """Names of everything that groundtune owns in an account, and how a process behaves.

    ``bucket`` None means: ``<name>-<account>-<region>``, resolved when the process connects.
    """

    name: str = "groundtune"
    region: str = "us-east-1"
    endpoint: str | None = None
    bucket: str | None = None
    topology: Path | None = None
    log_level: str = "info"
    grace_s: float = 25.0
    """Seconds from SIGTERM to the end of the process; handlers that run get most of them to finish."""
    wait_s: int = 20
    """Seconds of a long poll. Fewer cost more requests; an idle worker ends this long after SIGTERM at most."""
    warm_up: bool = True
    """Load models at the start, while others still work, instead of when the first message needs one."""
    metrics_port: int | None = None
    """TCP port of the endpoint with metrics and health; 0: any free one; None: no endpoint."""
    metrics_host: str = "127.0.0.1"
    """Address at which it listens. In a container it must be 0.0.0.0 to be reached from outside."""

    @property
    def table(self) -> str:
        return self.name

    def queue(self, worker: str) -> str:
        return f"{self.name}-{worker}"

    def dead_letter_queue(self, worker: str) -> str:
        return f"{self.name}-{worker}-dlq"

    @property
    def bedrock_role(self) -> str:
        return f"{self.name}-bedrock"


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from ``GROUNDTUNE_*`` and AWS's own variables. Raises BadInput naming the variable."""
    topology = environ.get("GROUNDTUNE_TOPOLOGY")
    return Settings(
        name=environ.get("GROUNDTUNE_NAME") or "groundtune",
        region=environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        endpoint=_endpoint(environ),
        bucket=environ.get("GROUNDTUNE_BUCKET") or None,
        topology=Path(topology) if topology else None,
        log_level=_level(environ, "GROUNDTUNE_LOG_LEVEL"),
        grace_s=_seconds(environ, "GROUNDTUNE_GRACE_S", 25.0, 0.0, MAX_GRACE_S),
        wait_s=int(_seconds(environ, "GROUNDTUNE_WAIT_S", MAX_WAIT_S, 1, MAX_WAIT_S)),
        warm_up=_switch(environ, "GROUNDTUNE_WARM_UP", default=True),
        metrics_port=_port(environ, METRICS_PORT),
        metrics_host=environ.get(METRICS_HOST) or "127.0.0.1",
    )


def _endpoint(environ: Mapping[str, str]) -> str | None:
    text = environ.get("AWS_ENDPOINT_URL")
    if not text:
        return None
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if good:
        return text
    raise BadInput(f"AWS_ENDPOINT_URL is {text!r}; it must be a URL such as http://127.0.0.1:4566, or unset for AWS")


def _seconds(environ: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    text = environ.get(name) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = float("nan")
    if isfinite(seconds) and low <= seconds <= high:
        return seconds
    raise BadInput(f"{name} is {text!r}; it must be a number of seconds, {low:g} to {high:g}")


def _switch(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environ.get(name) or ("on" if default else "off")
    if text.lower() in ("on", "off"):
        return text.lower() == "on"
    raise BadInput(f"{name} is {text!r}; it must be on or off")


def _level(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name) or "info"
    if text.lower() in LOG_LEVELS:
        return text.lower()
    raise BadInput(f"{name} is {text!r}; it must be one of {', '.join(LOG_LEVELS)}")


def _port(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name, "")
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) <= MAX_PORT:
        return int(text)
    raise BadInput(f"{name} is {text!r}; it must be a port, 1 to {MAX_PORT}, or 0 for any free one")
