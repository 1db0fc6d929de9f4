"""A Converse request reduced to what an engine sees: a system text, the last user turn, and those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localcloud.bedrock.errors import ValidationException

Block = dict[str, Any]


@dataclass(frozen=True)
class Conversation:
    system: str
    user: str
    earlier: tuple[tuple[str, str], ...] = ()
    """Role and text of the turns before the last."""


def read(request: dict[str, Any]) -> Conversation:
    """Raises ValidationException, worded as AWS words it, for turns and blocks that no model would take."""
    messages = request.get("messages", [])
    _check_turns(messages)
    texts = [_texts(message["content"], f"messages.{index}.content") for index, message in enumerate(messages)]
    system = _texts(request.get("system", []), "system")
    said = ["\n".join(blocks) for blocks in texts]
    earlier = tuple((message["role"], text) for message, text in zip(messages[:-1], said[:-1], strict=True))
    return Conversation("\n".join(system), said[-1], earlier)


def _check_turns(messages: list[dict[str, Any]]) -> None:
    if not messages or messages[0]["role"] != "user":
        raise ValidationException(
            "A conversation must start with a user message."
            " Try again with a conversation that starts with a user message."
        )
    for index, message in enumerate(messages):
        expected = "assistant" if index % 2 else "user"
        if message["role"] != expected:
            raise ValidationException(
                "A conversation must alternate between user and assistant roles."
                " Make sure the conversation alternates between user and assistant roles and try again."
            )
        if not message["content"]:
            raise ValidationException(
                f"The content field in the Message object at messages.{index} is empty."
                " Add a ContentBlock object to the content field and try again."
            )
    if messages[-1]["role"] != "user":
        raise ValidationException(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )


def _texts(blocks: list[Block], path: str) -> list[str]:
    texts = []
    for index, block in enumerate(blocks):
        if "cachePoint" in block:
            continue
        text = block.get("text", block.get("guardContent", {}).get("text", {}).get("text"))
        if text is None:
            kind = next(iter(block), "empty")
            raise ValidationException(f"This model doesn't support the {kind} field. Remove {kind} and try again.")
        if not text.strip():
            raise ValidationException(
                f"The text field in the ContentBlock object at {path}.{index} is blank."
                " Add text to the text field, and try again."
            )
        texts.append(text)
    return texts
