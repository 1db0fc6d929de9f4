from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.doc_ingest.decode import decode, decode_name, is_text

ENCODINGS = [
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp949", "euc-kr",
    "johab", "iso2022_kr",
]  # fmt: skip
KOREAN = "데이터 로밍 요금제를 변경하려면 고객센터(114)에 연락하세요."
MIXED = "AMF는 UE의 등록을 관리하며, NAS 메시지를 처리합니다. See section 4."
WESTERN = "Où est passé l'été? Größe, naïve façade, señor. Le débit est élevé à Genève."


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [KOREAN, MIXED])
def test_korean_text_is_read_in_any_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1", "mac_roman", "cp850", "utf-16-be"])
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


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_cut_in_the_middle_of_a_character_costs_that_character_only(encoding: str) -> None:
    assert decode((KOREAN * 3).encode(encoding)[:-2])[:-1] == (KOREAN * 3)[:-2]


def test_a_declared_encoding_is_read_as_the_one_that_browsers_read_it_as() -> None:
    assert decode("똠방각하".encode("cp949"), "euc-kr") == "똠방각하"
    assert decode("“x”".encode("cp1252"), "iso-8859-1") == "“x”"


def test_random_bytes_and_control_characters_are_no_text() -> None:
    assert not is_text(bytes(range(256)))
    assert not is_text(b"\x01\x02\x03\x04abc")
    assert is_text("안녕하세요 여러분".encode("utf-16-be"))
    assert is_text("가입".encode("iso2022_kr"))


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("안내 가이드.md".encode("cp949"), "안내 가이드.md"), ("가.txt".encode("cp949"), "가.txt"),
        ("가.txt".encode(), "가.txt"), ("Größe.txt".encode("cp437"), "Größe.txt"),
    ],
)  # fmt: skip
def test_names_in_archives_are_read_as_they_were_written(raw: bytes, name: str) -> None:
    assert decode_name(raw) == name


SENTENCES = st.lists(
    st.sampled_from(["요금제를 변경합니다.", "로밍은 해외에서 씁니다.", "AMF", "3GPP Rel-17", "데이터 10GB"]),
    min_size=2,
)


@given(SENTENCES, st.sampled_from(ENCODINGS))
def test_korean_text_comes_back_from_every_encoding(sentences: list[str], encoding: str) -> None:
    text = " ".join(["안녕하세요 여러분.", *sentences])
    assert decode(text.encode(encoding)) == text
    assert is_text(text.encode(encoding))


@given(st.text())
def test_utf_8_comes_back_whatever_it_says(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text


@given(st.binary())
def test_whatever_bytes_give_a_text(body: bytes) -> None:
    assert isinstance(decode(body), str)
    assert is_text(body) in (True, False)
