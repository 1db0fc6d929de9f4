"""The embedding model gives unit vectors that put like beside like."""

from __future__ import annotations

import pytest

from localcloud.engines.embedding import DIMENSIONS
from localcloud.engines.extractive import ExtractiveEngine


def test_nothing_is_loaded_for_no_texts() -> None:
    assert ExtractiveEngine().embed([]) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_texts_of_one_meaning_lie_closer_than_others() -> None:
    router, modem, cake = ExtractiveEngine().embed(["Restart the router.", "Reboot the modem.", "Bake a cake."])
    assert len(router) == DIMENSIONS
    assert abs(sum(x * x for x in router) - 1) < 1e-4
    near, far = (sum(a * b for a, b in zip(router, other, strict=True)) for other in (modem, cake))
    assert near > far
