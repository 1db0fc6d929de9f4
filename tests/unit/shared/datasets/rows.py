"""Good rows of every format, and files made of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

from shared.bedrock.families import Customization, require_family
from shared.datasets.formats import FORMATS
from shared.datasets.problem import Problem
from shared.datasets.turns import Turns
from shared.datasets.validation import Validation

MODEL_OF = {
    "converse": "amazon.nova-lite-v1:0:300k",
    "claude": "anthropic.claude-3-haiku-20240307-v1:0:200k",
    "completion": "meta.llama3-1-8b-instruct-v1:0:128k",
    "distillation": "amazon.nova-lite-v1:0:300k",
}
"""A base model by the format that it takes."""


def turns(number: int) -> Turns:
    """The example with this number: like no other, half of them Korean."""
    said = f"요금제 {number}번은 무엇인가요?" if number % 2 else f"What is plan {number}?"
    return Turns(f"q{number}", "Answer briefly.", said, f"Plan {number}.", "original", (f"https://x.example/{number}",))


def rows(format: str, count: int = 120) -> list[dict[str, Any]]:
    """Rows as the format's writer makes them."""
    file = io.BytesIO()
    FORMATS[format].write(map(turns, range(count)), file)
    return [json.loads(line) for line in file.getvalue().splitlines()]


def lines(rows: Iterable[object]) -> bytes:
    return b"".join(f"{json.dumps(row, ensure_ascii=False)}\n".encode() for row in rows)


def check(body: bytes, model: str, customization: Customization = "fine-tuning", **more: Any) -> Validation:
    """A check that is yet to be iterated."""
    return Validation(io.BytesIO(body), require_family(model, customization), **more)


def problems(body: bytes, format: str, **more: Any) -> list[Problem]:
    """What a model that takes the format would say to the file."""
    customization: Customization = "distillation" if format == "distillation" else "fine-tuning"
    return list(check(body, MODEL_OF[format], customization, **more))


def found(body: bytes, format: str, **more: Any) -> list[tuple[int, str]]:
    """The same as (line, code)."""
    return [(problem.line, problem.code) for problem in problems(body, format, **more)]
