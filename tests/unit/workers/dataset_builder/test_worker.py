"""dataset-builder with synthetic-gen behind it: from a requested run to one dataset per arm."""

from __future__ import annotations

import importlib.util
import json
import random
from typing import Any

import pytest

from schemas.artifacts import DatasetManifest, DataSummary, SplitPlan, TrainingExample
from schemas.event import Event
from schemas.events import (
    DatasetReady,
    DocumentIngested,
    DocumentRejected,
    DocumentSubmitted,
    ReportDue,
    RunRequested,
    SamplesGenerated,
    SynthesisRequested,
)
from schemas.state import ObjectRecord
from shared.bedrock.ports import Account
from shared.errors import BudgetSpent, Poison
from shared.services import Services
from shared.store import keys
from shared.testing.bedrock import Call, FakeBedrock
from shared.testing.services import memory_services
from tests.unit.workers import world
from tests.unit.workers.driving import Pipeline, context
from workers.dataset_builder.worker import DatasetBuilder
from workers.synthetic_gen.worker import SyntheticGen

ARMS = [arm.slug for arm in world.experiment().arms]
REQUEST = RunRequested(run=world.RUN, corpus=world.CORPUS)


def services(script: object = world.teacher) -> Services:
    return memory_services(bedrock=FakeBedrock(script))  # type: ignore[arg-type]


def pipeline(services: Services, seed: int = 0, *, twice: bool = False) -> Pipeline:
    return Pipeline([DatasetBuilder(services), SyntheticGen(services)], random.Random(seed), twice)


def arrival(services: Services, number: int) -> SamplesGenerated:
    return SamplesGenerated(
        corpus=world.CORPUS, unit=world.document_of(number), chunking=world.CHUNKING,
        bucket=world.bucket(services), key=world.key(number), etag=f"etag{number}",
    )  # fmt: skip


async def ingest(services: Services, documents: int) -> None:
    for number in range(documents):
        await world.ingest(services, number)


async def ready(services: Services, seed: int = 0, *, twice: bool = False) -> list[DatasetReady]:
    """Runs a demo whose documents are ingested already."""
    await ingest(services, 6)
    driven = pipeline(services, seed, twice=twice)
    await driven.run(REQUEST)
    return [event for event in driven.emitted if isinstance(event, DatasetReady)]


@pytest.mark.parametrize("mode", ["bm25", "hybrid"])
async def test_training_contexts_are_retrieved_as_those_of_the_evaluation_will_be(mode: str) -> None:
    bedrock = FakeBedrock(world.teacher)
    memory = memory_services(bedrock=bedrock)
    models = {"student": "local.reader-v1", "teacher": "local.teacher-v1", "embeddings": "local.embed-v1"}
    await world.put_run(memory, models=models, retrieval={"mode": mode})
    assert [event.examples for event in await ready(memory)] == [0, 0, 10]
    embedded = {text for call in bedrock.embeds for text in call.texts}
    assert embedded
    assert bool(embedded & {world.text_of(number) for number in range(6)}) is (mode == "hybrid")


async def test_the_chunks_of_a_hybrid_run_are_embedded_once_on_the_account_of_dataset_builder() -> None:
    bedrock = FakeBedrock(world.teacher)
    memory = memory_services(bedrock=bedrock)
    models = {"student": "local.reader-v1", "teacher": "local.teacher-v1", "embeddings": "local.embed-v1"}
    await world.put_run(memory, models=models, retrieval={"mode": "hybrid"}, budget_usd=5)
    await ready(memory)
    texts = {world.text_of(number) for number in range(6)}  # those of evaluation documents, too
    (call,) = [call for call in bedrock.embeds if texts & set(call.texts)]
    assert set(call.texts) == texts
    assert call.account == Account(f"run/{world.RUN}", "dataset-builder", 5)
    assert await memory.artifacts.exists(keys.vectors(world.RUN))


async def test_a_missing_analyzer_ends_the_run_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    memory = services()
    await world.put_run(memory, retrieval={"analyzer": "ko-morph"})
    assert await ready(memory) == []
    record = await memory.runs.get(world.RUN)
    assert record is not None and record.reason is not None
    assert "pip install 'groundtune[korean]'" in record.reason


async def test_every_arm_gets_the_examples_that_it_asks_for() -> None:
    memory = services()
    await world.put_run(memory)
    events = await ready(memory)
    assert [(event.arm, event.examples) for event in events] == [(ARMS[0], 0), (ARMS[1], 0), (ARMS[2], 10)]
    manifest = await memory.artifacts.read(keys.dataset(world.RUN, ARMS[2], "manifest.json"), DatasetManifest)
    assert (manifest.original, manifest.synthetic) == (4, 6)
    record = await memory.runs.get(world.RUN)
    assert record is not None and (record.status, record.arms) == ("running", ARMS)


async def test_evaluation_documents_teach_nobody_anything() -> None:
    memory = services()
    await world.put_run(memory)
    await ready(memory)
    split = await memory.artifacts.read(keys.run(world.RUN, "split.json"), SplitPlan)
    held = {world.document_of(n) for n in range(6)} - set(split.train_documents)
    rows = (await memory.artifacts.read_bytes(keys.dataset(world.RUN, ARMS[2]))).decode()
    asked = "".join(call.user for call in memory.bedrock.calls)  # type: ignore[attr-defined]
    assert len(held) == 2
    for number in range(6):
        word = f"gadget{number}"
        if world.document_of(number) in held:
            assert word not in rows and word not in asked
        else:
            assert word in asked


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("twice", [False, True])
async def test_the_order_and_repetition_of_events_change_no_byte_of_the_datasets(seed: int, twice: bool) -> None:
    files = []
    for this_seed, this_twice in ((0, False), (seed, twice)):
        memory = services()
        await world.put_run(memory)
        assert len(await ready(memory, this_seed, twice=this_twice)) == 3
        files.append([await memory.artifacts.read_bytes(keys.dataset(world.RUN, ARMS[2])) for _ in range(1)])
        files[-1].append(await memory.artifacts.read_bytes(keys.run(world.RUN, "summary.json")))
    assert files[0] == files[1]


async def test_a_run_waits_for_documents_that_are_still_to_come() -> None:
    memory = services()
    await world.put_run(memory)
    await ingest(memory, 5)
    driven = pipeline(memory)
    await driven.run(REQUEST)
    asked = [event.key for event in driven.emitted if isinstance(event, DocumentSubmitted)]
    assert asked == [world.key(5)]
    assert not any(isinstance(event, DatasetReady) for event in driven.emitted)
    await world.ingest(memory, 5)
    await driven.run(arrival(memory, 5))
    assert sum(isinstance(event, DatasetReady) for event in driven.emitted) == 3


async def test_a_handler_that_died_before_it_emitted_asks_again_when_delivered_again() -> None:
    memory = services()
    await world.put_run(memory)
    await ingest(memory, 5)
    worker = DatasetBuilder(memory)
    await worker.handle(REQUEST, context("request"))
    await world.ingest(memory, 5)
    lost = await worker.handle(arrival(memory, 5), context("arrival"))
    again = await DatasetBuilder(memory).handle(arrival(memory, 5), context("arrival"))
    assert again == lost
    assert any(isinstance(event, SynthesisRequested) for event in again)
    assert await worker.handle(arrival(memory, 5), context("another arrival of the same object")) == []


async def test_a_second_run_asks_the_teacher_nothing() -> None:
    memory = services()
    await world.put_run(memory)
    await ready(memory)
    calls = len(memory.bedrock.calls)  # type: ignore[attr-defined]
    for name in ("run.yaml", "ground_truth.jsonl", "manifest.jsonl"):
        body = await memory.artifacts.read_bytes(keys.run(world.RUN, name))
        await memory.artifacts.write_bytes(keys.run("demo-2", name), body, "text/plain")
    driven = pipeline(memory)
    await driven.run(RunRequested(run="demo-2", corpus=world.CORPUS))
    assert sum(isinstance(event, DatasetReady) for event in driven.emitted) == 3
    assert len(memory.bedrock.calls) == calls  # type: ignore[attr-defined]


async def test_a_teacher_that_finds_nothing_is_asked_about_every_document_and_then_the_shortfall_is_explained() -> None:
    def nothing(call: Call) -> str:
        if "check" in world.task_of(call):
            return "UNKNOWN"
        return json.dumps([{"slot": slot["slot"], "none": "all is asked"} for slot in world.task_of(call)["slots"]])

    memory = services(nothing)
    await world.put_run(memory)
    events = await ready(memory)
    assert events[2].examples == 4
    (failure,) = await memory.runs.failures(world.RUN)
    assert (failure.stage, failure.item, failure.code) == ("dataset-builder", "ft", "shortfall")
    assert "asked for 6 synthetic samples, built with 0: the documents hold no more" in failure.message
    split = await memory.artifacts.read(keys.run(world.RUN, "split.json"), SplitPlan)
    asked = "".join(call.user for call in memory.bedrock.calls)  # type: ignore[attr-defined]
    held = [n for n in range(6) if f"gadget{n}" in asked]
    assert {world.document_of(n) for n in held} == set(split.train_documents)


async def test_the_exact_number_is_reached_though_filters_refuse_most() -> None:
    """Two of three drafts write a link; each document holds twelve questions."""

    def careless(call: Call) -> str:
        rows = json.loads(world.teacher(call)) if "check" not in world.task_of(call) else []
        for row in rows[1:]:
            row["question"] = f"{row.get('question')} https://x.example"
        return json.dumps(rows) if rows else "UNKNOWN"

    memory = services(careless)
    await world.put_run(memory, arms=[{"name": "ft", "prompt": "good", "train": {"original": 4, "synthetic": 20}}])
    (event,) = await ready(memory)
    assert event.examples == 24
    assert await memory.runs.failures(world.RUN) == []


async def test_questions_over_several_documents_cite_all_of_them() -> None:
    memory = services()
    arms = [{"name": "ft", "prompt": "good", "train": {"synthetic": 8}}]
    await world.put_run(memory, arms=arms, synthesis={"types": {"fact": 1, "multi_hop": 1}})
    await ready(memory)
    slug = world.experiment(arms=arms).arms[0].slug
    examples = await memory.artifacts.read_lines(keys.dataset(world.RUN, slug, "examples.jsonl"), TrainingExample)
    connected = [example for example in examples if example.type == "multi_hop"]
    assert connected and all(len(example.references) == 2 for example in connected)
    for example in connected:
        assert set(example.references) <= {document.url for document in example.documents}


async def test_samples_written_earlier_about_evaluation_documents_are_counted_and_left_out() -> None:
    memory = services()
    await world.put_run(memory, synthesis={"recipe": "corpus"})
    body = json.dumps({"teacher": "local.teacher-v1", "per_1000_tokens": 100}).encode()
    await memory.artifacts.write_bytes(keys.corpus_config(world.CORPUS, "recipe.yaml"), body, "text/plain")
    await ingest(memory, 6)
    for number in range(6):
        event = DocumentIngested(
            corpus=world.CORPUS, bucket=world.bucket(memory), key=world.key(number), etag=f"etag{number}",
            document=world.document_of(number), chunking=world.CHUNKING, chunks=1,
        )  # fmt: skip
        await SyntheticGen(memory).handle(event, context(f"arrival-{number}"))
    calls = len(memory.bedrock.calls)  # type: ignore[attr-defined]
    await ready(memory)
    assert len(memory.bedrock.calls) == calls  # type: ignore[attr-defined]
    summary = await memory.artifacts.read(keys.run(world.RUN, "summary.json"), DataSummary)
    assert summary.samples_of_evaluation == 2 * 3
    rows = (await memory.artifacts.read_bytes(keys.dataset(world.RUN, ARMS[2]))).decode()
    split = await memory.artifacts.read(keys.run(world.RUN, "split.json"), SplitPlan)
    assert not any(f"gadget{n}" in rows for n in range(6) if world.document_of(n) not in split.train_documents)


async def test_a_run_that_names_the_corpus_recipe_without_there_being_one_says_where_to_put_it() -> None:
    memory = services()
    await world.put_run(memory, synthesis={"recipe": "corpus"})
    await ready(memory)
    record = await memory.runs.get(world.RUN)
    assert record is not None and "corpora/demo/config/recipe.yaml; put it there" in (record.reason or "")


async def test_a_budget_that_is_spent_ends_the_asking_and_the_run_goes_on_with_what_there_is() -> None:
    spent = iter(range(100))

    def script(call: Call) -> Any:
        if "check" not in world.task_of(call) and next(spent) >= 1:
            return BudgetSpent("run/demo", spent=0.99, budget=1.0, call=0.02)
        return world.teacher(call)

    memory = services(script)
    await world.put_run(memory, budget_usd=1.0)
    events = await ready(memory)
    assert 4 < events[2].examples < 10
    failures = {failure.code: failure for failure in await memory.runs.failures(world.RUN)}
    assert set(failures) == {"budget", "shortfall"}
    assert "the budget is spent" in failures["shortfall"].message


async def test_a_teacher_that_cannot_be_asked_is_a_failure_per_unit_and_the_run_goes_on() -> None:
    memory = services([Poison("access denied")])
    await world.put_run(memory)
    await ingest(memory, 6)
    builder, teacher = DatasetBuilder(memory), SyntheticGen(memory)
    waiting: list[Event] = [*(await builder.handle(REQUEST, context()))]  # type: ignore[list-item]
    asked, ready = set[str](), list[DatasetReady]()
    for place in range(100):
        if not waiting:
            break
        request = waiting.pop()
        if isinstance(request, DatasetReady):
            ready.append(request)
        if isinstance(request, SynthesisRequested):
            assert request.unit.name not in asked
            asked.add(request.unit.name)
            for event in await teacher.failed(request, "access denied", context()):
                assert isinstance(event, SamplesGenerated)
                waiting += await builder.handle(event, context(f"answer-{place}"))  # type: ignore[arg-type]
    assert len(ready) == 3 and len(asked) >= 4
    failures = await memory.runs.failures(world.RUN)
    assert {failure.code for failure in failures} == {"not_written", "shortfall"}
    assert any(failure.item == world.key(0) or " + " in failure.item for failure in failures)


@pytest.mark.parametrize("repeat", [1, 3])
async def test_examples_are_repeated_in_the_file_alone(repeat: int) -> None:
    memory = services()
    arms = [{"name": "ft", "prompt": "good", "train": {"original": 4, "synthetic": 2, "repeat": repeat}}]
    await world.put_run(memory, arms=arms)
    (event,) = await ready(memory)
    slug = world.experiment(arms=arms).arms[0].slug
    lines = (await memory.artifacts.read_bytes(keys.dataset(world.RUN, slug))).splitlines()
    assert (event.examples, len(lines), len(set(lines))) == (6, 6 * repeat, 6)


async def test_arms_are_nested() -> None:
    memory = services()
    trains = [{"original": 2}, {"original": 4}, {"original": 2, "synthetic": 3}, {"original": 2, "synthetic": 6}]
    arms = [{"name": f"a{n}", "prompt": "good", "train": train} for n, train in enumerate(trains)]
    await world.put_run(memory, arms=arms)
    await ready(memory)
    ids = []
    for arm in world.experiment(arms=arms).arms:
        manifest = await memory.artifacts.read(keys.dataset(world.RUN, arm.slug, "manifest.json"), DatasetManifest)
        ids.append(manifest.examples)
    assert ids[0] == ids[1][:2] == ids[2][:2] and ids[2] == ids[3][:5]


async def test_an_arm_that_asks_for_more_pairs_than_the_split_leaves_fails_the_run_with_both_numbers() -> None:
    memory = services()
    await world.put_run(memory, arms=[{"name": "ft", "prompt": "good", "train": {"original": 9}}])
    await ingest(memory, 6)
    driven = pipeline(memory)
    await driven.run(REQUEST)
    assert ReportDue(run=world.RUN) in driven.emitted
    record = await memory.runs.get(world.RUN)
    assert record is not None and record.reason is not None
    assert "asks for 9 original pairs, but the split leaves 8" in record.reason


async def test_rejected_documents_and_unknown_links_are_listed_and_the_rest_goes_on() -> None:
    memory = services()
    await world.put_run(memory, max_failed_fraction=0.5)
    await ingest(memory, 5)
    await memory.corpora.put_object(
        ObjectRecord(
            corpus=world.CORPUS, bucket=world.bucket(memory), key=world.key(5), etag="etag5", chunking=world.CHUNKING,
            status="rejected", code="encrypted", message="is encrypted; remove the password",
        )
    )  # fmt: skip
    driven = pipeline(memory)
    await driven.run(REQUEST)
    failures = await memory.runs.failures(world.RUN)
    assert [(f.code, f.item) for f in failures if f.stage == "doc-ingest"] == [("encrypted", world.key(5))]
    assert sorted(f.item for f in failures if f.code == "unknown_reference") == ["q5-limit", "q5-region"]
    summary = await memory.artifacts.read(keys.run(world.RUN, "summary.json"), DataSummary)
    assert (summary.documents, summary.rejected_documents, summary.ground_truth) == (5, 1, 12)


async def test_too_many_rejected_documents_fail_the_run() -> None:
    memory = services()
    await world.put_run(memory)
    await ingest(memory, 5)
    driven = pipeline(memory)
    await driven.run(REQUEST)
    event = DocumentRejected(
        corpus=world.CORPUS, bucket=world.bucket(memory), key=world.key(5), etag="etag5", chunking=world.CHUNKING,
        code="corrupt", message="is broken",
    )  # fmt: skip
    await memory.corpora.put_object(ObjectRecord(status="rejected", **event.model_dump()))
    await driven.run(event)
    record = await memory.runs.get(world.RUN)
    assert record is not None and record.reason is not None
    assert "1 of 6 documents were rejected" in record.reason


async def test_an_empty_corpus_fails_the_run() -> None:
    memory = services()
    await world.put_run(memory, documents=0)
    driven = pipeline(memory)
    await driven.run(REQUEST)
    record = await memory.runs.get(world.RUN)
    assert record is not None and "holds no documents" in (record.reason or "")


async def test_documents_that_arrive_start_a_run_by_themselves_at_the_number_that_pipeline_yaml_says() -> None:
    memory = services()
    await world.put_run(memory)
    for name in ("run.yaml", "ground_truth.jsonl"):
        body = await memory.artifacts.read_bytes(keys.run(world.RUN, name))
        await memory.artifacts.write_bytes(keys.corpus_config(world.CORPUS, name), body, "text/plain")
    pipeline_yaml = json.dumps({"start": {"new_documents": 6}}).encode()
    await memory.artifacts.write_bytes(keys.corpus_config(world.CORPUS, "pipeline.yaml"), pipeline_yaml, "text/plain")
    for number in range(6):
        await memory.artifacts.objects.put(world.key(number), b"document")
        await world.ingest(memory, number)
    driven = pipeline(memory)
    for number in range(6):
        entry = await memory.artifacts.objects.head(world.key(number))
        assert entry is not None
        where = (world.CORPUS, world.bucket(memory), world.key(number), world.CHUNKING)
        record = await memory.corpora.get_object(*where)
        assert record is not None
        await memory.corpora.put_object(record.model_copy(update={"etag": entry.etag}))
        event = DocumentIngested(
            corpus=world.CORPUS, bucket=world.bucket(memory), key=world.key(number), etag=entry.etag,
            document=world.document_of(number), chunking=world.CHUNKING, chunks=1,
        )  # fmt: skip
        requested = [e for e in driven.emitted if isinstance(e, RunRequested)]
        assert requested == []
        await driven.run(event)
    (request,) = {e.run: e for e in driven.emitted if isinstance(e, RunRequested)}.values()
    assert request.run.startswith("demo-")
    assert sum(isinstance(event, DatasetReady) for event in driven.emitted) == 3


async def test_an_s3_corpus_is_listed_where_it_lies_and_its_sources_table_is_read_there() -> None:
    memory = services()
    where = f"s3://{world.bucket(memory)}/inbox/{world.CORPUS}"
    await world.put_run(memory, corpus={"name": world.CORPUS, "documents": where})
    await memory.artifacts.objects.delete(keys.run(world.RUN, "manifest.jsonl"))
    table = await memory.artifacts.read_bytes(keys.corpus_config(world.CORPUS, "sources.csv"))
    await memory.artifacts.objects.delete(keys.corpus_config(world.CORPUS, "sources.csv"))
    for name, body in [("sources.csv", table), (".hidden", b"x"), *((f"{n}.md", b"document") for n in range(6))]:
        await memory.artifacts.objects.put(keys.inbox(world.CORPUS, name), body)
    driven = pipeline(memory)
    await driven.run(REQUEST)
    asked = [event.key for event in driven.emitted if isinstance(event, DocumentSubmitted)]
    assert asked == [world.key(number) for number in range(6)]


async def test_too_many_links_to_no_document_fail_the_run_and_say_which_is_the_first() -> None:
    memory = services()
    await world.put_run(memory)
    await memory.artifacts.objects.delete(keys.corpus_config(world.CORPUS, "sources.csv"))
    await ingest(memory, 6)
    await pipeline(memory).run(REQUEST)
    record = await memory.runs.get(world.RUN)
    assert record is not None and record.reason is not None
    assert record.reason.startswith("12 of 12 ground-truth pairs refer to no document of the corpus")


async def test_a_language_that_run_yaml_names_is_asked_of_the_teacher_whatever_the_document() -> None:
    memory = services()
    await world.put_run(memory, language="ko")
    await ready(memory)
    assert memory.bedrock.calls  # type: ignore[attr-defined]
    assert all('"language":"ko"' in call.user for call in memory.bedrock.calls)  # type: ignore[attr-defined]


@pytest.mark.parametrize("twice", [False, True])
async def test_a_run_that_fails_asks_for_its_report_even_if_its_failing_is_handled_again(twice: bool) -> None:
    memory = services()
    await world.put_run(memory, arms=[{"name": "ft", "prompt": "good", "train": {"original": 9}}])
    await ingest(memory, 6)
    driven = pipeline(memory, twice=twice)
    await driven.run(REQUEST)
    assert ReportDue(run=world.RUN) in driven.emitted
