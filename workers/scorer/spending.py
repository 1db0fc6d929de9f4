"""What a run's model calls used and cost, by stage or arm and model. Part of the report's provenance: what was cached
differs between equal runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas.state import ArmRecord
from shared.bedrock.ledger import Spending


def spending(spent: Sequence[Spending], arms: Sequence[ArmRecord]) -> list[dict[str, Any]]:
    """A row for each part and model, stages first; arms by their names. ``usd`` is None where a price is unknown."""
    names = {f"arm/{arm.arm}": arm.name for arm in arms}
    rows = [
        {
            "part": names.get(entry.part, entry.part),
            "model": entry.model,
            "calls": entry.calls,
            "cached": entry.cached,
            "input_tokens": entry.all_input_tokens,
            "output_tokens": entry.output_tokens,
            "usd": None if entry.usd is None else round(entry.usd, 6),
        }
        for entry in sorted(spent, key=lambda entry: (entry.part in names, entry.part, entry.model))
    ]
    return rows
