"""`groundtune score` and `groundtune compare` as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import groundtune

REFERENCES: list[dict[str, Any]] = [
    {"id": f"q{n}", "answer": f"reset the router {n}", "references": ["https://x.example/a"]} for n in range(4)
]
PREDICTIONS: list[dict[str, Any]] = [
    {"id": f"q{n}", "answer": f"reset router {n} https://x.example/a"} for n in range(4)
]


def written(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(groundtune, [*arguments], input=stdin)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    return written(tmp_path / "references.jsonl", REFERENCES), written(tmp_path / "a.jsonl", PREDICTIONS)


def score(files: tuple[str, str], *arguments: str, stdin: str = "") -> Result:
    return run("score", "--references", files[0], "--predictions", files[1], "--no-embedding", *arguments, stdin=stdin)


def test_the_result_is_json_on_standard_output_and_words_go_to_standard_error(files: tuple[str, str]) -> None:
    result = score(files, "--metrics", "rougeL,citation_accuracy")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert list(found["signature"]) == ["rougeL", "citation_accuracy"]
    assert found["aggregate"]["citation"]["exact"]["mean"] == 1.0
    assert "4 of 4 references answered" in result.stderr


def test_standard_input_is_read(files: tuple[str, str]) -> None:
    whole = score(files, "--metrics", "rouge1").stdout
    for place, rows in enumerate((REFERENCES, PREDICTIONS)):
        names = [*files]
        names[place] = "-"
        stdin = "".join(json.dumps(row) + "\n" for row in rows)
        assert score((names[0], names[1]), "--metrics", "rouge1", stdin=stdin).stdout == whole


def test_texts_are_raw_unless_asked_and_the_signature_says_which(files: tuple[str, str]) -> None:
    raw = json.loads(score(files, "--metrics", "rouge1", "--tokenizer", "default").stdout)
    as_report = json.loads(score(files, "--metrics", "rouge1", "--nfc", "--strip-links").stdout)
    assert raw["signature"]["rouge1"] == "rouge|n=1|tok=default|raw|url=keep|stem=0"
    assert as_report["signature"]["rouge1"] == "rouge|n=1|tok=multilingual|nfc|url=strip|stem=0"
    assert raw["aggregate"]["rouge1"]["fmeasure"] < as_report["aggregate"]["rouge1"]["fmeasure"]


def test_a_file_is_there_when_it_is_whole_and_two_are_compared(files: tuple[str, str], tmp_path: Path) -> None:
    other = written(
        tmp_path / "b.jsonl", [{**row, "answer": row["answer"].replace("router", "thing")} for row in PREDICTIONS]
    )
    out = [str(tmp_path / name) for name in ("one.json", "two.json")]
    for predictions, target in zip((files[1], other), out, strict=True):
        told = score((files[0], predictions), "--metrics", "rouge1,citation_accuracy", "--out", target)
        assert told.exit_code == 0 and "citation_accuracy" in told.stdout
    assert not list(tmp_path.glob("*.part"))
    table = run("compare", *out).stdout.splitlines()
    assert table[0].split() == ["metric", "one", "two", "n"] and table[1].startswith("rouge1")
    assert "| rouge1 |" in run("compare", *out, "--markdown").stdout
    found = json.loads(run("compare", *out, "--json").stdout)
    assert found["files"]["two"]["rouge1"]["relative"] < 0 and found["n"] == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["score", "--references", "-", "--predictions", "-"], "only one of them can be standard input"),
        (["score", "--references", "R", "--predictions", "P", "--metrics", "bleu"], "unknown metric 'bleu'"),
        (["score", "--references", "R", "--predictions", "E"], "nothing can be scored"),
        (["score", "--references", "R", "--predictions", "P", "--out", "D/no/such.json"], "cannot be written"),
        (["score", "--references", "R", "--predictions", "P", "--tokenizer", "morph"], "Invalid value"),
        (["compare", "R", "R"], "named twice"),
        (["compare", "R"], "is no file of `groundtune score`"),
        (["compare", "R", "--json", "--markdown"], "exclude each other"),
    ],
)
def test_bad_input_ends_with_two_and_says_why(
    files: tuple[str, str], tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "empty.jsonl").write_text('{"id": "other", "answer": "x"}\n{')
    names = {"R": files[0], "P": files[1], "E": str(tmp_path / "empty.jsonl")}
    given = [names.get(part, part.replace("D/", f"{tmp_path}/")) for part in arguments]
    result = run(*given, *(["--no-embedding"] if arguments[0] == "score" else []))
    assert result.exit_code == 2, result.output
    assert said in result.stderr
