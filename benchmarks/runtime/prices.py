"""What AWS asks for: on-demand list prices of us-east-1, US dollars per million units, without free tiers."""

from __future__ import annotations

from benchmarks.runtime.counting import Counts, price_class

AS_OF = "2026-11"
"""When the prices were noted; AWS's pricing pages of the three services have today's."""

PER_MILLION = {
    "sqs request": 0.40,  # standard queue, first 100 billion a month, each 64 KiB chunk
    "dynamodb write": 0.625,  # write request unit, on-demand, standard table class
    "dynamodb read": 0.125,  # read request unit
    "s3 write": 5.00,  # PUT, COPY, POST, LIST
    "s3 read": 0.40,  # GET and all others
}


def dollars(counts: Counts, messages: int) -> dict[str, float]:
    """US dollars per million messages by service, for what ``messages`` messages cost in requests."""
    spent = {"sqs": 0.0, "dynamodb": 0.0, "s3": 0.0}
    for (service, action, _), units in counts.billed.items():
        line = price_class(service, action)
        if line is not None:
            spent[service] += units * PER_MILLION[line] / messages
    return spent
