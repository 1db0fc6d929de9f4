"""Texts become strings of tokens once, however many threads ask, and memory has an end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import BadInput
from workers.scorer.rouge import encoding
from workers.scorer.rouge.encoding import Encoder
from workers.scorer.rouge.tokenizers import Pattern
from workers.scorer.rouge.vocabulary import Vocabulary


class Counting(Pattern):
    """Words by white space; tells which texts were asked for."""

    def __init__(self) -> None:
        super().__init__("counting", str.split)
        self.asked: list[str] = []

    def with_lines(self, texts: Sequence[str]) -> Iterable[Sequence[str]]:
        self.asked += texts
        return super().with_lines(texts)


def encoder(tokenizer: Counting) -> Encoder:
    return Encoder(tokenizer, str.strip)


def test_equal_tokens_have_equal_characters_and_others_not() -> None:
    first, second = encoder(Counting()).encode(["a b a", " b c"])
    assert first[0] == first[2]
    assert first[1] == second[0]
    assert len({*first, *second}) == 3


def test_a_text_is_tokenized_once() -> None:
    tokenizer = Counting()
    shared = encoder(tokenizer)
    assert shared.encode(["a b", "c", "a b"]) == shared.encode(["a b", "c", "a b"])
    assert tokenizer.asked == ["a b", "c"]


def test_what_was_used_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "MAX_CHARACTERS", 2 * (2 + encoding.TEXT))
    tokenizer = Counting()
    shared = encoder(tokenizer)
    for text in ("aa", "bb", "aa", "cc", "aa", "bb"):
        shared.encode([text])
    assert tokenizer.asked == ["aa", "bb", "cc", "bb"]
    assert len(shared.encode(["far too long a text " * 50])[0]) == 250


def test_a_full_vocabulary_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "MAX_WORDS", 3)
    tokenizer = Counting()
    shared = encoder(tokenizer)
    before = shared.encode(["a b c d", "d"])
    after = shared.encode(["d", "a b c d"])
    assert before[1] == before[0][3] != after[0] == after[1][3]
    assert tokenizer.asked == ["a b c d", "d", "d", "a b c d"]


def test_more_words_than_characters_are_refused_not_confused() -> None:
    few = Vocabulary(room=2)
    assert "".join(map(few.__getitem__, "abba")) == "\x01\x02\x02\x01"
    with pytest.raises(BadInput, match="more than 2 distinct words"):
        "".join(map(few.__getitem__, "abc"))


def test_words_of_one_stem_are_one() -> None:
    stemmed = Vocabulary(lambda word: word.rstrip("s"))
    assert stemmed["links"] == stemmed["link"] != stemmed["lin"]


def test_threads_never_give_a_token_two_characters() -> None:
    shared = encoder(Counting())
    texts = [[f"w{number} w{number + shift}" for number in range(200)] for shift in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(shared.encode, texts))
    characters = {word: {row[place][0] for row in found} for place, word in enumerate(f"w{n}" for n in range(200))}
    assert {len(kinds) for kinds in characters.values()} == {1}
