"""What `groundtune run --aws` does before it asks: the base model is looked up, then the price is shown."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli.notice import notice_of
from cli.runfile import load_run_file
from shared.errors import BadRunFile
from tests.acceptance.experiments import write_small
from tests.integration.localcloud_support import connected

pytestmark = pytest.mark.cloud


def experiment(folder: Path, student: str) -> Any:
    models = {"student": student, "teacher": "local.teacher-v1"}
    return load_run_file(write_small(folder / student.replace(":", "-"), models=models))


async def test_a_base_model_that_the_region_does_not_offer_ends_the_command_before_a_price_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = io.StringIO()
    async with connected(monkeypatch, batch_minimum=1) as connection:
        console, where = Console(file=said, width=200), (connection.settings, "000000000000")
        with pytest.raises(BadRunFile, match=r"amazon\.nova-lite-v1:0:300k.*change models\.student"):
            await notice_of(experiment(tmp_path, "amazon.nova-lite-v1:0:300k"), console)(*where)
        assert said.getvalue() == ""
        await notice_of(experiment(tmp_path, "local.reader-v1"), console)(*where)
        assert "Estimated price: $0.00." in said.getvalue()
