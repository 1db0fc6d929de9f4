"""The table on the terminal."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from cli.report_table import render_table
from schemas.report import Report
from tests.unit.workers.scorer.report.sample import failed_report, sample_report


def printed(report: Report, width: int = 100) -> str:
    console = Console(width=width, file=StringIO(), color_system=None)
    console.print(render_table(report))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_it_fits_a_hundred_columns_without_cutting_a_number() -> None:
    text = printed(sample_report())
    assert max(map(len, text.splitlines())) <= 100
    assert "▲+26.8\u00a0%" in text
    assert "+16 … +40" in text
    assert "−4.9 … −0.4" in text
    assert "40 orig + 97 syn" in text


def test_the_winner_is_named_and_the_baseline_has_no_change() -> None:
    text = printed(sample_report())
    assert "ft-160 (winner)" in text
    baseline = text[text.index("baseline") : text.index("\n prompt ")]
    assert "%" not in baseline


def test_an_arm_that_failed_says_so() -> None:
    text = printed(failed_report())
    assert "not scored" in text
    assert "NOT VALID" in text


def test_a_local_stand_in_is_called_one() -> None:
    assert "local.reader-v1 is groundtune's small extractive reader" in printed(sample_report())


def test_a_name_is_never_markup() -> None:
    arms = [arm.model_copy(update={"name": f"[red]{arm.name}"}) for arm in sample_report().arms]
    assert "[red]ft-160" in printed(sample_report(arms=arms))
