from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import Chunk
from workers.synthetic_gen.plan import CHUNKS_PER_CALL, plan_calls, spread


@given(st.integers(0, 200), st.lists(st.integers(0, 500), min_size=1, max_size=20))
def test_shares_add_up_and_follow_the_weights(total: int, weights: list[int]) -> None:
    shares = spread(total, weights)
    assert sum(shares) == (total if sum(weights) else 0)
    if sum(weights):
        exact = [total * weight / sum(weights) for weight in weights]
        assert all(abs(share - ideal) < 1 for share, ideal in zip(shares, exact, strict=True))


def test_late_chunks_get_their_share_of_the_samples() -> None:
    chunks = [Chunk(id=str(i), document="d", text="x" * 100, start=0, end=100) for i in range(20)]
    calls = plan_calls(chunks, 10)
    assert [len(call.chunks) for call in calls] == [CHUNKS_PER_CALL, CHUNKS_PER_CALL, CHUNKS_PER_CALL, 2]
    assert sum(call.samples for call in calls) == 10
    assert calls[-1].samples >= 1
