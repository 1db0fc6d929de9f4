from __future__ import annotations

import pytest

from shared.testing import MemoryObjectStore, MemoryTable
from tests.contracts import claims, objects, tables


@pytest.mark.parametrize("case", tables.CASES, ids=lambda case: case.__name__)
async def test_the_table_in_memory(case: tables.Case) -> None:
    await case(MemoryTable())


@pytest.mark.parametrize("case", claims.CASES, ids=lambda case: case.__name__)
async def test_claims_in_memory(case: claims.Case) -> None:
    await case(MemoryTable())


@pytest.mark.parametrize("case", objects.CASES, ids=lambda case: case.__name__)
async def test_the_object_store_in_memory(case: objects.Case) -> None:
    await case(MemoryObjectStore())
