"""Long n-grams that two texts share: the usual mark of a text copied in part. Pure.

Thirteen words for English, as in Brown et al., "Language Models are Few-Shot Learners" (2020), appendix C. Words miss
Korean, whose words carry particles and endings, so Korean is read by letters: 40 of them, as many as thirteen Korean
words have. Unrelated texts of the example share no English run of 10 words and no Korean one of 32 letters, so both
lengths leave the same margin.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from shared.text.folding import folded_words
from shared.text.language import detect_language

WORDS = 13
KOREAN_LETTERS = 40


def ngrams(text: str, words: int = WORDS, korean_letters: int = KOREAN_LETTERS) -> frozenset[str]:
    """The n-grams of a text in its own language; none when it is shorter than one."""
    found = folded_words(text)
    if detect_language(text) == "ko":
        run = "".join(found)
        return frozenset(run[i : i + korean_letters] for i in range(len(run) - korean_letters + 1))
    return frozenset(" ".join(found[i : i + words]) for i in range(len(found) - words + 1))


def sharing(
    left: Sequence[str], right: Sequence[str], words: int = WORDS, korean_letters: int = KOREAN_LETTERS
) -> Iterator[tuple[int, int, float]]:
    """Pairs that share an n-gram: place in ``left``, place in ``right``, and the share of the shorter text's n-grams
    that the other one has."""
    sizes, holders = [], defaultdict[str, list[int]](list)
    for j, text in enumerate(right):
        grams = ngrams(text, words, korean_letters)
        sizes.append(len(grams))
        for gram in grams:
            holders[gram].append(j)
    for i, text in enumerate(left):
        grams = ngrams(text, words, korean_letters)
        common = Counter(j for gram in grams for j in holders.get(gram, ()))
        for j, count in sorted(common.items()):
            yield i, j, count / min(len(grams), sizes[j])
