"""A run with samples, as its workers leave it behind: Korean and English, kept, refused and taken out, some hostile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from schemas.artifacts import (
    Chunk,
    DatasetManifest,
    DataSummary,
    Evidence,
    GroundTruth,
    PlannedUnit,
    RejectedSample,
    RemovedSample,
    RetrievedDocument,
    Sample,
    SnapshotDocument,
    SplitPlan,
    TrainingExample,
)
from schemas.base import content_hash
from schemas.experiment import Experiment
from schemas.recipe import AnswerLength, Recipe, Unit
from schemas.state import RunRecord, SamplesRecord
from shared.prompting.library import refusals, shipped_prompts
from shared.services import Services
from shared.store import keys

RUN = "telco-1"
CORPUS = "telco"
ARM = "ft 4+4"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE_LINK = "javascript:alert(3)"
ESCAPE_CODE = "\x1b[2J\u202e"

KOREAN = [
    "5G 요금제를 변경하려면 고객센터 앱에서 [요금제 변경]을 누릅니다. 변경은 매월 1일 0시에 적용되며, "
    "월 중에는 한 번만 바꿀 수 있습니다.\n\n데이터를 모두 쓰면 다음 달까지 최대 400 kbps로 제한됩니다. "
    "제한 속도에서는 문자와 음성 통화를 그대로 쓸 수 있습니다.",
    "해외 로밍은 출국 전에 신청해야 합니다. 하루 요금은 11,000원이며,\n"
    "현지 시각이 아니라 한국 시각 자정을 기준으로 하루를 셉니다.",
]
ENGLISH = [
    "Alarm A-1024 (S1 link down) is raised when the base station loses its SCTP association for more than 60 seconds. "
    "First check the transport port with `show port 1/1`. If the port is up, restart the association with `s1 reset`. "
    "Do not restart the whole node: calls in progress would be lost.",
    "The router accepts at most 32 static routes. Further routes are refused with error E-77.",
]
STRANGE = [f"{HOSTILE} says that the limit is 900 {ESCAPE_CODE}units. `</mark>` is no tag here."]

TEXTS = {"plans.md": KOREAN, "alarms.md": ENGLISH, "strange.md": STRANGE}
TITLES = {"plans.md": "5G 요금제와 로밍 안내", "alarms.md": "Base station alarms", "strange.md": HOSTILE}
URLS = {"plans.md": "https://docs.example/ko/plans", "alarms.md": "https://docs.example/alarms#a-1024",
        "strange.md": HOSTILE_LINK}  # fmt: skip


def document(name: str) -> str:
    """A document's id."""
    return content_hash("\n".join(TEXTS[name]))


def chunks(name: str) -> list[Chunk]:
    """A document's chunks."""
    found, start = [], 0
    for number, text in enumerate(TEXTS[name]):
        chunk = Chunk(id=content_hash([name, text])[:16], document=document(name), text=text, start=start,
                      end=start + len(text), section=[TITLES[name], f"{number + 1}."], page=number + 1)  # fmt: skip
        found.append(chunk)
        start = chunk.end + 1
    return found


def snapshot() -> list[SnapshotDocument]:
    """Three documents."""
    return [
        SnapshotDocument(
            document=document(name), key=keys.inbox(CORPUS, f"guides/{name}"), url=URLS[name], title=TITLES[name],
            language="ko" if name == "plans.md" else "en", licence="CC-BY-4.0" if name == "plans.md" else None,
            group=document(name),
        )
        for name in TEXTS
    ]  # fmt: skip


def sample(id: str, name: str, number: int, question: str, answer: str, *quotes: str, **changes: Any) -> Sample:
    """A good sample about one chunk."""
    chunk = chunks(name)[number]
    values = {
        "id": id, "documents": [document(name)], "type": "fact", "persona": "a support engineer", "question": question,
        "answer": answer, "citations": [chunk.id], "language": "ko" if name == "plans.md" else "en",
        "evidence": [Evidence(chunk=chunk.id, quote=quote) for quote in quotes],
    }  # fmt: skip
    return Sample.model_validate({**values, **changes})


def kept() -> dict[str, list[Sample]]:
    """By document. ``s-extra`` is used by no arm, ``s-near`` and ``s-leak`` are taken out later."""
    roaming, routes = chunks("plans.md")[1].id, chunks("alarms.md")[1].id
    return {
        "plans.md": [
            sample("s-ko-1", "plans.md", 0, "5G 요금제는 언제부터 바뀌나요?", "매월 1일 0시부터 적용됩니다.",
                   "변경은 매월 1일 0시에 적용되며", type="procedure"),
            sample("s-ko-2", "plans.md", 1, "해외 로밍 하루 요금은 얼마인가요?", refusals()["ko"],
                   "하루 요금은 11,000원이며, 현지 시각이 아니라", type="unanswerable", citations=[],
                   withheld=[roaming], difficulty="hard", persona="a new customer"),
            sample("s-near", "plans.md", 0, "5G 요금제는 언제 바뀌나요?", "매월 1일 0시입니다.", "매월 1일 0시"),
        ],
        "alarms.md": [
            sample("s-en-1", "alarms.md", 0, "What do you check first when alarm A-1024 is raised?",
                   "Check the transport port with `show port 1/1`; only then run `s1 reset`.",
                   "First check the transport port with `show port 1/1`", "restart the association with `s1 reset`",
                   type="troubleshooting"),
            sample("s-extra", "alarms.md", 1, "How many static routes does the router accept?", "At most 32.",
                   "at most 32 static routes"),
            sample("s-leak", "alarms.md", 1, "Which error refuses further routes?", "E-77.", "error E-77",
                   citations=[routes]),
        ],
        "strange.md": [
            sample("s-evil", "strange.md", 0, f"What is the limit? {HOSTILE}", f"It is 900. {HOSTILE} {ESCAPE_CODE}",
                   "the limit is 900", persona=HOSTILE),
        ],
    }  # fmt: skip


def rejected() -> dict[str, list[RejectedSample]]:
    """By document: evidence that stands nowhere, a wrong language, a reply that is no JSON."""
    port = chunks("alarms.md")[0].id
    made_up = [Evidence(chunk=port, quote="replace the antenna cable"), Evidence(chunk=port, quote="S1 link down")]
    return {
        "alarms.md": [
            RejectedSample(id="r-1", documents=[document("alarms.md")], code="evidence", type="troubleshooting",
                           message="evidence 'replace the antenna cable' does not stand in document 1",
                           question="How is the cable replaced?", answer="Replace the antenna cable.", citations=[port],
                           evidence=made_up),
            RejectedSample(id="r-2", documents=[document("alarms.md")], code="schema",
                           message="it is no JSON: Expecting value", question=f"Sure! Here you are: {HOSTILE}"),
        ],
        "plans.md": [
            RejectedSample(id="r-3", documents=[document("plans.md")], code="language", type="fact",
                           message="the answer is in en, asked for ko", question="로밍은 언제 신청하나요?",
                           answer="Apply before you leave.", citations=[chunks("plans.md")[1].id]),
            RejectedSample(id="r-4", documents=[document("plans.md")], code="evidence", type="fact", message=HOSTILE,
                           question="기준 시각은?", answer="자정", citations=["gone"],
                           evidence=[Evidence(chunk="gone", quote=HOSTILE)]),
        ],
    }  # fmt: skip


def removed() -> list[RemovedSample]:
    """What dataset-builder took out of the kept ones."""
    by_id = {sample.id: sample for own in kept().values() for sample in own}
    return [
        RemovedSample(sample=by_id["s-near"], code="near_duplicate", message="asks what sample s-ko-1 asks",
                      similarity=0.8571, text=by_id["s-ko-1"].question),
        RemovedSample(sample=by_id["s-leak"], code="contaminated", message="asks what an evaluation pair asks",
                      evaluation="q3", similarity=1.0, text="Which error refuses further routes?"),
    ]  # fmt: skip


def truth() -> list[GroundTruth]:
    """Training pairs."""
    return [
        GroundTruth(id="q1", question="When is alarm A-1024 raised?", answer="After 60 seconds without association.",
                    references=[URLS["alarms.md"]]),
        GroundTruth(id="q2", question="속도 제한은 얼마인가요?", answer="최대 400 kbps입니다.",
                    references=[URLS["plans.md"]]),
    ]  # fmt: skip


def recipe(**changes: Any) -> Recipe:
    """The run's recipe."""
    lengths = {"ko": AnswerLength(least=2, usual=12, most=60), "en": AnswerLength()}
    values = {"teacher": "anthropic.claude-v9", "checker": "amazon.nova-pro-v1:0", "prompts": shipped_prompts(),
              "refusals": refusals(), "lengths": lengths}  # fmt: skip
    return Recipe.model_validate({**values, **changes})


def experiment(**changes: Any) -> Experiment:
    """A baseline and one arm with samples."""
    return Experiment.model_validate(
        {
            "name": "telco",
            "corpus": {"name": CORPUS, "documents": "documents"},
            "ground_truth": "ground_truth.jsonl",
            "models": {"student": "amazon.nova-lite-v1:0", "teacher": "anthropic.claude-v9"},
            "prompts": {"plain": "Answer."},
            "arms": [
                {"name": "baseline", "prompt": "plain"},
                {"name": ARM, "prompt": "plain", "train": {"original": 2, "synthetic": 4}},
            ],
            **changes,
        }
    )


USED = ("s-ko-1", "s-ko-2", "s-en-1", "s-evil")


def examples() -> list[TrainingExample]:
    """What the arm is trained on."""
    by_id = {sample.id: sample for own in kept().values() for sample in own}
    pairs = [
        TrainingExample(id=pair.id, kind="original", question=pair.question, answer=pair.answer,
                        references=pair.references, documents=_shown())
        for pair in truth()
    ]  # fmt: skip
    return pairs + [
        TrainingExample(
            id=id, kind="synthetic", type=by_id[id].type, question=by_id[id].question, answer=by_id[id].answer,
            references=[] if by_id[id].withheld else [_url(by_id[id].documents[0])],
            documents=[] if by_id[id].withheld else _shown(),
        )
        for id in USED
    ]  # fmt: skip


def manifest() -> DatasetManifest:
    """Of the arm."""
    return DatasetManifest(
        arm=ARM, format="converse", base_model="amazon.nova-lite-v1:0", original=2, synthetic=4, repeat=2,
        sha256="ab" * 32, removed={"contaminated": 1, "near_duplicate": 1},
        types={"fact": 1, "procedure": 1, "troubleshooting": 1, "unanswerable": 1}, languages={"en": 3, "ko": 3},
        oracle_places={1: 3, 2: 1, 3: 1}, lineage={"run": RUN, "groundtune": "0.1.0"},
        licences={"CC-BY-4.0": 1, "not stated": 2}, examples=[example.id for example in examples()],
    )  # fmt: skip


def summary() -> DataSummary:
    """Of the run."""
    return DataSummary(
        documents=3, rejected_documents=0, chunks=5, ground_truth=4, evaluation=1, train=2,
        left_out={"refers to documents of both sets": 1}, groups=3, evaluation_groups=1, samples_asked=14, samples=7,
        samples_of_evaluation=3, samples_rejected={"evidence": 2, "language": 1, "schema": 1},
        samples_removed={"contaminated": 1, "near_duplicate": 1}, recipe=recipe().fingerprint(),
        snapshot_sha256="c" * 64, evaluation_sha256="d" * 64,
    )  # fmt: skip


def split(by: str = "group") -> SplitPlan:
    """All three documents teach."""
    return SplitPlan.model_validate(
        {
            "by": by, "seed": 7, "evaluation": ["q3"], "train": ["q1", "q2"],
            "left_out": {"q4": "refers to documents of both sets"},
            "train_documents": [document(name) for name in TEXTS], "groups": 4, "evaluation_groups": 1,
        }
    )  # fmt: skip


async def put_planned(services: Services, *, recipe: Recipe | None, **changes: Any) -> None:
    """The run up to its plan, and its documents."""
    found, artifacts = experiment(**changes), services.artifacts
    await services.runs.create(
        RunRecord(run=RUN, name="telco", corpus=CORPUS, status="synthesizing", created=1, updated=1)
    )
    body = yaml.safe_dump(found.model_dump(mode="json"), allow_unicode=True).encode()
    await artifacts.write_bytes(keys.run(RUN, "run.yaml"), body, "application/yaml")
    await artifacts.write_lines(keys.run(RUN, "snapshot.jsonl"), snapshot())
    await artifacts.write_lines(keys.run(RUN, "train.jsonl"), truth())
    units = [PlannedUnit(unit=Unit(documents=[document(name)]), tokens=100, chunks=1) for name in TEXTS]
    await artifacts.write_lines(keys.run(RUN, "units.jsonl"), units if recipe else [])
    await artifacts.write_lines(keys.run(RUN, "leaky-chunks.jsonl"), [])
    for name in TEXTS:
        key = keys.document(CORPUS, document(name), found.chunking.fingerprint(), "chunks.jsonl")
        await artifacts.write_lines(key, chunks(name))
    if recipe is not None:
        await artifacts.write(keys.run(RUN, "recipe.json"), recipe)
    await artifacts.write(keys.run(RUN, "split.json"), split())


async def put_samples(services: Services) -> None:
    """What synthetic-gen leaves behind."""
    fingerprint, chunking = recipe().fingerprint(), experiment().chunking.fingerprint()
    for name in TEXTS:
        await put_round(services, fingerprint, chunking, name, kept()[name], rejected().get(name, []))


async def put_round(
    services: Services, fingerprint: str, chunking: str, name: str, kept: Sequence[Sample],
    rejected: Sequence[RejectedSample], round: int = 0,
) -> None:  # fmt: skip
    """One round of one document."""
    unit = document(name)
    for kind, samples in (("kept", kept), ("rejected", rejected)):
        key = keys.samples(CORPUS, fingerprint, unit, chunking, round, kind)
        await services.artifacts.write_lines(key, samples)
    await services.corpora.put_samples(
        SamplesRecord(
            corpus=CORPUS, unit=unit, documents=[unit], chunking=chunking, recipe=fingerprint, round=round,
            asked=len(kept) + len(rejected) + 1, kept=len(kept), rejected=len(rejected), everywhere=True,
            exhausted=False,
        )
    )  # fmt: skip


async def put_built(services: Services, **changes: Any) -> None:
    """A run whose dataset is built."""
    await put_planned(services, recipe=recipe(), **changes)
    await put_samples(services)
    slug, artifacts = experiment().arms[1].slug, services.artifacts
    await artifacts.write(keys.dataset(RUN, slug, "manifest.json"), manifest())
    await artifacts.write_lines(keys.dataset(RUN, slug, "examples.jsonl"), examples())
    await artifacts.write(keys.run(RUN, "summary.json"), summary())
    await artifacts.write_lines(keys.run(RUN, "removed.jsonl"), removed())
    await services.runs.advance(RUN, "running", arms=[slug])


def _shown() -> list[RetrievedDocument]:
    return [
        RetrievedDocument(chunk=chunk.id, url=URLS[name], title=TITLES[name], text=chunk.text)
        for name in TEXTS
        for chunk in chunks(name)
    ]


def _url(id: str) -> str:
    return next(URLS[name] for name in TEXTS if document(name) == id)
