from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.bedrock.families import FAMILIES, STUDENTS, Family
from shared.datasets.formats import FORMATS
from shared.datasets.lines import MAX_LINE_BYTES
from shared.datasets.validation import Validation
from tests.unit.shared.datasets.rows import MODEL_OF, check, found, lines, problems, rows, turns

AT = 10
"""The line where a mistake is planted."""

Plant = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize("family", [*FAMILIES, *STUDENTS], ids=lambda family: family.name)
def test_what_our_writers_write_is_fine_for_every_family(family: Family) -> None:
    count = family.min_rows + 3
    file = io.BytesIO()
    FORMATS[family.format].write(map(turns, range(count)), file)
    file.seek(0)
    checked = Validation(file, family, name="train.jsonl")
    assert list(checked) == []
    assert (checked.records, checked.format, checked.bytes) == (count, family.format, len(file.getvalue()))
    assert checked.tokens > 5 * count and checked.errors == checked.warnings == 0


def put(path: str, value: object) -> Plant:
    """Sets what a path such as ``messages/0/role`` names."""
    *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]

    def plant(row: dict[str, Any]) -> None:
        at: Any = row
        for step in way:
            at = at[step]
        at[last] = value

    return plant


def drop(path: str) -> Plant:
    *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]

    def plant(row: dict[str, Any]) -> None:
        at: Any = row
        for step in way:
            at = at[step]
        del at[last]

    return plant


ASK, ANSWER = {"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}

# format, what is done to the row on line AT, the code, what the message must hold
PLANTED: list[tuple[str, Plant, str, str]] = [
    ("converse", put("messages/0/role", "assistant"), "role", "messages[0].role: is 'assistant'; a record starts with"),
    ("converse", put("messages/1/role", "user"), "role", "messages[1].role: is 'user' twice in a row"),
    ("converse", put("messages/1/role", "bot"), "role", "messages[1].role: is 'bot'; it must be 'user' or 'assistant'"),
    ("converse", drop("messages/1"), "role", "is 'user' at the end; a record ends with 'assistant': add the answer"),
    ("converse", put("messages", []), "empty_list", "messages: is an empty list"),
    ("converse", put("messages", "hi"), "wrong_type", "messages: is a text; it must be a list"),
    ("converse", put("messages/0", None), "wrong_type", "messages[0]: is null; it must be an object"),
    ("converse", put("messages/0/content", "hi"), "wrong_type", "messages[0].content: is a text; it must be a list"),
    ("converse", put("messages/1/content/0/text", " \n"), "empty_text", "messages[1].content[0].text: is empty"),
    ("converse", put("messages/1/content/0/text", 5), "wrong_type", "text: is a number; it must be a text"),
    ("converse", put("system/0/text", ""), "empty_text", "system[0].text: is empty"),
    ("converse", drop("schemaVersion"), "missing_key", "has no key 'schemaVersion'"),
    ("converse", drop("messages"), "missing_key", "has no key 'messages'"),
    ("converse", put("schemaVersion", 2024), "schema_version", "is 2024; write 'bedrock-conversation-2024'"),
    ("converse", put("mesages", []), "unknown_key", "has the key 'mesages', which this format has not (did you mean"),
    ("converse", put("messages/0/name", "x"), "unknown_key", "messages[0]: has the key 'name'"),
    ("converse", put("messages/0/content/0", {"toolUse": {}}), "block", "holds 'toolUse'; Nova Micro, Lite and Pro"),
    (
        "converse",
        put("messages/0/content/0/text", "a User: b"),
        "reserved_word",
        "'User:' (in 'a User: b'), a word",
    ),
    ("converse", put("system/0/text", "[EOS]"), "reserved_word", "system[0].text: holds '[EOS]'"),
    ("converse", put("messages/1/content/0/text", "로봇<unk>"), "reserved_word", "write '<unk >' or another"),
    ("distillation", put("messages", []), "empty_list", "messages: is an empty list"),
    ("distillation", put("messages/0/role", "assistant"), "role", "a record starts with 'user'"),
    ("distillation", put("schemaVersion", "bedrock-conversion-2024"), "schema_version", "'bedrock-conversation-2024'"),
    ("claude", put("id", "q1"), "unknown_key", "has the key 'id', which this format has not"),
    ("claude", put("system", None), "wrong_type", "system: is null; it must be a text"),
    ("claude", put("messages/1/content", "so\n\nHuman: no"), "reserved_word", r"holds '\nHuman:'"),
    ("claude", put("messages/1", {"role": "assistant"}), "missing_key", "messages[1]: has no key 'content'"),
    ("claude", put("messages", [ASK, ANSWER, ANSWER]), "role", "messages[2].role: is 'assistant' twice in a row"),
    ("completion", put("completion", ""), "empty_text", "completion: is empty"),
    ("completion", drop("completion"), "missing_key", "has no key 'completion'; add it"),
    ("completion", put("response", "x"), "unknown_key", "has the key 'response'"),
    ("completion", put("prompt", "가나다라" * 6_001), "too_long", "about 16,0"),
]


@pytest.mark.parametrize(("format", "plant", "code", "words"), PLANTED, ids=lambda value: value if value is str else "")
def test_a_planted_mistake_is_named_with_its_line(format: str, plant: Plant, code: str, words: str) -> None:
    made = rows(format)
    plant(made[AT - 1])
    named = [problem for problem in problems(lines(made), format) if problem.code == code]
    assert {(problem.line, problem.level) for problem in named} == {(AT, "error")}
    assert str(named[0]).startswith(f"line {AT}: ") and any(words in str(problem) for problem in named)


RAW: dict[str, tuple[bytes, str, str]] = {
    "broken": (b'{"system": [}\n', "json", "is no JSON: Expecting value at character 13, near"),
    "cut off": (b'{"system": "abc\n', "json", "character 12"),
    "NaN": (b'{"messages": NaN}\n', "json", "NaN is no JSON value"),
    "deep": (b"[" * 100_000 + b"\n", "json", "is no JSON that Bedrock reads"),
    "list": (b'[{"a": 1}]\n', "not_object", "is a list, not a JSON object; write each of its objects"),
    "number": (b"5\n", "not_object", "is a single value"),
    "not UTF-8": ('{"a": "요금"}\n'.encode("cp949"), "utf8", "is not UTF-8 text (byte 8 of the line is 0xbf)"),
    "half a pair": (rb'{"messages": "\ud83d"}' + b"\n", "utf8", "half of a surrogate pair"),
    "key twice": (b'{"messages": [], "messages": []}\n', "duplicate_key", "has the key 'messages' twice"),
    "blank": (b"\n", "blank_line", "is blank"),
    "spaces": (b"  \t \r\n", "blank_line", "is blank"),
}


@pytest.mark.parametrize("name", RAW)
def test_a_line_that_is_no_row_is_named(name: str) -> None:
    raw, code, words = RAW[name]
    made = [lines([row]) for row in rows("claude")]
    made.insert(AT - 1, raw)
    named = [problem for problem in problems(b"".join(made), "claude") if problem.code == code]
    assert [problem.line for problem in named] == [AT] and words in str(named[0])


WHOLE: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "too_few", "the file ends with 0 records"),
    "gzip": (b"\x1f\x8b\x08\x00", "not_text", "is compressed (gzip); unpack it"),
    "excel": (b"PK\x03\x04rest", "not_text", "Excel"),
    "UTF-16": ("\ufeff{}".encode("utf-16-le"), "not_text", "is UTF-16 text; save it as UTF-8"),
    "binary": (b"\x7fELF\x00\x01", "not_text", "a zero byte"),
    "array": (b'[\n {"a": 1},\n {"a": 2}\n]\n', "pretty_json", "`jq -c '.[]' FILE`"),
    "object": (b'{\n "a": 1\n}\n', "pretty_json", "`jq -c . FILE`"),
    "broken Parquet": (b"PAR1" + b"x" * 20 + b"PAR1", "parquet", "cannot be read as Parquet"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_something_else_is_said_so_once(name: str) -> None:
    body, code, words = WHOLE[name]
    named = [problem for problem in problems(body, "claude") if problem.code != "format"]
    assert [(problem.line, problem.code) for problem in named] == [(1, code)] and words in str(named[0])


def test_a_byte_order_mark_is_a_mistake_and_hides_no_other() -> None:
    body = b"\xef\xbb\xbf" + lines([*rows("claude"), {}])
    assert found(body, "claude") == [(1, "bom"), (121, "missing_key")]


def test_escaped_text_is_read_as_what_it_means() -> None:
    made = rows("converse")
    made[AT - 1]["messages"][0]["content"][0]["text"] = "😀 한글"
    body = b"".join(json.dumps(row).encode() + b"\n" for row in made)
    assert b"\\ud83d" in body and found(body, "converse") == []
    assert found(body.replace(b"\\ud83d\\ude00", b"\\u0055ser:"), "converse") == [(AT, "reserved_word")]


def test_windows_line_ends_and_a_missing_last_one_are_fine() -> None:
    assert found(lines(rows("claude")).replace(b"\n", b"\r\n").rstrip(), "claude") == []


def test_a_line_without_end_is_not_read_whole() -> None:
    body = lines(rows("claude")) + b"x" * (2 * MAX_LINE_BYTES + 7) + b"\n" + lines([{}])
    assert found(body, "claude") == [(121, "line_too_long"), (122, "missing_key")]


@pytest.mark.parametrize("format", MODEL_OF)
def test_a_record_too_few_or_too_many_is_said_where_it_happens(format: str) -> None:
    family = check(b"", MODEL_OF[format], "distillation" if format == "distillation" else "fine-tuning")._family
    body = lines(rows(format, family.max_rows + 1))
    assert found(body, format) == [(family.max_rows + 1, "too_many")]
    few = lines(rows(format, family.min_rows - 1))
    assert found(few, format) == [(family.min_rows - 1, "too_few")]


def test_a_validation_file_may_be_short_but_not_long() -> None:
    assert found(lines(rows("claude", 1)), "claude", validation=True) == []
    assert found(lines(rows("claude", 1_001)), "claude", validation=True) == [(1_001, "too_many")]


def test_nova_2_lite_takes_no_validation_file() -> None:
    (problem,) = check(lines(rows("converse", 5)), "amazon.nova-2-lite-v1:0:256k", validation=True)
    assert problem.code == "no_validation_file" and "leave it out" in problem.message


def test_a_file_that_is_too_big_is_told_at_the_line_that_passes_the_limit() -> None:
    body = lines(rows("claude", 40))
    whole = check(body, MODEL_OF["claude"])._family
    small = Family(**{**vars(whole), "max_bytes": len(body) - 1})
    assert [(p.line, p.code) for p in Validation(io.BytesIO(body), small)] == [(40, "too_big")]


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("wanted", MODEL_OF)
def test_a_file_of_another_format_is_recognized_and_checked_for_its_own_structure(written: str, wanted: str) -> None:
    file = io.BytesIO()
    FORMATS[written].write(map(turns, range(120)), file)
    kind = "distillation" if wanted == "distillation" else "fine-tuning"
    checked = check(file.getvalue(), MODEL_OF[wanted], kind)  # type: ignore[arg-type]
    named = list(checked)
    alike = {written, wanted} == {"converse", "distillation"}
    if written == wanted or (alike and wanted == "distillation"):  # a student may be given the answers, too
        assert named == []
    elif alike:
        assert {problem.code for problem in named} == {"role"} and len(named) == 120
    else:
        (problem,) = named
        assert problem.code == "format" and "write the dataset anew" in problem.message
        assert f"the file is in the format {FORMATS[written].title}; " in problem.message
        assert (checked.format, checked.records) == (written, 120)


STRUCTURE: list[tuple[str, Plant, str, str]] = [
    ("openai", put("messages/0/role", "sytem"), "role", "messages[0].role: is 'sytem'; it must be one of system"),
    ("openai", put("messages/2/content", None), "wrong_type", "messages[2].content: is null"),
    ("openai", drop("messages/2"), "role", "is 'user' at the end"),
    ("sharegpt", put("conversations/1/from", "alien"), "role", "conversations[1].from: is 'alien'"),
    ("sharegpt", drop("conversations/1/value"), "missing_key", "conversations[1]: has no key 'value'"),
    ("sharegpt", drop("conversations/2"), "role", "is 'human' at the end; a record ends with 'gpt'"),
]


@pytest.mark.parametrize(("format", "plant", "code", "words"), STRUCTURE)
def test_other_peoples_formats_are_checked_for_structure(format: str, plant: Plant, code: str, words: str) -> None:
    made = rows(format)
    plant(made[AT - 1])
    named = [problem for problem in problems(lines(made), "claude") if problem.code == code]
    assert {problem.line for problem in named} == {AT} and any(words in str(problem) for problem in named)


def test_a_parquet_file_is_told_by_rows() -> None:
    file = io.BytesIO()
    FORMATS["parquet"].write([turns(0), turns(0)], file)
    assert [str(problem)[:6] for problem in problems(file.getvalue(), "claude")] == ["row 1:", "row 2:"]


def test_one_row_of_another_format_is_named() -> None:
    made = rows("converse", 20)
    made[AT - 1] = rows("completion", 1)[0]
    named = {problem.code: problem for problem in problems(lines(made), "converse")}
    assert named["mixed_format"].line == AT and "prompt and completion" in named["mixed_format"].message


def test_a_claude_row_needs_no_system_prompt() -> None:
    assert found(lines([{"messages": row["messages"]} for row in rows("claude")]), "claude") == []


def test_rows_that_say_the_same_are_a_warning_with_the_first_ones_line() -> None:
    made = rows("claude")
    twin = {"messages": made[2]["messages"], "system": made[2]["system"]}  # other keys' order, same texts
    (problem,) = problems(lines([*made, twin]), "claude")
    assert (problem.line, problem.level) == (121, "warning") and "the same as line 3" in problem.message


def test_a_record_near_the_limit_is_a_warning_that_calls_itself_an_estimate() -> None:
    made = rows("completion")
    made[AT - 1]["prompt"] = "word " * 10_000
    (problem,) = problems(lines(made), "completion")
    assert (problem.line, problem.code, problem.level) == (AT, "near_limit", "warning")
    assert "by estimate, at 4 characters a token and 1.5 in Korean" in problem.message


def test_media_that_a_family_takes_are_named_as_not_checked() -> None:
    made = rows("converse")
    made[AT - 1]["messages"][0]["content"].append({"image": {"format": "png"}})
    (problem,) = problems(lines(made), "converse")
    assert (problem.line, problem.level) == (AT, "warning") and "were not checked" in problem.message


def test_only_nova_students_take_more_than_one_question_a_record() -> None:
    made = rows("distillation")
    answer = {"role": "assistant", "content": [{"text": "A"}]}
    made[AT - 1]["messages"] += [answer, made[AT]["messages"][0]]
    assert found(lines(made), "distillation") == []
    (problem,) = check(lines(made), "meta.llama3-1-8b-instruct-v1:0:128k", "distillation")
    assert (problem.line, problem.code) == (AT, "role") and "one question a record" in problem.message


@pytest.mark.parametrize(
    ("name", "fine"), [("train.jsonl", True), ("a-b_2.jsonl", True), ("train (1).jsonl", False), ("훈련.jsonl", False)]
)
def test_a_file_name_that_bedrock_may_refuse_is_a_warning(name: str, fine: bool) -> None:
    named = list(check(lines(rows("claude")), MODEL_OF["claude"], name=name))
    assert [problem.code for problem in named] == ([] if fine else ["file_name"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["schemaVersion", "system", "messages", "role", "content", "text", "prompt", "completion", "conversations"]
LIKE_ROWS = st.recursive(
    JSON, lambda inner: st.dictionaries(st.sampled_from([*KEYS, "from", "value"]), inner, max_size=4) | st.lists(inner)
)


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=30) | LIKE_ROWS.map(lambda row: json.dumps(row).encode()), max_size=6))
def test_whatever_the_bytes_are_problems_are_told_in_order_and_never_an_exception(made: list[bytes]) -> None:
    body = b"\n".join(made)
    for format in MODEL_OF:
        told = found(body, format)
        assert told and told == sorted(told, key=lambda entry: entry[0])
        assert all(1 <= line <= body.count(b"\n") + 1 for line, _ in told)


def test_ten_thousand_rows_are_checked_within_two_seconds() -> None:
    text = "요금제를 변경하려면 신청서를 작성합니다. To change the plan, fill in the form.\n" * 14
    file = io.BytesIO()
    FORMATS["converse"].write((turns_with(text, number) for number in range(10_000)), file)
    assert file.tell() > 10_000 * 1_500
    checked = check(file.getvalue(), MODEL_OF["converse"])
    started = time.process_time()
    assert list(checked) == []
    assert time.process_time() - started < 2


def turns_with(text: str, number: int) -> Any:
    made = turns(number)
    return type(made)(made.id, made.system, f"{text}{made.user}", made.assistant)
