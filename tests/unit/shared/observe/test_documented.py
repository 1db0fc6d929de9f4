from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from shared.observe.metrics import Moment, Occupancy, Outcome, Way
from shared.observe.prometheus import Prometheus
from shared.settings import METRICS_HOST, METRICS_PORT

TEXT = (Path(__file__).parents[4] / "docs" / "observability.md").read_text(encoding="utf-8")


def exposed() -> set[str]:
    """Every metric of a process, by the name under which it is queried."""
    process = Prometheus()
    return {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in process.registry.collect()
        if metric.name.startswith("groundtune_")
    }


def test_each_metric_has_its_row_and_each_row_its_metric() -> None:
    rows = re.findall(r"^\| `(groundtune_\w+)", TEXT, re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert set(rows) == exposed()


def test_rules_and_queries_name_metrics_that_exist() -> None:
    named = set(re.findall(r"groundtune_\w+", TEXT))
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in named} == exposed()


@pytest.mark.parametrize("word", [*get_args(Outcome), *get_args(Way), *get_args(Moment), METRICS_PORT, METRICS_HOST])
def test_each_value_of_a_label_and_each_variable_is_explained(word: str) -> None:
    assert f"`{word}`" in TEXT


def test_the_buckets_that_rules_ask_for_are_there() -> None:
    process = Prometheus()
    meter = process.meter("q")
    meter.lease_margin("settled", 1.0)
    meter.occupied(lambda: Occupancy(0, 0, 1))
    asked = re.findall(r'(groundtune_\w+_bucket)\{le="([\d.]+)"\}', TEXT)
    assert asked
    for name, le in asked:
        assert process.registry.get_sample_value(name, {"queue": "q", "at": "settled", "le": le}) == 1.0
