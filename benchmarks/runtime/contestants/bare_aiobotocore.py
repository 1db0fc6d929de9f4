"""A bare aiobotocore loop: eight polls at a time, each receives ten, handles them at once, deletes with one call."""

import asyncio
import signal
import sys

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from work import FORWARDS, NEXT, QUEUE, SLEEP_S, SLEEPS, kind_of, payload

POLLS = 8


async def handle(client, onward, bodies):
    kinds = [kind_of(body) for body in bodies]
    if any(kind in SLEEPS for kind in kinds):
        await asyncio.sleep(SLEEP_S)
    forwarded = [body for body, kind in zip(bodies, kinds, strict=True) if kind in FORWARDS]
    if forwarded:
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(forwarded)]
        await client.send_message_batch(QueueUrl=onward, Entries=entries)


async def poll(client, url, onward, stop):
    while not stop.is_set():
        answer = await client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        messages = answer.get("Messages", [])
        if messages:
            await handle(client, onward, [message["Body"] for message in messages])
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
            await client.delete_message_batch(QueueUrl=url, Entries=entries)


async def main():
    stop = asyncio.Event()
    config = AioConfig(max_pool_connections=2 * POLLS, read_timeout=40)
    async with get_session().create_client("sqs", config=config) as client:
        url, onward = [(await client.get_queue_url(QueueName=name))["QueueUrl"] for name in (QUEUE, NEXT)]
        if sys.argv[1] == "send":
            for kind in sys.argv[2:]:
                await client.send_message(QueueUrl=url, MessageBody=payload(kind))
            return
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await asyncio.gather(*(poll(client, url, onward, stop) for _ in range(POLLS)))


asyncio.run(main())
