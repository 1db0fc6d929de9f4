"""The same work for every contestant: a 1 KB text whose first word says what its handler does.

``empty`` nothing, ``sleep`` 100 ms, ``forward`` sends one message of the same size to the next queue, ``both``
sleeps and then sends.
"""

import os

SLEEP_S = 0.1
SLEEPS, FORWARDS = ("sleep", "both"), ("forward", "both")
CONCURRENCY = 10
QUEUE = os.environ["BENCH_QUEUE"]
NEXT = os.environ["BENCH_NEXT"]


def payload(kind: str) -> str:
    return f"{kind} ".ljust(1024, "x")


def kind_of(text: str) -> str:
    return text[: text.index(" ")]
