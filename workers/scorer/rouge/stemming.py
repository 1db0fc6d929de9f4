"""The stemmer of rouge-score: nltk's Porter (1980) with its extensions, for words of more than three characters."""

from __future__ import annotations

from collections.abc import Callable


def stemmer() -> Callable[[str], str]:
    """A word to its stem. nltk takes long to import, so only whoever stems pays for it."""
    from nltk.stem.porter import PorterStemmer

    stem = PorterStemmer().stem
    return lambda word: stem(word) if len(word) > 3 else word
