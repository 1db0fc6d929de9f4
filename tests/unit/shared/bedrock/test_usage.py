from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bedrock.models import Facts
from shared.bedrock.usage import NANO, Usage, cost_nano, missing_prices, quota_tokens

FACTS = Facts(usd_input=0.06, usd_output=0.24, usd_cache_read=0.015, usd_cache_write=0.07, usd_batch_input=0.03)


@pytest.mark.parametrize(
    ("usage", "nano"),
    [
        (Usage(), 0),
        (Usage(1_000_000, 1_000_000), 300_000_000),
        (Usage(1), 60),
        (Usage(cache_read_tokens=1), 15),
        (Usage(cache_write_tokens=1), 70),
        (Usage(text_units=1), None),
    ],
)
def test_a_call_costs_what_its_tokens_do(usage: Usage, nano: int | None) -> None:
    assert cost_nano(usage, FACTS) == nano


def test_what_is_unknown_is_named_and_only_where_it_is_needed() -> None:
    facts = Facts(usd_input=1)
    assert missing_prices(Usage(5), facts) == []
    assert missing_prices(Usage(5, 5, 1), facts) == ["usd_output", "usd_cache_read"]
    assert cost_nano(Usage(5, 5), facts) is None


def test_batch_inference_has_prices_of_its_own() -> None:
    assert cost_nano(Usage(1_000_000), FACTS, "batch") == 30_000_000
    assert missing_prices(Usage(1, 1), FACTS, "batch") == ["usd_batch_output"]


@pytest.mark.parametrize("tier", ["flex", "priority"])
def test_so_have_service_tiers_but_for_what_the_prompt_cache_holds(tier: Literal["flex", "priority"]) -> None:
    facts = FACTS.model_copy(update={f"usd_{tier}_input": 0.01, f"usd_{tier}_output": 0.02})
    assert cost_nano(Usage(1_000_000, 1_000_000), facts, tier) == 30_000_000
    assert cost_nano(Usage(cache_read_tokens=1_000_000), facts, tier) == 15_000_000
    assert missing_prices(Usage(1), FACTS, tier) == [f"usd_{tier}_input"]


@given(st.integers(0, 10**7), st.sampled_from([0.0, 0.02, 0.035, 0.33, 0.00875, 2.75, 75.0]))
def test_money_is_never_rounded_down_and_up_by_less_than_a_nano_dollar(tokens: int, price: float) -> None:
    cost = cost_nano(Usage(tokens), Facts(usd_input=price))
    assert cost is not None
    assert -1e-3 <= cost - tokens * price / 1_000_000 * NANO < 1.001


def test_output_may_weigh_more_in_the_quota_and_reads_from_the_prompt_cache_nothing() -> None:
    usage = Usage(100, 10, cache_read_tokens=1000, cache_write_tokens=50)
    assert quota_tokens(usage, Facts()) == 160
    assert quota_tokens(usage, Facts(tpm_output_weight=5)) == 200
