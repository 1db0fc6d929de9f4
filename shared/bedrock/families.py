"""What each model family accepts for fine-tuning: format of a row, number of rows. One table.

Source: Amazon Bedrock user guide, "Prepare data for fine-tuning" pages per model, and AWS's published validators.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """A family of base models. ``pattern`` matches its model ids, ARNs and inference profiles."""

    name: str
    pattern: re.Pattern[str]
    format: str
    min_rows: int
    max_rows: int


FAMILIES = (
    Family("local", re.compile(r"^local\."), "converse", 1, 20_000),
    Family("claude-3-haiku", re.compile(r"anthropic\.claude-3-haiku"), "claude", 32, 10_000),
    Family("nova-2-lite", re.compile(r"amazon\.nova-2-lite"), "converse", 200, 20_000),
    Family("nova", re.compile(r"amazon\.nova-(micro|lite|pro)"), "converse", 8, 20_000),
    Family("llama-3.1", re.compile(r"meta\.llama3-1-"), "completion", 100, 10_000),
    Family("llama-3", re.compile(r"meta\.llama3-[23]-"), "converse", 100, 10_000),
)


def family_of(model: str) -> Family | None:
    """The family of a model id, the first that matches; None when groundtune knows none that can be fine-tuned."""
    return next((family for family in FAMILIES if family.pattern.search(model)), None)
