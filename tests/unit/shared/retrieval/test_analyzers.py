from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

import pytest

from shared.errors import AnalyzerChanged, BadInput
from shared.retrieval.analyzers import MORPHEMES, WORDS, analyzer, analyzer_of
from shared.retrieval.corpus import CorpusIndex
from shared.testing.indexes import index_of
from tests.unit.shared.retrieval.making import chunk, document
from tests.unit.shared.retrieval.test_building import DOCUMENTS, built, chunks


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("요금제를 변경하면 다음 달부터 적용됩니다.", ["요금", "제", "변경", "다음", "달", "적용"]),
        ("5G 요금제는\nlimit = pdu-session", ["5g", "limit", "pdu-session", "pdu", "session", "요금", "제"]),
        ("no Hangul at all", ["no", "hangul", "at", "all"]),
        ("", []),
    ],
)
def test_of_korean_the_morphemes_that_carry_meaning_are_terms(text: str, terms: list[str]) -> None:
    assert analyzer(MORPHEMES).terms(text) == terms


def test_an_index_of_morphemes_is_asked_by_morphemes() -> None:
    given = [chunk("c1", "a", "해지하려면 고객센터로 전화하세요."), chunk("c2", "a", "지하철 요금은 따로 냅니다.")]
    by_words, by_morphemes = (index_of([document("a")], given, by=by) for by in (WORDS, MORPHEMES))
    assert [hit.id for hit in by_words.search("해지하는 방법", 2)] == ["c1", "c2"]
    assert [hit.id for hit in by_morphemes.search("해지하는 방법", 2)] == ["c1"]


def test_an_index_by_another_version_of_its_analyzer_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = built(tmp_path, chunks())
    monkeypatch.setattr("shared.retrieval.analyzers._WORDS_VERSION", "2")
    with pytest.raises(AnalyzerChanged, match="made by 'words 1', and here is 'words 2'") as changed:
        CorpusIndex(index, tmp_path / "chunks.jsonl", DOCUMENTS)
    assert changed.value.name == WORDS


def test_the_version_of_morphemes_names_package_and_model() -> None:
    signature = analyzer(MORPHEMES).signature
    for package in ("kiwipiepy", "kiwipiepy_model"):
        assert importlib.metadata.version(package) in signature
    assert analyzer_of(signature) == analyzer(MORPHEMES)


def test_without_the_package_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r"ko-morph needs kiwipiepy .* pip install 'groundtune\[korean\]', or say words"):
        analyzer(MORPHEMES)
