"""The files of a report: what a run publishes, and what ``groundtune report`` writes again."""

from __future__ import annotations

import json
from dataclasses import dataclass

from schemas.report import Report
from shared.store.artifacts import JSON
from workers.scorer.report.html import render_html
from workers.scorer.report.markdown import render_markdown
from workers.scorer.report.table_csv import render_csv


@dataclass(frozen=True)
class ReportFile:
    """One form of the report by the name of its file."""

    name: str
    text: str
    content_type: str


def report_files(report: Report, language: str = "en") -> list[ReportFile]:
    """Every form, the data first. ``language`` is that of the page and the Markdown; BadInput for one unknown."""
    return [
        ReportFile("report.json", report_json(report), JSON),
        ReportFile("report.csv", render_csv(report), "text/csv; charset=utf-8"),
        ReportFile("report.md", render_markdown(report, language=language), "text/markdown; charset=utf-8"),
        ReportFile("index.html", render_html(report, language=language), "text/html; charset=utf-8"),
    ]


def report_json(report: Report) -> str:
    """Sorted keys, so that equal reports are equal byte for byte."""
    return json.dumps(report.model_dump(mode="json"), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
