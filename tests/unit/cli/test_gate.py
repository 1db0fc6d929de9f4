"""`groundtune gate` over files: exit codes, what is said, and the JUnit file."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from cli.main import groundtune
from tests.unit.workers.scorer.test_gates import BASE, OTHER, TUNED, report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.json").write_text(report(BASE, OTHER, TUNED, winner="tuned").model_dump_json())
    return tmp_path


def gate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(groundtune, ["gate", *map(str, arguments)])


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (["--min", "rougeL=+0%", "--max", "hallucinated=2%"], 0),
        (["--min", "rougeL=+0%", "--min", "rougeL=0.6"], 1),
        (["--min", "rougeL=+20%", "--max", "hallucinated=2%"], 4),
        (["--min", "rougeL=+20%", "--min", "rougeL=0.6"], 1),
        ([], 2),
        (["--min", "rougeL"], 2),
        (["--min", "rouge=1"], 2),
    ],
)
def test_the_exit_code_is_the_verdict(folder: Path, rules: list[str], code: int) -> None:
    assert gate(folder, *rules).exit_code == code
    assert gate(folder / "report.json", *rules).exit_code == code


def test_every_rule_is_told_in_a_line(folder: Path) -> None:
    said = gate(folder, "--min", "rougeL=+20%", "--max", "hallucinated=2%").stdout.splitlines()
    assert said[0].startswith("inconclusive  --min rougeL=+20%: rougeL of tuned against baseline: +25.0")
    assert said[1].startswith(
        "pass          --max hallucinated=2%: hallucinated_answers of tuned: 0.000 [0.000, 0.015]"
    )


def test_build_servers_read_the_verdicts(folder: Path) -> None:
    target = folder / "gate.xml"
    gate(folder, "--min", "rougeL=0.1", "--min", "rougeL=0.5", "--min", "rougeL=0.6", "--junit", target)
    suite = ElementTree.parse(target).getroot()
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "3", "failures": "1", "skipped": "1",
    }  # fmt: skip
    assert [[child.tag for child in case] for case in suite] == [["system-out"], ["skipped"], ["failure"]]
    assert "at least 0.600 asked" in str(suite[2][0].get("message"))


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("none/report.json", None, "there is no file"),
        ("report.json", "{", "is no report.json of groundtune"),
        ("report.json", '{"name": "x"}', "is no report.json of groundtune: status: Field required"),
    ],
)
def test_what_is_no_report_is_told(tmp_path: Path, name: str, body: str | None, told: str) -> None:
    if body is not None:
        (tmp_path / name).write_text(body)
    ended = gate(tmp_path / name, "--min", "rougeL=0.1")
    assert ended.exit_code == 2
    assert told in ended.stderr


def test_a_junit_file_that_cannot_be_written_is_told(folder: Path) -> None:
    ended = gate(folder, "--min", "rougeL=0.1", "--junit", folder / "none" / "gate.xml")
    assert ended.exit_code == 2
    assert "name another file with --junit" in ended.stderr
