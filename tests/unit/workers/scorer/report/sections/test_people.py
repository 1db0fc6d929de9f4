"""The section on people's rankings."""

from __future__ import annotations

from schemas.people import JudgeAgreement, RankingProblem
from tests.unit.workers.scorer.report.full import full_report, rankings
from tests.unit.workers.scorer.report.sample import sample_report
from workers.scorer.report.labels import labels
from workers.scorer.report.sections import people

T = labels("en")


def test_points_stand_beside_the_best_possible_and_means_over_their_intervals() -> None:
    found = people(full_report(), T)
    first = found.tables[0].rows[0]
    assert first[0] == "ft-160"
    assert first[1] is not None and first[1].endswith(" of 480")
    assert first[2] is not None and "\n[" in first[2]


def test_shared_ranks_show_their_fraction_of_a_point() -> None:
    ranked = rankings()
    arm = ranked.arms[0].model_copy(update={"points": 1012.5})
    report = full_report().model_copy(update={"people": ranked.model_copy(update={"arms": [arm]})})
    assert people(report, T).tables[0].rows[0][1] == "1,012.5 of 480"


def test_what_raters_and_judge_agree_on_is_told_where_it_is_known() -> None:
    known = {"repeats": 6, "repeat_tau": 0.9, "judge": JudgeAgreement(n=40, agreement=0.75, kappa=None)}
    report = full_report().model_copy(update={"people": rankings().model_copy(update=known)})
    facts = dict(people(report, T).facts)
    assert facts["LLM judge and people"] == "agree on 75.0\u00a0% of 40 pairs, κ n/a"
    assert facts["Agreement of raters with themselves, 6 tasks given twice (Kendall's tau)"] == "0.900"
    assert "LLM judge and people" not in dict(people(full_report(), T).facts)


def test_groups_and_answers_that_do_not_count_are_named() -> None:
    problem = RankingProblem(task="t1", code="wrong_sum", message="ranks do not add up")
    ranked = rankings().model_copy(update={"groups": [["a", "b"], ["c"]], "problems": [problem]})
    notes = people(full_report().model_copy(update={"people": ranked}), T).notes
    assert "Cannot be told apart: a, b" in notes
    assert not any("apart: c" in note for note in notes)
    assert notes[-1].startswith("1 answers do not count")


def test_where_nobody_was_asked_it_says_how_to_ask() -> None:
    assert "groundtune rank export" in people(sample_report(), T).intro[0]
