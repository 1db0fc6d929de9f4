"""The report of a run in every form: data for programs, a page and Markdown for people, a table for spreadsheets."""

from workers.scorer.report.files import report_files, report_json
from workers.scorer.report.html import render_html
from workers.scorer.report.markdown import render_markdown
from workers.scorer.report.table_csv import render_csv

__all__ = ["render_csv", "render_html", "render_markdown", "report_files", "report_json"]
