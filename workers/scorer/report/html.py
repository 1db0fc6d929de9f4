"""The report as one HTML page that needs nothing beside itself.

Answers and documents are untrusted text: Jinja2 escapes all of it, only http(s) links become links, and the page's own
content security policy forbids scripts and every request.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment

from schemas.report import Report
from shared.pages.environment import page_environment
from shared.pages.wording import text_language
from workers.scorer.report.charts import forest_plots, loss_curves
from workers.scorer.report.costs import cost_rows, total
from workers.scorer.report.endings import endings
from workers.scorer.report.facts import facts
from workers.scorer.report.failures import grouped
from workers.scorer.report.funnel import funnel
from workers.scorer.report.labels import labels, metric_label
from workers.scorer.report.retrieval import SLICED, origin, recall_row, slice_row, slice_sizes
from workers.scorer.report.rows import answers_missing, differs, table
from workers.scorer.report.sections import (
    again,
    beside,
    citations,
    detectable,
    in_groups,
    judge,
    latency,
    people,
    signatures,
    slices,
)
from workers.scorer.report.sides import sides

_SECTIONS = (citations, judge, people, slices, again)


def render_html(report: Report, *, language: str = "en") -> str:
    """The page in English (``en``) or Korean (``ko``). Raises BadInput for another language."""
    page, t = _environment().get_template("page.html"), labels(language)
    return page.render(
        report=report,
        language=language,
        t=t,
        metric_name=lambda name: metric_label(name, language),
        foreign=lambda text: text_language(text, language),
        rows=table(report),
        further=[(group, table(report, group)) for group in in_groups(report.further)],
        answers_missing=answers_missing(report),
        endings=endings(report),
        signatures=signatures(report, t),
        beside=beside(report, t),
        detectable=detectable(report, t),
        latency_table=latency(report, t),
        sections={found.key: found for found in (part(report, t) for part in _SECTIONS)},
        plots=forest_plots(report),
        curves=loss_curves(report),
        funnel=funnel(report.data) if report.data else [],
        failure_groups=grouped(report.failures),
        costs=cost_rows(report.provenance, t["cost"]),
        total_cost=total(report.provenance),
        provenance=facts({name: told for name, told in report.provenance.items() if name != "spending"}),
    )


@cache
def _environment() -> Environment:
    environment = page_environment("workers.scorer.report")
    environment.globals.update(differs=differs, sides=sides)
    environment.globals.update(
        origin=origin, recall_row=recall_row, slice_row=slice_row, slice_sizes=slice_sizes, SLICED=SLICED
    )
    return environment
