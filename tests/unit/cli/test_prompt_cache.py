from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import groundtune
from cli.prompt_cache import prompt_cache_remarks
from shared.bedrock.models import Facts
from tests.unit.workers import world

CACHED = {"inference": {"cache_prompt": True}}
LONG, SHORT = "word " * 2_000, "Be brief."


@pytest.mark.parametrize(
    ("changes", "least", "said"),
    [
        ({}, 1_024, []),
        ({"inference": {"cache_prompt": False}}, 1_024, []),
        ({**CACHED, "prompts": {"plain": LONG, "good": LONG}}, 1_024, []),
        ({**CACHED, "prompts": {"plain": LONG, "good": SHORT}}, 1_024, ["'good' has about 3 tokens"]),
        ({**CACHED, "prompts": {"plain": LONG, "good": LONG}}, 4_096, ["'plain' has about", "caches from 4,096 on"]),
        ({**CACHED, "prompts": {"plain": LONG, "good": LONG, "unused": SHORT}}, 1_024, []),
        (CACHED, None, ["no prompt_cache_min_tokens of local.reader-v1"]),
    ],
)
def test_a_prompt_that_is_too_short_to_be_cached_is_told_where_caching_is_asked_for(
    changes: dict[str, Any], least: int | None, said: list[str]
) -> None:
    found = prompt_cache_remarks(world.experiment(**changes), Facts(prompt_cache_min_tokens=least))
    assert len(found) == len(said)
    for sentence, part in zip(found, said, strict=True):
        assert part in sentence


def test_check_tells_it(tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    shutil.copytree("examples/telco", folder)
    file = folder / "run.aws.yaml"
    file.write_text(file.read_text() + "\ninference: {cache_prompt: true}\n")
    result = CliRunner().invoke(groundtune, ["check", str(file)])
    assert result.exit_code == 0, result.output
    assert "amazon.nova-lite-v1:0:300k caches from 1,000 on; it is not cached." in result.output
