from __future__ import annotations

import pytest

from shared.text.language import detect_language
from shared.text.tokens import estimate_tokens


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The AMF registers the UE.", "en"),
        ("AMF는 UE의 등록을 관리합니다.", "ko"),
        ("`AT+CGDCONT` 명령으로 APN을 설정합니다. https://docs.example/en/apn", "ko"),
        ("", "en"),
    ],
)
def test_the_script_of_the_words_decides(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_korean_is_counted_denser_than_english() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens("요금제변경") == 4
    assert estimate_tokens("tariff change") == 4
