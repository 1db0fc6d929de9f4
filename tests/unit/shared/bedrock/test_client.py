from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from shared.bedrock.client import AwsBedrock
from shared.bedrock.ledger import Ledger, Spending
from shared.bedrock.meter import THROTTLES, Meter
from shared.bedrock.model_table import ModelTable
from shared.bedrock.ports import Account, Answer, Grounding, ToolSpec
from shared.bedrock.rates import RateLimits
from shared.bedrock.usage import NANO
from shared.errors import BudgetSpent, Poison, PriceUnknown, Retryable, Throttled
from shared.store import keys
from shared.testing import FakeClock, MemoryObjectStore, MemoryTable
from tests.unit.shared.bedrock.runtime import Control, Reply, ShapedRuntime, refusal, said

MODEL = "us.amazon.nova-lite-v1:0"
FREE = Account("run/r", "arm/a")
HERE = "arn:aws:bedrock:us-east-1:123456789012"


class World:
    """A Bedrock client over what answers as a test says, a store, a table and a clock."""

    def __init__(self, reply: Any, behind: dict[str, str] | None = None) -> None:
        self.objects, self.table, self.clock = MemoryObjectStore(), MemoryTable(), FakeClock()
        self.runtime, self.control = ShapedRuntime(reply), Control(behind)
        self.ledger = Ledger(self.table)
        models = ModelTable(self.objects, self.clock)
        rates = RateLimits(self.table, self.clock, chance=lambda: 1.0)
        self.bedrock = AwsBedrock(self.runtime, self.control, self.objects, Meter(models, self.ledger, rates), "role")

    async def know(self, pattern: str, **facts: object) -> None:
        await self.objects.put(keys.MODELS, json.dumps({"models": {pattern: facts}}).encode())

    async def ask(
        self, user: str = "Why?", *, account: Account | None = FREE, system: str = "Be brief.",
        tool: ToolSpec | None = None,
    ) -> Answer:  # fmt: skip
        return await self.clock.run(
            self.bedrock.converse(model=MODEL, system=system, user=user, max_tokens=100, account=account, tool=tool)
        )


def always(answer: Reply) -> Any:
    return lambda operation, parameters: answer


def in_turn(*answers: Reply) -> Any:
    left = list(answers)
    return lambda operation, parameters: left.pop(0)


async def test_a_turn_is_asked_once_counted_and_then_free() -> None:
    world = World(always(said("Because.", (100, 20))))
    first, again = await world.ask(), await world.ask()
    assert first == Answer("Because.", "end_turn", 100, 20)
    assert again == Answer("Because.", "end_turn", 100, 20, cached=True)
    assert [operation for operation, _ in world.runtime.calls] == ["Converse"]
    assert await world.ledger.spent("run/r") == [
        Spending(
            "arm/a", MODEL, calls=1, cached=1, input_tokens=100, output_tokens=20, saved_input_tokens=100,
            saved_output_tokens=20, usd=(100 * 60 + 20 * 240) / NANO,
        )
    ]  # fmt: skip


async def test_an_answer_that_was_cut_short_or_refused_is_kept_too() -> None:
    world = World(always(said("No.") | {"stopReason": "guardrail_intervened"}))
    await world.ask()
    assert (await world.ask()).cached and (await world.ask()).stop_reason == "guardrail_intervened"


async def test_an_answer_kept_before_prompt_caching_was_counted_is_still_read() -> None:
    world = World(always(said("New.")))
    await world.ask()
    (key,) = [key for _, key in world.objects.contents if key.startswith("llm-cache/")]
    old = {"cached": False, "input_tokens": 1, "output_tokens": 1, "stop_reason": "end_turn", "text": "Old."}
    await world.objects.put(key, json.dumps(old).encode())
    assert await world.ask() == Answer("Old.", "end_turn", 1, 1, cached=True)


VERDICT = ToolSpec("verdict", "Says who wins.", {"type": "object", "properties": {"winner": {"type": "string"}}})


def called(arguments: dict[str, Any], *texts: str) -> dict[str, Any]:
    """A Converse answer that calls a tool, with texts before it."""
    blocks = [{"text": text} for text in texts]
    use = {"toolUse": {"toolUseId": "tooluse_1", "name": "verdict", "input": arguments}}
    return said("") | {
        "output": {"message": {"role": "assistant", "content": [*blocks, use]}},
        "stopReason": "tool_use",
    }


async def test_a_forced_tool_is_called_counted_and_kept_apart_from_the_same_turn_without_it() -> None:
    world = World(in_turn(called({"winner": "A"}, "Well."), said("A wins.")))
    first, again, spoken = await world.ask(tool=VERDICT), await world.ask(tool=VERDICT), await world.ask()
    assert first == Answer("Well.", "tool_use", 100, 20, tool_input={"winner": "A"})
    assert (again.tool_input, again.cached) == ({"winner": "A"}, True)
    assert (spoken.text, spoken.tool_input, spoken.cached) == ("A wins.", None, False)
    (_, request), _ = world.runtime.calls
    assert request["toolConfig"] == {
        "tools": [
            {
                "toolSpec": {
                    "name": "verdict", "description": "Says who wins.", "inputSchema": {"json": dict(VERDICT.schema)},
                }
            }
        ],
        "toolChoice": {"tool": {"name": "verdict"}},
    }  # fmt: skip
    (spending,) = await world.ledger.spent("run/r")
    assert (spending.calls, spending.cached) == (2, 1)


async def test_another_schema_is_another_question() -> None:
    world = World(in_turn(called({"winner": "A"}), called({"winner": "B"})))
    other = ToolSpec("verdict", "Says who wins.", {"type": "object"})
    assert [(await world.ask(tool=tool)).tool_input for tool in (VERDICT, other)] == [{"winner": "A"}, {"winner": "B"}]


async def test_a_tool_makes_a_call_dearer_than_its_budget() -> None:
    world = World(always(called({"winner": "A"})))
    enough = Account("run/tight", "arm/a", (1_000 * 60 + 100 * 240) / NANO)
    await world.ask("first", account=enough)
    with pytest.raises(BudgetSpent):
        await world.ask("second", account=enough, tool=ToolSpec("t", "word " * 2_000, {"type": "object"}))


async def test_nobody_is_charged_without_an_account() -> None:
    world = World(always(said("x")))
    await world.ask(account=None)
    assert await world.ledger.spent("run/r") == []


async def test_a_long_system_prompt_is_cached_by_bedrock_and_priced_so() -> None:
    world = World(always(said("x", (10, 20), read=1_500)))
    await world.ask(system="word " * 1_000)
    (_, request), (spending,) = world.runtime.calls[0], await world.ledger.spent("run/r")
    assert request["system"][1:] == [{"cachePoint": {"type": "default"}}]
    assert spending.cache_read_tokens == 1_500
    assert spending.usd == pytest.approx((10 * 0.06 + 20 * 0.24 + 1_500 * 0.015) / 1e6)


async def test_a_short_system_prompt_is_not_and_a_change_of_the_table_pays_no_answer_again() -> None:
    world = World(always(said("x")))
    await world.ask(system="word " * 100)
    assert len(world.runtime.calls[0][1]["system"]) == 1
    await world.know("*nova*", prompt_cache_min_tokens=10)
    await world.clock.advance(61)
    assert (await world.ask(system="word " * 100)).cached


async def test_a_spent_budget_refuses_before_the_call_and_cached_answers_still_come() -> None:
    world = World(always(said("x", (100, 20))))
    account = Account("run/r", "arm/a", budget_usd=30e-6)  # the worst of one call, 100 tokens out and some 40 in
    await world.ask("1", account=account)
    with pytest.raises(BudgetSpent):
        await world.ask("2", account=Account("run/r", "arm/b", budget_usd=30e-6))
    assert len(world.runtime.calls) == 1
    assert (await world.ask("1", account=account)).cached


async def test_with_a_budget_an_unknown_price_refuses_and_without_one_it_is_counted_as_unknown() -> None:
    world = World(always(said("x")))
    await world.know("*nova*", usd_output=None)
    with pytest.raises(PriceUnknown, match=r"nova-lite.*usd_output.*groundtune models set"):
        await world.ask(account=Account("run/r", "arm/a", budget_usd=5))
    assert world.runtime.calls == []
    await world.ask()
    assert [(line.calls, line.usd) for line in await world.ledger.spent("run/r")] == [(1, None)]


async def test_local_models_cost_nothing_and_need_no_budget() -> None:
    world = World(always(said("x")))
    tight = Account("run/r", "arm/a", budget_usd=1e-9)
    answer = await world.bedrock.converse(model="local.reader-v1", system="s", user="u", max_tokens=9, account=tight)
    assert answer.text == "x" and [line.usd for line in await world.ledger.spent("run/r")] == [0.0]


async def test_many_callers_against_one_table_keep_the_budget() -> None:
    world = World(always(said("x", (10, 50))))
    account = Account("run/r", "arm/a", budget_usd=50 * 24.6e-6)
    asked = (
        world.bedrock.converse(model=MODEL, system="s", user=f"question {n}", max_tokens=100, account=account)
        for n in range(200)
    )
    results = await asyncio.gather(*asked, return_exceptions=True)
    answered = [result for result in results if isinstance(result, Answer)]
    assert all(isinstance(result, Answer | BudgetSpent) for result in results)
    assert 40 <= len(answered) < 200
    assert sum(line.usd or 0 for line in await world.ledger.spent("run/r")) <= 50 * 24.6e-6


async def test_a_refusal_gives_the_reservation_back_and_a_lost_answer_does_not() -> None:
    world = World(in_turn(refusal("ValidationException"), said("x"), ReadTimeoutError(endpoint_url="e")))
    account = Account("run/r", "arm/a", budget_usd=30e-6)
    with pytest.raises(Poison, match="ValidationException"):
        await world.ask("1", account=account)
    await world.ask("2", account=account)
    with pytest.raises(Retryable):
        await world.ask("3", account=Account("run/q", "arm/a", budget_usd=30e-6))
    with pytest.raises(BudgetSpent):
        await world.ask("4", account=Account("run/q", "arm/a", budget_usd=30e-6))


async def test_a_throttle_is_waited_for_a_few_times_and_then_the_message_goes_back() -> None:
    world = World(in_turn(refusal("ThrottlingException"), said("x")))
    before = world.clock.now()
    assert (await world.ask()).text == "x"
    assert world.clock.now() - before >= 1
    stubborn = World(always(refusal("ThrottlingException")))
    with pytest.raises(Throttled) as raised:
        await stubborn.ask(account=Account("run/r", "arm/a", budget_usd=1))
    assert len(stubborn.runtime.calls) == THROTTLES
    assert raised.value.delay_s is not None and raised.value.delay_s >= 1
    assert (await stubborn.table.get("ledger#run/r", "total") or {})["nano"] == 0


async def test_the_limits_of_a_model_hold_for_calls() -> None:
    world = World(always(said("x")))
    await world.know("*nova*", rpm=6)
    before = world.clock.now()
    await world.ask("1")
    await world.ask("2")
    assert world.clock.now() - before >= 10


async def test_a_deployment_is_priced_as_the_model_behind_it() -> None:
    deployment, unknown = f"{HERE}:custom-model-deployment/d", f"{HERE}:custom-model-deployment/gone"
    world = World(always(said("x")), {deployment: f"{HERE}:custom-model/amazon.nova-lite-v1:0:300k/abc"})
    for user in ("1", "2"):
        await world.bedrock.converse(model=deployment, system="s", user=user, max_tokens=9, account=FREE)
    assert world.control.asked == 1
    await world.bedrock.converse(model=unknown, system="s", user="1", max_tokens=9, account=FREE)
    spent = {line.model: (line.calls, line.usd is None) for line in await world.ledger.spent("run/r")}
    assert spent == {"amazon.nova-lite-v1:0:300k": (2, False), unknown: (1, True)}
    assert [parameters["modelId"] for _, parameters in world.runtime.calls] == [deployment, deployment, unknown]


def judged(action: str = "NONE", *filters: tuple[str, float]) -> dict[str, Any]:
    found = [{"type": kind, "threshold": 0.7, "score": score, "action": "NONE"} for kind, score in filters]
    policy = {"contextualGroundingPolicy": {"filters": found}} if found else {}
    units = dict.fromkeys(
        ["topicPolicyUnits", "contentPolicyUnits", "wordPolicyUnits", "sensitiveInformationPolicyUnits",
         "sensitiveInformationPolicyFreeUnits"], 0,
    )  # fmt: skip
    usage = {**units, "contextualGroundingPolicyUnits": 3}
    return {"usage": usage, "action": action, "outputs": [], "assessments": [policy]}


async def grounding(world: World, version: str = "1") -> Grounding:
    return await world.bedrock.ground(
        guardrail="gr1", version=version, source="The sky is blue.", query="Colour?", answer="Blue.", account=FREE
    )


async def test_a_guardrail_is_asked_as_its_api_wants_it_and_its_verdict_kept() -> None:
    world = World(always(judged("NONE", ("GROUNDING", 0.93), ("RELEVANCE", 0.88))))
    assert await grounding(world) == await grounding(world) == Grounding(0.93, 0.88, blocked=False)
    ((operation, request),) = world.runtime.calls
    assert operation == "ApplyGuardrail"
    assert (request["source"], request["outputScope"]) == ("OUTPUT", "FULL")
    assert [block["text"]["qualifiers"] for block in request["content"]] == [
        ["grounding_source"], ["query"], ["guard_content"],
    ]  # fmt: skip
    (line,) = await world.ledger.spent("run/r")
    assert (line.model, line.calls, line.cached, line.text_units, line.usd) == ("guardrail.gr1", 1, 1, 3, None)


async def test_a_draft_guardrail_may_change_and_is_asked_each_time() -> None:
    world = World(in_turn(judged("GUARDRAIL_INTERVENED", ("GROUNDING", 0.1)), judged()))
    assert await grounding(world, "DRAFT") == Grounding(0.1, None, blocked=True)
    assert await grounding(world, "DRAFT") == Grounding(None, None, blocked=False)
