"""Korean sentences by a model in one shared process. A stand-in has the model's interface, so that its half gigabyte
is not needed: it ends a sentence after 한다 and 된다, whatever follows."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from schemas.recipe import Chunking
from shared.errors import BadInput, Rejected
from workers.doc_ingest.korean import korean_split
from workers.doc_ingest.pool import Pool

STAND_IN = """
import os, re
class Sentence:
    def __init__(self, start, end):
        self.start, self.end = start, end
class Kiwi:
    def __init__(self, num_workers):
        with open(os.environ["KIWI_LOADED"], "a") as file:
            file.write(f"{os.getpid()}\\n")
    def split_into_sents(self, text):
        ends = [m.end() for m in re.finditer("[한된]다(?= )", text)] + [len(text)]
        starts = [0, *(end + 1 for end in ends)]
        return [Sentence(start, end) for start, end in zip(starts, ends)]
"""
LONG = (
    "먼저 장비를 설치한다 그리고 전원을 켠 다음 등록을 요청한다 그러면 망이 응답하고 상태가 정상으로 표시된다 "
    "이제 시험을 시작한다 끝"
)
KIWI = Chunking(max_tokens=32, korean_sentences="kiwi")


@dataclass(frozen=True)
class Found:
    start: int
    end: int


class Model:
    """The stand-in in this process, with what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def split_into_sents(self, text: str) -> list[Found]:
        self.asked.append(text)
        ends = [*(match.end() for match in re.finditer("[한된]다(?= )", text)), len(text)]
        return [Found(start, end) for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False)]


def test_only_long_korean_sentences_are_shown_to_the_model() -> None:
    model = Model()
    text = f"짧은 문장이다. {LONG}. {'word ' * 60}end."
    spans = korean_split(model, 32)(text)
    assert model.asked == [f"{LONG}."]
    found = [text[start:end] for start, end in spans]
    assert found[0] == "짧은 문장이다."
    assert found[1:6] == [*re.findall(r"\S.*?[한된]다(?= )", LONG), "끝."]
    assert found[6].startswith("word")


def test_the_model_ends_no_sentence_in_code_or_a_link() -> None:
    text = f"{LONG} 명령 `ran start 한다 now` 그리고 [문서](https://x.example/a) 참고"
    assert any("`ran start 한다 now`" in text[start:end] for start, end in korean_split(Model(), 32)(text))


@pytest.fixture
async def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    """Installs the stand-in where child processes find it; the file lists who loaded it."""
    (tmp_path / "kiwipiepy.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.getcwd()}")
    monkeypatch.setenv("KIWI_LOADED", str(tmp_path / "loaded"))
    importlib.invalidate_caches()
    yield tmp_path / "loaded"


async def test_all_parsers_share_one_process_with_the_model(loaded: Path) -> None:
    pool = Pool(processes=2)
    try:
        bodies = [f"# 안내 {n}\n\n{LONG}".encode() for n in range(6)]
        found = [await pool("a.md", body, KIWI) for body in bodies]
        plain = await pool("a.md", bodies[0], KIWI.model_copy(update={"korean_sentences": "rules"}))
        english = await pool("a.md", ("word " * 200).encode(), KIWI)
    finally:
        pool.close()
    assert all(len(one.chunks) == 2 and {chunk.fit for chunk in one.chunks} == {"whole"} for one in found)
    assert [chunk.fit for chunk in plain.chunks] == ["over_long"] == [chunk.fit for chunk in english.chunks]
    assert len((await asyncio.to_thread(loaded.read_text)).split()) == 1


async def test_a_rejection_comes_through_the_pool() -> None:
    pool = Pool(processes=1)
    try:
        with pytest.raises(Rejected) as rejected:
            await pool("a.md", b"***", Chunking())
    finally:
        pool.close()
    assert rejected.value.code == "empty"


async def test_a_missing_model_is_said_before_anything_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    pool = Pool(processes=1)
    with pytest.raises(BadInput, match=r"pip install 'groundtune\[korean\]'"):
        await pool("a.md", b"# A", KIWI)
