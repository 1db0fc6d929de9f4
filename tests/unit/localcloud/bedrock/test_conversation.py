from __future__ import annotations

from typing import Any

import pytest

from localcloud.bedrock.errors import ValidationException
from localcloud.bedrock.operations.conversation import Conversation, read


def turn(role: str, *blocks: dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "content": list(blocks)}


def test_the_last_turn_and_the_system_text_are_what_a_model_sees() -> None:
    request = {
        "system": [{"text": "be"}, {"cachePoint": {"type": "default"}}, {"text": "short"}],
        "messages": [
            turn("user", {"text": "first"}),
            turn("assistant", {"text": "answer"}),
            turn("user", {"text": "a"}, {"guardContent": {"text": {"text": "b"}}}, {"cachePoint": {"type": "default"}}),
        ],
    }
    assert read(request) == Conversation("be\nshort", "a\nb", (("user", "first"), ("assistant", "answer")))


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], "must start with a user message"),
        ([turn("assistant", {"text": "a"})], "must start with a user message"),
        ([turn("user", {"text": "a"}), turn("user", {"text": "b"})], "must alternate"),
        ([turn("user")], "content field in the Message object at messages.0 is empty"),
        ([turn("user", {"text": " "})], "ContentBlock object at messages.0.content.0 is blank"),
        ([turn("user", {"image": {}})], "doesn't support the image field"),
        ([turn("user", {"text": "a"}), turn("assistant", {"text": "b"})], "must end with a user message"),
    ],
)
def test_what_no_model_takes_is_refused_in_awss_words(messages: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ValidationException) as caught:
        read({"messages": messages})
    assert said in str(caught.value)
