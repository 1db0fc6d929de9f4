from __future__ import annotations

from typing import Any

import pytest

from localcloud.engines.contract import Request
from localcloud.engines.failures import Failure
from localcloud.engines.openai.chat import chat_body, read_reply

URL = "http://server"


def request(**changes: Any) -> Request:
    given = {"model": "m", "weights": None, "system": "", "user": "질문", "max_tokens": 9}
    return Request(**{**given, **changes})


def completion(text: str | None = "답", usage: object = None, **choice: object) -> dict[str, Any]:
    return {"choices": [{"message": {"role": "assistant", "content": text}, **choice}], "usage": usage}


def test_turns_are_in_order_and_an_empty_system_text_is_none() -> None:
    asked = chat_body(request(earlier=[["user", "a"], ["assistant", "b"]], system="짧게"))
    said = [(message["role"], message["content"]) for message in asked["messages"]]
    assert said == [("system", "짧게"), ("user", "a"), ("assistant", "b"), ("user", "질문")]
    assert [message["role"] for message in chat_body(request())["messages"]] == ["user"]


@pytest.mark.parametrize(("stop", "sent"), [((), None), (("a",), ["a"]), (tuple("abcde"), list("abcd"))])
def test_no_more_stop_sequences_are_sent_than_such_servers_take(stop: tuple[str, ...], sent: list[str] | None) -> None:
    assert chat_body(request(stop=stop)).get("stop") == sent


@pytest.mark.parametrize(
    ("choice", "stop_reason"),
    [
        ({"finish_reason": "stop"}, "end_turn"),
        ({"finish_reason": "length"}, "max_tokens"),
        ({"finish_reason": "content_filter"}, "content_filtered"),
        ({"finish_reason": "eos"}, "end_turn"),
        ({"finish_reason": None}, "end_turn"),
        ({}, "end_turn"),
        ({"finish_reason": "stop", "stop_reason": "END"}, "stop_sequence"),
        ({"finish_reason": "stop", "stop_reason": 128009}, "end_turn"),
        ({"finish_reason": "stop", "stop_reason": None}, "end_turn"),
    ],
)
def test_a_finish_reason_is_one_of_converses(choice: dict[str, Any], stop_reason: str) -> None:
    assert read_reply(completion(**choice), request(stop=["END"]), URL).stop_reason == stop_reason


def test_tokens_are_the_servers_or_an_estimate_of_what_was_sent() -> None:
    counted = read_reply(completion(usage={"prompt_tokens": 70, "completion_tokens": 8}), request(), URL)
    assert (counted.input_tokens, counted.output_tokens) == (70, 8)
    alone = read_reply(completion(), request(), URL)
    longer = read_reply(completion(), request(system="one two three", earlier=[["user", "four five"]]), URL)
    assert 0 < alone.input_tokens < longer.input_tokens
    assert alone.output_tokens > 0


def test_a_message_without_text_is_an_empty_answer() -> None:
    assert read_reply(completion(None, finish_reason="length"), request(), URL).text == ""


@pytest.mark.parametrize("answer", [{}, {"choices": []}, {"choices": None}, {"choices": [{"message": None}]}])
def test_what_is_no_completion_names_server_and_model(answer: dict[str, Any]) -> None:
    with pytest.raises(Failure, match="http://server answered for m what is no chat completion"):
        read_reply(answer, request(), URL)
