"""Money and limits on real implementations of the table, and `groundtune models` on a bucket."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner, Result

from cli.main import groundtune
from cli.pricing import in_force
from shared.bedrock.ledger import Ledger
from shared.bedrock.models import Facts
from shared.bedrock.ports import Account
from shared.bedrock.rates import RateLimits
from shared.bedrock.usage import NANO, Usage
from shared.clock import SystemClock
from shared.errors import BudgetSpent, Throttled
from shared.provision import provision
from shared.runtime.connection import Connection
from shared.settings import Settings
from shared.topology import Topology

pytestmark = pytest.mark.cloud


async def test_concurrent_calls_keep_a_budget_on_dynamodb(connection: Connection) -> None:
    ledger, account = Ledger(connection.table), Account("run/r", "arm/a", budget_usd=1.0)

    async def call() -> bool:
        try:
            await ledger.reserve(account, NANO // 10)
        except BudgetSpent:
            return False
        await ledger.settle(account, "local.reader-v1", Usage(10, 1), NANO // 12, NANO // 10)
        return True

    answered = sum(await asyncio.gather(*(call() for _ in range(30))))
    (line,) = await ledger.spent("run/r")
    assert 10 <= answered <= 12 and line.calls == answered
    assert line.usd == pytest.approx(answered / 12) and (line.usd or 0) <= 1


async def test_concurrent_calls_keep_a_limit_on_dynamodb(connection: Connection) -> None:
    facts = Facts(rpm=6, tpm=10_000)
    processes = [RateLimits(connection.table, SystemClock()) for _ in range(3)]
    results = await asyncio.gather(
        *(asyncio.wait_for(processes[n % 3].enter("acme.m", facts, 100), 5) for n in range(9)), return_exceptions=True
    )
    at_once = [result for result in results if isinstance(result, float)]
    assert len(at_once) == 1  # the burst; one or two more wait for their turn, the others go back
    assert sum(isinstance(result, TimeoutError) for result in results) <= 2
    assert sum(isinstance(result, Throttled) for result in results) >= 6


def call(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(groundtune, arguments)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def provisioned(settings: Settings, topology: Topology, monkeypatch: pytest.MonkeyPatch) -> Settings:
    assert settings.endpoint
    monkeypatch.setenv("AWS_ENDPOINT_URL", settings.endpoint)
    monkeypatch.setenv("AWS_REGION", settings.region)
    monkeypatch.setenv("GROUNDTUNE_NAME", settings.name)
    monkeypatch.setenv("COLUMNS", "200")
    asyncio.run(provision(settings, topology))
    return settings


def test_a_table_of_ones_own_is_checked_stored_shown_and_taken_away(provisioned: Settings, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text('models:\n  "acme.*": {usd_input: 1.5, usd_outptu: 3}\n')
    refused = call("models", "set", str(file), code=2)
    assert "mine.yaml line 2" in refused.output and "did you mean 'usd_output'?" in refused.output
    file.write_text('models:\n  "acme.*": {usd_input: 1.5, rpm: 1200}\n  "amazon.nova-lite*": {usd_input: 0.05}\n')
    call("models", "set", str(file))
    rows = {row["pattern"]: row for row in json.loads(call("models", "--json").output)}
    assert rows["acme.*"] == {"pattern": "acme.*", "own": True, "usd_input": 1.5, "rpm": 1200}
    assert (rows["amazon.nova-lite*"]["usd_input"], rows["amazon.nova-lite*"]["usd_output"]) == (0.05, 0.24)
    shown = call("models").output
    assert "acme.* (yours)" in shown and "1,200" in shown
    account = boto3.client("sts", region_name=provisioned.region).get_caller_identity()["Account"]
    assert in_force(provisioned, account).of("amazon.nova-lite-v1:0").usd_input == 0.05
    call("models", "reset")
    assert "acme.*" not in call("models").output
    assert in_force(provisioned, account).of("amazon.nova-lite-v1:0").usd_input == 0.06
