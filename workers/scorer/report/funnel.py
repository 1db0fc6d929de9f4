"""The way of the data through a run, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.artifacts import DataSummary


@dataclass(frozen=True)
class FunnelStage:
    """A stage by its label's key: how many it kept, and how many it left out for which reason or code."""

    key: str
    kept: int
    dropped: Mapping[str, int]

    @property
    def dropped_total(self) -> int:
        """How many the stage left out."""
        return sum(self.dropped.values())


def funnel(data: DataSummary) -> list[FunnelStage]:
    """The stages in the order in which data passes them, reasons by falling count.

    ``rejected_documents``, ``superseded_documents`` and ``unusable`` stand for themselves in the labels; other reasons
    are codes of samples, or sentences. Samples about evaluation documents were written for other runs: they are told
    beside the funnel.
    """
    nothing = data.samples_asked - data.samples - sum(data.samples_rejected.values())
    usable = data.evaluation + data.train
    lost = {name: getattr(data, name) for name in ("rejected_documents", "superseded_documents")}
    unusable = data.ground_truth - usable - sum(data.left_out.values())
    return [
        FunnelStage("documents", data.documents, _ordered(lost)),
        FunnelStage("chunks", data.chunks, {}),
        FunnelStage("asked", data.samples_asked, {}),
        FunnelStage("samples", data.samples, _ordered({**data.samples_rejected, "nothing": nothing})),
        FunnelStage("used", data.samples - sum(data.samples_removed.values()), _ordered(data.samples_removed)),
        FunnelStage("ground_truth", usable, _ordered({**data.left_out, "unusable": unusable})),
        FunnelStage("train", data.train, {}),
        FunnelStage("evaluation", data.evaluation, {}),
    ]


def _ordered(reasons: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(((name, count) for name, count in reasons.items() if count > 0), key=lambda r: (-r[1], r[0])))
