from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from cli.commands import COMMANDS, Entry
from cli.main import groundtune


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setitem(COMMANDS, "fail", Entry("tests.unit.cli.failing", "Fail."))
    monkeypatch.setitem(COMMANDS, "gone", Entry("cli.no_such_module", "Is missing."))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    return CliRunner()


def test_help_lists_every_command_even_one_that_cannot_be_imported(runner: CliRunner) -> None:
    result = runner.invoke(groundtune, ["--help"])
    assert result.exit_code == 0
    for name, entry in COMMANDS.items():
        assert f"  {name}" in result.output
        assert entry.help.split()[0] in result.output


def test_help_imports_nothing_heavy() -> None:
    run = "groundtune(['--help'], standalone_mode=False)"
    program = f"import sys; from cli.main import groundtune; {run}; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    loaded = set(answer.splitlines()[-1].split())
    assert not loaded & {"aiobotocore", "boto3", "botocore", "numpy", "pydantic", "rich", "torch", "yaml"}


def test_a_mistyped_command_is_answered_with_the_nearest(runner: CliRunner) -> None:
    result = runner.invoke(groundtune, ["provison"])
    assert result.exit_code == 2
    assert "no command is named 'provison' (did you mean 'provision'?)" in result.stderr


def test_a_command_whose_package_is_missing_names_it_and_the_remedy(runner: CliRunner) -> None:
    result = runner.invoke(groundtune, ["gone"])
    assert result.exit_code == 1
    assert "cli.no_such_module" in result.stderr
    assert "pip install" in result.stderr


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ("input", 2, "Error: run.yaml:3: one\nrun.yaml:9: two\n"),
        ("cloud", 2, "groundtune provision"),
        ("run", 1, "too many documents failed"),
        ("group", 2, "inside"),
        ("unreachable", 2, "nothing answers at http://127.0.0.1:1"),
        ("queue", 2, "run `groundtune provision` first"),
    ],
)
def test_an_error_made_for_a_person_is_a_message_and_an_exit_code(
    runner: CliRunner, how: str, code: int, words: str
) -> None:
    result = runner.invoke(groundtune, ["fail", how])
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_bug_keeps_its_traceback(runner: CliRunner) -> None:
    assert isinstance(runner.invoke(groundtune, ["fail", "bug"]).exception, ZeroDivisionError)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "import"])
def test_every_command_has_the_help_that_the_table_promises(name: str) -> None:
    command = groundtune.get_command(click.Context(groundtune), name)
    assert command is not None
    assert command.help
