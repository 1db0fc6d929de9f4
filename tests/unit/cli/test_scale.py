from __future__ import annotations

import pytest

from cli.scale import parse_scale
from shared.errors import BadInput


def test_one_of_each_worker_where_nothing_is_said() -> None:
    assert set(parse_scale("").values()) == {1}


def test_what_is_said_counts() -> None:
    scale = parse_scale("scorer=4, inference=0")
    assert (scale["scorer"], scale["inference"], scale["doc-ingest"]) == (4, 0, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scorrer=2", "did you mean 'scorer'"),
        ("scorer", "scorer=N"),
        ("scorer=-1", "scorer=N"),
        ("scorer=many", "scorer=N"),
        ("scorer=101", "0 to 100"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        parse_scale(text)
