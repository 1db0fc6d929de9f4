"""`groundtune rank` and `groundtune gate` as a person uses them, over a run in memory."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from click.testing import CliRunner, Result

import cli.runs
from cli.cloud import Cloud
from cli.main import groundtune
from schemas.people import PeopleReport
from schemas.state import ArmRecord, RunRecord
from shared.services import Services
from shared.settings import Settings
from shared.sharding import DEFAULT_SIZE
from shared.store import keys
from shared.testing.services import memory_services
from tests.unit.workers.scorer.making import BASELINE, FT_40, PROMPT, experiment, prediction, truth
from tests.unit.workers.scorer.test_gates import BASE, TUNED, report

RUN = "trial-1"
IDS = [f"q{n:02d}" for n in range(2 * DEFAULT_SIZE)]
ARMS = (BASELINE, PROMPT, FT_40)


async def put(services: Services) -> None:
    """A run that has ended: of ft-40 the last answer is missing."""
    artifacts = services.artifacts
    described = yaml.safe_dump(experiment(ARMS).model_dump()).encode()
    await artifacts.write_bytes(keys.run(RUN, "run.yaml"), described, "application/yaml")
    await artifacts.write_lines(keys.run(RUN, "evaluation.jsonl"), [truth(id) for id in IDS])
    for arm in ARMS:
        for shard in range(2):
            ids = IDS[shard * DEFAULT_SIZE : (shard + 1) * DEFAULT_SIZE]
            lost = {"q19": "throttled"} if arm is FT_40 else {}
            lines = [prediction(id, f"{id} by {ARMS.index(arm)}", ["https://x"], error=lost.get(id)) for id in ids]
            await artifacts.write_lines(keys.predictions(RUN, arm.slug, shard), lines)
        await services.runs.put_arm(ArmRecord(run=RUN, arm=arm.slug, name=arm.name))
    body = report(BASE, TUNED).model_dump_json().encode()
    await artifacts.write_bytes(keys.run(RUN, "report/report.json"), body, "application/json")
    for run in (RUN, "going"):
        await services.runs.create(RunRecord(run=run, name="trial", corpus="telco", created=0, updated=0))
        await services.runs.advance(run, "reporting", shards=2)
    await services.runs.advance(RUN, "completed", report=keys.run(RUN, "report/"))


@pytest.fixture(autouse=True)
def services(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Services:
    """A person in a folder of their own, whose cloud lives in memory."""
    found = memory_services()
    asyncio.run(put(found))

    @asynccontextmanager
    async def reach(*args: object, **kwargs: object) -> AsyncIterator[Cloud]:
        yield Cloud(Settings(), {})

    @asynccontextmanager
    async def connect(settings: Settings) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(services=found)

    monkeypatch.setattr(cli.runs, "reach", reach)
    monkeypatch.setattr(cli.runs, "connect", connect)
    monkeypatch.chdir(tmp_path)
    return found


def call(*arguments: str) -> Result:
    return CliRunner().invoke(groundtune, arguments)


def fill(tasks: Path, key: Path, answers: Path) -> None:
    """A rater who always prefers ft-40, then prompt."""
    order = {"ft-40": 1, "prompt": 2, "baseline": 3}
    arms = [json.loads(line) for line in key.read_text().splitlines()]
    lines = [
        {"task": one["task"], "ranks": {letter: order[arm] for letter, arm in one["arms"].items()}} for one in arms
    ]
    answers.write_text("\n".join(json.dumps(line) for line in lines))


def test_people_rank_a_run(services: Services) -> None:
    ended = call("rank", "export", RUN, "--out", "tasks.jsonl", "--raters", "3")
    assert ended.exit_code == 0, ended.output
    assert "63 tasks for 3 in tasks.jsonl" in ended.stdout  # 19 questions, a warm-up and a repeat each
    fill(Path("tasks.jsonl"), Path("tasks.key.jsonl"), Path("back.jsonl"))
    for what in (RUN, "tasks.jsonl", "tasks.key.jsonl"):
        ended = call("rank", "import", what, "--answers", "back.jsonl", "--out", "rankings.json")
        assert ended.exit_code == 0, ended.output
    found = PeopleReport.model_validate_json(Path("rankings.json").read_text())
    assert [(arm.arm, arm.points) for arm in found.arms] == [("ft-40", 171), ("prompt", 114), ("baseline", 57)]
    assert (found.rankings, found.repeats, found.repeat_tau, found.problems) == (57, 3, 1, [])
    assert found.groups == [["ft-40"], ["prompt"], ["baseline"]]
    assert asyncio.run(services.artifacts.read(keys.people(RUN, "rankings.json"), PeopleReport)) == found
    assert "ft-40 above baseline: 2.000 [2.000, 2.000] points, p = 0.000" in ended.stdout


def test_a_report_of_the_run_takes_in_what_people_said_by_then() -> None:
    assert call("report", RUN, "--out", "before").exit_code == 0
    assert "Nobody was asked" in Path("before/index.html").read_text(encoding="utf-8")
    call("rank", "export", RUN, "--out", "tasks.jsonl")
    fill(Path("tasks.jsonl"), Path("tasks.key.jsonl"), Path("back.jsonl"))
    call("rank", "import", RUN, "--answers", "back.jsonl")
    assert call("report", RUN, "--out", "after", "--lang", "ko").exit_code == 0
    assert "57점 중 57점" in Path("after/index.html").read_text(encoding="utf-8")
    assert "there is no run 'trial-2'" in call("report", "trial-2", "--out", "none").stderr


def test_a_spreadsheet_is_filled_in_and_what_is_wrong_is_listed() -> None:
    call("rank", "export", RUN, "--out", "tasks.csv", "--gold", "--documents")
    with open("tasks.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["gold"] == "reference answer"
    assert "https://x" in rows[0]["documents"]
    for row in rows[2:]:
        row |= {"rank_A": "1", "rank_B": "2", "rank_C": "2"}
    rows[1] |= {"rank_A": "1", "rank_B": "7", "rank_C": "2"}
    with open("back.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    said = call("rank", "import", RUN, "--answers", "back.csv").stdout
    assert "does not count (2):" in said
    assert f"task {rows[1]['task']}: bad_rank: B 7: not between 1 and 3" in said
    assert f"task {rows[0]['task']}: missing: rater-1 never answered it" in said


def test_a_judge_is_compared_with_people() -> None:
    call("rank", "export", RUN, "--out", "tasks.jsonl")
    fill(Path("tasks.jsonl"), Path("tasks.key.jsonl"), Path("back.jsonl"))
    verdicts = [{"question": id, "first": "ft-40", "second": "prompt", "winner": "prompt"} for id in IDS]
    Path("judge.jsonl").write_text("\n".join(json.dumps(verdict) for verdict in verdicts))
    said = call("rank", "import", RUN, "--answers", "back.jsonl", "--judge", "judge.jsonl").stdout
    assert "judge and people agree on 0% of 19 pairs" in said


def test_fewer_arms_and_questions_may_be_ranked() -> None:
    said = call("rank", "export", RUN, "--out", "tasks.jsonl", "--arms", "ft-40, baseline", "--questions", "10").stdout
    assert "16 tasks for 1" in said  # 5 warm-ups on the spare ones, 10 and a repeat
    key = [json.loads(line) for line in Path("tasks.key.jsonl").read_text().splitlines()]
    assert {arm for one in key for arm in one["arms"].values()} == {"ft-40", "baseline"}
    assert "ft-40" not in Path("tasks.jsonl").read_text()


def test_tasks_that_were_given_out_are_not_forgotten_unasked() -> None:
    assert call("rank", "export", RUN, "--out", "a.jsonl").exit_code == 0
    assert call("rank", "export", RUN, "--out", "b.jsonl").exit_code == 0
    refused = call("rank", "export", RUN, "--out", "c.jsonl", "--seed", "5")
    assert refused.exit_code == 2
    assert "--replace gives new ones" in refused.stderr
    assert call("rank", "export", RUN, "--out", "c.jsonl", "--seed", "5", "--replace").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("export", "nowhere", "--out", "t.jsonl"), "there is no run 'nowhere'"),
        (("export", "going", "--out", "t.jsonl"), "run 'going' is still"),
        (("export", RUN, "--out", "t.jsonl", "--arms", "ft-4,baseline"), "has no arm 'ft-4' (did you mean 'ft-40'?)"),
        (("export", RUN, "--out", "t.jsonl", "--arms", "ft-40"), "there are 1 arms to rank"),
        (("import", RUN, "--answers", "none.jsonl"), "has no tasks, nor is there a file of this name"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: tuple[str, ...], told: str) -> None:
    ended = call("rank", *arguments)
    assert ended.exit_code == 2
    assert told in ended.stderr


def test_answers_of_which_none_counts_are_told() -> None:
    call("rank", "export", RUN, "--out", "tasks.jsonl")
    Path("back.jsonl").write_text('{"task": "elsewhere", "ranks": {"A": 1}}')
    ended = call("rank", "import", "tasks.jsonl", "--answers", "back.jsonl")
    assert ended.exit_code == 2
    assert "no ranking in back.jsonl counts; the first problem: task elsewhere: no such task" in ended.stderr
    Path("tasks.key.jsonl").unlink()
    assert "is not where it was written" in call("rank", "import", "tasks.jsonl", "--answers", "back.jsonl").stderr


def test_a_gate_reads_the_report_of_a_run() -> None:
    assert call("gate", RUN, "--min", "rougeL=+0%").exit_code == 0
    assert "there is no run 'trial-2'" in call("gate", "trial-2", "--min", "rougeL=+0%").stderr
    assert "has no report" in call("gate", "going", "--min", "rougeL=+0%").stderr
