from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.validate_dataset import SHOWN, command
from shared.errors import BadInput
from tests.unit.shared.datasets.rows import MODEL_OF, lines, rows


def validate(file: Path, *options: str, model: str = MODEL_OF["claude"]) -> Result:
    return CliRunner().invoke(command, [str(file), "--base-model", model, *options])


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "train.jsonl"
    file.write_bytes(lines(rows("claude")))
    return file


@pytest.fixture
def bad(good: Path) -> Path:
    """Each of 120 rows has one key too many."""
    good.write_bytes(lines({**row, "id": "x"} for row in rows("claude")))
    return good


def test_a_good_file_is_one_line_and_success(good: Path) -> None:
    result = validate(good)
    assert result.exit_code == 0
    (line,) = result.output.splitlines()
    assert line.startswith(f"{good}: fine for Claude 3 Haiku. 120 records in the format Claude 3 messages, about ")
    assert " tokens by estimate, " in line and line.endswith(" kB.")


def test_a_hundred_problems_are_shown_unless_all_are_asked_for(bad: Path) -> None:
    few, every = validate(bad), validate(bad, "--all")
    assert few.exit_code == every.exit_code == 1
    *shown, more, summary = few.output.splitlines()
    assert [line.partition(":")[0] for line in shown] == [f"line {number}" for number in range(1, SHOWN + 1)]
    assert more == "… and 20 more; --all shows them"
    assert "not fit for Claude 3 Haiku (120 errors)" in summary
    assert len(every.output.splitlines()) == 121 and every.output.splitlines()[-1] == summary


def test_warnings_alone_are_no_failure(good: Path) -> None:
    with good.open("ab") as file:
        file.write(lines(rows("claude", 1)))
    result = validate(good)
    assert result.exit_code == 0
    assert "line 121: warning: " in result.output and "(1 warning)" in result.output


def test_json_has_counts_and_problems_for_other_programs(bad: Path) -> None:
    result = validate(bad, "--json")
    answer = json.loads(result.output)
    assert result.exit_code == 1
    assert (answer["errors"], answer["records"], answer["problems_not_shown"]) == (120, 120, 20)
    assert answer["family"] == "claude-3-haiku" and answer["format"] == "claude"
    assert answer["problems"][9] == {
        "line": 10, "code": "unknown_key", "where": "", "level": "error", "unit": "line",
        "message": "has the key 'id', which this format has not; take it out (known are messages, system)",
    }  # fmt: skip
    assert json.loads(validate(bad, "--json", "--all").output)["problems_not_shown"] == 0


@pytest.mark.parametrize(
    ("name", "model", "options", "words"),
    [
        ("no.jsonl", MODEL_OF["claude"], (), "no.jsonl: no such file"),
        ("", MODEL_OF["claude"], (), "is a folder"),
        ("train.jsonl", "amazon.nova-lit-v1", (), "did you mean 'amazon.nova-lite-v1:0:300k'?"),
        ("train.jsonl", "openai.gpt-oss-120b-1:0", (), "Nova 2 Lite; Nova Micro, Lite and Pro; Llama 3.1;"),
        ("train.jsonl", "amazon.nova-2-lite-v1:0", ("--customization", "distillation"), "for distillation"),
    ],
)
def test_bad_input_is_said_so(good: Path, name: str, model: str, options: tuple[str, ...], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        CliRunner().invoke(command, [str(good.parent / name), "--base-model", model, *options], catch_exceptions=False)
    assert words in str(caught.value)
