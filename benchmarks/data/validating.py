"""How long a training file of 10,000 rows takes to check, in each format that Bedrock's families take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from shared.bedrock.families import require_family
from shared.datasets.formats import FORMATS
from shared.datasets.turns import Turns
from shared.datasets.validation import Validation
from shared.ground_truth import read_ground_truth

EXAMPLE = Path(__file__).parents[2] / "examples" / "telco"
MODELS = ("amazon.nova-lite-v1:0:300k", "anthropic.claude-3-haiku-20240307-v1:0:200k", "meta.llama3-1-8b-instruct-v1:0")
CHARS = (1_500, 6_000)
"""Of a row's documents: one chunk, or four."""


@dataclass(frozen=True)
class Check:
    """One file, checked."""

    family: str
    rows: int
    mib: float
    cpu_s: float


def checks(rows: int) -> list[Check]:
    """Every model's format at every size. Raises AssertionError should a file that is fine be found faulty."""
    return [_check(model, rows, chars) for model in MODELS for chars in CHARS]


def _check(model: str, rows: int, chars: int) -> Check:
    family, file = require_family(model), BytesIO()
    FORMATS[family.format].write(_turns(rows, chars), file)
    size = file.tell() / 2**20
    file.seek(0)
    began = time.process_time()
    found = Validation(file, family)
    problems = list(found)
    taken = time.process_time() - began
    assert found.records == rows and not found.errors, problems[:3]
    return Check(family.title, rows, size, taken)


def _turns(rows: int, chars: int) -> Iterator[Turns]:
    """Rows that differ: the example's questions and answers over windows of its Markdown documents."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(EXAMPLE.rglob("documents/**/*.md")))
    pairs = read_ground_truth("ground_truth.jsonl", (EXAMPLE / "ground_truth.jsonl").read_bytes())
    for number in range(rows):
        start, pair = number * 7 % (len(text) - chars), pairs[number % len(pairs)]
        yield Turns(
            f"r{number}", "Answer from the documents.", text[start : start + chars] + pair.question, pair.answer
        )
