"""A report in which everything is told, in every form: laid out, escaped, described."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from schemas.report import Report
from tests.unit.workers.scorer.report.full import full_report, judge_report
from tests.unit.workers.scorer.report.sample import failed_report, sample_report
from workers.scorer.report import render_html, render_markdown

SECTIONS = [
    "comparison", "forest", "loss", "data", "citations", "retrieval", "endings", "judge", "people", "slices",
    "examples", "cost", "failures", "setup", "methods", "provenance", "again",
]  # fmt: skip
EMPTY = sample_report(
    arms=[], metrics=[], baseline="", winner=None, summary=[], notes=[], models={}, model_notes=[], prompts=[],
    signatures={}, hyperparameters={}, data=None, retrieval=None, failures=[], best=[], worst=[], provenance={},
)  # fmt: skip
EVIL = "<b onclick=x>|`x` ![i](https://evil.example/i)</b>"
KEPT = {"status", "by", "split_by", "kind", "metrics", "further", "metric"}
"""Words of the product itself, which are looked up or checked."""


def poisoned(value: Any, name: str = "") -> Any:
    """The value with every text and every name that somebody else may have written replaced by an attack."""
    if isinstance(value, dict):
        return {key: item if key in KEPT else poisoned(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, name) for item in value]
    return EVIL if isinstance(value, str) else value


def attacked() -> Report:
    data = full_report().model_dump(mode="json")
    return Report.model_validate({**poisoned(data), "split": data["split"]})


@pytest.mark.parametrize("report", [full_report(), failed_report(), EMPTY], ids=["full", "failed", "empty"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_section_is_there_in_order_and_in_the_contents(report: Report, language: str) -> None:
    tree = LexborHTMLParser(render_html(report, language=language))
    assert [node.attributes["id"] for node in tree.css("main > section")] == SECTIONS
    assert [node.attributes["href"] for node in tree.css("nav a")] == [f"#{name}" for name in SECTIONS]
    levels = [int(str(node.tag)[1]) for node in tree.css("h1, h2, h3, h4, h5")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    for table in tree.css("table"):
        assert table.css_first("caption") is not None
        assert all(head.attributes.get("scope") for head in table.css("th"))
        assert {len(row.css("th, td")) for row in table.css("tr")} == {len(table.css("thead th"))}
    assert not re.search(r"\bNone\b|Undefined|object at", tree.body.text() if tree.body else "None")


@pytest.mark.parametrize("report", [full_report(), failed_report(), EMPTY], ids=["full", "failed", "empty"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_markdown_tells_the_same_with_tables_that_hold(report: Report, language: str) -> None:
    text = render_markdown(report, language=language)
    tree = LexborHTMLParser(MarkdownIt("commonmark").enable("table").render(text))
    for table in tree.css("table"):
        assert {len(row.css("th, td")) for row in table.css("tr")} == {len(table.css("thead th"))}
    assert len(tree.css("table")) == len(re.findall(r"(?m)^\| .*\n\| (?:---|--:) \|", text))
    assert not re.search(r"\bNone\b|object at", text)


def test_whatever_others_wrote_stays_text_on_the_page() -> None:
    tree = LexborHTMLParser(render_html(attacked()))
    assert not tree.css("b, img, [onclick]")
    assert EVIL in (tree.body.text() if tree.body else "")


def test_whatever_others_wrote_stays_text_in_markdown() -> None:
    tree = LexborHTMLParser(
        MarkdownIt("commonmark", {"html": True}).enable("table").render(render_markdown(attacked()))
    )
    assert not tree.css("b, img, [onclick], a")
    for table in tree.css("table"):
        assert {len(row.css("th, td")) for row in table.css("tr")} == {len(table.css("thead th"))}


def test_the_korean_markdown_is_korean() -> None:
    text = render_markdown(full_report(), language="ko")
    for heading in ("비교", "인용", "LLM 심사", "사람 평가", "부분별 비교", "다시 실행하기"):
        assert f"## {heading}\n" in text
    assert "| 실험군 | 프롬프트 |" in text


def test_a_cell_of_the_main_table_has_value_change_interval_and_p() -> None:
    tree = LexborHTMLParser(render_html(full_report()))
    row = tree.css("table.comparison tbody tr")[4]
    assert " ".join(row.css("td")[5].text().split()) == "0.424 (best) ▲ +26.8 % (better) [+15.5, +39.8] p 0.002"


def test_an_invalid_judge_is_flagged_in_the_head_of_the_page() -> None:
    page = render_html(full_report().model_copy(update={"judge": judge_report(valid=False)}))
    head = LexborHTMLParser(page).css_first("header")
    assert head is not None
    assert "Judge not valid" in head.text()
    head = LexborHTMLParser(render_html(full_report())).css_first("header")
    assert head is not None
    assert "Judge not valid" not in head.text()


def test_the_page_of_a_large_run_stays_below_five_megabytes() -> None:
    report = full_report()
    arms = [report.arms[n % 5].model_copy(update={"name": f"arm-{n}"}) for n in range(12)]
    cuts = [
        cut.model_copy(
            update={
                "name": f"{cut.name}-{n}",
                "values": [value.model_copy(update={"arm": f"arm-{a}"}) for a in range(12) for value in cut.values[:6]],
            }
        )
        for n in range(5)
        for cut in report.slices
    ]
    long = [example.model_copy(update={"reference": "단어 " * 2_000}) for example in report.best * 10]
    page = render_html(report.model_copy(update={"arms": arms, "slices": cuts, "best": long, "worst": long}))
    assert len(page.encode()) < 5_000_000
