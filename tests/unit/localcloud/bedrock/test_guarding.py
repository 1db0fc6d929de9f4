from __future__ import annotations

from typing import Any

import pytest

from localcloud.bedrock.errors import ValidationException
from localcloud.bedrock.operations.guarding import Texts, sorted_texts


def test_blocks_are_put_together_by_qualifier_and_what_has_none_is_guarded() -> None:
    blocks: list[dict[str, Any]] = [
        {"text": {"text": "s1", "qualifiers": ["grounding_source"]}},
        {"text": {"text": "q", "qualifiers": ["query"]}},
        {"text": {"text": "s2", "qualifiers": ["grounding_source", "guard_content"]}},
        {"text": {"text": "a"}},
    ]
    assert sorted_texts(blocks) == Texts("s1\ns2", "q", "s2\na")


def test_an_image_is_refused() -> None:
    with pytest.raises(ValidationException, match="text only, not image"):
        sorted_texts([{"image": {}}])


@pytest.mark.parametrize(("characters", "units"), [(1, 1), (1000, 1), (1001, 2)])
def test_a_unit_is_a_thousand_characters_begun(characters: int, units: int) -> None:
    assert Texts("x" * characters, "", "").units == units
