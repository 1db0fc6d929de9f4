from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.bedrock.knowledge.bases import KnowledgeBases
from localcloud.bedrock.knowledge.index import FolderIndex
from localcloud.bedrock.knowledge.reading import LIMIT, Source, passages, sources
from localcloud.errors import BadOption

ID = "ABCDEF0123"


def texts(text: str) -> list[str]:
    return [passage.text for passage in passages(Source("a.md", "a", {}, text))]


@given(st.lists(st.text(st.sampled_from("ab \n한"), max_size=3000), max_size=5).map("\n\n".join))
def test_passages_have_all_the_words_in_order_and_none_is_too_long(text: str) -> None:
    found = list(passages(Source("a.md", "a", {}, text)))
    assert "".join("".join(passage.text for passage in found).split()) == "".join(text.split())
    assert all(0 < len(passage.text) <= passage.end - passage.start <= LIMIT + 1 for passage in found)
    assert len({passage.id for passage in found}) == len(found)


def test_paragraphs_stay_together_until_the_limit() -> None:
    short, long = "short", "word " * 300
    assert texts(f"{short}\n\n{short}\n \n\n{short}") == [f"{short}\n\n{short}\n \n\n{short}"]
    assert texts(f"{long}\n\n{long}\n\n{short}") == [long.strip(), f"{long}\n\n{short}"]
    assert texts("x" * (LIMIT + 1)) == ["x" * LIMIT, "x"]
    assert texts(" \n\n ") == []


def test_a_files_title_is_what_it_says_or_its_name(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.MD").write_text("---\ntitle: Given\nurl: https://example.com/c\n---\n# Heading\nText\n")
    (tmp_path / "b.md").write_text("intro\n\n## Second level\n")
    (tmp_path / "a.txt").write_bytes(b"bytes \xff")
    (tmp_path / "no.pdf").write_bytes(b"%PDF")
    found = {source.path: (source.title, source.metadata.get("url")) for source in sources(tmp_path)}
    assert found == {
        "a.txt": ("a", None),
        "b.md": ("Second level", None),
        "sub/c.MD": ("Given", "https://example.com/c"),
    }


def test_the_best_passage_comes_first_and_equal_ones_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# 사과\n사과는 빨갛다. 사과는 달다.\n")
    (tmp_path / "two.md").write_text("# Fruit\nApples and 사과.\n")
    (tmp_path / "copy.md").write_text("# Fruit\nApples and 사과.\n")
    (tmp_path / "empty.md").write_text("")
    index = FolderIndex(tmp_path)
    found = index.search("사과는 무엇인가", 5)
    assert found[0].source.path == "one.md"
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)
    assert {passage.source.path for passage in index.search("apples", 5)} == {"two.md", "copy.md"}
    assert len(index.search("apples", 1)) == 1
    assert index.search("bananas", 5) == []


def test_an_empty_folder_has_no_answers(tmp_path: Path) -> None:
    assert FolderIndex(tmp_path).search("anything", 5) == []


async def test_an_unknown_knowledge_base_is_told_from_one_without_answers(tmp_path: Path) -> None:
    bases = KnowledgeBases({ID: tmp_path})
    assert await bases.search(ID, "x", 5) == []
    assert await bases.search("ABCDEF0124", "x", 5) is None


@pytest.mark.parametrize(("id_", "folder", "said"), [("short", ".", "ten letters"), (ID, "none", "no such folder")])
def test_what_is_no_knowledge_base_is_refused(tmp_path: Path, id_: str, folder: str, said: str) -> None:
    with pytest.raises(BadOption, match=said):
        KnowledgeBases({id_: tmp_path / folder})
