from __future__ import annotations

import pytest

from workers.doc_ingest.decode import decode, is_text

KOREAN = "데이터 로밍 요금제를 변경하려면 고객센터(114)에 연락하세요."
MIXED = "AMF는 UE의 등록을 관리하며, NAS 메시지를 처리합니다. See section 4."
WESTERN = "Où est passé l'été? Größe, naïve façade, señor. Le débit est élevé à Genève."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", [KOREAN, MIXED])
def test_korean_text_is_read_in_any_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1"])
def test_western_text_is_read_in_any_encoding(encoding: str) -> None:
    assert decode(WESTERN.encode(encoding)) == WESTERN


def test_a_declared_encoding_counts_unless_it_is_wrong() -> None:
    assert decode("naïve".encode("latin-1"), "latin-1") == "naïve"
    assert decode("안녕".encode(), "ascii") == "안녕"
    assert decode("안녕".encode(), "no-such-encoding") == "안녕"


def test_nothing_fails_to_decode() -> None:
    assert isinstance(decode(bytes(range(1, 256)) * 3), str)


def test_a_nul_byte_means_no_text_unless_a_mark_says_so() -> None:
    assert not is_text(b"\x89PNG\x00\x01")
    assert is_text("text".encode("utf-16"))
