"""What is copied of a run that has ended."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from cli.outcome import copy_report
from schemas.report import Report
from schemas.state import RunRecord
from shared.testing.services import memory_services
from tests.unit.workers.scorer.report.sample import sample_report
from workers.scorer.publishing import publish


async def copied(out: Path, language: str) -> Report | None:
    artifacts = memory_services().artifacts
    prefix = await publish(artifacts, "run-1", sample_report())
    return await copy_report(artifacts.objects, ended(prefix), out, language)


def ended(prefix: str | None) -> RunRecord:
    return RunRecord(run="run-1", name="telco", corpus="telco", created=0, updated=0, report=prefix)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_report_is_copied_in_the_language_asked_for(tmp_path: Path, language: str) -> None:
    assert asyncio.run(copied(tmp_path, language)) == sample_report()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["index.html", "report.csv", "report.json", "report.md"]
    assert f'<html lang="{language}">' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_run_without_a_report_leaves_nothing(tmp_path: Path) -> None:
    assert asyncio.run(copy_report(memory_services().artifacts.objects, ended(None), tmp_path)) is None
    assert list(tmp_path.iterdir()) == []
