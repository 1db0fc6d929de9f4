"""Commands that must answer at once, and the schemas for other people's programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from cli.commands import COMMANDS
from cli.main import groundtune
from tests.acceptance.experiments import TELCO
from tests.acceptance.terminal import Terminal

HEAVY = ("aiobotocore", "boto3", "botocore", "localcloud", "moto", "ministack", "numpy", "pydantic", "rich", "torch")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["rum"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print('LOADED', json.dumps(sorted({name.split('.')[0] for name in sys.modules}))))\n"
        "from cli.main import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    loaded = json.loads(ended.stdout.rpartition("LOADED ")[2])
    assert [name for name in HEAVY if name in loaded] == []


def test_help_lists_every_command(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        said = terminal.call("--help").stdout
    for name in COMMANDS:
        assert f"\n  {name} " in said
        assert "Usage: groundtune" in CliRunner().invoke(groundtune, [name, "--help"]).stdout


def test_exported_schemas_are_valid_and_hold_for_what_we_write(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        assert " schemas in schemas" in terminal.call("export", "jsonschema", "--out", "schemas").stdout
    files = sorted((tmp_path / "schemas").rglob("*.json"))
    schemas = {file.name: json.loads(file.read_bytes()) for file in files}
    assert len(schemas) > 20
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    [name] = [name for name in schemas if "ground" in name and "truth" in name]
    for line in (TELCO / "ground_truth.jsonl").read_text(encoding="utf-8").splitlines():
        jsonschema.validate(json.loads(line), schemas[name])
