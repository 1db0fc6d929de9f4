from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import local
from cli.local import parse_aliases, parse_knowledge
from cli.main import groundtune
from shared.errors import BadInput


def test_aliases_are_read_as_real_and_local() -> None:
    assert parse_aliases(["amazon.nova-micro-v1:0=local.reader-v1"]) == {"amazon.nova-micro-v1:0": "local.reader-v1"}


@pytest.mark.parametrize("alias", ["nova", "=local.reader-v1", "nova="])
def test_what_is_no_alias_is_refused(alias: str) -> None:
    with pytest.raises(BadInput, match="must be REAL=LOCAL"):
        parse_aliases([alias])


@pytest.mark.parametrize("base", ["KB12345678", "=documents", "KB12345678="])
def test_what_is_no_knowledge_base_is_refused(base: str) -> None:
    with pytest.raises(BadInput, match="must be ID=FOLDER"):
        parse_knowledge([base])


@pytest.mark.parametrize(
    "option", [["--alias", "a=b"], ["--engine", "m:C"], ["--openai", "http://h"], ["--faults", "f.yaml"], ["--fresh"]]
)
@pytest.mark.parametrize("where", [["--aws"], []])
def test_how_the_local_cloud_shall_be_is_for_one_that_the_run_starts(option: list[str], where: list[str]) -> None:
    environ = {} if where else {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    result = CliRunner().invoke(groundtune, ["run", "run.yaml", *option, *where], env=environ)
    assert result.exit_code == 2
    assert f"{option[0]} " in result.output.replace(",", " ")
    assert "are for a local cloud that this command starts" in result.output


def test_the_environment_to_export_is_the_first_thing_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    class Server:
        @staticmethod
        async def serve(*, on_ready: Any, stop: asyncio.Event, **options: Any) -> None:
            given.update(options)
            on_ready("http://127.0.0.1:4711")

    monkeypatch.setattr(local, "_server", lambda: Server)
    arguments = [
        "local", "up", "--port", "4711", "--base", "moto", "--alias", "a=b", "--faults", "f.yaml", "--openai", "http://h",
        "--engine", "hf=m.n:C", "--knowledge-base", "KB12345678=documents",
    ]  # fmt: skip
    result = CliRunner().invoke(groundtune, arguments)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "export AWS_ENDPOINT_URL=http://127.0.0.1:4711",
        "export AWS_ACCESS_KEY_ID=test",
        "export AWS_SECRET_ACCESS_KEY=test",
        "export AWS_REGION=us-east-1",
        "export AWS_DEFAULT_REGION=us-east-1",
    ]
    assert given == {
        "port": 4711, "base": "moto", "state": None, "aliases": {"a": "b"}, "faults": Path("f.yaml"),
        "openai": "http://h", "openai_key_env": None, "engines": {"hf": "m.n:C"},
        "knowledge": {"KB12345678": Path("documents")},
    }  # fmt: skip
