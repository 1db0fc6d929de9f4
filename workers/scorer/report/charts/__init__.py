"""The geometry of the report's charts, in pixels; the templates draw them as inline SVG."""

from workers.scorer.report.charts.forest import forest_plots
from workers.scorer.report.charts.loss import loss_curves

__all__ = ["forest_plots", "loss_curves"]
