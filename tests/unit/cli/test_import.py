from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.import_ import command
from cli.runfile import load_run_file
from cli.squad import read_squad, take_evenly
from shared.errors import BadInput
from shared.sources import parse_sources_csv
from workers.doc_ingest.parsers.markdown import parse_markdown

XQUAD = Path("../shared/data/qa/google-deepmind__xquad/xquad.en.json")


def squad(*titles: str, questions: int = 3) -> bytes:
    return json.dumps({"data": [article(title, n, questions) for n, title in enumerate(titles)]}).encode()


def article(title: str, n: int, questions: int) -> dict[str, Any]:
    asked = [{"id": f"q{n}-{i}", "question": "Who?", "answers": [{"text": f"Ada {i}"}]} for i in range(questions)]
    impossible = {"id": f"q{n}-x", "question": "Why?", "answers": [], "is_impossible": True}
    context = "1. Ada *wrote* <it> & left.\n# No heading"
    return {"title": title, "paragraphs": [{"context": context, "qas": [*asked, impossible]}]}


def test_articles_become_documents_with_slugs_of_their_own() -> None:
    found = read_squad("s.json", squad("Ada_Lovelace", "Ada Lovelace", "한글 문서", ""))
    assert [article.slug for article in found] == ["ada-lovelace", "ada-lovelace-2", "한글-문서", "article-4"]
    assert found[2].url == "https://squad.example/%ED%95%9C%EA%B8%80-%EB%AC%B8%EC%84%9C"
    assert [article.unanswerable for article in found] == [1, 1, 1, 1]
    assert found[0].pairs[0].answer == "Ada 0"
    assert found[0].pairs[0].references == ["https://squad.example/ada-lovelace"]


def test_a_context_is_read_back_as_it_was() -> None:
    (only,) = read_squad("s.json", squad("A"))
    parsed = parse_markdown(only.markdown().encode())
    assert [block.kind for block in parsed.blocks] == ["heading", "heading", "paragraph"]
    assert parsed.blocks[2].text == "1. Ada *wrote* <it> & left. # No heading"


def test_questions_are_taken_from_all_articles_in_turn() -> None:
    taken = take_evenly(read_squad("s.json", squad("A", "B", "C", questions=5)), 7)
    assert [len(article.pairs) for article in taken] == [3, 2, 2]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"data": [{}]}', b'{"data": [{"paragraphs": [{}]}]}', b'{"data": []}'])
def test_another_format_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(BadInput, match=r"s\.json"):
        read_squad("s.json", body)


@pytest.mark.skipif(not XQUAD.is_file(), reason="the real files of ../shared/data are not beside this checkout")
def test_xquad_becomes_an_experiment_with_sixty_evaluation_questions(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["squad", str(XQUAD), "--out", str(tmp_path), "--questions", "200"])
    assert done.exit_code == 0, done.output
    assert "48 documents and 200 questions" in done.output
    run = load_run_file(tmp_path / "run.yaml")
    assert (len(run.truth), run.experiment.split.evaluation, run.experiment.split.by) == (200, 60, "group")
    urls = {source.url for source in parse_sources_csv((tmp_path / "documents" / "sources.csv").read_bytes()).values()}
    assert {url for pair in run.truth for url in pair.references} <= urls


def test_two_imports_are_not_mixed(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_bytes(squad("A", "B"))
    assert CliRunner().invoke(command, ["squad", str(file), "--out", str(tmp_path / "out")]).exit_code == 0
    again = CliRunner().invoke(command, ["squad", str(file), "--out", str(tmp_path / "out")])
    assert isinstance(again.exception, BadInput)
