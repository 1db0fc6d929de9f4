"""The report's table of tokens and money, from its provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.text import numbers

CENT = 0.01


@dataclass(frozen=True)
class CostRow:
    """One part and model, as text; ``usd`` None where a price is unknown."""

    part: str
    model: str
    calls: str
    cached: str
    input_tokens: str
    output_tokens: str
    usd: str | None


def cost_rows(provenance: Mapping[str, Any], words: Mapping[str, str]) -> list[CostRow]:
    """The rows in the order of the provenance; ``words`` are the labels of this part of the report."""
    return [_paid(row, words) if "kind" in row else _called(row) for row in provenance.get("spending", [])]


def _called(row: Mapping[str, Any]) -> CostRow:
    counts = {name: numbers.count(int(row[name])) for name in COUNTS}
    return CostRow(part=str(row["part"]), model=str(row["model"]), **counts, usd=dollars(row["usd"]))


def _paid(row: Mapping[str, Any], words: Mapping[str, str]) -> CostRow:
    """Training and hosting are no calls: how much of it there was stands with the part."""
    amount = row["amount"]
    told = numbers.count(int(amount)) if row["kind"] == "training" else numbers.decimal(amount, 2)
    part = words[row["kind"]].format(part=row["part"], amount=told)
    blank = dict.fromkeys(COUNTS, "")
    return CostRow(part=part, model=str(row["model"]), **blank, usd=dollars(row["usd"]))


COUNTS = ("calls", "cached", "input_tokens", "output_tokens")


def total(provenance: Mapping[str, Any]) -> str | None:
    """All money together; None when there is none to count, or a price is unknown."""
    amounts = [row["usd"] for row in provenance.get("spending", [])]
    return dollars(sum(amounts)) if amounts and None not in amounts else None


def dollars(amount: float | None) -> str | None:
    """1234.5 → ``$1,234.50``; what is less than a cent keeps its digits."""
    if amount is None:
        return None
    digits = 2 if amount >= CENT or amount == 0 else 6
    return f"${numbers.decimal(amount, digits)}"
