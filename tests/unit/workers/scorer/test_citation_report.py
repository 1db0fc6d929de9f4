"""Sums of citations: over questions and over links."""

from __future__ import annotations

from schemas.artifacts import Score
from schemas.report import MacroMicro
from workers.scorer.citation_report import citation_report
from workers.scorer.citations import citations
from workers.scorer.documents import Documents

A, B, C = "https://x.example/a", "https://x.example/b", "https://far.example/c"


def cited(answer: str, references: list[str], retrieved: list[str] | None) -> Score:
    found = citations(answer, references, retrieved, Documents(frozenset({A, B, C})))
    return Score(id="q", values={}, citation=found)


def test_macro_is_over_questions_and_micro_over_links() -> None:
    found = citation_report(
        [
            cited(f"{A} {B} https://made.example/1 https://made.example/2", [A], [A, B]),  # 1 of 4 right, all found
            cited("nothing", [A, C], [A]),
            cited(f"{C}", [C], [A]),  # right, though it was not given
            cited("no answer", [], [A]),
        ]
    )
    assert found is not None
    assert (found.n, found.links, found.abstained, found.uncited) == (4, 5, 1, 1)
    assert found.precision == MacroMicro(macro=(0.25 + 0 + 1 + 1) / 4, micro=0.4)
    assert found.recall == MacroMicro(macro=0.75, micro=0.5)
    assert found.reachable_recall == MacroMicro(macro=0.5, micro=0.5)
    assert found.hallucinated == {
        "invented": MacroMicro(macro=0.25, micro=0.4),
        "mangled": MacroMicro(macro=0.0, micro=0.0),
        "unretrieved": MacroMicro(macro=0.25, micro=0.2),
        "invalid": MacroMicro(macro=0.0, micro=0.0),
        "any": MacroMicro(macro=0.5, micro=0.6),
    }
    assert (found.wrong, found.missed, found.unreachable) == (1, 2, 2)


def test_where_nothing_is_known_of_retrieval_nothing_is_said_of_hallucination() -> None:
    found = citation_report([cited(A, [A], None)])
    assert found is not None and found.hallucinated == {}
    assert found.reachable_recall == MacroMicro(macro=None, micro=None)


def test_scores_without_citations_make_no_report() -> None:
    assert citation_report([Score(id="q", values={})]) is None
