from __future__ import annotations

import pytest

from benchmarks.runtime.contenders import BARE, CONTENDERS
from benchmarks.runtime.measure import Sample, hourly
from benchmarks.runtime.memory import tenths
from benchmarks.runtime.peers import pins
from benchmarks.runtime.soak import Outcome
from benchmarks.runtime.table import HEAD, ratios, rendered, spread


def test_median_and_range_and_nothing_where_nothing_was_measured() -> None:
    assert spread([3, 1, 2], ".0f") == "2 (1–3)"
    assert spread([0.2, 0.2001], ".2f") == "0.20"
    assert spread([], ".0f") == "–"


def test_a_ratio_is_taken_within_its_round() -> None:
    rounds, bare = [Sample(per_cpu_s=100), Sample(per_cpu_s=300)], [Sample(per_cpu_s=200), Sample(per_cpu_s=300)]
    assert ratios(rounds, bare) == [0.5, 1.0]
    assert ratios([Sample(problem="stuck"), Sample(per_cpu_s=300)], bare) == [1.0]


def test_every_contender_has_a_row_and_a_failure_its_reason() -> None:
    samples = {
        BARE: [Sample(per_cpu_s=4000, empty=0.2, invisible=0, exit_s=0.1, dollars={"sqs": 0.12})],
        "hanging": [Sample(per_cpu_s=400, invisible=126, exit_s=None)],
        "absent": [Sample(problem="celery could not be installed: no wheel")],
    }
    lines = rendered(samples, {BARE: 180.0}).splitlines()
    assert lines[2].startswith(f"| {BARE} | 4000 | 1.00 | 0.20 |") and "| 180 | 0.12 |" in lines[2]
    assert "| 126 | over 30, killed (1 of 1) |" in lines[3]
    assert lines[4].startswith("| absent | – |")
    assert lines[-1] == "- absent: celery could not be installed: no wheel"
    assert all(line.count("|") == len(HEAD) + 1 for line in lines[:5])


def test_polls_of_twenty_seconds_are_180_an_hour() -> None:
    assert hourly([100.0, 120.0, 140.0]) == pytest.approx(180)
    assert hourly([n + poll / 100 for n in (100, 120, 140) for poll in range(8)]) == pytest.approx(8 * 180)
    assert hourly([100.0]) is None and hourly([]) is None


def test_growth_is_seen_between_the_second_and_the_last_tenth() -> None:
    assert tenths([1, *range(100, 119)]) == (101.5, 117.5)


def test_missing_effects_and_repeated_messages_are_told_apart() -> None:
    outcome = Outcome(killed=2, seconds=9.6)
    outcome.effects.update(["a", "b", "b"])
    assert outcome.sentence(3).endswith("2 effects, 1 missing, 1 messages that repeat one")


def test_what_a_contender_needs_is_pinned() -> None:
    assert {name for contender in CONTENDERS for name in contender.packages} <= set(pins())
