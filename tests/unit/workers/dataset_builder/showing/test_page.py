"""The page of samples: self-contained, safe, complete, in two languages."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from shared.errors import BadInput
from shared.pages.wording import seen
from shared.testing.services import memory_services
from shared.text.quotes import Piece
from tests.unit.workers import sampled
from tests.unit.workers.dataset_builder.showing.pages import samples_page
from workers.dataset_builder.showing.page import sample_card
from workers.dataset_builder.showing.views import Passage, SampleView

LOADING = ("src", "srcset", "action", "poster", "background")
TEXT = st.text(alphabet=st.characters(), max_size=30)


async def page(language: str = "en") -> LexborHTMLParser:
    services = memory_services()
    await sampled.put_built(services)
    return LexborHTMLParser(await samples_page(services, language))


def text_of(node: LexborNode | None) -> str:
    assert node is not None
    return " ".join(node.text().split())


async def test_the_page_loads_nothing_and_runs_its_own_script_alone() -> None:
    tree = await page()
    assert not tree.css("img, iframe, object, embed, video, audio, base, use, image")
    assert [node.attributes["href"] for node in tree.css("link")] == ["data:,"]
    for node in tree.css("*"):
        assert not set(node.attributes) & set(LOADING), node.html
        assert not [name for name in node.attributes if name.startswith("on")], node.html
    (script,) = tree.css("script")
    digest = base64.b64encode(hashlib.sha256(script.text().encode()).digest()).decode()
    policy = tree.css_first("meta[http-equiv]")
    assert policy is not None and f"script-src 'sha256-{digest}'" in (policy.attributes["content"] or "")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script.text())
    assert "url(" not in text_of(tree.css_first("style"))


async def test_hostile_text_is_text() -> None:
    tree = await page()
    evil = next(node for node in tree.css("article") if "s-evil" in node.text())
    assert sampled.HOSTILE in text_of(evil.css_first("h3"))
    assert sampled.HOSTILE in text_of(evil.css_first(".answer"))
    assert "\x1b" not in evil.text() and "\u202e" not in evil.text()
    assert all((node.attributes["href"] or "").startswith(("https://", "#")) for node in tree.css("a"))
    assert sampled.HOSTILE_LINK in evil.text()


@given(TEXT, TEXT, TEXT, TEXT)
def test_every_text_comes_out_as_it_went_in_but_for_what_is_unseen(a: str, b: str, c: str, d: str) -> None:
    passage = Passage(title=c, url=d, section=[a], pieces=[Piece(a), Piece(b, marked=True)], missing=[d])
    view = SampleView(id=a, outcome="rejected", question=a, answer=b, language="en", type="fact", persona=c,
                      documents=[a, b], passages=[passage], code=c, message=d, like=a, evaluation=b)  # fmt: skip
    html = sample_card(view)
    assert not set(re.findall(r"<(\w+)", html)) - {
        "article", "h3", "h4", "p", "code", "div", "strong", "q", "figure", "figcaption", "a", "cite", "span",
        "blockquote", "mark",
    }  # fmt: skip
    mark = re.search(r"<mark>(.*?)</mark>", html, re.DOTALL)
    assert mark is not None and unescape(mark[1]) == seen(b)


async def test_every_sample_is_there_with_what_became_of_it() -> None:
    tree = await page()
    outcomes = [node.attributes["data-outcome"] for node in tree.css("article.sample")]
    assert sorted(filter(None, outcomes)) == ["rejected"] * 4 + ["removed"] * 2 + ["unused"] + ["used"] * 4
    unused = tree.css_first("article.unused")
    assert "used by no arm" in text_of(unused)
    missing = next(node for node in tree.css("article.rejected") if "r-1" in node.text())
    assert "Does not stand in this passage: replace the antenna cable" in text_of(missing)
    assert text_of(missing.css_first("mark")) == "S1 link down"
    leak = next(node for node in tree.css("article.removed") if "s-leak" in node.text())
    assert "evaluation pair q3 similarity 1.00" in text_of(leak)


async def test_the_funnel_and_the_reasons_are_tables() -> None:
    tree = await page()
    rows = [" ".join(map(text_of, row.css("th, td.number"))) for row in tree.css("table.bars tbody tr")]
    assert rows[:5] == [
        "Questions asked of the teacher 14", "Samples written 11", "Kept by the filters 7",
        "Left after duplicates and contamination were taken out 5", "Used by an arm 4",
    ]  # fmt: skip
    assert "evidence does not stand in the text evidence 2" in rows
    assert "gives an evaluation question away contaminated 1" in rows
    for table in tree.css("table"):
        assert table.css_first("caption") is not None
        assert all(head.attributes.get("scope") for head in table.css("th"))


async def test_headings_never_skip_a_level_and_ids_are_unique() -> None:
    tree = await page()
    levels = [int(str(node.tag)[1]) for node in tree.css("h1, h2, h3, h4, h5")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {(node.attributes["href"] or "")[1:] for node in tree.css("a[href^='#']")} <= set(ids)


async def test_a_part_of_a_group_says_that_it_is_one() -> None:
    services = memory_services()
    await sampled.put_built(services)
    text = text_of(LexborHTMLParser(await samples_page(services, limit=2)).body)
    assert "These are 2 of 5: --limit shows more, --seed shows others." in text
    assert "These are 2 of 4:" in text


async def test_without_its_script_the_page_has_no_dead_controls() -> None:
    form = (await page()).css_first("form")
    assert form is not None and "hidden" in form.attributes


async def test_the_korean_page_is_korean_and_marks_what_is_not() -> None:
    tree = await page("ko")
    html = tree.css_first("html")
    assert html is not None and html.attributes["lang"] == "ko"
    assert "필터가 거부" in text_of(tree.body)
    assert tree.css("article h3[lang=en]")
    assert not re.search(r"\bNone\b|method|object at|Undefined", text_of(tree.body))


async def test_another_language_is_refused() -> None:
    with pytest.raises(BadInput, match="'fr'"):
        await page("fr")
