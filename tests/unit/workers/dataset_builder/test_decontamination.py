from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.data.edits import rewordings
from schemas.recipe import Chunking
from shared.text.language import detect_language
from tests.brute_force import brute_force_contaminated
from workers.dataset_builder.decontamination import decontaminated
from workers.dataset_builder.leaks import Item, Limits
from workers.doc_ingest.ingest import ingest

XQUAD = Path("../shared/data/qa/google-deepmind__xquad/xquad.en.json")
TELCO = Path("examples/telco/ground_truth.jsonl")
ANSWER = "Open the portal, choose the line, confirm the new plan with the code from the text message, and wait a day."
HELD = Item("e1", "How long is an activation code valid for a consumer?", ANSWER, ["The code is valid for a day. " * 4])
WORDS = [
    "the",
    "how",
    "do",
    "I",
    "change",
    "plan",
    "invoice",
    "요금제를",
    "해외에서",
    "변경하려면",
    "어떻게",
    "하나요",
    "로밍",
    "E-101",
    "E-102",
    "30",
]
items = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), max_size=10).map(
    lambda texts: [Item(f"i{place}", text, "") for place, text in enumerate(texts)]
)

CASES: list[tuple[str, Item, tuple[str, str] | None]] = [
    ("the same question", Item("t", "how long is an ACTIVATION code valid, for a consumer", ""), ("question", "exact")),
    ("one word", Item("t", "How long is the activation code valid for a consumer?", ""), ("question", "near")),
    ("the answer in another frame", Item("t", "What now?", "Well. " + ANSWER), ("answer", "ngram")),
    ("a document", Item("t", "What now?", "", [HELD.contexts[0].upper()]), ("context", "exact")),
    ("a short answer", Item("t", "What now?", "A day."), None),
    ("something else", Item("t", "Which bands does the router use?", "n78"), None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "item", "expected"), CASES)
def test_each_way_of_giving_the_evaluation_set_away(what: str, item: Item, expected: tuple[str, str] | None) -> None:
    found = decontaminated([item], [HELD])
    assert [(leak.part, leak.method) for leak in found.leaks] == ([expected] if expected else []), what
    assert sum(found.counts.values()) == len(found.leaks)


def test_a_person_can_read_what_was_taken_out_and_why() -> None:
    reworded = "How long is the activation code valid for a consumer?"
    found = decontaminated([Item("t1", reworded, "")], [HELD])
    (leak,) = found.leaks
    assert (leak.id, leak.part, leak.method, leak.evaluation) == ("t1", "question", "near", "e1")
    assert (leak.text, leak.evaluation_text) == (reworded, HELD.question)
    assert leak.similarity == round(leak.similarity, 6) >= 0.8
    assert found.counts == {"exact": 0, "ngram": 0, "near": 1, "semantic": 0}


def test_a_split_by_question_shares_documents_by_design() -> None:
    item = Item("t", "What now?", "", HELD.contexts)
    assert decontaminated([item], [HELD], Limits(context=False)).leaks == []


def test_questions_that_name_different_things_are_no_leak() -> None:
    held = [Item("e1", "What does error E-101 mean?", ""), Item("e2", "오류 E-101은 무슨 뜻인가요?", "")]
    training = [Item("t1", "What does error E-102 mean?", ""), Item("t2", "오류 E-102는 무슨 뜻인가요?", "")]
    vectors = {item.question: [1.0, 0.0] for item in (*held, *training)}
    assert decontaminated(training, held, vectors=vectors).leaks == []


def test_meaning_is_compared_where_vectors_are_given() -> None:
    words = [
        "invoice",
        "roaming",
        "antenna",
        "profile",
        "number",
        "signal",
        "storage",
        "message",
        "battery",
        "contract",
        "handset",
        "emergency",
    ]
    held = [Item(f"e{place}", word, "") for place, word in enumerate(words)]
    axes = {item.question: [float(place == other) for other in range(12)] for place, item in enumerate(held)}
    training = [Item("t1", "Something altogether reworded", ""), Item("t2", "No vector for this", "")]
    found = decontaminated(training, held, vectors=axes | {training[0].question: axes[held[3].question]})
    assert [(leak.id, leak.method, leak.evaluation) for leak in found.leaks] == [("t1", "semantic", "e3")]
    assert found.cosines == {"en": 0.9}


@given(items, items)
def test_nothing_that_brute_force_finds_is_left(training: list[Item], evaluation: list[Item]) -> None:
    removed = {leak.id for leak in decontaminated(training, evaluation).leaks}
    kept = [(item.id, item.question) for item in training if item.id not in removed]
    assert brute_force_contaminated(kept, [(item.id, item.question) for item in evaluation]) == []


@given(items, items, st.randoms())
def test_the_order_of_the_items_does_not_matter(training: list[Item], held: list[Item], rng: random.Random) -> None:
    found = decontaminated(training, held).leaks
    shuffled = decontaminated(rng.sample(training, len(training)), rng.sample(held, len(held))).leaks
    assert set(found) == set(shuffled)


def planted(questions: list[str], held: set[str]) -> tuple[list[Item], list[Item], int]:
    """Training with every rewording of the evaluation questions in it, evaluation, and how many were planted."""
    evaluation = [Item(f"e{place}", text, "") for place, text in enumerate(questions) if text in held]
    clean = [Item(f"clean{place}", text, "") for place, text in enumerate(questions) if text not in held]
    leaks = [
        Item(f"leak:{kind}:{item.id}", text, "") for item in evaluation for kind, text in rewordings(item.question)
    ]
    return clean + leaks, evaluation, len(leaks)


def caught_and_lost(questions: list[str], held: set[str]) -> tuple[float, float]:
    """Share of planted leaks caught, and of clean items taken out."""
    training, evaluation, leaks = planted(questions, held)
    removed = Counter(leak.id.split(":")[0] == "leak" for leak in decontaminated(training, evaluation).leaks)
    return removed[True] / leaks, removed[False] / (len(training) - leaks)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_planted_leaks_of_the_example_are_caught_and_clean_items_stay(language: str) -> None:
    rows = [json.loads(line)["question"] for line in TELCO.read_text(encoding="utf-8").splitlines()]
    questions = [text for text in rows if detect_language(text) == language]
    caught, lost = caught_and_lost(questions, set(random.Random(1).sample(questions, len(questions) // 3)))
    assert caught >= 0.95
    assert lost <= 0.02


@pytest.mark.skipif(not XQUAD.is_file(), reason="the real files of ../shared/data are not beside this checkout")
def test_planted_leaks_of_questions_by_strangers_are_caught_and_clean_items_stay() -> None:
    articles = json.loads(XQUAD.read_text(encoding="utf-8"))["data"]
    of = [[pair["question"] for part in article["paragraphs"] for pair in part["qas"]] for article in articles]
    caught, lost = caught_and_lost(
        [text for texts in of for text in texts], {text for texts in of[::5] for text in texts}
    )
    assert caught >= 0.95
    assert lost <= 0.02


def test_documents_of_the_evaluation_set_are_found_edited_and_other_documents_stay() -> None:
    files = sorted(Path("examples/telco/documents").rglob("*.md"))
    chunks = [[chunk.text for chunk in ingest(file.name, file.read_bytes(), Chunking()).chunks] for file in files]
    assert len(chunks) >= 10
    held = [Item(f"e{place}", "Which one?", "", texts) for place, texts in enumerate(chunks[::4])]
    other = [text for place, texts in enumerate(chunks) if place % 4 for text in texts]
    edited = [without_every_25th_word(text) for item in held for text in item.contexts if len(text) >= 100]
    clean = [Item(f"clean{place}", "What now?", "", [text]) for place, text in enumerate(other)]
    leaks = [Item(f"leak{place}", "What now?", "", [text]) for place, text in enumerate(edited)]
    assert {leak.id for leak in decontaminated([*clean, *leaks], held).leaks} == {leak.id for leak in leaks}


def without_every_25th_word(text: str) -> str:
    return " ".join(word for place, word in enumerate(text.split()) if place % 25 != 7)
