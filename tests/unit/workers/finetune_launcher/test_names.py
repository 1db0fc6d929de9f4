from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from schemas.experiment import Arm
from workers.finetune_launcher.names import job_name, request_token
from workers.finetune_launcher.polling import LONGEST_S, poll_delay_s


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=60))
def test_names_fit_bedrocks_patterns_whatever_people_call_things(arm: str, run: str) -> None:
    slug = Arm(name=arm, prompt="p").slug
    name = job_name(run, slug)
    assert len(name) <= 63
    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9\+\-\.])*", name)
    assert re.fullmatch(r"([0-9a-zA-Z][_-]?){1,63}", name)
    assert re.fullmatch(r"[a-zA-Z0-9]([-a-zA-Z0-9]{0,254}[a-zA-Z0-9])?", request_token(run, slug, "job"))


def test_two_arms_whose_names_differ_in_a_sign_have_two_slugs() -> None:
    assert Arm(name="ft 40+", prompt="p").slug != Arm(name="ft 40-", prompt="p").slug


def test_polls_are_quick_at_first_and_never_rarer_than_five_minutes() -> None:
    delays = [poll_delay_s(poll) for poll in range(60)]
    assert delays[0] == 1
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_S == 300
