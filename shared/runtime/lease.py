"""The hold on one message, and the handler that may run as long as it lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from shared.errors import LeaseLost
from shared.runtime.message import Message
from shared.runtime.queue import MAX_VISIBILITY_S

T = TypeVar("T")


class Interrupted(Exception):
    """Raised inside a delivery whose handler was stopped because the process is ending."""


class Lease:
    """``message`` is the latest receive's; a later one of the same message brings a new receipt.

    ``deadline`` is when the hold ends unless renewed, ``renew_at`` when to renew it, ``limit`` the end of the twelve
    hours that SQS counts from the receive on (Unix seconds, all counted from before the call).
    """

    def __init__(self, message: Message, visibility_s: int, renew_at: float) -> None:
        self.message = message
        self.claim: tuple[str, str] | None = None
        """Event id and owner token of the record that is renewed along."""
        self.events: list[str] = []
        """Ids of the events that were completed with it."""
        self.kind = ""
        """Type of the event that is handled, or was last."""
        self.lost = False
        self.renewing = False
        self.renewed: asyncio.Event | None = None
        """Set when the renewal under way has ended, for whoever waits."""
        self._interrupted = False
        self._handling: asyncio.Task[Any] | None = None
        self.hold(message, visibility_s, renew_at)

    def hold(self, message: Message, visibility_s: int, renew_at: float) -> None:
        """The message was received, perhaps anew."""
        self.message = message
        self.deadline = message.deadline
        self.renew_at = renew_at
        self.limit = message.deadline - visibility_s + MAX_VISIBILITY_S

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's result. Raises LeaseLost or Interrupted as soon as one of them happens."""
        if self.lost or self._interrupted:
            work.close()
            raise self._reason()
        task = self._handling = asyncio.current_task()
        try:
            result = await work
        except asyncio.CancelledError:
            if not (self.lost or self._interrupted):
                raise
            assert task is not None
            task.uncancel()
            raise self._reason() from None
        finally:
            self._handling = None
        self.check()
        return result

    def check(self) -> None:
        """Raises LeaseLost when the message is somebody else's."""
        if self.lost:
            raise self._reason()

    def stop_handler(self) -> None:
        """Cancels the handler, if it runs, once the lease is lost; on the loop that it runs on."""
        if self._handling is not None:
            self._handling.cancel()

    def interrupt(self) -> None:
        """Stops the handler, if it runs; what it has finished stays finished."""
        self._interrupted = True
        self.stop_handler()

    def _reason(self) -> Exception:
        return LeaseLost(f"message {self.message.id} passed to another worker") if self.lost else Interrupted()
