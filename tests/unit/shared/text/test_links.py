from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text.links import KnownLinks, canonical_url, find_links, strip_links


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("no link at all", []),
        ("open `http://192.168.0.1` and ```\ncurl https://api.example\n```", []),
        ("see [the guide](https://a.example/x).", ["https://a.example/x"]),
        ("bare https://a.example/x, and more", ["https://a.example/x"]),
        ("<https://a.example/x>", ["https://a.example/x"]),
        ("자세한 내용은 https://a.example/x에서 확인합니다", ["https://a.example/x"]),
        ("(https://a.example/x)", ["https://a.example/x"]),
        ("https://a.example/k_(1) is a path", ["https://a.example/k_(1)"]),
        ("twice https://a.example https://a.example", ["https://a.example", "https://a.example"]),
        ("[k](https://a.example/k_(1)) and [l](https://b.example)", ["https://a.example/k_(1)", "https://b.example"]),
        (
            "https://a.example/x,https://b.example;https://c.example",
            ["https://a.example/x", "https://b.example", "https://c.example"],
        ),
        ("[b](https://b.example) then https://a.example", ["https://b.example", "https://a.example"]),
    ],
)
def test_links_are_found_in_order_and_end_properly(text: str, links: list[str]) -> None:
    assert find_links(text) == links


@pytest.mark.parametrize(
    "spelling",
    [
        "https://docs.example/a/b",
        "HTTPS://Docs.Example/a/b/",
        "https://docs.example:443/a/b",
        "https://docs.example/a/b#section",
        "https://docs.example/a/b?utm_source=mail",
        "https://docs.example/a/%62",
    ],
)
def test_spellings_of_one_address_are_one_link(spelling: str) -> None:
    assert canonical_url(spelling) == "https://docs.example/a/b"


def test_query_keys_have_no_order_but_count() -> None:
    assert canonical_url("https://a.example/?b=2&a=1") == canonical_url("https://a.example/?a=1&b=2")
    assert canonical_url("https://a.example/?a=1") != canonical_url("https://a.example/?a=2")


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("An answer.\n\nSources: <https://a.example/x>", "An answer."),
        ("답변입니다.\n\n출처: <https://a.example/x> <https://b.example>", "답변입니다."),
        ("See [the guide](https://a.example/x) for more.", "See the guide for more."),
        ("- https://a.example/x\n- https://b.example\nDone.", "Done."),
        ("Open `http://192.168.0.1`, see https://a.example/x", "Open `http://192.168.0.1`, see"),
        ("A ratio of 3:1 and no link", "A ratio of 3:1 and no link"),
        ("`a`: https://a.example/x\nUse `b`.", "Use `b`."),
        ("Private \ue000 and \U000f0000, see https://a.example `c`", "Private \ue000 and \U000f0000, see `c`"),
    ],
)
def test_links_and_lines_of_links_are_stripped(text: str, stripped: str) -> None:
    assert strip_links(text) == stripped


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/a%2Fb", "https://a.example/a%2fb", True),
        ("https://a.example/a%2Fb", "https://a.example/a/b", False),  # an encoded slash is part of a name
        ("https://a.example/한국", "https://a.example/%ED%95%9C%EA%B5%AD", True),
        ("https://a.example/%E1%84%92%E1%85%A1%E1%86%AB", "https://a.example/한", True),  # decomposed
        ("https://a.example/%FF", "https://a.example/%FE", False),  # no UTF-8
        ("https://a.example/x?msclkid=1", "https://a.example/x", True),
    ],
)
def test_percent_encodings_of_one_path_are_one(one: str, other: str, same: bool) -> None:
    assert (canonical_url(one) == canonical_url(other)) is same


@given(st.text(st.sampled_from("aA%2fF/é한 .+?#&=~"), max_size=20))
def test_a_canonical_url_is_its_own(rest: str) -> None:
    once = canonical_url(f"https://a.example/{rest}")
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.example/x/y", "https://a.example/x/y"),
        ("https://a.example/xé", "https://a.example/x"),
        ("https://a.example/x...", "https://a.example/x"),
        ("https://a.example/x-2", "https://a.example/x-2"),
        ("https://a.example/한국어를", "https://a.example/한국어"),
    ],
)
def test_the_longest_known_link_wins_where_nothing_belongs_to_it_that_follows(text: str, found: str) -> None:
    known = KnownLinks(["https://a.example/한국", "https://a.example/한국어"]).extended(["https://a.example/x"])
    assert find_links(text, known) == [found]
