from __future__ import annotations

import pytest

from shared.text.links import canonical_url, find_links, strip_links


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
