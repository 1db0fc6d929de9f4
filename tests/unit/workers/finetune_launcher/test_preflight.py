"""What is checked before a job is started, over ports that behave."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from schemas.events import DatasetReady
from schemas.state import ArmRecord
from shared.bedrock.ports import Account, ModelCard
from shared.bedrock.premises import Place, Trust, Unknown
from shared.bedrock.quotas import JOBS, MODELS, UNITS
from shared.bedrock.usage import NANO
from shared.errors import BudgetSpent, Retryable
from shared.services import Services
from shared.store import keys
from shared.testing.bedrock import FakeBedrock
from shared.testing.premises import FakePremises
from shared.testing.services import memory_services
from tests.unit.shared.datasets.rows import lines, rows
from tests.unit.workers import world
from tests.unit.workers.driving import context
from tests.unit.workers.finetune_launcher.battered import PROVISIONED, Battered
from workers.finetune_launcher.preflight import Preflight, preflight
from workers.finetune_launcher.worker import FULL_S, FinetuneLauncher

ARM = world.experiment().arms[2]
EVENT = DatasetReady(run=world.RUN, arm=ARM.slug, examples=100)
NOW = 1_800_000_000.0
MODELS_OF_RUN = {"student": "amazon.nova-lite-v1:0:300k", "teacher": "local.teacher-v1"}
PRICES = {
    "amazon.nova-lite*": {"usd_training": 2_000.0},
    "amazon.nova-micro*": {"usd_training": 1.0},
    "amazon.nova-pro*": {"usd_training": 9_000.0},
    "meta.llama3-2-*": {"usd_training": 1.0, "usd_hosting_hour": 20.0},
}


class Ground:
    """A run whose dataset is ready, and everything that may stand in its way."""

    def __init__(self, services: Services, premises: FakePremises, bedrock: FakeBedrock) -> None:
        self.services = services
        self.premises = premises
        self.bedrock = bedrock

    async def checked(self, event: DatasetReady = EVENT, **changes: Any) -> Preflight:
        experiment = world.experiment(**({"models": MODELS_OF_RUN} | changes))
        return await preflight(self.services, event, experiment, NOW)

    async def refusal(self, **changes: Any) -> tuple[str, str]:
        found = (await self.checked(**changes)).refusal
        assert found is not None
        return found.code, found.reason


@pytest.fixture
async def ground() -> Ground:
    bedrock = FakeBedrock()
    plain = memory_services(bedrock=bedrock)
    premises = FakePremises(plain.artifacts.objects, bedrock)
    services = replace(plain, premises=premises)
    body = lines(rows("converse", 100))
    await services.artifacts.write_bytes(keys.dataset(world.RUN, ARM.slug), body, "application/x-ndjson")
    await services.artifacts.write_bytes(keys.MODELS, json.dumps({"models": PRICES}).encode(), "application/yaml")
    return Ground(services, premises, bedrock)


async def test_where_all_is_well_nothing_is_said(ground: Ground) -> None:
    assert await ground.checked() == Preflight()


async def test_the_role_is_refused_when_bedrock_may_not_take_it_and_only_warned_of_when_nobody_may_look(
    ground: Ground,
) -> None:
    ground.premises.said_of_role = Trust(None)
    code, reason = await ground.refusal()
    assert code == "bad_role" and "groundtune provision" in reason
    ground.premises.said_of_role = Unknown("AccessDenied: no")
    found = await ground.checked()
    assert found.refusal is None and "allow iam:GetRole" in " ".join(found.warnings)


async def test_a_bucket_in_another_region_is_refused(ground: Ground) -> None:
    ground.premises.said_of_bucket = Place(True, "eu-west-1")
    assert (await ground.refusal())[0] == "bad_bucket"


async def test_a_model_that_needs_units_is_refused_where_there_are_none(ground: Ground) -> None:
    ground.premises.limits = {UNITS: 0.0}
    assert (await ground.checked()).refusal is None  # served on demand
    code, reason = await ground.refusal(models=PROVISIONED)
    assert code == "no_quota" and "'amazon.nova-2-lite-v1:0:256k'" in reason


async def test_what_to_mend_first_is_told_first_and_nothing_is_set_aside(ground: Ground) -> None:
    ground.bedrock.cards[MODELS_OF_RUN["student"]] = ModelCard("AWS", "Nova", ends_at=1.0)
    ground.premises.said_of_role, ground.premises.limits = Trust(None), {MODELS: 0.0}
    assert (await ground.refusal(budget_usd=1.0))[0] == "bad_base_model"
    assert await ground.services.ledger.total_nano(f"run/{world.RUN}") == 0


async def test_a_price_beyond_the_budget_is_refused_with_what_to_change(ground: Ground) -> None:
    code, reason = await ground.refusal(budget_usd=0.5)
    assert code == "over_budget"
    for words in ("tokens × 2 epochs", "$0.50 is left of budget_usd", "raise budget_usd", "epochCount"):
        assert words in reason
    assert "'amazon.nova-micro-v1:0:128k'" in reason  # fits, and takes the same files
    assert "amazon.nova-pro" not in reason and "llama" not in reason  # dearer, and hosted by the hour


async def test_hosting_by_the_hour_needs_room_too(ground: Ground) -> None:
    assert "$20.00 for 1 hours" in (await ground.refusal(models=PROVISIONED, budget_usd=19.0))[1]
    assert (await ground.checked(models=PROVISIONED, budget_usd=21.0)).refusal is None


async def test_what_is_set_aside_once_is_gone_for_calls(ground: Ground) -> None:
    for _ in range(3):  # the message comes again
        assert (await ground.checked(budget_usd=100.0)).refusal is None
    held = await ground.services.ledger.total_nano(f"run/{world.RUN}")
    account = Account(f"run/{world.RUN}", "synthetic-gen", held / NANO + 1)
    await ground.services.ledger.reserve(account, NANO)
    with pytest.raises(BudgetSpent):
        await ground.services.ledger.reserve(account, 1)


async def test_an_unknown_price_is_said_and_refused_only_within_a_budget(ground: Ground) -> None:
    models = {**MODELS_OF_RUN, "student": "anthropic.claude-3-haiku-20240307-v1:0:200k"}
    body = lines(rows("claude", 100))
    await ground.services.artifacts.write_bytes(keys.dataset(world.RUN, ARM.slug), body, "application/x-ndjson")
    (warning,) = (await ground.checked(models=models)).warnings
    assert "usd_hosting_hour, usd_training" in warning and "`groundtune models set FILE`" in warning
    code, reason = await ground.refusal(models=models, budget_usd=5.0)
    assert code == "over_budget" and "the budget cannot be kept" in reason


async def test_a_job_waits_while_as_many_run_as_the_quota_allows_and_one_that_runs_is_not_asked_again() -> None:
    battered = Battered(bedrock=FakeBedrock(looks=100))
    battered.premises.limits = {JOBS: 1.0}
    await battered.put("run-1")
    await battered.put("run-2")
    launcher = FinetuneLauncher(battered.kind)
    (_, first), (_, second) = battered.waiting
    for _ in range(2):
        assert len(await launcher.handle(first, context())) == 1
    with pytest.raises(Retryable, match="used up \\(1 of 1\\)") as raised:
        await launcher.handle(second, context())
    assert raised.value.delay_s == FULL_S and len(battered.running) == 1
    await battered.bedrock.stop_job(battered.running[0])
    await launcher.handle(second, context())
    assert len(battered.running) == 1


async def test_a_refusal_fails_the_arm_with_its_code_and_reason() -> None:
    battered = Battered()
    battered.premises.said_of_role = Trust(None)
    (arm,) = await battered.put("run-1")
    await battered.drive()
    (failure,) = await battered.kind.runs.failures("run-1")
    assert failure.code == "bad_role" and not battered.bedrock.created
    assert isinstance(await battered.kind.runs.arm("run-1", arm), ArmRecord)


async def test_a_job_that_fails_gives_its_price_back_and_one_that_is_given_up_unstarted_too() -> None:
    battered = Battered(bedrock=FakeBedrock(job_ends="Failed"))
    (arm,) = await battered.put("run-1")
    await battered.drive()
    assert await battered.charges("run-1") == []  # and nothing is held
    launch = DatasetReady(run="run-2", arm=arm, examples=10)
    await battered.put("run-2")
    launcher = FinetuneLauncher(battered.kind)
    await preflight(battered.kind, launch, world.experiment(), NOW)
    assert await battered.kind.ledger.total_nano("run/run-2") > 0
    await launcher.failed(launch, "Bedrock refused it", context())
    assert await battered.charges("run-2") == []
