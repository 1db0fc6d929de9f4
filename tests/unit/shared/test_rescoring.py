"""Metrics added to a run that has ended: only they are computed, and one report is made again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.artifacts import Score
from schemas.events import ComparisonDue, PredictionsReady
from schemas.state import RunRecord
from shared.rescoring import add_metrics, not_yet_asked
from shared.services import Services
from shared.store import keys
from shared.testing.bedrock import FakeBedrock
from shared.testing.services import memory_services
from tests.unit.workers import world
from tests.unit.workers.built import ARMS, READY, put_built
from tests.unit.workers.driving import Pipeline
from tests.unit.workers.scorer.making import BagOfWords
from workers.finetune_launcher.worker import FinetuneLauncher
from workers.inference.worker import Inference
from workers.scorer.measures.citing import Citations
from workers.scorer.measures.form import Form
from workers.scorer.measures.measure import Batch
from workers.scorer.measures.wording import Wording
from workers.scorer.worker import Scorer


def pipeline(services: Services) -> Pipeline:
    return Pipeline([FinetuneLauncher(services), Inference(services), Scorer(services, encoder=BagOfWords())])


async def ended_run() -> tuple[Services, RunRecord]:
    services = memory_services(bedrock=FakeBedrock(lambda call: f"The code is ZX. {len(call.user) % 7}"))
    await put_built(services)
    await pipeline(services).run(*READY)
    return services, await record_of(services)


async def record_of(services: Services) -> RunRecord:
    record = await services.runs.get(world.RUN)
    assert record is not None
    return record


async def report(services: Services) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(await services.artifacts.read_bytes(keys.run(world.RUN, "report/report.json")))
    return loaded


async def test_only_what_is_added_is_computed_and_the_report_has_all(monkeypatch: pytest.MonkeyPatch) -> None:
    services, record = await ended_run()
    before = await report(services)

    def never(measure: object, batch: Batch) -> list[Score]:
        raise AssertionError(f"{measure} is computed again")

    for measure in (Wording, Citations, Form):
        monkeypatch.setattr(measure, "score", never)
    events = await add_metrics(services, record, ["chrf"])
    asked = [PredictionsReady(run=world.RUN, revision=1, arm=arm.slug, shard=n) for arm in ARMS for n in (0, 1)]
    assert {event.identity() for event in events} == {event.identity() for event in asked}
    again = pipeline(services)
    await again.run(*events)
    after = await report(services)
    assert sum(isinstance(event, ComparisonDue) for event in again.emitted) == 1
    assert after["provenance"]["revision"] == 1
    assert after["further"] == [*before["further"], "chrf"]
    assert after["signatures"]["chrf"].startswith("chrF2|")
    for old, new in zip(before["arms"], after["arms"], strict=True):
        assert new["metrics"].pop("chrf")["n"] == 12
        assert new == old
    assert (await record_of(services)).added_metrics == [["chrf"]]


async def test_a_second_request_leaves_the_first_alone() -> None:
    services, record = await ended_run()
    for metrics in (["chrf"], ["citation_hit"]):
        await pipeline(services).run(*await add_metrics(services, await record_of(services), metrics))
    assert (await record_of(services)).added_metrics == [["chrf"], ["citation_hit"]]
    names = [found.key async for found in services.artifacts.objects.list(keys.scores(world.RUN, ARMS[0].slug, 0))]
    kinds = [name.rpartition("/")[2].rpartition("-")[0] for name in names]
    assert kinds == ["characters", "characters", "citations", "citations", "form", "rouge", "similarity"]
    assert await not_yet_asked(services, await record_of(services), ["chrf", "rougeL", "hallucinated_links"]) == [
        "hallucinated_links"
    ]
    assert record.revision == 0


async def test_a_run_that_changed_meanwhile_is_left_alone() -> None:
    services, record = await ended_run()
    await services.runs.reopen(record, "running")
    assert await add_metrics(services, record, ["chrf"]) == []
    assert (await record_of(services)).added_metrics == []
