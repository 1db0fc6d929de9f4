"""What serves SQS, S3, DynamoDB, IAM, STS and EventBridge behind the local Bedrock."""

from __future__ import annotations

from typing import Protocol

from localcloud.asgi import App


class Base(Protocol):
    """An imitation of AWS as an ASGI application. One per process: both kinds keep their state in module globals."""

    account: str
    """The account id in its ARNs, 12 digits."""

    @property
    def app(self) -> App: ...

    async def start(self) -> None:
        """Loads kept state; called before the first request."""
        ...

    async def keep(self) -> None:
        """Writes state where the base can keep it, so that a SIGKILL loses only what comes later."""
        ...

    async def stop(self) -> None:
        """Writes state where the base can keep it; called after the last request."""
        ...
