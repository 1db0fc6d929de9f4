"""What a call used, and what that costs."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal

from shared.bedrock.models import Facts

NANO = 1_000_000_000
"""Money is counted in whole nano-dollars: a token costs thousands of them, and integers add up without drift."""
WORST = 1.5
"""Real tokens may be so many times the estimated ones: Korean, code, rare words."""
_NANO_PER_MILLION = 1_000
"""A dollar per million tokens is so many nano-dollars per token."""


@dataclass(frozen=True)
class Usage:
    """Tokens of one call; ``input_tokens`` without those of the prompt cache; ``text_units`` are a guardrail's."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    text_units: int = 0

    def counters(self) -> dict[str, int]:
        """The numbers that are not zero, by name."""
        numbers = {field.name: int(getattr(self, field.name)) for field in fields(self)}
        return {name: number for name, number in numbers.items() if number}


PRICED = {
    "input_tokens": ("usd_input", _NANO_PER_MILLION),
    "output_tokens": ("usd_output", _NANO_PER_MILLION),
    "cache_read_tokens": ("usd_cache_read", _NANO_PER_MILLION),
    "cache_write_tokens": ("usd_cache_write", _NANO_PER_MILLION),
    "text_units": ("usd_text_unit", NANO),
}
"""Price of each number, and nano-dollars for one dollar of it."""
Route = Literal["default", "batch", "flex", "priority"]
"""Ways to be served that have prices of their own: batch inference, and the service tiers."""


def _priced(route: Route) -> dict[str, tuple[str, int]]:
    """The prompt cache has one price on all routes: what it saves is not counted twice."""
    own = {f"{kind}_tokens": (f"usd_{route}_{kind}", _NANO_PER_MILLION) for kind in ("input", "output")}
    return PRICED if route == "default" else PRICED | own


_ROUTES: dict[Route, dict[str, tuple[str, int]]] = {
    "default": PRICED, "batch": _priced("batch"), "flex": _priced("flex"), "priority": _priced("priority"),
}  # fmt: skip


def missing_prices(usage: Usage, facts: Facts, route: Route = "default") -> list[str]:
    """The prices that nobody has said, of those that this usage needs."""
    prices = _ROUTES[route]
    return [prices[name][0] for name in usage.counters() if getattr(facts, prices[name][0]) is None]


def cost_nano(usage: Usage, facts: Facts, route: Route = "default") -> int | None:
    """Nano-dollars, rounded up for each kind of token; None when a price that is needed is unknown."""
    if missing_prices(usage, facts, route):
        return None
    prices = _ROUTES[route]
    return sum(_cost(number, *prices[name], facts) for name, number in usage.counters().items())


def _cost(number: int, field: str, unit: int, facts: Facts) -> int:
    price: float = getattr(facts, field)
    # rounded before it is rounded up: 0.07 * 1000 is 70.00000000000001 in floats
    return math.ceil(round(number * price * unit, 3))


def quota_tokens(usage: Usage, facts: Facts) -> int:
    """Tokens of the per-minute quota, as Bedrock settles them: reads from its prompt cache are free, output may weigh.

    Source: Amazon Bedrock user guide, "How tokens are counted" (quotas); AWS's agent toolkit, quota-health reference.
    """
    return usage.input_tokens + usage.cache_write_tokens + usage.output_tokens * (facts.tpm_output_weight or 1)
