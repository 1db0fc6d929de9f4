"""What system prompts ask for is recognised, in English and Korean."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.engines.extractive.instructions import Instructions, read_instructions


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("", {}),
        ("Answer in 2-3 sentences.", {"sentences": 3}),
        ("Use no more than three sentences.", {"sentences": 3}),
        ("Keep it under 40 words.", {"words": 40}),
        ("간결하게 두 문장 이내로 답합니다.", {"sentences": 2, "tone": "brief"}),
        ("If nothing fits, say so in one sentence.", {}),
        ("문서에 없으면 한 문장으로 알립니다.", {}),
        ("Explain in detail.", {"tone": "detailed"}),
        ("Include links.", {"cite": "all"}),
        ("Cite only the documents that the answer rests on.", {"cite": "used"}),
        ("근거가 된 문서의 링크를 답니다.", {"cite": "used"}),
        ("Do not give links.", {"cite": "none"}),
        ("Put commands in backticks.", {"commands": True}),
        ("Number the steps of a procedure.", {"steps": True}),
        ("인사말 없이 답합니다.", {"preamble": False}),
        ("Reply only in Korean.", {"language": "ko"}),
    ],
)
def test_a_prompt_is_understood(system: str, expected: dict[str, Any]) -> None:
    assert read_instructions(system) == Instructions(**expected)
