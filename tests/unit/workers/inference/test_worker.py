from __future__ import annotations

from typing import Any

import pytest

from schemas.artifacts import GroundTruth, Prediction
from schemas.events import ArmPredicted, InferenceShardDue, ModelReady, PredictionsReady
from schemas.state import RunRecord
from shared.bedrock.ports import Account, Answer
from shared.bedrock.serving import Guard, Serving
from shared.errors import BudgetSpent, Poison, Throttled
from shared.runs import shard_count, shard_of
from shared.services import Services
from shared.store import keys
from shared.testing.bedrock import Call, FakeBedrock
from shared.testing.services import memory_services
from tests.unit.workers import snapshots, world
from tests.unit.workers.driving import Pipeline, context
from workers.inference.worker import Inference

ARM = world.experiment().arms[1]
SIZE = 10
QUESTIONS = SIZE + 2


async def prepared(bedrock: FakeBedrock, **changes: Any) -> Services:
    services = memory_services(bedrock=bedrock)
    await world.put_run(services, **changes)
    for number in range(6):
        await world.ingest(services, number)
    await snapshots.put_snapshot(services, world.experiment(**changes))
    truth = [
        GroundTruth(
            id=f"q{n:02d}",
            question=f"What is the code of gadget{n % 6}?",
            answer="x",
            references=[world.url(n % 6)],
            documents=[world.url(5 - n % 6)],
        )
        for n in range(QUESTIONS)
    ]
    await services.artifacts.write_lines(keys.run(world.RUN, "evaluation.jsonl"), truth)
    record = RunRecord(run=world.RUN, name="demo", corpus=world.CORPUS, created=1, updated=1, shards=2, shard_size=SIZE)
    await services.runs.create(record)
    return services


async def predictions(services: Services) -> list[Prediction]:
    read = [
        await services.artifacts.read_lines(keys.predictions(world.RUN, ARM.slug, shard), Prediction)
        for shard in range(shard_count(QUESTIONS, SIZE))
    ]
    return [prediction for shard in read for prediction in shard]


@pytest.mark.parametrize("twice", [False, True])
async def test_every_question_is_answered_once_from_retrieved_documents(twice: bool) -> None:
    bedrock = FakeBedrock(lambda call: Answer("It is ZX.", "end_turn", 10, 3))
    services = await prepared(bedrock)
    driven = Pipeline([Inference(services)], twice=twice)
    await driven.run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    answers = await predictions(services)
    assert [answer.id for answer in answers] == [f"q{n:02d}" for n in range(QUESTIONS)]
    assert all(answer.documents[0].url == world.url(n % 6) for n, answer in enumerate(answers))
    assert {call.system for call in bedrock.calls} == {"Answer well."}
    shards = {event.shard for event in driven.emitted if isinstance(event, PredictionsReady)}
    assert shards == {0, 1}
    assert ArmPredicted(run=world.RUN, arm=ARM.slug) in driven.emitted


async def test_given_documents_are_seen_instead_of_what_a_search_would_find() -> None:
    services = await prepared(FakeBedrock(), retrieval={"by": "ground_truth"})
    await Pipeline([Inference(services)]).run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    seen = [[document.url for document in answer.documents] for answer in await predictions(services)]
    assert seen == [[world.url(5 - n % 6)] for n in range(QUESTIONS)]


HYBRID: dict[str, Any] = {
    "models": {"student": "local.reader-v1", "teacher": "local.teacher-v1", "embeddings": "local.embed-v1"},
    "retrieval": {"mode": "hybrid", "top_k": 2},
}


async def test_a_hybrid_search_lets_an_embedding_model_have_its_say_in_what_is_seen() -> None:
    liked = [world.text_of(4), world.text_of(5)]

    def embed(text: str) -> list[float]:
        asked = text.startswith("What is")
        return [1.0, 0.0] if asked or any(text.endswith(like) for like in liked) else [0.0, 1.0]

    bedrock = FakeBedrock(embed=embed)
    services = await prepared(bedrock, **HYBRID)
    bedrock.embeds.clear()
    await Pipeline([Inference(services)]).run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    first = (await predictions(services))[0]
    assert first.question == "What is the code of gadget0?"
    seen = [document.url for document in first.documents]
    assert len(seen) == 2 and world.url(0) in seen and {world.url(4), world.url(5)} & set(seen)
    assert {call.model for call in bedrock.embeds} == {"local.embed-v1"}
    assert all(text.startswith("What is") for call in bedrock.embeds for text in call.texts)  # chunks have vectors
    assert {call.account for call in bedrock.embeds} == {Account(f"run/{world.RUN}", f"arm/{ARM.slug}")}


async def test_an_index_without_vectors_leaves_the_question_unanswered_with_the_reason() -> None:
    services = await prepared(FakeBedrock(), **HYBRID)
    await services.artifacts.objects.delete(keys.vectors(world.RUN))
    await Pipeline([Inference(services)]).run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    (error,) = {answer.error for answer in await predictions(services)}
    assert error is not None and "the run's index holds vectors of no model" in error


async def test_words_alone_ask_no_embedding_model() -> None:
    bedrock = FakeBedrock()
    services = await prepared(bedrock, models=HYBRID["models"])
    await Pipeline([Inference(services)]).run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    assert not bedrock.embeds and len(bedrock.calls) == QUESTIONS


async def test_an_embedding_model_that_refuses_leaves_the_question_unanswered_with_the_reason() -> None:
    def embed(text: str) -> list[float]:
        if text.startswith("What is"):
            raise Poison("no such model")
        return [1.0]

    services = await prepared(FakeBedrock(embed=embed), **HYBRID)
    await Pipeline([Inference(services)]).run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    assert {answer.error for answer in await predictions(services)} == {"no such model"}


async def test_a_question_that_bedrock_refuses_is_an_answer_with_an_error_and_its_neighbours_are_answered() -> None:
    def script(call: Call) -> str | Exception:
        return Poison("content refused") if "gadget3?" in call.user else "fine"

    services = await prepared(FakeBedrock(script))
    driven = Pipeline([Inference(services)])
    await driven.run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    wrong = [answer for answer in await predictions(services) if answer.error]
    assert [(answer.id, answer.answer, answer.error) for answer in wrong] == [
        ("q03", "", "content refused"),
        ("q09", "", "content refused"),
    ]


async def test_throttling_is_raised_so_that_the_whole_shard_comes_back() -> None:
    services = await prepared(FakeBedrock([Throttled("slow down")]))
    inference = Inference(services)
    await inference.handle(ModelReady(run=world.RUN, arm=ARM.slug, model="m"), context())
    with pytest.raises(Throttled):
        await inference.handle(InferenceShardDue(run=world.RUN, arm=ARM.slug, shard=0, model="m"), context())


async def test_a_shard_that_was_given_up_counts_as_unanswered_and_the_arm_ends() -> None:
    services = await prepared(FakeBedrock())
    inference = Inference(services)
    await inference.handle(ModelReady(run=world.RUN, arm=ARM.slug, model="m"), context())
    for shard in range(2):
        event = InferenceShardDue(run=world.RUN, arm=ARM.slug, shard=shard, model="m")
        emitted = await inference.failed(event, "killed four times", context())
    assert emitted == [
        PredictionsReady(run=world.RUN, arm=ARM.slug, shard=1),
        ArmPredicted(run=world.RUN, arm=ARM.slug),
    ]
    assert {answer.error for answer in await predictions(services)} == {"killed four times"}


async def test_an_ended_run_is_asked_nothing_more() -> None:
    bedrock = FakeBedrock()
    services = await prepared(bedrock)
    await services.runs.advance(world.RUN, "cancelled")
    assert await Inference(services).handle(ModelReady(run=world.RUN, arm=ARM.slug, model="m"), context()) == []
    assert not bedrock.calls


@pytest.mark.parametrize("size", [1, 4, 10, 23, 100])
def test_shards_cover_the_evaluation_set_without_overlap(size: int) -> None:
    truth = [GroundTruth(id=str(n), question="q", answer="a", references=[]) for n in range(23)]
    shards = [shard_of(truth, shard, size) for shard in range(shard_count(len(truth), size))]
    assert [pair for shard in shards for pair in shard] == truth


async def test_answers_are_charged_to_their_arm_within_the_budget_of_the_run() -> None:
    bedrock = FakeBedrock()
    services = await prepared(bedrock, budget_usd=2.5)
    await Pipeline([Inference(services)]).run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    assert {call.account for call in bedrock.calls} == {Account(f"run/{world.RUN}", f"arm/{ARM.slug}", 2.5)}


async def test_a_spent_budget_leaves_questions_unanswered_with_the_reason() -> None:
    spent = BudgetSpent("run/demo-1", spent=2.5, budget=2.5, call=0.1)
    services = await prepared(FakeBedrock(lambda call: spent if "gadget3?" in call.user else "fine"))
    driven = Pipeline([Inference(services)])
    await driven.run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    errors = {prediction.error for prediction in await predictions(services) if prediction.error}
    assert len(errors) == 1 and "raise budget_usd in run.yaml" in errors.pop()
    assert ArmPredicted(run=world.RUN, arm=ARM.slug) in driven.emitted


async def test_settings_of_inference_reach_every_call() -> None:
    bedrock = FakeBedrock()
    settings = {"guardrail": {"id": "abc", "version": "2"}, "service_tier": "priority", "cache_prompt": False}
    services = await prepared(bedrock, inference=settings)
    await Pipeline([Inference(services)]).run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    assert {call.serving for call in bedrock.calls} == {Serving(Guard("abc", "2"), "priority", cache_prompt=False)}


async def test_a_guardrail_that_intervened_is_how_an_answer_ended() -> None:
    services = await prepared(FakeBedrock(lambda call: Answer("I cannot say.", "guardrail_intervened", 10, 3)))
    await Pipeline([Inference(services)]).run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    assert {answer.stop_reason for answer in await predictions(services)} == {"guardrail_intervened"}


@pytest.mark.parametrize("size", [1, 4, 12])
async def test_a_run_has_shards_of_the_size_that_was_settled_for_it(size: int) -> None:
    services = await prepared(FakeBedrock())
    await services.runs.advance(world.RUN, "running", shards=-(-QUESTIONS // size), shard_size=size)
    driven = Pipeline([Inference(services)])
    await driven.run(ModelReady(run=world.RUN, arm=ARM.slug, model="m"))
    shards = {event.shard for event in driven.emitted if isinstance(event, PredictionsReady)}
    assert len(shards) == -(-QUESTIONS // size)
    found = await services.artifacts.read_lines(keys.predictions(world.RUN, ARM.slug, 0), Prediction)
    assert [prediction.id for prediction in found] == [f"q{n:02d}" for n in range(size)]
