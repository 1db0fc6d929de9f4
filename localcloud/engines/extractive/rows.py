"""Training rows in the formats that Bedrock takes: Converse (Nova, distillation), Claude 3, Llama."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """What every format says: the prompt that was shown and the answer that is wanted."""

    system: str
    user: str
    answer: str


def read_rows(rows: Sequence[dict[str, Any]]) -> list[Row]:
    """The rows in order. Raises ValueError("line N: …"), counted from 1, for the first that is malformed."""
    found = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(_read(row))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
    return found


def _read(row: Any) -> Row:
    if not isinstance(row, dict):
        raise ValueError(f"a row is a JSON object, not {type(row).__name__}")
    if "prompt" in row or "completion" in row:
        return Row("", _text(row.get("prompt"), "prompt"), _text(row.get("completion"), "completion"))
    messages = row.get("messages")
    if not isinstance(messages, list) or len(messages) < 2:
        raise ValueError("`messages` must hold a user turn and an assistant turn (or give `prompt` and `completion`)")
    roles = [message.get("role") if isinstance(message, dict) else None for message in messages]
    if roles != ["user", "assistant"] * (len(roles) // 2):
        raise ValueError(f"roles must alternate from user to assistant; they are {roles}")
    system = row.get("system", "")
    return Row(
        "" if not system else _text(system, "system"),
        _text(messages[-2].get("content"), "the user turn"),
        _text(messages[-1].get("content"), "the assistant turn"),
    )


def _text(content: Any, what: str) -> str:
    if isinstance(content, list):
        blocks = [block.get("text") if isinstance(block, dict) else None for block in content]
        if not blocks or not all(isinstance(text, str) for text in blocks):
            raise ValueError(f'{what} must be a list of text blocks {{"text": …}}')
        content = "\n".join(str(text) for text in blocks)
    if not isinstance(content, str) or not content.strip():
        raise ValueError(f"{what} is missing or empty")
    return content
