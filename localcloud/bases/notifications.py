"""MiniStack's S3 notifications as S3 sends them: keys form-encoded, each record with a sequencer of its own.

MiniStack 1.4.21 sends keys as they are and the sequencer ``0``, so that ``a+b.md`` would be read as ``a b.md`` and no
consumer could tell which of two versions is the later one. Source: S3 user guide, "Event message structure".
"""

from __future__ import annotations

import copy
import itertools
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

_DELIVERIES = ("_deliver_event_to_sqs", "_deliver_event_to_sns", "_deliver_event_to_lambda")
_WIDTH = 18


def correct_notifications() -> None:
    """Wraps MiniStack's deliveries, once per process."""
    from ministack.services import s3

    numbers = itertools.count(time.time_ns())  # later than those of the cloud whose state was restored
    for name in _DELIVERIES:
        deliver = getattr(s3, name)
        if not hasattr(deliver, "corrected"):
            setattr(s3, name, _corrected(deliver, numbers))


def _corrected(deliver: Callable[..., None], numbers: itertools.count[int]) -> Callable[..., None]:
    def deliver_corrected(arn: str, payload: dict[str, Any], *rest: Any) -> None:
        deliver(arn, as_s3_sends_it(payload, next(numbers)), *rest)

    deliver_corrected.corrected = True  # type: ignore[attr-defined]
    return deliver_corrected


def as_s3_sends_it(payload: dict[str, Any], sequence: int) -> dict[str, Any]:
    """The payload with encoded keys and the sequencer that ``sequence`` gives: hex, growing with it."""
    sent = copy.deepcopy(payload)
    for record in sent.get("Records", []):
        stored = record["s3"]["object"]
        stored["key"] = quote_plus(stored["key"], safe="/")
        stored["sequencer"] = f"{sequence:0{_WIDTH}X}"
    return sent
