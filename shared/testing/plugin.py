"""The pytest plugin of groundtune: the fixture ``groundtune_cloud``. docs/testing.md shows it in use.

Registered by an entry point, hence loaded by every pytest of the environment: nothing heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from shared.testing.cloud import TestCloud


@pytest.fixture
def groundtune_cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestCloud]:
    """moto's threaded server on a free port, provisioned with the topology and empty; gone after the test."""
    from shared.testing.cloud import moto_cloud

    with moto_cloud(monkeypatch) as cloud:
        yield cloud
