"""taskiq with taskiq-aio-sqs: receives ten at a time, acknowledges when a task has been executed (the default)."""

import asyncio
import os
import sys

from taskiq import TaskiqEvents
from taskiq_aio_sqs import SQSBroker
from work import FORWARDS, NEXT, QUEUE, SLEEP_S, SLEEPS, kind_of, payload


def to(queue: str) -> SQSBroker:
    return SQSBroker(
        queue, endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test", wait_time_seconds=20, max_number_of_messages=10,
    )  # fmt: skip


broker, onward = to(QUEUE), to(NEXT)


@onward.task(task_name="forwarded")
async def forwarded(text: str) -> None:
    """Consumed by nobody."""


@broker.task(task_name="work")
async def work(text: str) -> None:
    kind = kind_of(text)
    if kind in SLEEPS:
        await asyncio.sleep(SLEEP_S)
    if kind in FORWARDS:
        await forwarded.kiq(text)


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def connect(_: object) -> None:
    await onward.startup()


async def send(kinds: list[str]) -> None:
    await broker.startup()
    for kind in kinds:
        await work.kiq(payload(kind))
    await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(send(sys.argv[2:]))
