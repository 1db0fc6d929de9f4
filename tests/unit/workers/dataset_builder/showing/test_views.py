"""What is shown of a sample: its passages with the evidence marked, and what does not stand where it should."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import Chunk, Evidence, RejectedSample, Sample
from shared.text.quotes import Piece
from tests.unit.workers import sampled
from workers.dataset_builder.showing.views import Library, kept_view, original_view, rejected_view, removed_view

LIBRARY = Library(
    {document.document: document for document in sampled.snapshot()},
    {chunk.id: chunk for name in sampled.TEXTS for chunk in sampled.chunks(name)},
)


def marked(pieces: object) -> list[str]:
    return [piece.text for piece in pieces if piece.marked]  # type: ignore[attr-defined]


def by_id(id: str) -> Sample:
    return next(sample for own in sampled.kept().values() for sample in own if sample.id == id)


def test_a_kept_sample_shows_its_evidence_in_its_chunk() -> None:
    view = kept_view(by_id("s-en-1"), LIBRARY, "used", ["ft"])
    (passage,) = view.passages
    assert (passage.title, passage.url) == ("Base station alarms", "https://docs.example/alarms#a-1024")
    assert passage.section == ["1."]
    assert marked(passage.pieces) == [
        "First check the transport port with `show port 1/1`", "restart the association with `s1 reset`",
    ]  # fmt: skip
    assert "".join(piece.text for piece in passage.pieces) == sampled.ENGLISH[0]
    assert (view.documents, passage.missing, passage.withheld) == (["inbox/telco/guides/alarms.md"], [], False)


def test_what_is_withheld_is_said_to_be() -> None:
    (passage,) = kept_view(by_id("s-ko-2"), LIBRARY, "used").passages
    assert passage.withheld
    assert marked(passage.pieces) == ["하루 요금은 11,000원이며,\n현지 시각이 아니라"]


def test_evidence_that_stands_nowhere_is_said_to_be_missing() -> None:
    made_up, _ = sampled.rejected()["alarms.md"]
    (passage,) = rejected_view(made_up, LIBRARY).passages
    assert passage.missing == ["replace the antenna cable"]
    assert marked(passage.pieces) == ["S1 link down"]


def test_a_chunk_that_nobody_knows_is_shown_by_its_id_with_all_its_quotes_missing() -> None:
    _, unknown = sampled.rejected()["plans.md"]
    (passage,) = rejected_view(unknown, LIBRARY).passages
    assert (passage.title, passage.pieces, passage.missing) == ("gone", (), [sampled.HOSTILE])


def test_a_reply_that_could_not_be_read_is_no_question() -> None:
    _, unreadable = sampled.rejected()["alarms.md"]
    assert rejected_view(unreadable, LIBRARY).unreadable
    assert not rejected_view(sampled.rejected()["plans.md"][0], LIBRARY).unreadable
    assert not original_view(sampled.examples()[0]).unreadable


def test_a_removed_sample_says_what_it_is_too_like() -> None:
    view = removed_view(sampled.removed()[1], LIBRARY)
    assert (view.outcome, view.code, view.evaluation, view.similarity) == ("removed", "contaminated", "q3", 1.0)
    assert view.like == "Which error refuses further routes?"
    assert view.passages


def test_an_original_pair_shows_the_documents_that_answer_it_unmarked() -> None:
    view = original_view(sampled.examples()[0])
    assert {passage.url for passage in view.passages} == {sampled.URLS["alarms.md"]}
    assert not [piece for passage in view.passages for piece in passage.pieces if piece.marked]


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=4))
def test_whatever_is_quoted_the_chunk_is_shown_whole_and_no_quote_is_lost(text: str, quotes: list[str]) -> None:
    chunk = Chunk(id="c", document="d", text=text, start=0, end=len(text))
    rejected = RejectedSample(id="r", documents=["d"], code="evidence", message="", type="fact", citations=["c"],
                              evidence=[Evidence(chunk="c", quote=quote) for quote in quotes])  # fmt: skip
    (passage,) = rejected_view(rejected, Library({}, {"c": chunk})).passages
    assert "".join(piece.text for piece in passage.pieces) == text
    assert set(passage.missing) <= set(quotes)
    assert bool(marked(passage.pieces)) == bool(set(quotes) - set(passage.missing))
    assert Piece("") not in passage.pieces
