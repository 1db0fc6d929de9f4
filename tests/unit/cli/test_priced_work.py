from __future__ import annotations

from typing import Any

from cli.priced_work import work
from schemas.artifacts import GroundTruth
from shared.bedrock.estimate import Calls, Guarding, Training
from shared.bedrock.models import Facts, Models, shipped
from tests.unit.workers import world

TRUTH = [GroundTruth(id="q", question="w" * 40, answer="a" * 80, references=["u"])]
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


def test_embeddings_are_of_questions_and_in_a_hybrid_search_of_all_chunks_too() -> None:
    models = {"student": "local.reader-v1", "teacher": "local.teacher-v1", "embeddings": "local.embed-v1"}
    assert not any("embedded" in what for what in calls())
    words = calls(models=models)
    assert words["questions embedded"] == Calls("questions embedded", "local.embed-v1", 10 + 4, 10, 0)
    assert "chunks embedded" not in words
    experiment = world.experiment(models=models, retrieval={"mode": "hybrid", "top_k": 3})
    tokens = experiment.chunking.max_tokens
    hybrid = work(experiment, TRUTH, FREE, corpus_bytes=10 * 4 * tokens + 1)
    assert Calls("chunks embedded", "local.embed-v1", 11, tokens, 0) in list(hybrid)


def test_a_judge_compares_every_pair_twice_and_its_canaries() -> None:
    student, teacher = "local.reader-v1", "local.teacher-v1"
    models = {"student": student, "teacher": teacher, "judge": "judge-1"}
    judging = {"pairs": "all", "votes": 3, "questions": 2, "groundedness": True}
    found = calls(models=models, judging=judging)
    compared = found["answers compared by the judge"]
    assert (compared.model, compared.calls) == ("judge-1", 2 * (3 * 2 * 3 + 40))
    assert found["claims of answers checked"].calls == 3 * 2
