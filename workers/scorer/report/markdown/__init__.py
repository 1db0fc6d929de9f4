"""The report as Markdown, for a pull request or a chat: the same tables and facts as the page, compact."""

from __future__ import annotations

from schemas.report import Report
from workers.scorer.report.labels import labels
from workers.scorer.report.markdown.answers import endings, examples, retrieval
from workers.scorer.report.markdown.comparison import comparison, further, header, missing, sureness
from workers.scorer.report.markdown.layout import laid_out
from workers.scorer.report.markdown.run import cost, data, failures, methods, provenance, setup
from workers.scorer.report.sections import again, citations, judge, people, slices


def render_markdown(report: Report, *, language: str = "en") -> str:
    """The whole report; text that models or people wrote is escaped, so that it cannot change the layout.

    Raises BadInput for another language than ``en`` and ``ko``.
    """
    t = labels(language)
    parts = [
        *(part(report, t) for part in (header, comparison, sureness, further, missing, data)),
        laid_out(citations(report, t), t),
        *(part(report, t) for part in (retrieval, endings)),
        *(laid_out(part(report, t), t) for part in (judge, people, slices)),
        *(part(report, t) for part in (examples, cost, failures, setup, methods, provenance)),
        laid_out(again(report, t), t),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
