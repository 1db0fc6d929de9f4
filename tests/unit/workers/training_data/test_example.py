"""The training data of the example, from its documents to its files: told by brute force, with no code that made it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from cli.runfile import load_run_file
from schemas.artifacts import (
    Chunk,
    DataSummary,
    Failure,
    GroundTruth,
    ManifestEntry,
    Sample,
    SnapshotDocument,
    SplitPlan,
    TrainingExample,
)
from schemas.events import RunRequested
from schemas.recipe import QUESTION_TYPES
from schemas.state import ObjectRecord
from shared.runs import load_evaluation
from shared.store import keys
from shared.testing.services import memory_services
from tests.brute_force import brute_force_contaminated, brute_force_duplicates
from tests.unit.workers.driving import Pipeline
from tests.unit.workers.training_data.checks import foreign_links, in_other_language, without_evidence
from tests.unit.workers.training_data.engine import local_models, parsed
from workers.dataset_builder.worker import DatasetBuilder
from workers.synthetic_gen.worker import SyntheticGen

FOLDER = Path("examples/telco")
RUN = "telco-1"


@dataclass(frozen=True)
class Built:
    """The example's run after its datasets were built."""

    chunks: dict[str, Chunk]
    samples: list[Sample]
    examples: dict[str, list[TrainingExample]]
    evaluation: list[GroundTruth]
    split: SplitPlan
    documents: list[SnapshotDocument]
    summary: DataSummary
    failures: list[Failure]


async def build(run_file: str) -> Built:
    runfile = load_run_file(FOLDER / run_file)
    experiment, services = runfile.experiment, memory_services(bedrock=local_models())
    corpus, chunking, artifacts = experiment.corpus.name, experiment.chunking.fingerprint(), services.artifacts
    manifest, chunks = [], dict[str, Chunk]()
    for path, document, cut in parsed(FOLDER / "documents"):
        where = (corpus, document.document, chunking)
        await artifacts.write(keys.document(*where, "document.json"), document)
        await artifacts.write_lines(keys.document(*where, "chunks.jsonl"), cut)
        key = keys.inbox(corpus, path.relative_to(FOLDER / "documents").as_posix())
        entry = ManifestEntry(bucket=artifacts.objects.bucket, key=key, etag=document.document[:32])
        manifest.append(entry)
        chunks |= {chunk.id: chunk for chunk in cut}
        await services.corpora.put_object(
            ObjectRecord(
                corpus=corpus, **entry.model_dump(), chunking=chunking, status="ingested", document=document.document,
                chunks=len(cut),
            )
        )  # fmt: skip
    table = (FOLDER / "documents/sources.csv").read_bytes()
    await artifacts.write_bytes(keys.corpus_config(corpus, "sources.csv"), table, "text/csv")
    await artifacts.write_lines(keys.run(RUN, "manifest.jsonl"), manifest)
    body = yaml.safe_dump(experiment.model_dump(mode="json"), allow_unicode=True).encode()
    await artifacts.write_bytes(keys.run(RUN, "run.yaml"), body, "application/yaml")
    await artifacts.write_lines(keys.run(RUN, "ground_truth.jsonl"), runfile.truth)
    await Pipeline([DatasetBuilder(services), SyntheticGen(services)]).run(RunRequested(run=RUN, corpus=corpus))
    written = [
        Sample.model_validate_json(line)
        async for stored in artifacts.objects.list(f"corpora/{corpus}/synthetic/")
        if stored.key.endswith("kept.jsonl")
        for line in (await artifacts.read_bytes(stored.key)).splitlines()
    ]
    examples = {
        arm.name: await artifacts.read_lines(keys.dataset(RUN, arm.slug, "examples.jsonl"), TrainingExample)
        for arm in experiment.arms
        if arm.train
    }
    return Built(
        chunks=chunks, samples=written, examples=examples, evaluation=await load_evaluation(artifacts, RUN),
        split=await artifacts.read(keys.run(RUN, "split.json"), SplitPlan),
        documents=await artifacts.read_lines(keys.run(RUN, "snapshot.jsonl"), SnapshotDocument),
        summary=await artifacts.read(keys.run(RUN, "summary.json"), DataSummary),
        failures=await services.runs.failures(RUN),
    )  # fmt: skip


@pytest.fixture(scope="module", params=["run.yaml", "run-published.yaml"])
def built(request: pytest.FixtureRequest) -> Built:
    return asyncio.run(build(request.param))


def test_every_arm_has_exactly_what_it_asks_for(built: Built) -> None:
    counts = {name: Counter(example.kind for example in own) for name, own in built.examples.items()}
    assert counts["ft-40+120syn"] == {"original": 40, "synthetic": 120}
    assert counts["ft-160"] == {"original": 160}
    assert built.failures == []


def test_every_kept_sample_has_its_evidence_and_its_language(built: Built) -> None:
    assert without_evidence(built.samples, built.chunks) == []
    assert len(in_other_language(built.samples)) <= 0.01 * len(built.samples)


def test_no_example_cites_what_it_does_not_show(built: Built) -> None:
    for examples in built.examples.values():
        assert foreign_links(examples) == []


def test_no_synthetic_question_is_asked_twice_or_is_a_training_pairs(built: Built) -> None:
    for examples in built.examples.values():
        original = {example.id for example in examples if example.kind == "original"}
        pairs = brute_force_duplicates((example.id, example.question) for example in examples)
        assert [pair for pair in pairs if not {pair[0], pair[1]} <= original] == []


def test_nothing_that_trains_asks_what_evaluates(built: Built) -> None:
    held = [(pair.id, pair.question) for pair in built.evaluation]
    for examples in built.examples.values():
        asked = [(example.id, example.question) for example in examples]
        assert brute_force_contaminated(asked, held) == []


def test_no_document_that_trains_says_what_an_evaluation_document_says(built: Built) -> None:
    """Split by question, both rest on the same documents by design."""
    teaching = set(built.split.train_documents)
    held = [(chunk.id, chunk.text) for chunk in built.chunks.values() if chunk.document not in teaching]
    shown = {document.chunk for own in built.examples.values() for example in own for document in example.documents}
    told = [(id, built.chunks[id].text) for id in sorted(shown) if len(built.chunks[id].text) >= 60]
    assert brute_force_contaminated(told, held, threshold=0.8) == []


def test_with_groups_held_apart_no_evaluation_document_is_seen_in_training(built: Built) -> None:
    teaching = set(built.split.train_documents)
    held = {document.url for document in built.documents if document.document not in teaching}
    shown = {document.url for own in built.examples.values() for example in own for document in example.documents}
    assert not held & shown
    cited = {url for pair in built.evaluation for url in pair.references}
    assert (cited <= held) == (built.split.by == "group")


def test_the_mix_has_every_type_that_the_documents_hold(built: Built) -> None:
    assert set(built.summary.samples_by_type) >= set(QUESTION_TYPES) - {"troubleshooting"}
    refused = [example for example in built.examples["ft-40+120syn"] if example.type == "unanswerable"]
    assert refused and all(not example.references for example in refused)
