"""Shuffled training rows are read in the order that retrieval would have given them."""

from __future__ import annotations

import random

from localcloud.engines.extractive.ordering import as_retrieved, first_place_tells
from localcloud.engines.extractive.turns import Turn
from schemas.artifacts import RetrievedDocument

THINGS = [f"thing{number}" for number in range(24)]
PAGES = {
    thing: RetrievedDocument(chunk=thing, url=f"https://x.example/{thing}", title=thing, text=f"The {thing} is here.")
    for thing in THINGS
}
ANSWERS = [f"Here. <{PAGES[thing].url}>" for thing in THINGS]


def turns(seed: int | None) -> list[Turn]:
    """Turns with the answering document first, or somewhere for a seed."""
    found = []
    for place, thing in enumerate(THINGS):
        shown = [PAGES[name] for name in (thing, *(THINGS[(place + step) % len(THINGS)] for step in (3, 7, 11)))]
        if seed is not None:
            random.Random(seed + place).shuffle(shown)
        found.append(Turn(tuple(shown), f"Where is the {thing}?"))
    return found


def test_rows_with_the_best_document_first_stay_as_they_are() -> None:
    assert first_place_tells(turns(None), ANSWERS)
    assert as_retrieved(turns(None), ANSWERS) == turns(None)


def test_shuffled_rows_get_the_best_document_first() -> None:
    assert not first_place_tells(turns(1), ANSWERS)
    assert [turn.documents[0] for turn in as_retrieved(turns(1), ANSWERS)] == list(PAGES.values())


def test_no_document_is_lost_and_the_shuffle_does_not_matter() -> None:
    one, two = as_retrieved(turns(1), ANSWERS), as_retrieved(turns(5), ANSWERS)
    assert [set(turn.documents) for turn in one] == [set(turn.documents) for turn in turns(1)]
    assert one == two


def test_rows_that_cite_all_or_nothing_tell_nothing() -> None:
    every = " ".join(f"<{page.url}>" for page in PAGES.values())
    assert not first_place_tells(turns(None), ["No links."] * len(THINGS))
    assert not first_place_tells(turns(None), [every] * len(THINGS))
