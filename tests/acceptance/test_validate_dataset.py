"""A person checks training files before they pay for a job."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.terminal import Terminal

NOVA = "amazon.nova-lite-v1:0:300k"
HAIKU = "anthropic.claude-3-haiku-20240307-v1:0:200k"
LLAMA = "meta.llama3-1-8b-instruct-v1:0:128k"


def nova(number: int) -> dict[str, object]:
    said = ((role, f"{text} {number}번") for role, text in (("user", "요금제"), ("assistant", "답변")))
    messages = [{"role": role, "content": [{"text": text}]} for role, text in said]
    return {"schemaVersion": "bedrock-conversation-2024", "system": [{"text": "짧게."}], "messages": messages}


def claude(number: int) -> dict[str, object]:
    messages = [{"role": "user", "content": f"Q {number}"}, {"role": "assistant", "content": f"A {number}"}]
    return {"system": "Be brief.", "messages": messages}


def llama(number: int) -> dict[str, object]:
    return {"prompt": f"Q {number}", "completion": f"A {number}"}


def write(folder: Path, name: str, rows: list[dict[str, object]]) -> Path:
    file = folder / name
    file.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal(tmp_path) as terminal:
        yield terminal
        terminal.assert_nothing_runs()


@pytest.mark.parametrize(
    ("make", "model", "title"),
    [(nova, NOVA, "Nova Micro, Lite and Pro"), (claude, HAIKU, "Claude 3 Haiku"), (llama, LLAMA, "Llama 3.1")],
)
def test_each_of_bedrocks_formats_is_fine_for_its_model_alone(
    make: Callable[[int], dict[str, object]], model: str, title: str, terminal: Terminal
) -> None:
    write(terminal.folder, "train.jsonl", [make(number) for number in range(100)])
    said = terminal.call("validate-dataset", "train.jsonl", "--base-model", model).stdout
    assert said.startswith(f"train.jsonl: fine for {title}. 100 records in the format ")
    for other in {NOVA, HAIKU, LLAMA} - {model}:
        said = terminal.call("validate-dataset", "train.jsonl", "--base-model", other, code=1).stdout
        assert (
            said.startswith("line 1: the file is in the format ")
            and title in said.partition("or choose one that takes this file")[2]
        )


def test_every_problem_is_named_with_its_line(terminal: Terminal) -> None:
    rows = [nova(number) for number in range(12)]
    rows[1]["messages"] = rows[1]["messages"][:1]  # type: ignore[index]
    rows[4]["extra"] = 1
    rows[9]["system"] = [{"text": "로그: User: 홍길동"}]
    file = write(terminal.folder, "train.jsonl", rows)
    file.write_bytes(file.read_bytes() + b"{'single': 'quotes'}\n")
    said = terminal.call("validate-dataset", "train.jsonl", "--base-model", NOVA, code=1).stdout.splitlines()
    assert [line.partition(":")[0] for line in said] == ["line 2", "line 5", "line 10", "line 13", "train.jsonl"]
    assert "add the answer" in said[0] and "'extra'" in said[1] and "write 'User :'" in said[2] and "JSON" in said[3]
    assert "not fit for Nova Micro, Lite and Pro (4 errors). 13 records" in said[4]


def test_prompts_alone_are_fine_for_distillation(terminal: Terminal) -> None:
    rows = [nova(number) for number in range(100)]
    prompts = [{**row, "messages": row["messages"][:1]} for row in rows]  # type: ignore[index]
    write(terminal.folder, "prompts.jsonl", prompts)
    command = ("validate-dataset", "prompts.jsonl", "--base-model", NOVA)
    assert "as a student" in terminal.call(*command, "--customization", "distillation").stdout
    assert "… and " not in terminal.call(*command, code=1).stdout


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("no.jsonl --base-model local.reader-v1", ("no.jsonl: no such file", "name a .jsonl file")),
        (". --base-model local.reader-v1", ("is a folder",)),
        ("train.jsonl --base-model amazon.nova-lit-v1", ("'amazon.nova-lit-v1'", f"did you mean {NOVA!r}")),
        ("train.jsonl --base-model openai.gpt-oss-120b", ("for fine-tuning", "Claude 3 Haiku", "Llama 3.3")),
        ("train.jsonl", ("Missing option '--base-model'",)),
        (f"train.jsonl --base-model {NOVA} --customization tuning", ("'tuning'", "distillation")),
    ],
)
def test_bad_input_is_explained_and_is_no_verdict(line: str, words: tuple[str, ...], terminal: Terminal) -> None:
    write(terminal.folder, "train.jsonl", [nova(0)])
    said = terminal.call("validate-dataset", *line.split(), code=2).said
    assert [word for word in words if word not in said] == [], said
