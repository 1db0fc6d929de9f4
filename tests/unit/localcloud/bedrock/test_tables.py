from __future__ import annotations

from pathlib import Path

from localcloud.bedrock.resources import Deployment, Job, Weights
from localcloud.bedrock.tables import Tables


def job(name: str) -> Job:
    return Job(
        arn=f"arn:{name}",
        name=name,
        token="t",
        base="local.reader-v1",
        local_model="local.reader-v1",
        request={"hyperParameters": {"epochCount": "2"}},
        tags=[{"key": "run", "value": "한국어"}],
    )


def test_what_was_put_is_there_again_after_a_restart(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    first, second = job("b"), job("a")
    for each in (first, second):
        tables.jobs.put(each.arn, each)
    first.become("Failed", "no such object")
    tables.jobs.put(first.arn, first)
    tables.weights.put("arn:m", Weights({"w": [0.1, 1e-300]}))
    tables.close()

    again = Tables(tmp_path)
    assert list(again.jobs) == [first, second]
    assert again.weights.get("arn:m") == Weights({"w": [0.1, 1e-300]})
    again.jobs.delete(first.arn)
    again.close()
    last = Tables(tmp_path)
    assert list(last.jobs) == [second]
    last.close()


def test_a_job_that_ends_ends_its_running_phases_and_no_others() -> None:
    ended = job("j")
    ended.validation.become("Completed")
    ended.data_processing.become("InProgress")
    ended.become("Stopped")
    phases = (ended.validation, ended.data_processing, ended.training)
    assert [phase.status for phase in phases] == ["Completed", "Stopped", "NotStarted"]
    assert ended.end_time is not None


def test_a_deployment_is_active_once_it_is_old_enough() -> None:
    fresh = Deployment(arn="a", name="d", model_arn="m", token=None, description=None, tags=[])
    old = Deployment("a", "d", "m", None, None, [], created_at="2026-01-01T00:00:00.000000Z")
    assert (fresh.status, old.status) == ("Creating", "Active")
