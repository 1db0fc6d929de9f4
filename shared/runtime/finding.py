"""Finding a queue by its name."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws_retries import Retrying
from shared.clock import Clock
from shared.cloud_errors import explained
from shared.errors import NotProvisioned
from shared.runtime.sqs import Billed, SqsClients, SqsQueue
from shared.settings import Settings


async def find_queue(
    sqs: SqsClients, settings: Settings, clock: Clock, name: str, billed: Billed | None = None
) -> SqsQueue:
    """The queue of this full name. Raises NotProvisioned naming it when there is none, else a CloudError."""
    try:
        # asked for when a process starts, which what soon passes must not prevent
        answer = await Retrying(sqs.send, sleep=clock.sleep).call("GetQueueUrl", {"QueueName": name})
    except (BotoCoreError, ClientError) as error:
        reason = explained(error, settings)
        if isinstance(reason, NotProvisioned):
            raise NotProvisioned(f"queue {name} does not exist; run `groundtune provision` first") from error
        raise reason from error
    return SqsQueue(sqs, answer["QueueUrl"], name, clock, billed)
