"""The report's sections as text, for the page and for Markdown: one module a section."""

from workers.scorer.report.sections.again import again
from workers.scorer.report.sections.citations import citations
from workers.scorer.report.sections.judge import judge
from workers.scorer.report.sections.latency import latency
from workers.scorer.report.sections.model import Labels, Section, Table
from workers.scorer.report.sections.people import people
from workers.scorer.report.sections.signatures import signatures
from workers.scorer.report.sections.slices import slices
from workers.scorer.report.sections.values import beside, detectable, in_groups

__all__ = [
    "Labels",
    "Section",
    "Table",
    "again",
    "beside",
    "citations",
    "detectable",
    "in_groups",
    "judge",
    "latency",
    "people",
    "signatures",
    "slices",
]
