"""The report's files, and the table for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest

from schemas.report import Report
from shared.errors import BadInput
from tests.unit.workers.scorer.report.full import full_report
from tests.unit.workers.scorer.report.sample import failed_report, sample_report
from workers.scorer.report import render_csv, report_files


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render_csv(report), newline="")))


def test_a_row_an_arm_and_metric_holds_what_report_json_does() -> None:
    report = full_report()
    found = rows(report)
    assert len(found) == 5 * (6 + 3)
    row = next(row for row in found if (row["arm"], row["metric"]) == ("ft-160", "rougeL"))
    value = report.arms[4].metrics["rougeL"]
    assert {name: row[name] for name in ("value", "relative", "rel_low", "rel_high", "p", "p_holm", "n")} == {
        "value": str(value.value), "relative": str(value.relative), "rel_low": str(value.low),
        "rel_high": str(value.high), "p": "0.0001", "p_holm": "0.0024", "n": "58",
    }  # fmt: skip
    assert (row["low"], row["high"]) == (str(value.value_low), str(value.value_high))


def test_what_is_not_known_is_empty_and_a_failed_run_has_no_rows() -> None:
    assert rows(sample_report())[0]["relative"] == ""
    assert rows(failed_report()) == []


def test_a_spreadsheet_computes_nothing_of_a_name() -> None:
    arm = full_report().arms[0].model_copy(update={"name": '=HYPERLINK("https://evil.example")'})
    assert rows(sample_report(arms=[arm]))[0]["arm"] == '\'=HYPERLINK("https://evil.example")'


def test_every_form_is_written_in_the_language_asked_for() -> None:
    files = {file.name: file for file in report_files(full_report(), "ko")}
    assert list(files) == ["report.json", "report.csv", "report.md", "index.html"]
    assert Report.model_validate_json(files["report.json"].text) == full_report()
    assert "## 인용" in files["report.md"].text
    assert '<html lang="ko">' in files["index.html"].text


def test_a_language_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(BadInput, match="'fr'"):
        report_files(sample_report(), "fr")
