"""The questions that are measured with: people wrote them, in Korean and English."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.text.language import detect_language

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "qa"


@dataclass(frozen=True)
class Questions:
    """One set. ``groups``: the document that each question is about."""

    name: str
    texts: list[str]
    groups: list[str]


def question_sets(data: Path = DATA) -> list[Questions]:
    """The example in either language and, where they lie beside the checkout, the sets of strangers."""
    rows = [json.loads(line) for line in (ROOT / "examples/telco/ground_truth.jsonl").read_text("utf-8").splitlines()]
    sets = [
        Questions(f"telco, {language}", *_columns([
            (row["question"], row["references"][0]) for row in rows if detect_language(row["question"]) == language
        ]))
        for language in ("ko", "en")
    ]  # fmt: skip
    xquad, cookbooks = (data / name for name in (
        "google-deepmind__xquad/xquad.en.json", "anthropics__claude-cookbooks/questions.json"
    ))  # fmt: skip
    if xquad.is_file():
        sets.append(Questions("XQuAD, en", *_columns(_squad(json.loads(xquad.read_text("utf-8"))))))
    if cookbooks.is_file():
        rows = json.loads(cookbooks.read_text("utf-8"))
        sets.append(Questions("cookbooks, en", *_columns([(row["question"], row["id"]) for row in rows])))
    return sets


def _squad(whole: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (pair["question"], article["title"])
        for article in whole["data"]
        for paragraph in article["paragraphs"]
        for pair in paragraph["qas"]
    ]


def _columns(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [text for text, _ in pairs], [group for _, group in pairs]
