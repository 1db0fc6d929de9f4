"""Finding a queue by its name."""

from __future__ import annotations

from shared.aws_retries import Retrying
from shared.clock import Clock
from shared.cloud_errors import SDK_ERRORS, explained, place
from shared.errors import NotProvisioned
from shared.runtime.sqs import Billed, SqsClients, SqsQueue
from shared.settings import Settings


async def find_queue(
    sqs: SqsClients, settings: Settings, clock: Clock, name: str, billed: Billed | None = None
) -> SqsQueue:
    """The queue of this full name. Raises NotProvisioned naming it when there is none, else a CloudError that does."""
    try:
        # asked for when a process starts, which what soon passes must not prevent
        answer = await Retrying(sqs.send, sleep=clock.sleep).call("GetQueueUrl", {"QueueName": name})
    except SDK_ERRORS as error:
        reason = explained(error, settings)
        if isinstance(reason, NotProvisioned):
            remedy = "run `groundtune provision` first, or name where it is by AWS_REGION and GROUNDTUNE_NAME"
            raise NotProvisioned(f"queue {name} does not exist at {place(settings)}; {remedy}") from error
        raise type(reason)(f"queue {name}: {reason}") from error
    return SqsQueue(sqs, answer["QueueUrl"], name, clock, billed)
