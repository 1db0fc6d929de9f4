"""Files of answers against files of references: every pair once, and whatever cannot be used is counted and told."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from workers.scorer.files import scoring
from workers.scorer.files.pairs import Pairs
from workers.scorer.files.problems import TOLD, Problems
from workers.scorer.files.scoring import score_pairs
from workers.scorer.measures.registry import Instruments, Setting
from workers.scorer.text_form import RAW

URL = "https://x.example/a"
ROW = {"id": "q1", "answer": "reset the router", "references": [URL], "retrieved": [URL]}
TEXTS = st.text("ab \n.é가", max_size=12)


def lines(*rows: Any) -> list[bytes]:
    """Rows as JSON Lines; bytes stay as they are."""
    return [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]


def scored(
    references: Sequence[Any], predictions: Sequence[Any], *metrics: str, tokenizer: str = "default"
) -> dict[str, Any]:
    measures = Instruments().measures(metrics or ("rouge1", "rougeL"), Setting(tokenizer, form=RAW))
    pairs, out = Pairs(Problems()), io.StringIO()
    pairs.read_references("references", lines(*references))
    pairs.read_predictions("predictions", lines(*predictions))
    score_pairs(pairs, measures, out)
    pairs.close()
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_an_item_has_each_rouge_in_full_and_the_citations() -> None:
    answer = {"id": "q1", "answer": f"reset it, see {URL} and [2]"}
    [item] = scored([ROW], [answer], "rouge1", "citation_accuracy", "citation_f1", "char_f1")["items"]
    assert item["rouge1"] == {"precision": 1 / 9, "recall": 1 / 3, "fmeasure": pytest.approx(1 / 6)}
    assert item["citation"]["exact"] == 0.0 and item["citation"]["f1"] == pytest.approx(2 / 3)
    assert item["citation"]["cited"] == ["[2]", URL] and item["citation"]["hallucinated"]["invalid"] == ["[2]"]
    assert 0 < item["char_f1"] < 1
    assert (item["id"], item["answered"]) == ("q1", True)


@given(st.lists(st.tuples(TEXTS.filter(str.strip), TEXTS), min_size=1, max_size=5))
def test_raw_texts_score_as_rouge_score_does_in_the_order_of_the_references(pairs: list[tuple[str, str]]) -> None:
    references = [{"id": n, "answer": reference} for n, (reference, _) in enumerate(pairs)]
    predictions = [{"id": n, "answer": answer} for n, (_, answer) in reversed(list(enumerate(pairs)))]
    items = scored(references, predictions)["items"]
    oracle = RougeScorer(["rouge1", "rougeL"])
    assert [item["id"] for item in items] == [str(n) for n in range(len(pairs))]
    for item, (reference, answer) in zip(items, pairs, strict=True):
        for name, expected in oracle.score(reference, answer).items():
            assert item[name] == {key: float(value) for key, value in expected._asdict().items()}


def test_a_missing_answer_is_zero_in_one_column_and_left_out_of_the_other() -> None:
    references = [ROW, {**ROW, "id": "q2"}, {**ROW, "id": "q3"}, {**ROW, "id": "q4"}]
    predictions = [{"id": "q1", "answer": "reset the router"}, {"id": "q2", "answer": " "}, {"id": "q4"}]
    found = scored(references, predictions)
    assert [item["answered"] for item in found["items"]] == [True, False, False, False]
    told = found["aggregate"]
    assert (told["references"], told["answered"]) == (4, 1)
    assert told["rougeL"] == {"precision": 1.0, "recall": 1.0, "fmeasure": 1.0, "n": 1, "with_missing_as_zero": 0.25}
    assert found["problems"] == {
        "no_prediction": {"count": 1, "first": ["'q3'"]}, "empty_answer": {"count": 2, "first": ["'q2'", "'q4'"]},
    }  # fmt: skip


def test_what_cannot_be_used_is_counted_with_its_line_and_the_rest_is_scored() -> None:
    references = [b"\xef\xbb\xbf" + json.dumps(ROW).encode(), b"", b"{broken", {"id": "q2", "answer": ""}, ROW]
    predictions = [b"[1]", b"\xff", {"answer": "x"}, {"id": True}, {"id": "q1", "answer": "ok"}, {"id": "q9"}]
    found = scored(references, predictions)
    assert [item["id"] for item in found["items"]] == ["q1"]
    assert found["problems"] == {
        "broken_line": {"count": 3, "first": ["references line 3", "predictions line 1", "predictions line 2"]},
        "bad_row": {
            "count": 3,
            "first": [
                "references line 4: its answer is empty, or no text",
                "predictions line 3: it has no id",
                "predictions line 4: it has no id",
            ],
        },
        "duplicate_id": {"count": 1, "first": ["references line 5: 'q1'"]},
        "no_reference": {"count": 1, "first": ["'q9'"]},
    }


def test_many_of_a_kind_are_counted_and_a_few_told() -> None:
    strays = [{"id": f"z{n}", "answer": "x"} for n in range(20)]
    problem = scored([ROW], [{"id": "q1", "answer": "x"}, *strays])["problems"]["no_reference"]
    assert problem == {"count": 20, "first": [f"'z{n}'" for n in range(TOLD)]}


def test_half_a_character_and_a_nul_stop_nothing() -> None:
    odd = b'{"id": "q1", "answer": "reset \\ud83d the \\u0000 router"}'
    [item] = scored([ROW], [odd])["items"]
    assert item["rougeL"]["fmeasure"] == 1.0


def test_batches_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    references = [{**ROW, "id": n, "answer": f"reset router {n}"} for n in range(7)]
    predictions = [{"id": n, "answer": f"router {n}"} for n in range(7)]
    whole = scored(references, predictions, "rougeL", "citation_accuracy", "chrf")
    monkeypatch.setattr(scoring, "BATCH", 2)
    assert scored(references, predictions, "rougeL", "citation_accuracy", "chrf") == whole


def test_a_tokenizer_that_drops_the_language_makes_the_result_invalid() -> None:
    korean = {**ROW, "answer": "요금제 변경은 고객센터에서 가능합니다"}
    found = scored([korean], [{"id": "q1", "answer": korean["answer"]}])
    assert not found["valid"] and "'default' keeps only 0.0 %" in found["notes"][0]
    assert scored([korean], [{"id": "q1", "answer": korean["answer"]}], tokenizer="multilingual")["valid"]


def test_where_retrieval_is_not_known_hallucination_is_not_judged() -> None:
    bare = {"id": "q1", "answer": "reset", "references": [URL]}
    [item] = scored([bare], [{"id": "q1", "answer": "[1] https://made.example/x"}], "hallucinated_answers")["items"]
    assert item["citation"]["hallucinated_answers"] is None and "hallucinated" not in item["citation"]
