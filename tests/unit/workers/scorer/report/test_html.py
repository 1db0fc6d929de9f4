"""The page: self-contained, safe, complete, in two languages."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.artifacts import Failure
from shared.errors import BadInput
from tests.unit.workers.scorer.report.sample import HOSTILE_LINK, failed_report, sample_report
from workers.scorer.report import render_html

LOADING = ("src", "srcset", "data", "action", "poster", "background")


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(html)


def text_of(node: LexborNode | None) -> str:
    assert node is not None
    return " ".join(node.text().split())


def test_the_page_loads_nothing() -> None:
    html = render_html(sample_report())
    tree = parsed(html)
    assert not tree.css("script, img, iframe, object, embed, video, audio, form, base, use, image")
    assert [node.attributes["href"] for node in tree.css("link")] == ["data:,"]
    for node in tree.css("*"):
        assert not set(node.attributes) & set(LOADING), node.html
        assert not [name for name in node.attributes if name.startswith("on")], node.html
    style = text_of(tree.css_first("style"))
    assert "url(" not in style
    assert "@import" not in style


def test_an_answer_is_text_whatever_it_holds() -> None:
    html = render_html(sample_report())
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html.replace("<ins>", "").replace("</ins>", "")
    hrefs = [node.attributes["href"] or "" for node in parsed(html).css("a")]
    assert HOSTILE_LINK not in hrefs
    assert all(href.startswith(("https://", "#")) for href in hrefs)


def test_every_untrusted_field_is_escaped() -> None:
    evil = "<b>x</b>"
    arms = [arm.model_copy(update={"name": evil, "prompt": evil}) for arm in sample_report().arms]
    changes = {"name": evil, "reason": evil, "notes": [evil], "summary": [evil], "winner": evil, "model_notes": [evil]}
    failure = Failure(stage=evil, item=evil, code=evil, message=evil)
    report = sample_report(arms=arms, failures=[failure], models={evil: evil}, provenance={evil: evil}, **changes)
    assert not parsed(render_html(report)).css("b")


def test_the_table_has_each_arm_with_value_change_and_interval() -> None:
    table = parsed(render_html(sample_report())).css_first("table.comparison")
    assert table is not None
    rows = [text_of(row) for row in table.css("tbody tr")]
    assert len(rows) == 5
    assert "0.334" in rows[0]
    assert "%" not in rows[0]
    assert "0.424" in rows[4]
    assert "▲ +26.8 %" in rows[4]
    assert "[+15.5, +39.8]" in rows[4]
    assert "▼ −2.6 %" in rows[3]
    assert "asked: 40 original + 120 synthetic" in rows[3]


def test_tables_and_charts_are_described() -> None:
    tree = parsed(render_html(sample_report()))
    assert len(tree.css("h1")) == 1
    for table in tree.css("table"):
        assert table.css_first("caption") is not None
        assert all(head.attributes.get("scope") for head in table.css("th"))
    charts = tree.css("svg")
    assert len(charts) == 6 + 3
    for chart in charts:
        assert text_of(chart.css_first("title"))
        assert text_of(chart.css_first("desc"))


def test_ids_are_unique_and_links_inside_the_page_lead_somewhere() -> None:
    tree = parsed(render_html(sample_report()))
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    references = [
        id for node in tree.css("[aria-labelledby]") for id in (node.attributes["aria-labelledby"] or "").split()
    ]
    anchors = [(node.attributes["href"] or "")[1:] for node in tree.css("a[href^='#']")]
    assert set(references) | set(anchors) <= set(ids)


def test_headings_never_skip_a_level() -> None:
    levels = [int(str(node.tag)[1]) for node in parsed(render_html(sample_report())).css("h1, h2, h3, h4, h5")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_failed_run_says_so_and_explains_every_gap(language: str) -> None:
    html = render_html(failed_report(), language=language)
    text = text_of(parsed(html).body)
    assert "12 of 24 documents failed" in text
    assert "the run ended before this arm was reached" in text
    assert "None" not in text
    assert not parsed(html).css("svg")


def test_invalid_scores_are_flagged_with_their_reason() -> None:
    report = sample_report(valid=False, notes=["the tokenizer keeps only 12 % of the letters"])
    header = text_of(parsed(render_html(report)).css_first("header"))
    assert "Scores not valid" in header
    assert "the tokenizer keeps only 12 %" in header


def test_no_label_is_a_python_object() -> None:
    for report in (sample_report(), failed_report(), sample_report(arms=[], metrics=[], baseline="", winner=None)):
        for language in ("en", "ko"):
            text = text_of(parsed(render_html(report, language=language)).body)
            assert not re.search(r"\bNone\b|method|object at|Undefined", text)


def test_the_korean_page_is_korean_and_marks_what_is_not() -> None:
    tree = parsed(render_html(sample_report(), language="ko"))
    html = tree.css_first("html")
    assert html is not None
    assert html.attributes["lang"] == "ko"
    assert "기준선 대비 변화" in text_of(tree.body)
    assert tree.css("article [lang=en]")


def test_another_language_is_refused_with_those_that_exist() -> None:
    with pytest.raises(BadInput, match=r"'fr'.*en, ko"):
        render_html(sample_report(), language="fr")


def test_many_failures_of_one_kind_are_counted_not_listed() -> None:
    failures = [Failure(stage="inference", item=f"q{n}", code="no_answer", message="empty") for n in range(1_234)]
    section = text_of(parsed(render_html(sample_report(failures=failures))).css_first("#failures"))
    assert "1,234" in section
    assert "1,184 more in report.json" in section
    assert "q49empty" in section
    assert "q50empty" not in section


def test_equal_reports_give_equal_pages() -> None:
    assert render_html(sample_report()) == render_html(sample_report())


def test_a_local_stand_in_is_called_one_beside_the_table_and_beside_the_models() -> None:
    tree = parsed(render_html(sample_report()))
    for section in ("#comparison", "#setup"):
        assert "local.reader-v1 is groundtune's small extractive reader, not a language model" in text_of(
            tree.css_first(section)
        )
