from __future__ import annotations

from typing import Any

import pytest

from localcloud.bedrock.errors import ValidationException
from localcloud.bedrock.operations.tools import CANNOT, content, forced_tool
from localcloud.engines.contract import Reply, Tool

OBJECT: dict[str, Any] = {"type": "object"}
TOOL = Tool("a", "says a", OBJECT)


def config(choice: dict[str, Any] | None, *names: str, schema: Any = OBJECT) -> dict[str, Any]:
    tools = [{"toolSpec": {"name": n, "description": f"says {n}", "inputSchema": {"json": schema}}} for n in names]
    return {"toolConfig": {"tools": tools} | ({"toolChoice": choice} if choice is not None else {})}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({}, None),
        (config({"tool": {"name": "a"}}, "a"), "a"),
        (config({"tool": {"name": "b"}}, "a", "b"), "b"),
        (config({"any": {}}, "a"), "a"),
    ],
)
def test_the_tool_that_has_to_be_called(request_: dict[str, Any], expected: str | None) -> None:
    found = forced_tool(request_)
    assert found == (None if expected is None else Tool(expected, f"says {expected}", OBJECT))


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (config(None, "a"), "toolChoice.auto field with 1 tools"),
        (config({"auto": {}}, "a"), "toolChoice.auto"),
        (config({"any": {}}, "a", "b"), "toolChoice.any field with 2 tools"),
        (config({"tool": {"name": "c"}}, "a"), "The tool c .* is none of"),
        (config({"tool": {"name": "a"}}, "a", schema={"type": "string"}), "must be one of the following: object"),
        (config({"tool": {"name": "a"}}, "a", schema=[]), "must be one of the following: object"),
    ],
)
def test_what_a_model_would_have_to_choose_or_cannot_be_an_input_is_refused(
    request_: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationException, match=said):
        forced_tool(request_)


def test_a_call_is_a_block_behind_what_was_said_and_equal_calls_have_equal_ids() -> None:
    reply = Reply("", "tool_use", 1, 1, tool_input={"winner": "A"})
    (block,) = content(reply, "", TOOL)
    assert (block["toolUse"]["name"], block["toolUse"]["input"]) == ("a", {"winner": "A"})
    assert content(reply, "Well.", TOOL) == [{"text": "Well."}, block]
    (other,) = content(Reply("", "tool_use", 1, 1, tool_input={"winner": "B"}), "", TOOL)
    assert other["toolUse"]["toolUseId"] != block["toolUse"]["toolUseId"]


def test_a_model_that_speaks_where_it_has_to_call_cannot_unless_it_was_cut_short() -> None:
    with pytest.raises(ValidationException, match=CANNOT):
        content(Reply("A wins.", "end_turn", 1, 1), "A wins.", TOOL)
    assert content(Reply("", "max_tokens", 1, 1), "", TOOL) == []
    assert content(Reply("A wins.", "end_turn", 1, 1), "A wins.", None) == [{"text": "A wins."}]
