from __future__ import annotations

import pytest

from localcloud.bedrock.catalog import Catalog
from localcloud.errors import BadOption

REAL = "anthropic.claude-3-haiku-20240307-v1:0"


@pytest.mark.parametrize(
    "identifier",
    [
        REAL,
        f"arn:aws:bedrock:us-west-2::foundation-model/{REAL}",
        f"arn:aws:bedrock:us-west-2:000000000000:inference-profile/{REAL}",
    ],
)
def test_a_real_id_stands_for_the_local_model_it_was_mapped_to(identifier: str) -> None:
    found = Catalog({REAL: "local.reader-v1"}).find(identifier)
    assert found is not None
    assert (found.id, found.local.id) == (REAL, "local.reader-v1")


def test_without_an_alias_no_real_model_exists() -> None:
    assert Catalog({}).find(REAL) is None


def test_an_alias_of_nothing_names_the_models_there_are() -> None:
    with pytest.raises(BadOption, match=r"there is no local\.writer-v9; local models are local\.reader-v1"):
        Catalog({REAL: "local.writer-v9"})
