"""Values that others have published: rouge-score's own tests, and a Korean example."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workers.scorer.rouge import Prf, Rouge

DATA = Path(__file__).parents[6] / "shared" / "data" / "rouge"


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    if not DATA.is_dir():
        pytest.skip(f"the published ROUGE pairs lie at {DATA}, which is missing")
    found: dict[str, Any] = json.loads((DATA / "expected_scores.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize(
    ("name", "number", "stem"), [("pair0", 0, False), ("pair1", 1, False), ("pair1_stemmed", 1, True)]
)
def test_rouge_scores_own_pairs(published: dict[str, Any], name: str, number: int, stem: bool) -> None:
    target, answer = ((DATA / f"{kind}.{number}.txt").read_text("utf-8") for kind in ("target", "prediction"))
    same(Rouge("default", stem=stem).score(target, answer), published[name])


def test_a_korean_pair_by_white_space(published: dict[str, Any]) -> None:
    expected = published["korean_whitespace"]
    same(Rouge("eojeol").score(expected["ref"], expected["pred"]), expected)


def same(found: dict[str, Prf], expected: dict[str, Any]) -> None:
    """Given to five digits, in the order precision, recall, F-measure."""
    for name in expected.keys() & found.keys():
        values = (found[name].precision, found[name].recall, found[name].fmeasure)
        assert values == pytest.approx(expected[name], abs=1e-5), name
