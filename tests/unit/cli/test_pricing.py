from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from cli.cloud import real_cloud
from cli.main import groundtune
from cli.pricing import sentences, show, work
from schemas.artifacts import GroundTruth
from shared.bedrock.estimate import Calls, Estimate, Guarding, Line, Training
from shared.bedrock.models import Facts, Models, shipped
from shared.settings import Settings
from tests.unit.workers import world

TRUTH = [GroundTruth(id="q", question="w" * 40, answer="a" * 80, references=["u"])]
EXAMPLE = Path("examples/telco")
FREE = Models(shipped()).of


def test_an_experiment_is_teacher_calls_training_and_evaluation() -> None:
    experiment = world.experiment(hyperparameters={"epochCount": "3"})
    found = list(work(experiment, TRUTH, FREE))
    context = experiment.chunking.max_tokens * experiment.retrieval.top_k
    assert [item.what for item in found] == [
        "6 synthetic samples", "samples asked without documents", "evaluation, baseline", "evaluation, prompt",
        "fine-tuning, ft", "evaluation, ft",
    ]  # fmt: skip
    teacher, asked, baseline, tuning = found[0], found[1], found[2], found[4]
    assert isinstance(asked, Calls) and (asked.model, asked.calls) == ("local.reader-v1", 8)
    assert isinstance(teacher, Calls) and (teacher.model, teacher.calls, teacher.output_tokens) == (
        "local.teacher-v1", 2, 90,
    )  # fmt: skip
    assert baseline == Calls("evaluation, baseline", "local.reader-v1", 4, 2 + context + 10, 20)
    assert tuning == Training("fine-tuning, ft", "local.reader-v1", 10 * (3 + context + 10 + 20), 3)


PROMPTS = [{"name": "baseline", "prompt": "plain"}, {"name": "prompt", "prompt": "good"}]
CHEAPER = Facts(usd_input=2, usd_output=4, usd_batch_input=1, usd_batch_output=2, batch_min_records=2)


def calls(facts: Facts = CHEAPER, **changes: Any) -> dict[str, Calls]:
    """The model calls of an experiment, by what they are for."""
    found = work(world.experiment(**changes), TRUTH, lambda model: facts)
    return {item.what: item for item in found if isinstance(item, Calls)}


def test_what_goes_by_batch_in_the_run_is_priced_so() -> None:
    trained = calls()
    assert trained["6 synthetic samples"].route == "batch"
    assert trained["evaluation, baseline"].route == trained["evaluation, ft"].route == "default"
    untrained = calls(arms=PROMPTS)
    assert untrained["evaluation, baseline"].route == untrained["evaluation, prompt"].route == "batch"
    assert calls(Facts())["6 synthetic samples"].route == "default"
    assert calls(synthesis={"batch": "never"})["6 synthetic samples"].route == "default"


def test_a_service_tier_is_priced_for_the_evaluation_alone() -> None:
    found = calls(inference={"service_tier": "flex"})
    assert found["evaluation, ft"].route == "flex" and found["samples asked without documents"].route == "default"


def test_a_guardrail_is_paid_by_what_it_looks_at_for_each_arm() -> None:
    experiment = world.experiment(inference={"guardrail": {"id": "abc", "version": "1"}})
    found = [item for item in work(experiment, TRUTH, FREE) if isinstance(item, Guarding)]
    assert [item.what for item in found] == ["guardrail, baseline", "guardrail, prompt", "guardrail, ft"]
    tokens = experiment.chunking.max_tokens * 4
    assert found[0].model == "guardrail.abc" and found[0].units >= 4 * 4 * tokens / 1_000


def test_embeddings_are_of_questions_and_in_a_hybrid_search_of_passages_too() -> None:
    models = {"student": "local.reader-v1", "teacher": "local.teacher-v1", "embeddings": "local.embed-v1"}
    assert not any("embedded" in what for what in calls())
    words = calls(models=models)
    assert words["questions embedded"] == Calls("questions embedded", "local.embed-v1", 10 + 4, 10, 0)
    assert "passages embedded" not in words
    hybrid = calls(models=models, retrieval={"mode": "hybrid", "top_k": 3})
    assert hybrid["passages embedded"].calls == 14 * 5 * 3


KNOWN, UNKNOWN = Line("a", "m", "1 call", 2.5), Line("b", "x", "1 call", None, ("usd_input",))


@pytest.mark.parametrize(
    ("lines", "budget", "said"),
    [
        ((KNOWN,), None, ["$2.50."]),
        ((KNOWN,), 3.0, ["$2.50."]),
        ((KNOWN,), 2.0, ["$2.50.", "more than budget_usd, $2.00"]),
        ((KNOWN, UNKNOWN), None, ["$2.50 and what is unknown.", "x: usd_input"]),
        ((UNKNOWN,), 3.0, ["$0.00 and what is unknown.", "x: usd_input", "at an unknown price are refused"]),
    ],
)
def test_what_is_unknown_and_what_the_budget_means_is_said(
    lines: tuple[Line, ...], budget: float | None, said: list[str]
) -> None:
    found = sentences(Estimate(lines), budget)
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


def test_an_unknown_price_is_never_shown_as_nothing() -> None:
    page = StringIO()
    show(Estimate((KNOWN, UNKNOWN, Line("c", "local.m", "1 call", 0.0))), None, Console(width=100, file=page))
    rows = [line.split() for line in page.getvalue().splitlines() if "1 call" in line]
    assert [row[-1] for row in rows] == ["2.5000", "unknown", "free"]


def test_check_prints_the_price_and_reads_the_budget(tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    shutil.copytree(EXAMPLE, folder)
    file = folder / "run.aws.yaml"
    file.write_text(file.read_text().replace("budget_usd: 25", "budget_usd: 0.01"))
    result = CliRunner().invoke(groundtune, ["check", str(file)], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    assert "Estimated price: $" in result.output and "more than budget_usd, $0.01" in result.output
    free = CliRunner().invoke(groundtune, ["check", str(EXAMPLE / "run.yaml")], env={"COLUMNS": "120"})
    assert "Estimated price: $0.00." in free.output and "free" in free.output


@pytest.mark.parametrize("budget", ["0", "-1", ".nan", ".inf"])
def test_a_budget_is_an_amount_of_money(tmp_path: Path, budget: str) -> None:
    folder = tmp_path / "telco"
    shutil.copytree(EXAMPLE, folder)
    file = folder / "run.yaml"
    file.write_text(file.read_text() + f"\nbudget_usd: {budget}\n")
    result = CliRunner().invoke(groundtune, ["check", str(file)])
    assert result.exit_code == 2 and "budget_usd is" in result.output


def test_the_price_is_shown_before_anybody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []

    class Sts:
        def get_caller_identity(self) -> dict[str, str]:
            return {"Account": "123456789012"}

    def refused(*_: object, **__: object) -> None:
        events.append("asked")
        raise KeyboardInterrupt

    def notice(settings: Settings, account: str) -> None:
        events.append(f"price for {account}")

    monkeypatch.setattr("cli.cloud.boto3.client", lambda *_, **__: Sts())
    monkeypatch.setattr("cli.cloud.click.confirm", refused)
    with pytest.raises(KeyboardInterrupt):
        real_cloud({}, notice)
    assert events == ["price for 123456789012", "asked"]
