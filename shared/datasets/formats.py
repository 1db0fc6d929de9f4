"""Every format that a dataset can be written in: one table of small entries. Rows are written as they come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Any

from shared.datasets import parquet
from shared.datasets.turns import Turns

Row = dict[str, Any]
Write = Callable[[Iterable[Turns], IO[bytes]], int]

SCHEMA_VERSION = "bedrock-conversation-2024"
JSON_LINES = "application/x-ndjson"


@dataclass(frozen=True)
class Format:
    """``title`` is for people, ``extension`` has its dot, ``write`` fills a binary file, returns its rows."""

    name: str
    title: str
    extension: str
    content_type: str
    write: Write


def converse(turns: Turns) -> Row:
    """``bedrock-conversation-2024``: Amazon Nova, Llama 3.2 and later, and the local models."""
    return {**distillation(turns), "messages": [_block("user", turns.user), _block("assistant", turns.assistant)]}


def distillation(turns: Turns) -> Row:
    """The same without an answer: on Bedrock the teacher writes it."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "system": [{"text": turns.system}],
        "messages": [_block("user", turns.user)],
    }


def claude(turns: Turns) -> Row:
    """Anthropic Claude 3."""
    return {"system": turns.system, "messages": _messages(turns)}


def completion(turns: Turns) -> Row:
    """Meta Llama 3.1: prompt and completion."""
    return {"prompt": f"{turns.system}\n\n{turns.user}", "completion": turns.assistant}


def openai(turns: Turns) -> Row:
    """Chat messages as OpenAI's fine-tuning, TRL and most trainers take them; the system turn is the first message."""
    system = [{"role": "system", "content": turns.system}] if turns.system else []
    return {"messages": [*system, *_messages(turns)]}


def sharegpt(turns: Turns) -> Row:
    """``conversations`` of ``from`` and ``value``, as LLaMA-Factory, axolotl and FastChat take them."""
    said = (("system", turns.system), ("human", turns.user), ("gpt", turns.assistant))
    return {"conversations": [{"from": who, "value": text} for who, text in said if text or who != "system"]}


def _messages(turns: Turns) -> list[Row]:
    return [{"role": "user", "content": turns.user}, {"role": "assistant", "content": turns.assistant}]


def _block(role: str, text: str) -> Row:
    return {"role": role, "content": [{"text": text}]}


def _lines(make: Callable[[Turns], Row]) -> Write:
    def write(rows: Iterable[Turns], file: IO[bytes]) -> int:
        written = 0
        for turns in rows:
            file.write(f"{json.dumps(make(turns), ensure_ascii=False)}\n".encode())
            written += 1
        return written

    return write


def _json_lines(name: str, title: str, make: Callable[[Turns], Row]) -> Format:
    return Format(name, title, ".jsonl", JSON_LINES, _lines(make))


FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        _json_lines("converse", "Bedrock conversation (Converse)", converse),
        _json_lines("claude", "Claude 3 messages", claude),
        _json_lines("completion", "prompt and completion", completion),
        _json_lines("distillation", "Bedrock conversation, prompts only", distillation),
        _json_lines("openai", "OpenAI chat", openai),
        _json_lines("sharegpt", "ShareGPT", sharegpt),
        Format("parquet", "Hugging Face Parquet", ".parquet", "application/vnd.apache.parquet", parquet.write),
    )
}
