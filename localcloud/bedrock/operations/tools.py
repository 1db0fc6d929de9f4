"""Tools within Converse: the one that a request forces, and the block by which a model calls it.

What a model may choose for itself (``auto``, or one of several) is refused: no local model weighs that.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from localcloud.bedrock.errors import ValidationException
from localcloud.engines.contract import Reply, Tool

CANNOT = "This model doesn't support tool use."
_ID_LENGTH = 22


def forced_tool(request: dict[str, Any]) -> Tool | None:
    """The tool that the model has to call; None where the request has none. Raises ValidationException."""
    if "toolConfig" not in request:
        return None
    given = [tool["toolSpec"] for tool in request["toolConfig"]["tools"] if "toolSpec" in tool]
    spec = _chosen(given, request["toolConfig"].get("toolChoice", {"auto": {}}))
    schema = spec["inputSchema"]["json"]
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise ValidationException(
            "The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object."
        )
    return Tool(spec["name"], spec.get("description", ""), schema)


def _chosen(given: list[dict[str, Any]], choice: dict[str, Any]) -> dict[str, Any]:
    if "any" in choice and len(given) == 1:
        return given[0]
    if "tool" not in choice:
        kind = next(iter(choice))
        raise ValidationException(
            f"This model doesn't support the toolConfig.toolChoice.{kind} field with {len(given)} tools."
            " Name one tool in toolConfig.toolChoice.tool and try again."
        )
    wanted = choice["tool"]["name"]
    found = next((spec for spec in given if spec["name"] == wanted), None)
    if found is None:
        raise ValidationException(f"The tool {wanted} in toolConfig.toolChoice.tool is none of toolConfig.tools.")
    return found


def content(reply: Reply, text: str, tool: Tool | None) -> list[dict[str, Any]]:
    """The blocks of an answer. Raises ValidationException for a model that did not call the tool that it had to."""
    if tool is None:
        return [{"text": text}]
    said = [{"text": text}] if text else []
    if reply.tool_input is None:
        if reply.stop_reason == "max_tokens":  # AWS's models stop in the middle of a call, too
            return said
        raise ValidationException(CANNOT)
    return [*said, {"toolUse": {"toolUseId": _id(tool, reply), "name": tool.name, "input": reply.tool_input}}]


def _id(tool: Tool, reply: Reply) -> str:
    """Equal calls have equal ids, as they have equal answers."""
    told = json.dumps([tool.name, reply.tool_input], sort_keys=True).encode()
    return f"tooluse_{hashlib.sha256(told).hexdigest()[:_ID_LENGTH]}"
