"""`groundtune check`: what is wrong with how training data is asked for, each mistake with its line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from cli.main import groundtune

EXAMPLE = Path("examples/telco")


def checked(folder: Path, lines: str) -> list[str]:
    shutil.copytree(EXAMPLE, folder)
    file = folder / "run.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{lines}\n", encoding="utf-8")
    result = CliRunner().invoke(groundtune, ["check", str(file)], env={"COLUMNS": "300"})
    assert result.exit_code == 2, result.output
    return result.output.removeprefix("Error: ").splitlines()


@pytest.mark.parametrize("example", sorted(EXAMPLE.glob("run*.yaml")), ids=lambda path: path.name)
def test_every_example_is_fine(example: Path) -> None:
    result = CliRunner().invoke(groundtune, ["check", str(example)], env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    assert f"{example}: fine. 32 documents" in result.output


@pytest.mark.parametrize("name", ["run.aws.yaml", "run.nova2.yaml"])
def test_an_example_for_aws_says_what_stands_in_for_each_of_its_models(name: str) -> None:
    text = (EXAMPLE / name).read_text(encoding="utf-8")
    models = yaml.safe_load(text)["models"]
    roles = {"student": "reader", "teacher": "teacher", "judge": "judge", "embeddings": "embed"}
    said = set(re.findall(r"--alias (\S+)", text))
    assert said == {f"{model}=local.{roles[role]}-v1" for role, model in models.items()}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "synthesis: {types: {riddle: 1}}",
            "unknown key 'riddle' in synthesis.types: it should be 'fact', 'definition'",
        ),
        ("synthesis: {types: {fact: -1}}", "synthesis.types is {'fact': -1}: it has a weight below 0, of 'fact'"),
        ("synthesis: {difficulties: {easy: 0}}", "it has no weight above 0; give one to something"),
        ("synthesis: {filters: {claim: true}}", "unknown key 'claim' in synthesis.filters (did you mean 'claims'?)"),
        (
            "synthesis: {filters: {closed_book_overlap: 3}}",
            "closed_book_overlap is 3: it should be less than or equal to 1",
        ),
        ("synthesis: {batch: sometimes}", "synthesis.batch is 'sometimes': it should be 'auto', 'always' or 'never'"),
        ("decontamination: {near: 0.5}", "unknown key 'near' in decontamination (did you mean 'near_"),
        ("exports: [excel]", "exports[0] is 'excel': it should be 'converse', 'claude'"),
        ("budget_usd: -1", "budget_usd is -1: it should be greater than 0"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (problem,) = checked(tmp_path / "telco", line)
    written = (tmp_path / "telco" / "run.yaml").read_text(encoding="utf-8").splitlines()
    assert problem.startswith(f"run.yaml line {written.index(line) + 1}: ")
    assert said in problem
