"""How intervals and p-values were made, in one line beside them."""

from __future__ import annotations

from workers.scorer.statistics.draws import MAX_QUESTIONS
from workers.scorer.statistics.values import DRAWS, LEVEL


def signature(n: int, *, tests: int, seed: int) -> str:
    """``n`` common questions, ``tests`` p-values that were adjusted together."""
    many = n > MAX_QUESTIONS
    interval = "delta-method" if many else f"paired-bootstrap-percentile,{DRAWS}"
    test = "sign-flip-normal" if many else f"sign-flip,{DRAWS}"
    return (
        f"paired|n={n}|interval={interval}|level={LEVEL:g}|effect=ratio-of-means|p={test}|p01=mcnemar-exact"
        f"|family=holm,{tests}|seed={seed}"
    )
