from __future__ import annotations

from schemas.judging import ClaimCheck, JudgedShard, Judgement
from tests.unit.workers.scorer.judge.making import LOST, TIED, UNSAID, WON
from tests.unit.workers.scorer.making import BASELINE, FT_40, PROMPT, experiment
from workers.scorer.judge.reporting import judge_report, signature

MODELS = {"student": "local.reader-v1", "teacher": "local.teacher-v1", "judge": "anthropic.claude-x"}
EXPERIMENT = experiment([BASELINE, PROMPT, FT_40], models=MODELS)
IDS = [f"q{n}" for n in range(12)]
LENGTHS = {arm.slug: dict.fromkeys(IDS, 10) for arm in EXPERIMENT.arms}


def match(found: Judgement, id: str, arm: str) -> Judgement:
    return found.model_copy(update={"id": id, "first": arm, "second": BASELINE.slug})


def canary(found: Judgement, kind: str) -> Judgement:
    return found.model_copy(update={"kind": kind})


CANARIES = [canary(TIED, "identical"), canary(WON, "foreign"), canary(WON, "injected")]
MATCHES = [match(WON, id, PROMPT.slug) for id in IDS[:6]] + [match(LOST, id, FT_40.slug) for id in IDS[:6]]


def test_each_pair_has_its_line_and_each_arm_its_strength() -> None:
    report = judge_report(EXPERIMENT, [JudgedShard(judgements=MATCHES), JudgedShard(judgements=CANARIES)], LENGTHS)
    assert report is not None and report.valid
    assert [(found.arm, found.wins, found.losses, found.n) for found in report.matches] == [
        ("prompt", 6, 0, 6),
        ("ft-40", 0, 6, 6),
    ]
    by_arm = {found.arm: found.strength for found in report.strengths}
    assert by_arm["ft-40"] < by_arm["baseline"] == 0 < by_arm["prompt"]
    assert report.questions == 6
    assert report.bias.consistency == 1.0
    assert report.ratings["prompt"]["correctness"] == 5.0


def test_a_judge_that_fails_its_canaries_is_not_valid_and_says_which() -> None:
    failing = [*CANARIES[:2], canary(LOST, "injected")]
    report = judge_report(EXPERIMENT, [JudgedShard(judgements=[*MATCHES, *failing])], LENGTHS)
    assert report is not None and not report.valid
    assert any("'injected'" in note for note in report.notes)


def test_nor_is_one_whose_canaries_were_never_judged() -> None:
    report = judge_report(EXPERIMENT, [JudgedShard(judgements=MATCHES)], LENGTHS, lost=1)
    assert report is not None and not report.valid
    assert any("could not be judged" in note for note in report.notes)


def test_what_was_said_of_an_arm_that_failed_since_is_left_out() -> None:
    lengths = {slug: found for slug, found in LENGTHS.items() if slug != FT_40.slug}
    report = judge_report(EXPERIMENT, [JudgedShard(judgements=[*MATCHES, *CANARIES])], lengths)
    assert report is not None
    assert [(found.arm, found.n) for found in report.matches] == [("prompt", 6), ("ft-40", 0)]
    assert [found.arm for found in report.strengths] == ["baseline", "prompt"]


def test_errors_are_counted_and_shown() -> None:
    lost = [match(UNSAID, id, PROMPT.slug) for id in IDS[:4]]
    report = judge_report(EXPERIMENT, [JudgedShard(judgements=[*lost, *CANARIES])], LENGTHS)
    assert report is not None
    assert (report.matches[0].errors, report.matches[0].n, report.bias.errors) == (4, 0, 1.0)


def test_groundedness_is_the_mean_share_of_supported_claims_by_arm() -> None:
    checks = [
        ClaimCheck(id="q0", arm=PROMPT.slug, claims=4, supported=2),
        ClaimCheck(id="q1", arm=PROMPT.slug, claims=1, supported=1),
        ClaimCheck(id="q2", arm=PROMPT.slug),
    ]
    report = judge_report(EXPERIMENT, [JudgedShard(judgements=[*MATCHES, *CANARIES], claims=checks)], LENGTHS)
    assert report is not None and report.groundedness == {"prompt": 0.75}


def test_a_judge_of_the_student_s_maker_is_told_of() -> None:
    for judge, student, same in [
        ("us.anthropic.claude-x", "anthropic.claude-3-haiku", True),
        ("us.anthropic.claude-x", "amazon.nova-lite", False),
    ]:
        kin = experiment([BASELINE, PROMPT], models={**MODELS, "judge": judge, "student": student})
        report = judge_report(kin, [JudgedShard(judgements=CANARIES)], LENGTHS)
        assert report is not None and any("one maker" in note for note in report.notes) is same


def test_without_a_judge_or_without_a_word_of_it_there_is_no_report() -> None:
    assert judge_report(experiment(), [JudgedShard(judgements=CANARIES)], LENGTHS) is None
    assert judge_report(EXPERIMENT, [], LENGTHS) is None


def test_the_signature_changes_with_what_changes_the_votes() -> None:
    other = EXPERIMENT.model_copy(update={"judging": EXPERIMENT.judging.model_copy(update={"votes": 3})})
    assert signature(EXPERIMENT) != signature(other)
