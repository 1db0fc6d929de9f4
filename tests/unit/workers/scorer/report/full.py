"""A report in which every section has something to tell: the sample, with a judge, people, citations and slices."""

from __future__ import annotations

from functools import cache

import numpy as np

from schemas.people import PeopleReport, Ranking
from schemas.report import (
    ArmReport,
    CitationReport,
    Contrast,
    JudgeBias,
    JudgeCanary,
    JudgeMatch,
    JudgeReport,
    JudgeStrength,
    LossPoint,
    MacroMicro,
    MetricValue,
    QuestionSlice,
    Report,
    SliceValue,
)
from tests.unit.workers.scorer.report.sample import sample_report
from workers.scorer.people.analysis import analyse
from workers.scorer.people.points import points_of

SPENDING = [
    {"part": "synthetic-gen", "model": "local.teacher-v1", "calls": 45, "cached": 2, "input_tokens": 100_484,
     "output_tokens": 16_098, "usd": 1.25},
    {"part": "judge", "model": "local.judge-v1", "calls": 549, "cached": 11, "input_tokens": 885_100,
     "output_tokens": 30_760, "usd": 0.75},
    {"kind": "training", "part": "ft-160", "amount": 123_456, "model": "local.reader-v1", "usd": 0.5},
]  # fmt: skip
SLICES = [
    ("type", ["fact", "procedure", "table", "troubleshooting"]),
    ("language", ["en", "ko"]),
    ("reference_characters", ["12–80", "81–160", "161–900"]),
    ("reference_links", ["0", "1", "2", "3+"]),
    ("answerable", ["no", "yes"]),
    ("retrieved", ["all", "none", "some"]),
]


@cache
def full_report() -> Report:
    """Built once: rankings are analysed, which takes a second."""
    report = sample_report()
    provenance = report.provenance | {
        "spending": SPENDING,
        "arms": {arm.name: _usage(n) for n, arm in enumerate(report.arms)},
    }
    return report.model_copy(
        update={
            "arms": [_tested(arm, n) for n, arm in enumerate(report.arms)],
            "further": ["chrf", "length_ratio", "citation_f1"],
            "statistics": "paired|n=58|interval=paired-bootstrap-percentile,10000|level=0.95|effect=ratio-of-means"
            "|p=sign-flip,10000|p01=mcnemar-exact|family=holm,24|seed=7",
            "judge": judge_report(),
            "people": rankings(),
            "contrasts": [
                Contrast(arm=arm.name, against=other.name, metric=metric, relative=0.031, low=-0.08, high=0.15, p=0.4)
                for arm in report.arms[1:]
                for other in report.arms[1:]
                if arm is not other
                for metric in report.metrics
            ],
            "slices": [_slice(by, name, report) for by, names in SLICES for name in names],
            "provenance": provenance,
        }
    )


def _usage(n: int) -> dict[str, float]:
    return {"input_tokens": 66_914, "output_tokens": 4_516, "output_tokens_median": 71, "output_tokens_p95": 160,
            "latency_median_ms": 396.431 + 10 * n, "latency_p95_ms": 934.826, "cached_answers": n}  # fmt: skip


def _tested(arm: ArmReport, n: int) -> ArmReport:
    further = {
        "chrf": MetricValue(value=0.41 + n / 100, relative=n / 41, low=n / 41 - 0.03, high=n / 41 + 0.03, n=58),
        "length_ratio": MetricValue(value=1.4 - n / 10, n=58),
        "citation_f1": MetricValue(value=0.5 + n / 20, n=58),
    }
    metrics = arm.metrics | (
        further if n else {name: MetricValue(value=found.value, n=58) for name, found in further.items()}
    )
    return arm.model_copy(
        update={
            "metrics": {name: _interval(found) for name, found in metrics.items()},
            "citations": _citations(n),
            "validation_loss": [LossPoint(step=step, loss=1.9 - step / 90) for step in (30, 60, 90)]
            if arm.train
            else [],
        }
    )


def _interval(found: MetricValue) -> MetricValue:
    value = found.value or 0.0
    changed = found.relative is not None
    tested = {
        "difference": 0.05, "p": 0.0001 if found.direction != "unclear" else 0.21, "detectable": 0.034,
        "p_holm": 0.0024 if found.direction != "unclear" else 0.63, "significant": found.direction != "unclear",
    }  # fmt: skip
    return found.model_copy(
        update={"value_low": value - 0.04, "value_high": value + 0.04, **(tested if changed else {})}
    )


def _citations(n: int) -> CitationReport:
    share = MacroMicro(macro=0.5 + n / 20, micro=0.45 + n / 20)
    kinds = {"invented": 0.01, "mangled": 0.02, "unretrieved": 0.0, "invalid": 0.0, "any": 0.03}
    return CitationReport(
        n=58,
        links=70 + n,
        abstained=4,
        uncited=12 - n,
        precision=share,
        recall=share,
        reachable_recall=share,
        hallucinated={kind: MacroMicro(macro=value, micro=value / 2) for kind, value in kinds.items()},
        wrong=20 - n,
        missed=17,
        unreachable=9,
    )


def judge_report(*, valid: bool = True) -> JudgeReport:
    """Four arms against the baseline, better with each."""
    arms = ["prompt", "ft-40", "ft-40+120syn", "ft-160"]
    foreign = JudgeCanary(kind="foreign", n=20, passed=20 if valid else 11, valid=valid)
    return JudgeReport(
        model="local.judge-v1",
        signature="judge|local.judge-v1|prompt=8f1ba73311da|orders=2|votes=1|tie=disagree",
        valid=valid,
        notes=["Judge and student have one maker (local); a judge may prefer its own."],
        questions=58,
        matches=[
            JudgeMatch(
                arm=arm, against="baseline", n=58, wins=40 + n, ties=5, losses=13 - n, errors=n % 2,
                win_rate=0.73 + n / 50, low=0.62 + n / 50, high=0.84 + n / 50, length_controlled=0.55 + n / 50,
            )
            for n, arm in enumerate(arms)
        ],
        strengths=[
            JudgeStrength(arm="baseline", strength=0, low=0, high=0),
            *(
                JudgeStrength(arm=arm, strength=n / 2 - 0.2, low=n / 2 - 0.7, high=n / 2 + 0.3)
                for n, arm in enumerate(arms)
            ),
        ],
        bias=JudgeBias(votes=464, first_slot=0.51, consistency=0.93, ties=0.075, errors=0.01),
        canaries=[
            JudgeCanary(kind="identical", n=10, passed=10, valid=True),
            foreign,
            JudgeCanary(kind="injected", n=10, passed=10, valid=True),
        ],
        ratings={
            arm: {"correctness": 2 + n / 3, "citations": 3 + n / 3, "conciseness": 4.0, "tone": 3.5}
            for n, arm in enumerate(["baseline", *arms])
        },
        groundedness={"baseline": 0.61, "ft-160": 0.88},
    )  # fmt: skip


def rankings() -> PeopleReport:
    """Forty questions, three raters, four arms of which the middle two are alike."""
    rng = np.random.default_rng(1)
    quality = {"ft-160": 1.8, "ft-40": 0.6, "prompt": 0.5, "baseline": -1.0}
    found = [
        Ranking(
            rater=f"r{rater}",
            question=f"q{question:03d}",
            points=points_of({arm: -(worth + rng.normal(0, 1)) for arm, worth in quality.items()}),
        )
        for question in range(40)
        for rater in range(3)
    ]
    return analyse(found, seed=7)


def _slice(by: str, name: str, report: Report) -> QuestionSlice:
    few = name in ("no", "none", "3+")
    values = [
        SliceValue(arm=arm.name, metric=metric, n=4 if few else 21, value=0.4 + n / 20)
        if not n
        else SliceValue(
            arm=arm.name, metric=metric, n=4 if few else 21, value=0.4 + n / 20, difference=n / 20,
            **({} if few else {
                "low": n / 20 - 0.06, "high": n / 20 + 0.06, "p": 0.01 / n, "p_adjusted": 0.09 / n / n,
                "significant": n == 4 and by == "language",
            }),
        )
        for n, arm in enumerate(report.arms)
        for metric in report.metrics
    ]  # fmt: skip
    return QuestionSlice(by=by, name=name, n=4 if few else 21, values=values)
