from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.text.folding import letters
from shared.text.trigrams import jaccard, trigrams, trigrams_of_many
from tests.brute_force import grams

texts = st.lists(st.text("abc 가나다ﬁ①İß\0\n.é", max_size=9) | st.text(max_size=40), min_size=1, max_size=12)


@given(texts)
def test_the_sets_are_those_of_the_letters(given_texts: list[str]) -> None:
    sets = trigrams(given_texts)
    assert sets.counts.tolist() == [len(grams(text.replace("\0", " "))) for text in given_texts]
    assert all((np.diff(sets[i].astype(object)) > 0).all() for i in range(len(sets)))


@given(texts)
def test_similarities_are_exact_and_symmetric(given_texts: list[str]) -> None:
    sets = trigrams_of_many(given_texts)
    left, right = np.divmod(np.arange(len(given_texts) ** 2), len(given_texts))
    found = jaccard(sets, sets, left, right)
    for i, j, similarity in zip(left, right, found, strict=True):
        one, other = grams(given_texts[i].replace("\0", " ")), grams(given_texts[j].replace("\0", " "))
        assert similarity == (len(one & other) / len(one | other) if one and other else 0.0)
    assert (jaccard(sets, sets, right, left) == found).all()
    assert (jaccard(sets.roughly, sets.roughly, left, right) >= found).all()


def test_layout_case_and_compatibility_forms_do_not_count() -> None:
    one, other = trigrams(["요금제 변경은 ２회 (eSIM)"]), trigrams(["요금제변경은 2회: ESIM"])
    assert one.values.tolist() == other.values.tolist()
    assert letters("요금제 변경은 ２회 (eSIM)") == "요금제변경은2회esim"


def test_long_and_short_texts_do_not_disturb_each_other() -> None:
    long = " ".join(f"word{number}" for number in range(9000))
    sets = trigrams([long, "", "a", "ab", "abc", long + "!"])
    assert sets.counts.tolist() == [len(grams(long)), 0, 1, 1, 1, len(grams(long))]
    assert jaccard(sets, sets, np.array([0, 1, 2, 4]), np.array([5, 1, 3, 4])).tolist() == [1.0, 0.0, 0.0, 1.0]
