"""What a run used and paid, by stage or arm and model: its model calls, and the training and hosting of its arms.

Part of the report's provenance: what was cached differs between equal runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.state import ArmRecord
from shared.bedrock.charges import Charge
from shared.bedrock.ledger import Spending


def spending(spent: Sequence[Spending], charges: Sequence[Charge], arms: Sequence[ArmRecord]) -> list[dict[str, Any]]:
    """A row for each part and model, stages first; arms by their names, what was paid beside their calls after these.

    ``usd`` is None where a price is unknown. Rows with a ``kind``, ``training`` or ``hosting``, have an ``amount`` of
    it, in tokens (estimated, times the epochs) or in hours of units; the others are calls.
    """
    names = {f"arm/{arm.arm}": arm.name for arm in arms}
    rows = [*_calls(spent, names), *_charges(charges, names)]
    return sorted(rows, key=lambda row: (row["part"] in names.values(), row["part"], "kind" in row, row["model"]))


def _calls(spent: Iterable[Spending], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "part": names.get(entry.part, entry.part),
            "model": entry.model,
            "calls": entry.calls,
            "cached": entry.cached,
            "input_tokens": entry.all_input_tokens,
            "output_tokens": entry.output_tokens,
            "usd": _rounded(entry.usd),
        }
        for entry in spent
    ]


def _charges(charges: Iterable[Charge], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """In the order of the ledger: jobs, then hosting."""
    return [
        {
            "part": names.get(charge.part, charge.part),
            "model": charge.model,
            "kind": charge.kind,
            "amount": round(charge.amount, 3),
            "usd": _rounded(charge.usd),
        }
        for charge in charges
    ]


def _rounded(usd: float | None) -> float | None:
    return None if usd is None else round(usd, 6)
