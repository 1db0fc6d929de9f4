"""Time, signatures, and how to run it again."""

from __future__ import annotations

import shlex

import click
import pytest

from cli.main import groundtune
from schemas.report import Report
from tests.unit.workers.scorer.report.full import full_report
from tests.unit.workers.scorer.report.sample import failed_report, sample_report
from workers.scorer.report.labels import labels
from workers.scorer.report.sections import again, latency, signatures

T = labels("en")


def test_time_is_told_by_arm() -> None:
    found = latency(full_report(), T)
    assert found is not None
    assert list(found.rows[1]) == ["prompt", "406\u00a0ms", "935\u00a0ms", "71", "160", "1"]


def test_an_arm_that_was_not_measured_has_gaps_and_a_run_without_any_no_table() -> None:
    assert latency(failed_report(), T) is None
    told = full_report().provenance | {"arms": {"prompt": {"latency_median_ms": 3.6, "job": None}}}
    found = latency(full_report().model_copy(update={"provenance": told}), T)
    assert found is not None
    assert [list(row) for row in found.rows] == [["prompt", "4\u00a0ms", None, None, None, None]]


@pytest.mark.parametrize("report", [full_report(), failed_report()])
def test_every_command_exists_with_the_options_it_is_given(report: Report) -> None:
    for line in again(report, T).commands:
        program, *words = shlex.split(line)
        assert program == "groundtune"
        command: click.Command = groundtune
        context = click.Context(command)
        while isinstance(command, click.Group):
            found = command.get_command(context, words.pop(0))
            assert found is not None, line
            command = found
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_a_name_that_a_shell_would_split_is_quoted() -> None:
    commands = again(sample_report(name="a b; rm -rf x"), T).commands
    assert shlex.split(commands[0])[-1] == "out/a b; rm -rf x"


def test_hashes_versions_and_seed_stand_beside_the_commands() -> None:
    facts = dict(again(full_report(), T).facts)
    assert facts["Seed"] == "7"
    assert facts["Evaluation set, SHA-256"] == "34" * 32
    assert facts["Prompt optimized, SHA-256"] == "cd" * 32
    assert facts["groundtune"] == "0.1.0"


def test_signatures_name_data_tests_judge_and_metrics() -> None:
    told = dict(signatures(full_report(), T))
    assert told["LLM judge"].startswith("judge|local.judge-v1|")
    assert told["ROUGE-L"].startswith("rougel|")
    assert "holm,24" in told["Intervals and tests"]
    assert signatures(failed_report(), T) == []
