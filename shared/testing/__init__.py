"""Fakes that ship with the product and behave: what the real ones refuse, forget or repeat, these do, too.

Imported on demand, so that registering the pytest plugin costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.testing.batches import FakeBatches
    from shared.testing.bedrock import FakeBedrock
    from shared.testing.bus import FakeBus
    from shared.testing.clock import FakeClock
    from shared.testing.graveyards import MemoryGraveyards
    from shared.testing.objects import MemoryObjectStore
    from shared.testing.queue import FakeQueue
    from shared.testing.services import memory_services
    from shared.testing.table import MemoryTable

__all__ = [
    "FakeBatches", "FakeBedrock", "FakeBus", "FakeClock", "FakeQueue", "MemoryGraveyards", "MemoryObjectStore",
    "MemoryTable", "memory_services",
]  # fmt: skip

_HOMES = {
    "FakeBatches": "batches", "FakeBedrock": "bedrock", "FakeBus": "bus", "FakeClock": "clock", "FakeQueue": "queue",
    "MemoryGraveyards": "graveyards", "MemoryObjectStore": "objects", "MemoryTable": "table",
    "memory_services": "services",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
