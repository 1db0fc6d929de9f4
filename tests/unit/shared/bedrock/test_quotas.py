from __future__ import annotations

import pytest

from shared.bedrock.quotas import JOBS, MODELS, UNITS, Quota, Standing, needed, room


@pytest.mark.parametrize(
    "standing",
    [Standing(JOBS), Standing(JOBS, 2, None), Standing(JOBS, 2, 1), Standing(MODELS, 100, 99), Standing(UNITS, 1, 0)],
)
def test_what_is_not_known_or_not_used_up_stops_nothing(standing: Standing) -> None:
    found = room(standing)
    assert (found.verdict.refusal, found.verdict.warning, found.full) == (None, None, None)


@pytest.mark.parametrize(
    ("quota", "words"),
    [
        (UNITS, "such as 'amazon.nova-2-lite-v1:0:256k'"),
        (JOBS, "L-0406044C"),
        (MODELS, "ask for more in Service"),
    ],
)
def test_a_quota_of_nothing_is_refused_with_what_to_ask_for(quota: Quota, words: str) -> None:
    refusal = room(Standing(quota, 0.0, 0)).verdict.refusal or ""
    assert "of this account is 0" in refusal and words in refusal


def test_jobs_wait_for_others_units_are_warned_of_and_models_must_go_first() -> None:
    assert room(Standing(JOBS, 2, 2)).full == "the quota 'customization jobs' is used up (2 of 2)"
    units = room(Standing(UNITS, 1, 1)).verdict
    assert units.refusal is None and "hosting waits until others free theirs" in (units.warning or "")
    assert "`groundtune reap --models`" in (room(Standing(MODELS, 100, 100)).verdict.refusal or "")


def test_units_are_needed_only_by_what_is_served_by_them() -> None:
    assert UNITS in needed("provisioned") and UNITS not in needed("on_demand")
