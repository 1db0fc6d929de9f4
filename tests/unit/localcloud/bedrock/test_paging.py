from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.bedrock.errors import ValidationException
from localcloud.bedrock.operations.paging import page, select

ROWS = [{"name": f"row-{i}", "creationTime": f"2026-01-0{i}T00:00:00.000000Z"} for i in (2, 1, 3)]


def names(params: dict[str, Any]) -> list[str]:
    return [row["name"] for row in select(ROWS, params, name="name")]


def test_the_newest_comes_first_unless_asked_otherwise() -> None:
    assert names({}) == ["row-3", "row-2", "row-1"]
    assert names({"sortOrder": "Ascending"}) == ["row-1", "row-2", "row-3"]


def test_names_and_times_select() -> None:
    assert names({"nameContains": "-2"}) == ["row-2"]
    assert names({"creationTimeAfter": "2026-01-02T00:00:00Z"}) == ["row-3"]
    assert names({"creationTimeBefore": "2026-01-02T00:00:00Z"}) == ["row-1"]


@given(st.integers(0, 30), st.integers(1, 10))
def test_following_the_tokens_visits_every_row_once(rows: int, size: int) -> None:
    summaries = [{"n": n} for n in range(rows)]
    seen, params = [], {"maxResults": size}
    while True:
        answer = page("rows", summaries, params)
        seen += answer["rows"]
        if "nextToken" not in answer:
            break
        params = {"maxResults": size, "nextToken": answer["nextToken"]}
    assert seen == summaries


def test_a_token_that_was_never_given_is_refused() -> None:
    with pytest.raises(ValidationException, match="nextToken"):
        page("rows", [], {"nextToken": "%%%"})
