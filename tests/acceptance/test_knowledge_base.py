"""A run whose evaluation is answered from a knowledge base, over a local cloud that serves one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.clouds import local_cloud
from tests.acceptance.experiments import ARMS, read_report, write_small
from tests.acceptance.terminal import Terminal

ID = "KB12345678"

pytestmark = [pytest.mark.cloud, pytest.mark.slow]


def test_a_run_is_answered_from_a_knowledge_base(tmp_path: Path) -> None:
    retrieval = {"by": "knowledge_base", "knowledge_base": ID, "top_k": 4}
    run_file = write_small(tmp_path / "experiment", retrieval=retrieval, arms=ARMS[:2])
    base = f"{ID}={run_file.parent / 'documents'}"
    with Terminal(tmp_path) as terminal, local_cloud(terminal, "--knowledge-base", base):
        terminal.call("run", run_file, "--fleet", "--out", "out")
    report = read_report(tmp_path / "out")
    assert [arm["status"] for arm in report["arms"]] == ["scored", "scored"]
    # five of the eight documents are Markdown, which a local knowledge base reads; their front matter has their URLs
    assert report["retrieval"]["recall"][-1]["any"] > 0.3
