"""A realistic report: five arms, Korean and English answers, a document that failed, and an answer that attacks."""

from __future__ import annotations

from math import exp, sin
from typing import Any

from schemas.artifacts import DataSummary, Failure
from schemas.experiment import CASE_METRICS as METRICS
from schemas.experiment import Split, Train
from schemas.report import (
    ArmReport,
    ArmSlices,
    Example,
    ExampleAnswer,
    MetricValue,
    PromptRecord,
    RecallAt,
    Report,
    RetrievalQuality,
    Slice,
)

HOSTILE = "<script>alert(1)</script> ![x](https://evil.example/x.png) | <img src=//evil.example/y onerror=alert(2)>"
HOSTILE_LINK = "javascript:alert(3)"

# metric → value of the baseline, then (value, relative, low, high) of prompt, ft-40, ft-40+120syn, ft-160
_Change = tuple[float, float, float, float]
_NUMBERS: dict[str, tuple[float, list[_Change]]] = {
    "rouge1": (
        0.4123,
        [
            (0.4511, 0.0941, 0.021, 0.171),
            (0.4702, 0.1404, 0.05, 0.24),
            (0.4688, 0.137, 0.048, 0.232),
            (0.5012, 0.2156, 0.121, 0.318),
        ],
    ),
    "rouge2": (
        0.2214,
        [
            (0.2601, 0.1748, 0.02, 0.361),
            (0.2805, 0.2669, 0.09, 0.47),
            (0.2779, 0.2552, 0.08, 0.462),
            (0.3107, 0.4033, 0.206, 0.644),
        ],
    ),
    "rouge3": (
        0.1307,
        [
            (0.1622, 0.241, -0.021, 0.566),
            (0.1804, 0.3803, 0.09, 0.755),
            (0.1777, 0.3596, 0.072, 0.74),
            (0.2089, 0.5983, 0.274, 1.031),
        ],
    ),
    "rougeL": (
        0.3342,
        [
            (0.3701, 0.1074, 0.022, 0.204),
            (0.3905, 0.1685, 0.067, 0.285),
            (0.3899, 0.1667, 0.063, 0.288),
            (0.4237, 0.2678, 0.155, 0.398),
        ],
    ),
    "embedding_similarity": (
        0.7811,
        [
            (0.7902, 0.0117, -0.009, 0.033),
            (0.7725, -0.011, -0.035, 0.013),
            (0.7608, -0.026, -0.049, -0.004),
            (0.8122, 0.0398, 0.014, 0.067),
        ],
    ),
    "citation_accuracy": (
        0.425,
        [
            (0.65, 0.5294, 0.216, 0.96),
            (0.675, 0.5882, 0.26, 1.05),
            (0.65, 0.5294, 0.2, 0.97),
            (0.725, 0.7059, 0.36, 1.22),
        ],
    ),
}
_ARMS: list[tuple[str, str, Train | None]] = [
    ("baseline", "baseline", None),
    ("prompt", "optimized", None),
    ("ft-40", "optimized", Train(original=40)),
    ("ft-40+120syn", "optimized", Train(original=40, synthetic=120)),
    ("ft-160", "optimized", Train(original=160)),
]

_ENDINGS = [
    {"end_turn": 55, "max_tokens": 5},
    {"end_turn": 59, "error": 1},
    {"end_turn": 57, "error": 2, "guardrail_intervened": 1},
    {"end_turn": 60},
    {"end_turn": 59, "error": 1},
]


def sample_report(**changes: Any) -> Report:
    """The report with some fields changed."""
    fields: dict[str, Any] = {
        "name": "telco",
        "status": "completed_with_failures",
        "valid": True,
        "notes": ["3 of 60 reference answers have fewer than three tokens: their ROUGE-3 is always 0."],
        "baseline": "baseline",
        "winner": "ft-160",
        "summary": [
            "ft-160 wins with the highest ROUGE-L, +26.8 % [+15.5 %, +39.8 %] against baseline, n = 58.",
            "Synthetic data did not measurably help: ft-40+120syn cannot be told apart from ft-40.",
            "2 of 60 questions lack an answer of at least one arm and are left out.",
        ],
        "arms": [_arm(index) for index in range(len(_ARMS))],
        "metrics": list(METRICS),
        "signatures": {name: f"{name.lower()}|tok=default|nfc|url=strip|stem=0|v=0.1.2" for name in METRICS},
        "models": {"student": "local.reader-v1", "teacher": "local.teacher-v1"},
        "model_notes": [
            "local.reader-v1 is groundtune's small extractive reader, not a language model: "
            "it picks, orders and cites sentences of the given documents.",
            "local.teacher-v1 is groundtune's small question writer, not a language model.",
        ],
        "prompts": [
            PromptRecord(name="baseline", sha256="ab" * 32, text="Answer the question."),
            PromptRecord(
                name="optimized",
                sha256="cd" * 32,
                text="문서를 근거로 간결하게 답하고 링크를 인용하십시오.\n\nUse <documents> & cite.",
            ),
        ],
        "split": Split(by="group", evaluation=60),
        "seed": 7,
        "hyperparameters": {"epochCount": "3", "learningRateMultiplier": "1.0"},
        "data": _data(),
        "retrieval": _retrieval(),
        "failures": [
            Failure(
                stage="doc-ingest",
                item="inbox/telco/broken.pdf",
                code="unreadable",
                message="broken.pdf: no PDF header; export it again",
            ),
            *(
                Failure(stage="inference", item=f"q-{n}", code="no_answer", message="the model returned no text")
                for n in (17, 44)
            ),
            Failure(
                stage="dataset-builder",
                item="ft-40+120syn",
                code="shortfall",
                message="asked for 120 synthetic samples, built with 97",
            ),
        ],
        "best": [_korean(), _english()],
        "worst": [_hostile()],
        "provenance": _provenance(),
    }
    return Report.model_validate({**fields, **changes})


def failed_report() -> Report:
    """A run that ended before anything was scored."""
    return sample_report(
        status="failed",
        reason="12 of 24 documents failed, more than max_failed_fraction allows",
        valid=False,
        notes=["No answer was scored."],
        winner=None,
        summary=[],
        arms=[
            ArmReport(
                name=name,
                prompt=prompt,
                train=train,
                model="local.reader-v1",
                status="failed",
                reason="the run ended before this arm was reached",
                metrics={},
            )
            for name, prompt, train in _ARMS
        ],
        signatures={},
        data=None,
        retrieval=None,
        best=[],
        worst=[],
        provenance={},
    )


def _arm(index: int) -> ArmReport:
    name, prompt, train = _ARMS[index]
    return ArmReport(
        name=name,
        prompt=prompt,
        train=train,
        trained_on=Train(original=40, synthetic=97) if train and train.synthetic else train,
        model="local.reader-v1",
        status="scored",
        metrics={metric: _value(metric, index) for metric in METRICS},
        answered=60 - index % 3,
        endings=_ENDINGS[index],
        loss=[2.4 * exp(-step / (30 + 10 * index)) + 0.4 + 0.05 * sin(step) for step in range(90)] if train else [],
    )


def _value(metric: str, index: int) -> MetricValue:
    base, others = _NUMBERS[metric]
    if not index:
        return MetricValue(value=base, n=58, with_missing_as_zero=base)
    value, relative, low, high = others[index - 1]
    zeroed = round(value * (60 - index % 3) / 60, 6)
    return MetricValue(value=value, relative=relative, low=low, high=high, n=58, with_missing_as_zero=zeroed)


def _data() -> DataSummary:
    return DataSummary(
        documents=24,
        rejected_documents=1,
        chunks=1312,
        ground_truth=284,
        evaluation=60,
        train=196,
        left_out={
            "cites documents of both sides of the split": 20,
            "in an evaluation group, but the evaluation set is full": 6,
        },
        groups=12,
        evaluation_groups=3,
        samples=210,
        samples_rejected={"not_grounded": 31, "duplicate": 12},
        samples_removed={"too near to an evaluation question": 9},
        recipe="e1" * 8,
        snapshot_sha256="12" * 32,
        evaluation_sha256="34" * 32,
    )


def _retrieval() -> RetrievalQuality:
    recall = [(0.6, 0.75), (0.75, 0.85), (0.8, 0.9), (0.85, 0.933333)]
    shown, lost = Slice(n=49, rougeL=0.42, citation_accuracy=0.81), Slice(n=9, rougeL=0.21, citation_accuracy=0.0)
    return RetrievalQuality(
        by="search",
        n=60,
        recall=[RecallAt(k=k, all=whole, any=some) for k, (whole, some) in enumerate(recall, 1)],
        slices=[ArmSlices(arm=name, retrieved=shown, not_retrieved=lost) for name, _, _ in _ARMS],
    )


def _korean() -> Example:
    return _example(
        "q-roaming-ko",
        "해외 로밍 데이터가 연결되지 않으면 무엇을 먼저 확인해야 하나요?",
        "설정에서 데이터 로밍을 켠 다음 휴대전화를 다시 시작하고, "
        "그래도 연결되지 않으면 APN을 `lte.telco.example`로 지정합니다.",
        "로밍에 대해 문의해 주셔서 감사합니다. 데이터 로밍은 여러 이유로 연결되지 않을 수 있습니다. "
        "고객센터에 문의하십시오.",
        "설정에서 데이터 로밍을 켠 다음 휴대전화를 다시 시작합니다. "
        "연결되지 않으면 APN을 `lte.telco.example`로 지정합니다.\n\n"
        "[로밍 설정](https://docs.telco.example/ko/roaming/설정)",
        ["https://docs.telco.example/ko/roaming/설정"],
        (0.21, 0.88),
    )


def _english() -> Example:
    return _example(
        "q-ims-12",
        "Which command shows the registration state of a subscriber, and what does a healthy answer look like?",
        "Run `nfctl subscriber show --imsi <IMSI>`; a registered subscriber has `state: REGISTERED`.",
        "There are several ways to look at subscribers. Run `nfctl subscriber list` and look for the subscriber.",
        "Run `nfctl subscriber show --imsi <IMSI>` and look for `state: REGISTERED`.\n\nSource: https://docs.telco.example/network/nfctl",
        [
            "https://docs.telco.example/network/nfctl",
            "https://docs.telco.example/network/a-very-long-path-without-any-place-to-break-it-in-two/subscriber-registration-states-reference",
        ],
        (0.31, 0.79),
    )


def _hostile() -> Example:
    return _example(
        "q-billing-7",
        "How long may a customer dispute a bill?",
        "A bill may be disputed within 60 days of its date.",
        "A bill may be disputed within 60 days of its date.",
        f"A bill may be disputed within 30 days of its date. {HOSTILE}",
        [HOSTILE_LINK],
        (1.0, 0.55),
    )


def _example(
    id: str, question: str, reference: str, before: str, after: str, links: list[str], scores: tuple[float, float]
) -> Example:
    answers = [
        ExampleAnswer(arm="baseline", answer=before, rougeL=scores[0], citation=0.0),
        ExampleAnswer(arm="ft-160", answer=after, rougeL=scores[1], citation=1.0),
    ]
    return Example(
        id=id,
        question=question,
        reference=reference,
        references=links,
        change=round(scores[1] - scores[0], 6),
        answers=answers,
    )


def _provenance() -> dict[str, Any]:
    job = "arn:aws:bedrock:us-east-1:123456789012:model-customization-job/local.reader-v1/abcdefghijkl"
    return {
        "run": "telco-20261123-120000",
        "created": "2026-11-23T12:00:00+00:00",
        "duration_s": 95.312,
        "arms": {"ft-160": {"job": job, "deployment": None, "input_tokens": 123456, "output_tokens": 7890}},
        "versions": {"python": "3.11.2", "groundtune": "0.1.0"},
    }
