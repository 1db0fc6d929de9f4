"""The report of a run as people read it: one self-contained HTML page, and Markdown."""

from workers.scorer.report.html import render_html
from workers.scorer.report.markdown import render_markdown

__all__ = ["render_html", "render_markdown"]
