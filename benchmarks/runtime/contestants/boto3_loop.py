"""A plain boto3 loop in one thread: receive ten, handle one after another, delete with one call."""

import signal
import sys
import time

import boto3
from work import FORWARDS, NEXT, QUEUE, SLEEP_S, SLEEPS, kind_of, payload

client = boto3.client("sqs")
url, onward = (client.get_queue_url(QueueName=name)["QueueUrl"] for name in (QUEUE, NEXT))
going = True


def stop(*_: object) -> None:
    global going
    going = False


def handle(bodies: list[str]) -> None:
    kinds = [kind_of(body) for body in bodies]
    time.sleep(SLEEP_S * sum(kind in SLEEPS for kind in kinds))
    forwarded = [body for body, kind in zip(bodies, kinds, strict=True) if kind in FORWARDS]
    if forwarded:
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(forwarded)]
        client.send_message_batch(QueueUrl=onward, Entries=entries)


def run() -> None:
    signal.signal(signal.SIGTERM, stop)
    while going:
        messages = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20).get("Messages", [])
        if messages:
            handle([message["Body"] for message in messages])
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
            client.delete_message_batch(QueueUrl=url, Entries=entries)


if sys.argv[1] == "send":
    for kind in sys.argv[2:]:
        client.send_message(QueueUrl=url, MessageBody=payload(kind))
else:
    run()
