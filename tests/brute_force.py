"""Contamination found the slow way: every training text beside every evaluation text, letters compared exactly.

Shares no code with the project, so that it can check a finished run's datasets without repeating the run's mistakes.
Quadratic: 10,000 training by 1,000 evaluation texts take some minutes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

Text = tuple[str, str]
"""Id and text."""


def brute_force_contaminated(
    training: Iterable[Text], evaluation: Iterable[Text], threshold: float = 0.6
) -> list[tuple[str, str, float]]:
    """All pairs (training id, evaluation id, similarity) of texts whose character trigrams have a Jaccard similarity
    of ``threshold`` or more and which do not each name something (a number, a code) that the other does not name."""
    held = [(id, grams(text), names(text)) for id, text in evaluation]
    found = []
    for id, text in training:
        own, named = grams(text), names(text)
        for other_id, other, other_named in held:
            if not own or not other or min(len(own), len(other)) < threshold * max(len(own), len(other)):
                continue
            similarity = len(own & other) / len(own | other)
            if similarity >= threshold and (named <= other_named or other_named <= named):
                found.append((id, other_id, similarity))
    return found


def brute_force_duplicates(texts: Iterable[Text], threshold: float = 0.8) -> list[tuple[str, str, float]]:
    """All pairs of texts that name the same and reach the threshold."""
    items = [(id, grams(text), names(text)) for id, text in texts]
    found = []
    for place, (id, own, named) in enumerate(items):
        for other_id, other, other_named in items[place + 1 :]:
            if own and other and named == other_named:
                similarity = len(own & other) / len(own | other)
                if similarity >= threshold:
                    found.append((id, other_id, similarity))
    return found


def grams(text: str) -> set[str]:
    """Trigrams of letters and digits."""
    folded = "".join(char for char in folded_text(text) if char.isalnum())
    return {folded[start : start + 3] for start in range(max(1, len(folded) - 2))} - {""}


def folded_text(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def names(text: str) -> set[str]:
    """What a text names: Latin tokens with a digit or an underscore in them, and all Latin tokens in backticks."""
    pieces = folded_text(text).split("`")
    quoted = [place % 2 == 1 and place < len(pieces) - 1 and "\n" not in piece for place, piece in enumerate(pieces)]
    whole = {token for token in tokens(folded_text(text)) if any(char in "0123456789_" for char in token)}
    return whole | {token for inside, piece in zip(quoted, pieces, strict=True) if inside for token in tokens(piece)}


def tokens(text: str) -> list[str]:
    """Runs of ASCII letters and digits; one joint between two of them is kept if it is a point, an underscore is
    remembered, the others fall out."""
    found, run, named = [], "", False
    for place, char in enumerate(text + " "):
        after = text[place + 1 : place + 2]
        if char.isascii() and char.isalnum():
            run += char
        elif run and char in "-_./:,#" and after.isascii() and after.isalnum():
            run += "." if char == "." else ""
            named = named or char == "_"
        else:
            if run:
                found.append(run + ("_" if named else ""))
            run, named = "", False
    return found
