"""The geometry of the charts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.report import LossPoint, MetricValue
from tests.unit.workers.scorer.report.sample import failed_report, sample_report
from workers.scorer.report.charts import forest_plots, loss_curves
from workers.scorer.report.charts.scale import Scale, padded
from workers.scorer.report.html import render_html

finite = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(finite, min_size=1, max_size=6))
def test_padded_ranges_hold_their_values_and_have_ticks(values: list[float]) -> None:
    low, high = padded(values)
    assert low < min(values) <= max(values) < high
    ticks = Scale(low, high, 0, 300).ticks()
    assert 1 <= len(ticks) <= 6
    assert ticks == sorted(set(ticks))


def test_each_metric_has_a_plot_of_all_arms_but_the_baseline() -> None:
    plots = forest_plots(sample_report())
    assert [plot.metric for plot in plots] == sample_report().metrics
    assert [row.arm for row in plots[0].rows] == ["prompt", "ft-40", "ft-40+120syn", "ft-160"]


def test_an_interval_around_zero_is_drawn_around_the_zero_line_and_open() -> None:
    plot = next(plot for plot in forest_plots(sample_report()) if plot.metric == "rouge3")
    prompt, *others = plot.rows
    assert prompt.left is not None and prompt.right is not None
    assert prompt.left < plot.zero < prompt.right
    assert not prompt.clear
    assert all(row.clear and row.left is not None and row.left > plot.zero for row in others)


def test_everything_drawn_lies_inside_the_picture() -> None:
    for plot in forest_plots(sample_report()):
        places = [place for row in plot.rows for place in (row.x, row.left, row.right) if place is not None]
        assert all(0 <= place <= plot.width for place in [*places, plot.zero, *(tick.at for tick in plot.ticks)])
        assert max(row.y for row in plot.rows) < plot.axis_y < plot.height


def test_nothing_is_plotted_where_nothing_was_compared() -> None:
    assert forest_plots(failed_report()) == []
    assert loss_curves(failed_report()) == []


@pytest.mark.parametrize("relative", [float("nan"), float("inf"), None])
def test_a_change_without_a_number_has_a_row_but_no_point(relative: float | None) -> None:
    arms = sample_report().arms
    broken = arms[1].model_copy(update={"metrics": {"rougeL": MetricValue(value=0.1, relative=relative, n=58)}})
    plot = next(p for p in forest_plots(sample_report(arms=[arms[0], broken, arms[4]])) if p.metric == "rougeL")
    assert plot.rows[0].x is None
    assert plot.rows[1].x is not None


def test_a_long_curve_is_thinned_but_keeps_its_ends() -> None:
    losses = [1000 / (step + 1) for step in range(20_000)]
    arm = sample_report().arms[4].model_copy(update={"loss": losses})
    [curve] = loss_curves(sample_report(arms=[arm]))
    points = curve.points.split()
    assert len(points) <= 242
    assert curve.steps == 20_000
    assert points[0].startswith(f"{curve.left},")
    assert points[-1] == f"{curve.end[0]:g},{curve.end[1]:g}"


def test_one_single_step_is_drawn_as_a_point() -> None:
    arm = sample_report().arms[4].model_copy(update={"loss": [0.5]})
    [curve] = loss_curves(sample_report(arms=[arm]))
    assert (curve.first, curve.last, curve.steps) == ("0.500", "0.500", 1)


def test_validation_losses_lie_on_the_scales_of_the_training_loss() -> None:
    held_out = [LossPoint(step=2, loss=4.0), LossPoint(step=8, loss=float("nan")), LossPoint(step=9, loss=1.0)]
    arms = sample_report().arms
    arm = arms[4].model_copy(update={"loss": [2.0, 1.5], "validation_loss": held_out})
    [plain] = loss_curves(sample_report(arms=[arm.model_copy(update={"validation_loss": []})]))
    [curve] = loss_curves(sample_report(arms=[arm]))
    assert (curve.held_out, len(curve.validation), plain.held_out, plain.validation) == ("1.000", 2, None, [])
    assert all(curve.left <= x <= curve.right and curve.top <= y <= curve.bottom for x, y in curve.validation)
    assert curve.validation[1][0] == curve.right > curve.end[0]
    page = render_html(sample_report(arms=[arms[0], arm]))
    assert "validation loss 1.000 (dashed, open dots)" in page and page.count('class="point open"') >= 2
