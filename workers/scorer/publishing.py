"""The report's files in the run: data for programs, Markdown for a pull request, one HTML page for people."""

from __future__ import annotations

from schemas.report import Report
from shared.store import keys
from shared.store.artifacts import Artifacts
from workers.scorer.report import report_files


async def publish(artifacts: Artifacts, run: str, report: Report) -> str:
    """Writes the files and returns their common prefix."""
    prefix = keys.run(run, "report/")
    for file in report_files(report):
        await artifacts.write_bytes(prefix + file.name, file.text.encode(), file.content_type)
    return prefix
