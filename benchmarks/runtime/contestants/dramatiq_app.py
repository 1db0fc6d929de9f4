"""dramatiq with dramatiq_sqs: one process, ten threads."""

import sys
import time

import dramatiq
from dramatiq_sqs import SQSBroker
from work import FORWARDS, NEXT, QUEUE, SLEEP_S, SLEEPS, kind_of, payload

broker, onward = SQSBroker(), SQSBroker()  # a worker consumes all queues of its broker
dramatiq.set_broker(broker)


def work(text: str) -> None:
    kind = kind_of(text)
    if kind in SLEEPS:
        time.sleep(SLEEP_S)
    if kind in FORWARDS:
        onward.enqueue(actor.message(text).copy(queue_name=NEXT))


onward.declare_queue(NEXT)
actor = dramatiq.actor(work, queue_name=QUEUE)

if __name__ == "__main__":
    for kind in sys.argv[2:]:
        actor.send(payload(kind))
