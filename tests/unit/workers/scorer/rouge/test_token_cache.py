"""Tokens kept in memory, and as bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workers.scorer.rouge.token_cache import Analysis, MemoryTokens, content_key

ANALYSES = st.dictionaries(
    st.text("abc", min_size=1), st.builds(Analysis, st.lists(st.text()).map(tuple), st.integers(0, 99)), max_size=6
)


@given(ANALYSES)
def test_what_is_dumped_can_be_loaded(analyses: dict[str, Analysis]) -> None:
    first, second = MemoryTokens(), MemoryTokens()
    for key, analysis in analyses.items():
        first.put(key, analysis)
    second.load(first.dump())
    assert {key: second.get(key) for key in analyses} == analyses
    assert second.dump() == first.dump()
    assert (first.changed, second.changed) == (bool(analyses), False)


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    cache = MemoryTokens(max_tokens=4)
    for key in ("a", "b"):
        cache.put(key, Analysis(("x", "y"), 2))
    assert cache.get("a") is not None
    cache.put("c", Analysis(("z",), 1))
    assert [key for key in "abc" if cache.get(key)] == ["a", "c"]
    cache.put("a", Analysis(("x", "y", "z"), 3))
    assert [key for key in "abc" if cache.get(key)] == ["a", "c"]


def test_a_key_is_of_tokenizer_and_text() -> None:
    keys = [
        content_key("one", "text"),
        content_key("two", "text"),
        content_key("one", "text "),
        content_key("one", "\ud800"),
    ]
    assert len(set(keys)) == 4
    assert keys[0] == content_key("one", "text")
