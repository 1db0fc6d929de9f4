"""The Markdown report."""

from __future__ import annotations

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from shared.pages.markup import escaped, link
from tests.unit.workers.scorer.report.sample import failed_report, sample_report
from workers.scorer.report import render_markdown


def test_the_table_has_a_row_an_arm_and_equal_columns() -> None:
    lines = render_markdown(sample_report()).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| Arm | Prompt"))
    rows = lines[start : start + 7]
    assert {row.count("|") for row in rows} == {11}
    assert "| 0.424<br>▲ +26.8\u00a0%<br>[+15.5,\u00a0+39.8] |" in rows[6]
    assert "40 original + 97 synthetic (asked: 40 original + 120 synthetic)" in rows[5]


def test_untrusted_text_stays_text_when_rendered() -> None:
    html = MarkdownIt("commonmark").enable("table").render(render_markdown(sample_report()))
    tree = LexborHTMLParser(html)
    assert not tree.css("script, img")
    assert all((node.attributes["href"] or "").startswith("https://docs.telco.example/") for node in tree.css("a"))
    tables = [table for table in tree.css("table") if "alert(1)" in table.text()]
    assert len(tables) == 1
    assert {len(row.css("td")) for row in tables[0].css("tbody tr")} == {4}


def test_pipes_newlines_and_markup_are_escaped() -> None:
    assert escaped("a|b\n*c* <d> `e`") == r"a\|b \*c\* \<d\> \`e\`"


def test_only_web_links_become_links() -> None:
    assert link("https://x.example/a_b") == "<https://x.example/a_b>"
    assert link("javascript:alert(1)") == "javascript:alert(1)"
    assert link("https://x.example/a|b") == r"https://x.example/a\|b"


def test_a_failed_run_is_told() -> None:
    text = render_markdown(failed_report())
    assert "**Failed. Scores not valid.**" in text
    assert "12 of 24 documents failed, more than max\\_failed\\_fraction allows" in text
    assert "n/a" in text
