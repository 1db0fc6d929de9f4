"""Settings of a process, read once from the environment that is passed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.errors import BadInput

METRICS_PORT, METRICS_HOST = "GROUNDTUNE_METRICS_PORT", "GROUNDTUNE_METRICS_HOST"
MAX_PORT = 65_535


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
        name=environ.get("GROUNDTUNE_NAME", "groundtune"),
        region=environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        endpoint=environ.get("AWS_ENDPOINT_URL"),
        bucket=environ.get("GROUNDTUNE_BUCKET"),
        topology=Path(topology) if topology else None,
        log_level=environ.get("GROUNDTUNE_LOG_LEVEL", "info"),
        grace_s=_number(environ, "GROUNDTUNE_GRACE_S", 25.0),
        wait_s=int(_number(environ, "GROUNDTUNE_WAIT_S", 20.0)),
        metrics_port=_port(environ, METRICS_PORT),
        metrics_host=environ.get(METRICS_HOST) or "127.0.0.1",
    )


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name, str(default))
    try:
        return float(text)
    except ValueError:
        raise BadInput(f"{name} is {text!r}; it must be a number of seconds") from None


def _port(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name, "")
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) <= MAX_PORT:
        return int(text)
    raise BadInput(f"{name} is {text!r}; it must be a port, 1 to {MAX_PORT}, or 0 for any free one")
