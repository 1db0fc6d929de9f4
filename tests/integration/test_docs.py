"""What the documentation shows is run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from shared.bedrock.models import Models, parse, shipped
from shared.testing.cloud import TestCloud

DOCS = Path(__file__).parents[2] / "docs"


async def test_the_first_example_of_testing_md_passes(groundtune_cloud: TestCloud) -> None:
    example = re.search(r"```python\n(.*?)```", (DOCS / "testing.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {}
    exec(example[1], names)
    await names["test_a_submitted_document_is_ingested"](groundtune_cloud)


def test_the_table_of_models_in_money_md_is_one() -> None:
    example = re.search(r"```yaml\n(models:.*?)```", (DOCS / "money.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    facts = Models(parse(example[1], name="money.md"), shipped()).of("us.amazon.nova-lite-v1:0")
    assert (facts.rpm, facts.usd_input) == (500, 0.06)
