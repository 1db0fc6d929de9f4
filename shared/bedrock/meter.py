"""One paid call: its turn, its reservation, the call itself, and what it did use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from botocore.exceptions import ClientError

from shared.bedrock.ledger import Ledger
from shared.bedrock.model_table import ModelTable
from shared.bedrock.models import Facts
from shared.bedrock.ports import Account
from shared.bedrock.rates import RateLimits
from shared.bedrock.usage import Route, Usage, cost_nano, missing_prices, quota_tokens
from shared.errors import GroundtuneError, PriceUnknown, Throttled

T = TypeVar("T")

THROTTLES = 3
"""So often a call is made again in place when Bedrock throttles; then the message goes back to its queue."""


class Meter:
    """Makes calls within the limits of their model and the budget of their account, and counts them."""

    def __init__(self, models: ModelTable, ledger: Ledger, rates: RateLimits) -> None:
        self.models = models
        self.ledger = ledger
        self._rates = rates

    async def pay(
        self, model: str, account: Account | None, worst: Usage, call: Callable[[], Awaitable[tuple[T, Usage]]],
        *, route: Route = "default", guardrail: str | None = None,
    ) -> T:  # fmt: skip
        """The result of ``call``, which says what it used; ``worst`` is the most that it can use.

        ``route`` decides by which prices; text units are those of ``guardrail``, where the call passes one.
        Raises BudgetSpent or PriceUnknown before the call, Throttled when model or limits do not let it through.
        """
        facts = await self._facts(model, guardrail)
        tokens = quota_tokens(worst, facts.model_copy(update={"tpm_output_weight": 1}))
        for attempt in range(1, THROTTLES + 1):
            entered_at = await self._rates.enter(model, facts, tokens)
            reserved = await self._reserve(model, account, facts, worst, route)
            try:
                result, used = await call()
            except Throttled as error:
                await self._release(account, reserved)
                delay_s = await self._rates.throttled(model, facts, entered_at)
                if attempt == THROTTLES:
                    raise Throttled(str(error), delay_s=max(1.0, delay_s)) from error
                continue
            except GroundtuneError as error:
                if isinstance(error.__cause__, ClientError):  # Bedrock refused; else it may have answered, and bill it
                    await self._release(account, reserved)
                raise
            await self._settle(model, account, facts, tokens, used, reserved, route)
            return result
        raise AssertionError("the last attempt returns or raises")

    async def cached(self, model: str, account: Account | None, usage: Usage, answers: int = 1) -> None:
        """Counts answers that cost nothing."""
        if account is not None:
            await self._kept("ledger.uncounted", self.ledger.cached(account, model, usage, answers))

    async def _facts(self, model: str, guardrail: str | None) -> Facts:
        facts = await self.models.of(model)
        if guardrail is None:
            return facts
        return facts.model_copy(update={"usd_text_unit": (await self.models.of(guardrail)).usd_text_unit})

    async def _reserve(self, model: str, account: Account | None, facts: Facts, worst: Usage, route: Route) -> int:
        if account is None or account.budget_usd is None:
            return 0
        nano = cost_nano(worst, facts, route)
        if nano is None:
            raise PriceUnknown(account.name, model, ", ".join(missing_prices(worst, facts, route)))
        await self.ledger.reserve(account, nano)
        return nano

    async def _release(self, account: Account | None, reserved: int) -> None:
        if account is not None:
            await self._kept("ledger.unreleased", self.ledger.release(account, reserved))

    async def _settle(
        self, model: str, account: Account | None, facts: Facts, tokens: int, used: Usage, reserved: int, route: Route
    ) -> None:
        """Nothing here may lose an answer that is paid: what cannot be written is logged, and counts as reserved."""
        quota = quota_tokens(used, facts)
        await self._kept("rate.uncorrected", self._rates.correct(model, facts, reserved=tokens, used=quota))
        if account is not None:
            nano = cost_nano(used, facts, route)
            await self._kept("ledger.unsettled", self.ledger.settle(account, model, used, nano, reserved))

    async def _kept(self, action: str, writing: Awaitable[None]) -> None:
        try:
            await writing
        except (GroundtuneError, ClientError) as error:
            structlog.get_logger().warning(action, error=str(error))
