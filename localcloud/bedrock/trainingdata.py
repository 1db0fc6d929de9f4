"""Training rows in the formats that Bedrock's models take, checked line by line."""

from __future__ import annotations

import json
from typing import Any

MAX_ROWS = 20_000

Row = dict[str, Any]


class BadRow(Exception):
    """Raised with the line and what is wrong with it; becomes the job's failure message."""


def parse_rows(body: bytes, uri: str) -> list[Row]:
    """The rows of a JSON Lines file. Raises BadRow for the first line that no model would take."""
    name = uri.rsplit("/", 1)[-1]
    try:
        lines = body.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise BadRow(f"Unable to parse Amazon S3 file: {name}. It is not UTF-8.") from None
    if len(lines) > MAX_ROWS:
        raise BadRow(f"{name} has {len(lines)} records; this model takes at most {MAX_ROWS}")
    return [_parse(line, f"{name}, line {number}") for number, line in enumerate(lines, 1)]


def _parse(line: str, where: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError:
        raise BadRow(f"Unable to parse Amazon S3 file: {where}. Data files must conform to JSONL format.") from None
    problem = _problem(row)
    if problem:
        raise BadRow(f"Invalid record in {where}: {problem}")
    return dict(row)


def _problem(row: object) -> str | None:
    if not isinstance(row, dict):
        return "it must be a JSON object"
    if "prompt" in row or "completion" in row:
        return _text_problem("prompt", row.get("prompt")) or _text_problem("completion", row.get("completion"))
    if "messages" not in row:
        return "it must have the key messages, or prompt and completion"
    return _system_problem(row.get("system")) or _messages_problem(row["messages"])


def _system_problem(system: object) -> str | None:
    return None if system is None else _text_problem("system", system)


def _messages_problem(messages: object) -> str | None:
    if not isinstance(messages, list) or not messages:
        return "messages must be a list that is not empty"
    for index, message in enumerate(messages):
        if not isinstance(message, dict):
            return f"messages[{index}] must be an object"
        expected = "assistant" if index % 2 else "user"
        if message.get("role") != expected:
            return f"messages[{index}].role must be {expected}: turns alternate and the user starts"
        problem = _text_problem(f"messages[{index}].content", message.get("content"))
        if problem:
            return problem
    return "the last message must be the assistant's" if len(messages) % 2 else None


def _text_problem(where: str, content: object) -> str | None:
    """Content is a string (Claude 3, Llama) or a list of ``{"text": …}`` (Nova, Converse)."""
    if isinstance(content, list):
        texts = [part.get("text") if isinstance(part, dict) else None for part in content]
        good = bool(texts) and all(isinstance(text, str) and text.strip() for text in texts)
    else:
        good = isinstance(content, str) and bool(content.strip())
    return None if good else f"{where} must be text that is not blank"
