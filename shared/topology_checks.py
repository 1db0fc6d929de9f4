"""What must hold between the entries of queues.yaml; on plain data, so that other mistakes hide none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.events import RunScored, event_types
from shared.marked_yaml import Mistakes, Path
from shared.nearest import nearest

WORKERS = ("doc-ingest", "synthetic-gen", "dataset-builder", "finetune-launcher", "inference", "scorer")
"""Every worker there is, in the order in which a document meets them."""

TO_THE_BUS = frozenset({RunScored.type})
"""Events that no queue consumes: they go to the EventBridge bus."""

Entries = list[tuple[int, dict[str, Any]]]
"""The queue entries that are mappings, with their positions."""


def mistakes(data: Any) -> Mistakes:
    """Every mistake between the entries of the file's data, whatever else is wrong with it."""
    entries = _entries(data)
    checks = (_workers, _unknown_events, _consumed_once, _emitted_are_consumed, _one_receiver, _limits)
    return [mistake for check in checks for mistake in check(entries)]


def _entries(data: Any) -> Entries:
    queues = data.get("queues") if isinstance(data, dict) else None
    listed = queues if isinstance(queues, list) else []
    return [(position, entry) for position, entry in enumerate(listed) if isinstance(entry, dict)]


def _events(entries: Entries, key: str) -> Iterator[tuple[Path, str]]:
    for position, entry in entries:
        values = entry.get(key)
        for i, value in enumerate(values if isinstance(values, list) else []):
            if isinstance(value, str):
                yield ("queues", position, key, i), value


def _workers(entries: Entries) -> Mistakes:
    found: Mistakes = []
    seen: set[str] = set()
    for position, entry in entries:
        worker = entry.get("worker")
        if not isinstance(worker, str):
            continue
        if worker not in WORKERS:
            hint = nearest(worker, WORKERS)
            sentence = f"unknown worker {worker!r}{hint}; workers are {', '.join(WORKERS)}"
            found.append((("queues", position, "worker"), sentence))
        elif worker in seen:
            found.append((("queues", position, "worker"), f"worker {worker!r} has two queues; give it one"))
        seen.add(worker)
    if seen <= set(WORKERS):
        missing = [worker for worker in WORKERS if worker not in seen]
        found += [(("queues",), f"worker {worker!r} has no queue; add one") for worker in missing]
    return found


def _unknown_events(entries: Entries) -> Mistakes:
    known = event_types()
    mentioned = [*_events(entries, "consumes"), *_events(entries, "emits")]
    unknown = [(path, event_type) for path, event_type in mentioned if event_type not in known]
    return [(path, f"unknown event type {word!r}{nearest(word, known)}") for path, word in unknown]


def _consumed_once(entries: Entries) -> Mistakes:
    first: dict[str, Any] = {}
    found: Mistakes = []
    for path, event_type in _events(entries, "consumes"):
        worker = dict(entries)[int(path[1])].get("worker")
        if event_type in first:
            taken = f"event {event_type!r} is consumed by {first[event_type]!r} already"
            found.append((path, f"{taken}; one queue may take it"))
        first.setdefault(event_type, worker)
    return found


def _emitted_are_consumed(entries: Entries) -> Mistakes:
    taken = {event_type for _, event_type in _events(entries, "consumes")}
    lost = event_types().keys() - taken - TO_THE_BUS
    emitted = [(path, event_type) for path, event_type in _events(entries, "emits") if event_type in lost]
    return [(path, f"event {word!r} is emitted, but no queue consumes it") for path, word in emitted]


def _one_receiver(entries: Entries) -> Mistakes:
    """S3 refuses two queues for one prefix, and a job's state must be handled once."""
    found: Mistakes = []
    for key in ("s3_notifications", "job_state_events"):
        receivers = [position for position, entry in entries if entry.get(key) is True]
        found += [(("queues", position, key), f"a second queue has {key}; one may") for position in receivers[1:]]
    return found


def _limits(entries: Entries) -> Mistakes:
    """Limits that depend on each other, which the models cannot say with a line."""
    found: Mistakes = []
    for position, entry in entries:
        attempts, receives = entry.get("max_attempts", 4), entry.get("max_receive_count", 10)
        if isinstance(attempts, int) and isinstance(receives, int) and receives <= attempts:
            sentence = f"max_receive_count is {receives}: it must be above max_attempts ({attempts})"
            found.append((("queues", position, "max_receive_count"), sentence))
        for key, low, high in (("scaling", 1, 10), ("concurrency", None, None)):
            bounds = entry.get(key)
            if isinstance(bounds, dict):
                low, high = bounds.get("min", low), bounds.get("max", high)
                if isinstance(low, int) and isinstance(high, int) and low > high:
                    sentence = f"{key}.max is {high}: it is below {key}.min ({low})"
                    found.append((("queues", position, key, "max"), sentence))
    return found
