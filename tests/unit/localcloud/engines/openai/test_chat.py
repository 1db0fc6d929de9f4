from __future__ import annotations

from typing import Any

import pytest

from localcloud.engines.contract import Request, Tool
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


TOOL = Tool("verdict", "Says who wins.", {"type": "object"})


def calling(arguments: str, text: str | None = None, **choice: object) -> dict[str, Any]:
    """A completion that calls a function."""
    call = {"id": "1", "type": "function", "function": {"name": "verdict", "arguments": arguments}}
    return {"choices": [{"message": {"role": "assistant", "content": text, "tool_calls": [call]}, **choice}]}


def test_a_forced_tool_is_a_function_that_must_be_called() -> None:
    asked = chat_body(request(tool=TOOL))
    function = {"name": "verdict", "description": "Says who wins.", "parameters": {"type": "object"}}
    assert asked["tools"] == [{"type": "function", "function": function}]
    assert asked["tool_choice"] == {"type": "function", "function": {"name": "verdict"}}
    assert not {"tools", "tool_choice"} & set(chat_body(request()))


@pytest.mark.parametrize("finish", ["stop", "tool_calls"])
def test_its_arguments_are_the_tools_input(finish: str) -> None:
    reply = read_reply(calling('{"winner": "A"}', finish_reason=finish), request(tool=TOOL), URL)
    assert (reply.text, reply.stop_reason, reply.tool_input) == ("", "tool_use", {"winner": "A"})
    assert reply.output_tokens > 0


def test_a_call_that_nobody_asked_for_is_none() -> None:
    reply = read_reply(calling('{"winner": "A"}', "A", finish_reason="tool_calls"), request(), URL)
    assert (reply.text, reply.stop_reason, reply.tool_input) == ("A", "end_turn", None)


def test_arguments_that_are_cut_short_end_with_the_limit_and_others_are_the_servers_fault() -> None:
    cut = read_reply(calling('{"winner": ', finish_reason="length"), request(tool=TOOL), URL)
    assert (cut.stop_reason, cut.tool_input) == ("max_tokens", None)
    for arguments in ('{"winner": ', "[1]"):
        with pytest.raises(Failure, match="no JSON object for the tool"):
            read_reply(calling(arguments, finish_reason="stop"), request(tool=TOOL), URL)
