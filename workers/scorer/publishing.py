"""The report's files: data for programs, Markdown for a pull request, one HTML page for people."""

from __future__ import annotations

import json

from schemas.report import Report
from shared.store import keys
from shared.store.artifacts import JSON, Artifacts
from workers.scorer.report import render_html, render_markdown


async def publish(artifacts: Artifacts, run: str, report: Report) -> str:
    """Writes the files and returns their common prefix."""
    prefix = keys.run(run, "report/")
    files = [
        ("report.json", report_json(report), JSON),
        ("report.md", render_markdown(report), "text/markdown; charset=utf-8"),
        ("index.html", render_html(report), "text/html; charset=utf-8"),
    ]
    for name, text, content_type in files:
        await artifacts.write_bytes(prefix + name, text.encode(), content_type)
    return prefix


def report_json(report: Report) -> str:
    """Sorted keys, so that equal reports are equal byte for byte."""
    return json.dumps(report.model_dump(mode="json"), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
