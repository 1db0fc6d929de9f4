from __future__ import annotations

import pytest

from workers.doc_ingest.pieces import LONGEST_TOKENS, pieces
from workers.doc_ingest.prose import sentence_spans

WRAPPED = """The access network keeps a list of neighbours, which it
learns from measurements that phones send. A neighbour that
nobody has reported for a week is dropped from the list and
must be learned again.
A new line starts here because its writer wanted it."""
VERSE = "첫째 줄\n둘째 줄\n셋째 줄"
FIELDS = """Name: the access and mobility management function
Role: registration and the mobility of all phones
Port: 38412, over SCTP as every base station does"""
COLUMNS = """cell      state     alarms   last seen on the network
a-17      up        0        this morning, by two phones
a-18      down      12       last week, by nobody else"""


def cut(text: str, max_tokens: int = 320) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, max_tokens)]


def test_a_sentence_goes_on_over_the_end_of_a_wrapped_line() -> None:
    assert cut(WRAPPED) == [
        "The access network keeps a list of neighbours, which it\nlearns from measurements that phones send.",
        "A neighbour that\nnobody has reported for a week is dropped from the list and\nmust be learned again.",
        "A new line starts here because its writer wanted it.",
    ]


@pytest.mark.parametrize("text", [VERSE, FIELDS, COLUMNS])
def test_lines_that_were_not_wrapped_are_sentences_of_their_own(text: str) -> None:
    assert cut(text) == text.split("\n")


def test_a_run_of_lines_over_the_budget_is_no_sentence() -> None:
    text = "\n".join(["words that never come to an end in this long list of words"] * 40)
    assert cut(text, max_tokens=64) == text.split("\n")


def test_a_link_with_a_full_stop_in_it_is_not_cut() -> None:
    text = "See [the guide. Part two](https://x.example/a. b) first. Then go on."
    assert cut(text) == ["See [the guide. Part two](https://x.example/a. b) first.", "Then go on."]


def test_what_is_larger_than_models_take_is_cut_at_line_ends_then_at_white_space() -> None:
    for text in ["x" * 60 + "\n", "word ", "한"]:
        whole = text * (10 * LONGEST_TOKENS // len(text))
        parts = [whole[start:end] for start, end in pieces(whole, 0, len(whole))]
        assert len(parts) > 1
        assert all(len(part) <= 4 * LONGEST_TOKENS for part in parts)
        assert "".join(parts).replace("\n", "").replace(" ", "") == whole.replace("\n", "").replace(" ", "")
        assert all(part.strip().endswith(text.strip()) and part.startswith(text.strip()) for part in parts)


def test_a_line_of_a_megabyte_is_cut_in_sentences() -> None:
    sentence = "See e.g. [the guide](https://x.example/a) or `z`."
    line = " ".join([sentence] * 20_000) + "q" * 100_000
    assert cut(line)[:-1] == [sentence] * 19_999
