"""Training items that give the evaluation set away, each with both texts, so that a person can read the list. Pure.

    exact     the same letters and digits
    ngram     a run of 13 English words or 40 Korean letters in both
    near      trigrams alike: a text reworded by a word
    semantic  vectors alike: a question reworded altogether, where vectors are given

Questions are compared with questions, answers with answers if they are long enough to be telling, and the documents
that a training item shows with those that an evaluation item rests on. Questions and answers that name different
things (codes, numbers, code) are different ones; a document that is the same in good part is a leak nevertheless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from schemas.artifacts import Leak, LeakMethod, LeakPart
from shared.text.folding import letters
from shared.text.identifiers import conflict, identifiers
from shared.text.language import detect_language
from shared.text.near_between import near_between
from workers.dataset_builder import ngrams, semantic
from workers.dataset_builder.leaks import METHODS, PARTS, Decontamination, Item, Limits

Match = tuple[int, int, float]
"""Place in the training texts, place in the evaluation texts, similarity."""
Texts = dict[str, list[int]]
"""Each text once, with the places of the items that have it, in order."""


def decontaminated(
    training: Sequence[Item],
    evaluation: Sequence[Item],
    limits: Limits | None = None,
    vectors: semantic.Vectors | None = None,
) -> Decontamination:
    """The leaks of ``training``. ``vectors``: of each question, for the comparison by meaning; none: it is left out."""
    limits, vectors = limits or Limits(), vectors or {}
    cosines = semantic.thresholds(
        [item.question for item in evaluation], vectors,
        floor=limits.semantic_floor, clean_loss=limits.semantic_clean_loss,
    )  # fmt: skip
    parts = {part: (_texts(training, part, limits), _texts(evaluation, part, limits)) for part in _compared(limits)}
    found: dict[int, Leak] = {}
    for method in METHODS:
        for part, (ours, theirs) in parts.items():
            matches = _matches(method, part, list(ours), list(theirs), limits, vectors, cosines)
            for place, leak in _leaks(matches, method, part, ours, theirs, training, evaluation):
                found.setdefault(place, leak)
    leaks = [found[place] for place in sorted(found)]
    counts = Counter(leak.method for leak in leaks)
    return Decontamination(leaks, {method: counts[method] for method in METHODS}, cosines)


def _compared(limits: Limits) -> list[LeakPart]:
    return [part for part in PARTS if part != "context" or limits.context]


def _texts(items: Sequence[Item], part: LeakPart, limits: Limits) -> Texts:
    """The texts of a part that are worth comparing."""
    texts: Texts = {}
    for place, item in enumerate(items):
        own = {"question": (item.question,), "answer": (item.answer,), "context": item.contexts}[part]
        for text in dict.fromkeys(own):
            texts.setdefault(text, []).append(place)
    least = limits.telling if part != "question" else {}
    return {text: places for text, places in texts.items() if _telling(text, least.get(detect_language(text), 1))}


def _telling(text: str, least: int) -> bool:
    return len(text) >= least and len(letters(text)) >= least


def _matches(
    method: LeakMethod, part: LeakPart, ours: list[str], theirs: list[str], limits: Limits,
    vectors: semantic.Vectors, cosines: dict[str, float],
) -> Iterable[Match]:  # fmt: skip
    if method == "exact":
        return _exact(ours, theirs)
    if method == "ngram":
        shared = ngrams.sharing(ours, theirs, limits.ngram_words, limits.ngram_korean_letters)
        least = limits.ngram_context if part == "context" else 0.0
        return (match for match in shared if match[2] >= least)
    if method == "near":
        threshold = {"question": limits.near_question, "answer": limits.near_answer, "context": limits.near_context}
        return near_between(ours, theirs, threshold[part]).tuples()
    return semantic.alike(ours, theirs, vectors, cosines) if part == "question" else ()


def _exact(ours: list[str], theirs: list[str]) -> Iterator[Match]:
    by_letters: dict[str, list[int]] = {}
    for place, text in enumerate(theirs):
        by_letters.setdefault(letters(text), []).append(place)
    for place, text in enumerate(ours):
        yield from ((place, other, 1.0) for other in by_letters.get(letters(text), ()))


def _leaks(
    matches: Iterable[Match], method: LeakMethod, part: LeakPart, ours: Texts, theirs: Texts,
    training: Sequence[Item], evaluation: Sequence[Item],
) -> Iterator[tuple[int, Leak]]:  # fmt: skip
    """Place of a training item and its leak, the most similar first."""
    left, right = list(ours), list(theirs)
    for i, j, similarity in sorted(matches, key=lambda match: (-match[2], left[match[0]], right[match[1]])):
        if part != "context" and conflict(identifiers(left[i]), identifiers(right[j])):
            continue
        given_away = min(evaluation[place].id for place in theirs[right[j]])
        for place in ours[left[i]]:
            shown = round(similarity, 6)
            yield (
                place,
                Leak(
                    id=training[place].id, part=part, method=method, similarity=shown, evaluation=given_away,
                    text=left[i], evaluation_text=right[j],
                ),
            )  # fmt: skip
