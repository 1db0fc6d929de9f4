"""How exactly each number came to be: equal signatures and hashes mean comparable numbers."""

from __future__ import annotations

from schemas.report import Report
from workers.scorer.report.sections.model import Labels


def signatures(report: Report, t: Labels) -> list[tuple[str, str]]:
    """Data, statistics, judge, then each metric."""
    words, data, judge = t["again"], report.data, report.judge
    told = [
        (words["snapshot"], data.snapshot_sha256 if data else None),
        (words["evaluation"], data.evaluation_sha256 if data else None),
        (words["statistics"], report.statistics),
        (t["judge"]["heading"], judge.signature if judge else None),
        *((t["metrics"].get(metric, metric), text) for metric, text in report.signatures.items()),
    ]
    return [(name, text) for name, text in told if text]
