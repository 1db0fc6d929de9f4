"""Citation metrics, case by case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import CitationDetail
from workers.scorer.citations import citations, values
from workers.scorer.documents import Documents

DATA = Path(__file__).parents[5] / "shared" / "data" / "qa" / "anthropics__claude-cookbooks"
A, B, C = "https://x.example/a", "https://x.example/b", "https://x.example/c"
LINKS = st.lists(st.sampled_from([f"https://x.example/{name}" for name in "abcdef"]), unique=True, max_size=5)


def found(
    answer: str, references: Sequence[str] = (A,), retrieved: Sequence[str] | None = (A, B), **documents: Any
) -> CitationDetail:
    return citations(answer, references, retrieved, Documents(**documents))


def metrics(detail: CitationDetail, *names: str) -> list[float | None]:
    return [values(detail)[name] for name in names]


@pytest.mark.parametrize(
    ("cited", "gold", "precision", "recall", "f1", "exact", "hit"),
    [
        ([A], [A], 1, 1, 1, 1, 1),
        ([A, B], [A], 1 / 2, 1, 2 / 3, 0, 1),
        ([A], [A, B], 1, 1 / 2, 2 / 3, 0, 1),
        ([B], [A], 0, 0, 0, 0, 0),
        ([A, B], [B, C], 1 / 2, 1 / 2, 1 / 2, 0, 1),
        ([], [A], 0, 0, 0, 0, 0),
        ([A], [], 0, 0, 0, 0, 0),
        ([], [], 1, 1, 1, 1, 0),
    ],
)
def test_sets_of_links(
    cited: list[str], gold: list[str], precision: float, recall: float, f1: float, exact: float, hit: float
) -> None:
    names = ("precision", "recall", "f1", "accuracy", "hit")
    assert metrics(found(" ".join(cited), gold), *(f"citation_{name}" for name in names)) == [
        precision, recall, f1, exact, hit,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "cited"),
    [
        (f"Yes.\n\nSources: <{A}> <{B}>", [A, B]),
        (f"See [the page]({A}).", [A]),
        (f"자세한 내용은 {A}를 보세요.", [A]),
        (f"{A}에서 확인하고 {B}도 보세요.", [A, B]),
        (f"Go to {A}, or {A}.", [A]),
        (f"{A},{B}", [A, B]),
        (f"({A}); “{B}”", [A, B]),
        (f"{A}.Then restart.", ["https://x.example/a.Then"]),
        (f"{A}.html", ["https://x.example/a.html"]),
        (f"{A}/?utm_source=mail#top", [A]),
        (f"{A}?page=2", [f"{A}?page=2"]),
        ("HTTPS://X.example:443/a", []),  # a scheme in capitals is not a link that people write
        ("As said [1] and [2].", [A, B]),
        ("As said[1][2].", [A, B]),
        ("다음과 같습니다 [1]:\n- 하나", [A]),
        ("As said [1, 2].", [A, B]),
        ("As said [3].", ["[3]"]),
        ("As said [0].", ["[0]"]),
        (f"As said [2], see {A}.", [A, B]),
        (f"As said [2].\n\n[2] {A}", [A]),
        (f"As said [7].\n\n[7]: <{A}>", [A]),
        ("As said [7].\n\n[7]: the manual, page 3", []),
        ("Use `items[1]` here.", []),
        ("```\nitems[1]\n```", []),
        ("No source.", []),
        ("", []),
    ],
)
def test_what_an_answer_cites(answer: str, cited: list[str]) -> None:
    assert found(answer).cited == cited


@pytest.mark.parametrize(
    ("answer", "known", "cited"),
    [
        ("https://ko.example/위키/한국에서", "https://ko.example/위키/한국", "https://ko.example/위키/한국"),
        ("https://x.example/my guide.pdf입니다", "https://x.example/my%20guide.pdf", "https://x.example/my guide.pdf"),
        ("https://x.example/a—then", "https://x.example/a", "https://x.example/a"),
        ("https://x.example/a,b.", "https://x.example/a,b", "https://x.example/a,b"),
        ("https://x.example/a/b를", "https://x.example/a", "https://x.example/a/b"),
    ],
)
def test_the_longest_known_link_that_a_bare_url_begins_with_is_cited(answer: str, known: str, cited: str) -> None:
    documents = Documents(frozenset({known}))
    assert found(f"자료: {answer}", [], urls=frozenset({known})).cited == [documents.resolved(cited)]


def test_an_alias_counts_as_the_document_it_names() -> None:
    other = "https://old.example/page/"
    asked = found(f"See {other}", aliases={"https://old.example/page": A})
    assert metrics(asked, "citation_accuracy", "hallucinated_answers") == [1.0, 0.0]
    reversed_roles = found(f"See {A}", [other], [other], aliases={other: A})
    assert metrics(reversed_roles, "citation_accuracy", "hallucinated_answers") == [1.0, 0.0]


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("https://made.example/up", "invented"),
        ("https://x.example/aa", "mangled"),  # one edit from a given link
        ("https://x.exmple/a", "mangled"),
        ("https://x.example/elsewhere", "mangled"),  # beside a given link
        ("https://x.example/deep/down", "invented"),
        ("https://known.example/other", "unretrieved"),
        ("https://x.example/known-too", "unretrieved"),  # though it lies beside a given link
        ("[3]", "invalid"),
        ("[0]", "invalid"),
        ("http://[half", "invented"),
    ],
)
def test_links_that_the_model_was_not_given_are_of_one_kind(link: str, kind: str) -> None:
    known = frozenset({A, B, "https://known.example/other", "https://x.example/known-too"})
    answer = f"See [it]({link})." if "://" in link else f"See {link}."
    detail = found(answer, urls=known)
    assert detail.hallucinated is not None
    filled = {name: links for name, links in detail.hallucinated.model_dump().items() if links}
    assert filled == {kind: [link]}
    assert metrics(detail, "hallucinated_answers", "hallucinated_links") == [1.0, 1.0]


def test_what_retrieval_lost_is_told_apart_from_what_the_model_missed() -> None:
    detail = found(f"{A} {B}", [A, C], [A, B])
    assert (detail.wrong, detail.missed, detail.reachable, detail.unreachable) == ([B], [C], [A], [C])
    assert metrics(detail, "citation_recall", "citation_reachable_recall") == [0.5, 1.0]
    assert metrics(found(A, [C], [A]), "citation_reachable_recall") == [None]


def test_without_retrieved_documents_nothing_that_needs_them_is_said() -> None:
    detail = found(f"As said [1], {A}", [A], None)
    assert (detail.cited, detail.wrong, detail.unreachable, detail.hallucinated) == ([A], None, None, None)
    names = ("citation_accuracy", "citation_reachable_recall", "hallucinated_answers", "hallucinated_links")
    assert metrics(detail, *names) == [1.0, None, None, None]


def test_documents_without_a_source_are_cited_by_their_own_address() -> None:
    own = "s3://bucket/inbox/telco/guide%20one.md"
    assert metrics(found(f"Yes.\n\nSources: <{own}>", [own], [own]), "citation_accuracy") == [1.0]


@given(LINKS, LINKS, LINKS, LINKS)
def test_metrics_agree_with_each_other(
    cited: list[str], gold: list[str], retrieved: list[str], known: list[str]
) -> None:
    detail = found(" ".join(cited), gold, retrieved, urls=frozenset(known))
    all_values = values(detail)
    assert all(value is None or 0.0 <= value <= 1.0 for value in all_values.values())
    precision, recall, f1 = (all_values[f"citation_{name}"] or 0.0 for name in ("precision", "recall", "f1"))
    assert min(precision, recall) - 1e-12 <= f1 <= max(precision, recall) + 1e-12
    assert (all_values["citation_accuracy"] == 1.0) == (set(cited) == set(gold))
    assert detail.hallucinated is not None and detail.wrong is not None
    assert set(detail.hallucinated.all) == set(cited) - set(retrieved)
    assert set(detail.wrong) | set(detail.correct) | set(detail.hallucinated.all) == set(cited)


def real_questions() -> Iterator[tuple[str, list[str]]]:
    for row in json.loads((DATA / "questions.json").read_text()):
        yield row["correct_answer"], row["correct_chunks"]


def test_real_links_are_found_in_real_answers_however_they_are_written() -> None:
    if not DATA.is_dir():
        pytest.skip(f"the published questions lie at {DATA}, which is missing")
    known = frozenset(chunk["chunk_link"] for chunk in json.loads((DATA / "chunks.json").read_text()))
    asked = 0
    for answer, links in real_questions():
        for written in (
            f"{answer}\n\nSources: {' '.join(f'<{link}>' for link in links)}",
            f"{answer} ({', '.join(links)}).",
            f"{answer} 자세한 내용은 {'와 '.join(links)}에서 확인하세요.",
            f"{answer} " + "; ".join(f"[page]({link})" for link in links),
            f"{answer} " + "".join(f"[{n}]" for n in range(1, len(links) + 1)),
        ):
            detail = found(written, links, links, urls=known)
            assert metrics(detail, "citation_accuracy", "hallucinated_answers") == [1.0, 0.0], written
            asked += 1
    assert asked > 250
