"""Finding a queue by its name."""

from __future__ import annotations

import random

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws import translate
from shared.clock import Clock
from shared.cloud_errors import explained
from shared.errors import NotProvisioned, Retryable
from shared.runtime.backoff import Backoff
from shared.runtime.sqs import Billed, JsonClient, SqsClients, SqsQueue
from shared.settings import Settings

TRIES = 4


async def find_queue(
    sqs: SqsClients, settings: Settings, clock: Clock, name: str, billed: Billed | None = None
) -> SqsQueue:
    """The queue of this full name. Raises NotProvisioned naming it when there is none, else a CloudError."""
    try:
        url = await _url(sqs.send, clock, name)
    except (BotoCoreError, ClientError) as error:
        reason = explained(error, settings)
        if isinstance(reason, NotProvisioned):
            raise NotProvisioned(f"queue {name} does not exist; run `groundtune provision` first") from error
        raise reason from error
    return SqsQueue(sqs, url, name, clock, billed)


async def _url(client: JsonClient, clock: Clock, name: str) -> str:
    """Asked for when a process starts, which what soon passes must not prevent."""
    backoff = Backoff(random.random)
    for attempt in range(1, TRIES):
        try:
            return await _asked(client, name)
        except (BotoCoreError, ClientError) as error:
            if not isinstance(translate(error, name), Retryable):
                raise
        await clock.sleep(backoff.delay_s(attempt))
    return await _asked(client, name)


async def _asked(client: JsonClient, name: str) -> str:
    return str((await client.call("GetQueueUrl", {"QueueName": name}))["QueueUrl"])
