"""How a row of each format must look. One small check per format, and how a row tells its format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shared.datasets.row_check import RowCheck

Row = dict[str, Any]
Said = list[tuple[str, object]]

SHAREGPT_ROLES = {"human": "human", "user": "human", "gpt": "gpt", "chatgpt": "gpt", "assistant": "gpt"}
OPENAI_ROLES = ("system", "developer", "user", "assistant", "tool")


def converse(row: Row, check: RowCheck) -> None:
    """``bedrock-conversation-2024`` with an answer to every question."""
    check.turns(_conversation(row, check))


def distillation(row: Row, check: RowCheck) -> None:
    """The same; the last answer may be missing, since the teacher writes it."""
    said = _conversation(row, check)
    check.turns(said, answered=False)
    if not check.family.multi_turn:
        check.single_turn(said)


def claude(row: Row, check: RowCheck) -> None:
    """Claude 3: ``system`` is a text that may be missing, content is a text, and there is no other key."""
    check.keys("", row, ("messages",), ("system",))
    if "system" in row:
        check.text("system", row["system"])
    check.turns(_plain_messages(row, check))


def completion(row: Row, check: RowCheck) -> None:
    """Llama 3.1: two texts."""
    check.keys("", row, ("prompt", "completion"))
    for key in ("prompt", "completion"):
        if key in row:
            check.text(key, row[key])


def openai(row: Row, check: RowCheck) -> None:
    """Chat messages; system turns stand first. Content in parts and tool calls are other people's business."""
    check.keys("", row, ("messages",), ("tools", "parallel_tool_calls", "functions"))
    said: Said = []
    for where, message in check.objects("messages", row["messages"]) if "messages" in row else ():
        role = message.get("role")
        if role not in OPENAI_ROLES:
            check.wrong("role", f"{where}.role", f"is {role!r}; it must be one of {', '.join(OPENAI_ROLES)}")
            continue
        if role in ("system", "developer") and said:
            check.wrong("role", f"{where}.role", f"is {role!r} after others have spoken; put it first")
        if isinstance(message.get("content"), str) or not (message.get("tool_calls") or role == "tool"):
            check.text(f"{where}.content", message.get("content"))
        if role in ("user", "assistant") and not message.get("tool_calls"):
            said.append((f"{where}.role", role))
    check.turns(said)


def sharegpt(row: Row, check: RowCheck) -> None:
    """``conversations`` of ``from`` and ``value``; a system turn may stand first. Readers leave other keys alone."""
    check.keys("", row, ("conversations",), tuple(row))
    said: Said = []
    for where, turn in check.objects("conversations", row["conversations"]) if "conversations" in row else ():
        check.keys(where, turn, ("from", "value"), tuple(turn))
        check.text(f"{where}.value", turn.get("value")) if "value" in turn else None
        if turn.get("from") != "system" or said:
            said.append((f"{where}.from", SHAREGPT_ROLES.get(str(turn.get("from")), turn.get("from"))))
    check.turns(said, user="human", assistant="gpt")


def parquet(row: Row, check: RowCheck) -> None:
    """The columns that we write; others are kept by ``datasets``."""
    check.keys("", row, ("messages",), tuple(row))
    if row.get("system"):
        check.text("system", row["system"])
    check.turns(_plain_messages(row, check))


SHAPES: dict[str, Callable[[Row, RowCheck], None]] = {
    "converse": converse, "distillation": distillation, "claude": claude, "completion": completion, "openai": openai,
    "sharegpt": sharegpt, "parquet": parquet,
}  # fmt: skip


def detect(row: Row, expected: str) -> str | None:
    """The format of a row by its layout; ``expected`` where it fits as well as another. None: no format is like it."""
    if "prompt" in row or "completion" in row:
        return "completion"
    if "conversations" in row:
        return "sharegpt"
    messages = row.get("messages")
    if "schemaVersion" in row or isinstance(row.get("system"), list) or _has_blocks(messages):
        alike = ("converse", "distillation")
        return expected if expected in alike else alike[_asks_only(messages)]
    if not isinstance(messages, list):
        return None
    if "system" in row:
        return "claude"
    roles = [message.get("role") for message in messages if isinstance(message, dict)]
    return "openai" if expected != "claude" or {"system", "developer", "tool"} & {str(r) for r in roles} else "claude"


def _asks_only(messages: object) -> bool:
    last = messages[-1] if isinstance(messages, list) and messages else None
    return isinstance(last, dict) and last.get("role") == "user"


def _has_blocks(messages: object) -> bool:
    """Whether the first message's content is a list of Converse's blocks, which bear no ``type`` as OpenAI's do."""
    first = messages[0] if isinstance(messages, list) and messages else None
    content = first.get("content") if isinstance(first, dict) else None
    return isinstance(content, list) and not any(isinstance(part, dict) and "type" in part for part in content)


def _plain_messages(row: Row, check: RowCheck) -> Said:
    """Messages whose content is one text."""
    said: Said = []
    for where, message in check.objects("messages", row["messages"]) if "messages" in row else ():
        check.keys(where, message, ("role", "content"))
        if "content" in message:
            check.text(f"{where}.content", message["content"])
        said.append((f"{where}.role", message.get("role")))
    return said


def _conversation(row: Row, check: RowCheck) -> Said:
    check.keys("", row, ("schemaVersion", "messages"), ("system",))
    _schema_version(row, check)
    for where, block in check.objects("system", row["system"]) if "system" in row else ():
        check.keys(where, block, ("text",))
        if "text" in block:
            check.text(f"{where}.text", block["text"])
    said: Said = []
    for where, message in check.objects("messages", row["messages"]) if "messages" in row else ():
        check.keys(where, message, ("role", "content"))
        for place, block in check.objects(f"{where}.content", message["content"]) if "content" in message else ():
            _block(place, block, check)
        said.append((f"{where}.role", message.get("role")))
    return said


def _schema_version(row: Row, check: RowCheck) -> None:
    version, wanted = row.get("schemaVersion"), check.family.schema_version
    if "schemaVersion" not in row:
        return
    if not isinstance(version, str) or (wanted is not None and version != wanted):
        fix = f"write {wanted or 'bedrock-conversation-2024'!r}"
        check.wrong("schema_version", "schemaVersion", f"is {version!r}; {fix}")


def _block(where: str, block: Row, check: RowCheck) -> None:
    """One block of content: a text, or what the family takes beside it, which is named and not looked into."""
    if "text" in block:
        check.keys(where, block, ("text",))
        check.text(f"{where}.text", block["text"])
        return
    kind = next(iter(block), "nothing")
    if kind not in check.family.blocks:
        takes = ", ".join(check.family.blocks)
        check.wrong("block", where, f"holds {kind!r}; {check.family.title} takes {takes}: take it out")
    else:
        check.wrong("block", where, f"holds {kind!r}; its format and size were not checked", "warning")
