"""`groundtune report`: every form again, from a file or a folder, with what people said since."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import groundtune
from schemas.report import Report
from tests.unit.workers.scorer.report.full import rankings
from tests.unit.workers.scorer.report.sample import sample_report

FILES = ["index.html", "report.csv", "report.json", "report.md"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.json").write_text(sample_report().model_dump_json(), encoding="utf-8")
    return tmp_path


def report(*arguments: str | Path) -> Result:
    return CliRunner().invoke(groundtune, ["report", *map(str, arguments)])


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_folder_and_file_give_the_same_forms(folder: Path) -> None:
    assert report(folder, "--out", folder / "a").exit_code == 0
    assert report(folder / "report.json", "--out", folder / "b").exit_code == 0
    assert names(folder / "a") == FILES
    for name in FILES:
        assert (folder / "a" / name).read_bytes() == (folder / "b" / name).read_bytes()
    assert Report.model_validate_json((folder / "a" / "report.json").read_bytes()) == sample_report()


def test_the_page_speaks_the_language_asked_for(folder: Path) -> None:
    said = report(folder, "--out", folder / "ko", "--lang", "ko")
    assert said.output == f"report: {folder / 'ko' / 'index.html'}\n"
    assert '<html lang="ko">' in (folder / "ko" / "index.html").read_text(encoding="utf-8")


def test_rankings_that_came_later_are_put_in(folder: Path) -> None:
    (folder / "rankings.json").write_text(rankings().model_dump_json(), encoding="utf-8")
    assert report(folder, "--out", folder / "out", "--people", folder / "rankings.json").exit_code == 0
    again = Report.model_validate_json((folder / "out" / "report.json").read_bytes())
    assert again.people == rankings()
    assert "Nobody was asked" not in (folder / "out" / "index.html").read_text(encoding="utf-8")


def test_what_is_no_report_or_no_rankings_is_told(folder: Path) -> None:
    (folder / "other.json").write_text("{}", encoding="utf-8")
    said = report(folder / "other.json", "--out", folder / "out")
    assert said.exit_code == 2 and "is no report.json of groundtune" in said.output
    said = report(folder, "--out", folder / "out", "--people", folder / "other.json")
    assert said.exit_code == 2 and "is no rankings.json of groundtune" in said.output
    assert not (folder / "out").exists()


def test_a_folder_that_cannot_be_made_is_told(folder: Path) -> None:
    said = report(folder, "--out", folder / "report.json" / "x")
    assert said.exit_code == 2
    assert "name another folder with --out" in said.output
