from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.datasets.reserved import CLAUDE, NOVA, find_reserved, has_reserved, make_safe
from shared.text.links import canonical_url, find_links

FAMILY_WORDS = st.sampled_from([NOVA, CLAUDE, (*NOVA, *CLAUDE)])
PARTS = st.sampled_from(
    [*NOVA, *CLAUDE, "Us", "er:", "\n", " ", ":", "한글", "https://a.example/", "](", "<", "[", "x"]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=12).map("".join))


@pytest.mark.parametrize(
    ("text", "safe", "counts"),
    [
        ("User: kim", "User : kim", {"User:": 1}),
        ("SuperUser:kim, USER:lee, User:", "SuperUser :kim, USER :lee, User :", {"USER:": 1, "User:": 2}),
        ("사용자(User: 홍길동)가 로봇 Bot:을", "사용자(User : 홍길동)가 로봇 Bot :을", {"Bot:": 1, "User:": 1}),
        (
            '<svg><image>x</image><image id="a"/>',
            '<svg><image >x</image><image id="a"/>',
            {"<image>": 1},
        ),
        ("ends with [EOS]", "ends with [EOS ]", {"[EOS]": 1}),
        ("user: bot: system: User : image 사용자:", "user: bot: system: User : image 사용자:", {}),
        ("see https://wiki.example/User:Kim.", "see https://wiki.example/User%3AKim.", {"User:": 1}),
        ("https://wiki.example/User: 보기", "https://wiki.example/User : 보기", {"User:": 1}),
        ("https://wiki.example/를 User:x", "https://wiki.example/를 User :x", {"User:": 1}),
        ('{"url":"https://x.example","User:":1}', '{"url":"https://x.example","User :":1}', {"User:": 1}),
        ("", "", {}),
    ],
)
def test_a_word_that_would_end_a_nova_job_is_rewritten_readably(text: str, safe: str, counts: dict[str, int]) -> None:
    assert make_safe(text, NOVA) == (safe, counts)


def test_claudes_words_count_at_the_start_of_a_line_only() -> None:
    said = "Human: hi\nHuman: hi\nAssistant: yes, Assistant: no"
    assert make_safe(said, CLAUDE)[0] == "Human: hi\nHuman : hi\nAssistant : yes, Assistant: no"


@given(TEXTS, FAMILY_WORDS)
def test_a_safe_text_holds_no_word_and_stays_as_it_is(text: str, words: tuple[str, ...]) -> None:
    safe, counts = make_safe(text, words)
    assert not has_reserved(safe, words) and not find_reserved(safe, words)
    assert make_safe(safe, words) == (safe, {})
    assert bool(counts) == has_reserved(text, words) == (safe != text)


@given(TEXTS, FAMILY_WORDS)
def test_nothing_is_lost_but_for_spaces_and_the_spelling_of_a_link(text: str, words: tuple[str, ...]) -> None:
    safe, _ = make_safe(text, words)
    plain = (re.sub(r"\s", "", said.replace("%3A", ":")) for said in (safe, text))
    assert len(set(plain)) == 1


@pytest.mark.parametrize("link", ["https://wiki.example/User:Kim", "https://wiki.example/a/Bot:x/User:y"])
def test_a_link_goes_where_it_went(link: str) -> None:
    (safe,) = find_links(make_safe(f"[wiki]({link}) 참고", NOVA)[0])
    assert canonical_url(safe) == canonical_url(link)


def test_a_reserved_word_is_found_where_it_first_stands() -> None:
    assert find_reserved("a Bot: User: Bot:", NOVA) == [("User:", 7), ("Bot:", 2)]
