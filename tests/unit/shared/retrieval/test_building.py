from __future__ import annotations

import random
from pathlib import Path

import pytest

from schemas.artifacts import Chunk, SnapshotDocument
from shared.retrieval.building import build_index
from shared.retrieval.container import MAGIC, Container
from shared.retrieval.corpus import CorpusIndex
from shared.retrieval.postings import SEGMENT
from tests.unit.shared.retrieval.making import chunk, document
from tests.unit.shared.retrieval.oracle import PlainIndex

DOCUMENTS = [document(f"d{n}", title=f"제목 {n}") for n in range(4)]


def chunks() -> list[Chunk]:
    chance = random.Random(5)
    words = ["요금제를", "변경하면", "적용", "pdu-session", "limits", "the", *(f"w{n}" for n in range(40))]
    texts = [" ".join(chance.choices(words, k=20)) for _ in range(40)]
    return [chunk(f"{(7 * n) % 40:02d}", f"d{n // 10}", text) for n, text in enumerate(texts)]


def built(folder: Path, chunks: list[Chunk], segment: int = SEGMENT) -> Path:
    lines = folder / "chunks.jsonl"
    lines.write_text("".join(chunk.model_dump_json() + "\n" for chunk in chunks))
    build_index(DOCUMENTS, lines, folder / "index", segment=segment)
    return folder / "index"


@pytest.mark.parametrize("segment", [1, 7, 100, 1_000_000])
def test_equal_input_gives_equal_bytes_however_little_is_held_in_memory(tmp_path: Path, segment: int) -> None:
    whole = built(tmp_path, chunks()).read_bytes()
    assert built(tmp_path, chunks(), segment=segment).read_bytes() == whole


def test_an_index_of_many_segments_finds_what_the_plain_one_finds(tmp_path: Path) -> None:
    index = CorpusIndex(built(tmp_path, chunks(), segment=10), tmp_path / "chunks.jsonl", DOCUMENTS)
    plain = PlainIndex(DOCUMENTS, chunks())
    for question in ("w1 w2 the", "요금제 변경", "pdu session limit 적용"):
        assert index.retrieve(question, 10) == plain.retrieve(question, 10) != []


def test_nothing_but_the_index_is_left_behind(tmp_path: Path) -> None:
    built(tmp_path, chunks(), segment=10)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chunks.jsonl", "index"]


def test_a_count_above_what_a_byte_holds_is_kept(tmp_path: Path) -> None:
    often = [chunk("01", "d0", "word " * 70_000 + "other"), chunk("02", "d1", "word other")]
    index = CorpusIndex(built(tmp_path, often), tmp_path / "chunks.jsonl", DOCUMENTS)
    expected = PlainIndex(DOCUMENTS, often).search("word", 2)
    assert [(hit.id, hit.score) for hit in index.search("word", 2)] == [(hit.id, hit.score) for hit in expected]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([chunk("1", "d0", "a"), chunk("1", "d1", "b")], "two chunks have the id 1"),
        ([chunk("1", "d0", "a"), chunk("2", "d1", "b"), chunk("3", "d0", "c")], "d0 do not follow one another"),
    ],
)
def test_chunks_that_cannot_be_told_apart_or_lie_apart_are_refused(
    tmp_path: Path, wrong: list[Chunk], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        built(tmp_path, wrong)


@pytest.mark.parametrize("body", [b"", b"GTINDEX1" + bytes(100), MAGIC + bytes(100)])
def test_a_file_of_another_version_or_cut_off_is_refused(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "index").write_bytes(body)
    with pytest.raises(ValueError, match="index is"):
        Container(tmp_path / "index")


def test_documents_in_another_order_than_their_chunks_change_no_byte(tmp_path: Path) -> None:
    whole = built(tmp_path, chunks()).read_bytes()
    backwards: list[SnapshotDocument] = DOCUMENTS[::-1]
    build_index(backwards, tmp_path / "chunks.jsonl", tmp_path / "index")
    assert (tmp_path / "index").read_bytes() == whole
