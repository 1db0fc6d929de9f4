"""celery with SQS through kombu: ten threads, acknowledged after the task (acks_late), no results."""

import os
import sys
import time

from celery import Celery
from work import FORWARDS, NEXT, QUEUE, SLEEP_S, SLEEPS, kind_of, payload

url = os.environ["AWS_ENDPOINT_URL"]
app = Celery("celery_app", broker=f"sqs://test:test@{url.removeprefix('http://')}")
queues = {name: {"url": f"{url}/000000000000/{name}"} for name in (QUEUE, NEXT)}
app.conf.update(
    task_default_queue=QUEUE, task_acks_late=True, task_ignore_result=True, worker_prefetch_multiplier=1,
    worker_enable_remote_control=False, worker_send_task_events=False, task_create_missing_queues=True,
    broker_transport_options={
        "region": "us-east-1", "is_secure": False, "wait_time_seconds": 20, "predefined_queues": queues,
    },
)  # fmt: skip


@app.task(name="work")
def work(text: str) -> None:
    kind = kind_of(text)
    if kind in SLEEPS:
        time.sleep(SLEEP_S)
    if kind in FORWARDS:
        work.apply_async([text], queue=NEXT)


if __name__ == "__main__":
    for kind in sys.argv[2:]:
        work.apply_async([payload(kind)], queue=QUEUE)
