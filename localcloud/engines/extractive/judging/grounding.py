"""Whether what an answer claims stands in the documents: by words, numbers, codes, units and negations.

A claim is supported when one place of a document (a sentence, an item, a row, or two of them that stand in one list,
table or paragraph, each with the headings above it) holds its words and all its numbers and codes. Blind to meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from localcloud.engines.extractive.candidates import Candidate
from localcloud.engines.extractive.judging.claims import Facts, bare_terms, read_facts, split_claims
from localcloud.engines.extractive.teacher.pair import Page, read_page
from schemas.artifacts import RetrievedDocument

LEAST_NEW = 0.6
"""Share of the words that only the claim brings, beside the question's, which a place must hold."""
LEAST_ALL = 0.7
"""Share of all the claim's words that place and question together must hold."""
TAKEN_UP, SAME = 0.5, 0.75
"""Shares of a sentence's or cell's words from which a claim may deny as it does, and from which it must."""
_OWN_WORDS = bare_terms(
    "means mean is are follows following what to do differ difference given specified "
    "다음과 같이 조치합니다 조치 방법 경우 "
    "같습니다 이고 의미하는 use uses used applies"
)
"""Words of answering rather than of what is answered."""

_SAID = re.compile(r"(?<=[.!?:;])\s+")


@dataclass(frozen=True)
class Claim:
    """``quote`` is empty when nothing supports the claim."""

    text: str
    quote: str

    def as_json(self) -> dict[str, str]:
        return {
            "claim": self.text,
            "verdict": "supported" if self.quote else "unsupported",
            "quote": self.quote,
        }


@dataclass(frozen=True)
class Place:
    """Where something stands: the pieces' own words, and these with what is written above them.

    ``said`` are the facts of its sentences or cells one by one, ``halves`` the two places that it is put together of.
    """

    page: Page
    parts: tuple[str, ...]
    own: Facts
    whole: Facts
    text: str
    said: tuple[Facts, ...]
    halves: tuple[Place, ...] = ()


def check_groundedness(documents: Sequence[RetrievedDocument], question: str, answer: str) -> list[Claim]:
    """The claims of the answer, in order, with the words that support each."""
    places = [place for number, document in enumerate(documents, 1) for place in _places(number, document)]
    asked = bare_terms(question)
    return [Claim(claim, _support(claim, asked, places)) for claim in split_claims(answer)]


def _support(claim: str, question: frozenset[str], places: Sequence[Place]) -> str:
    """The words of the nearest place that holds the claim, the shortest of equally near ones; "" for none."""
    facts = read_facts(claim)
    fitting = [place for place in places if _stands(facts, question, place)]
    for place in sorted(fitting, key=lambda place: (-len(facts.terms & place.own.terms), len(place.text))):
        # a cell with an escaped bar reads otherwise in its line
        if quotes := place.page.quote(*place.parts) or place.page.quote(max(place.parts, key=len)):
            return quotes[0].text
    return ""


def _stands(claim: Facts, question: frozenset[str], place: Place) -> bool:
    if not claim.numbers <= place.whole.numbers or not _amounts_stand(claim, place.whole):
        return False
    if not all(code in place.whole.codes or code in place.text for code in claim.codes):
        return False
    terms = claim.terms - _OWN_WORDS
    new, known = terms - question, place.whole.terms
    enough = len(new & known) >= LEAST_NEW * len(new) and len(terms & (known | question)) >= LEAST_ALL * len(terms)
    return enough and bool(terms & known) and _denies_alike(claim, place) and _needs_both(claim, place)


def _needs_both(claim: Facts, place: Place) -> bool:
    """Whether each half of a place adds to the claim: a word, or two numbers and more. One number could be wrong."""
    if not place.halves:
        return True
    one, two = (claim.terms & half.own.terms for half in place.halves)
    added = (one - two, two - one)
    words = [any(not term.isdigit() for term in terms) for terms in added]
    return all(added) and (words[0] == words[1] or all(len(terms) > 1 for terms in added))


def _amounts_stand(claim: Facts, place: Facts) -> bool:
    """Whether no number of the claim has a unit that the place gives it otherwise."""
    units = {number: {unit for own, unit in place.amounts if own == number} for number, _ in claim.amounts}
    return all(not units[number] or unit in units[number] for number, unit in claim.amounts)


def _denies_alike(claim: Facts, place: Place) -> bool:
    """A claim may not deny what its place does not, nor say a place over again without its denial."""
    told = [said for said in place.said if said.terms]
    taken_up = [said for said in told if len(claim.terms & said.terms) >= TAKEN_UP * len(said.terms)]
    again = [said for said in taken_up if len(claim.terms & said.terms) >= SAME * len(said.terms)]
    above = place.whole.denials - place.own.denials
    return sum(said.denials for said in again) <= claim.denials <= above + sum(said.denials for said in taken_up)


@lru_cache(maxsize=512)
def _places(number: int, document: RetrievedDocument) -> tuple[Place, ...]:
    page = read_page(number, document)
    found: list[Place] = []
    for block in page.blocks():
        single = [_place(page, piece) for piece in block]
        found += single
        pairs = combinations(single, 2) if block[0].kind == "row" else pairwise(single)
        found += [_together(one, two) for one, two in pairs]
    paragraphs = [_place(page, piece) for piece in page.pieces]
    found += [_together(one, two) for one, two in pairwise(paragraphs)]
    return tuple(found)


def _place(page: Page, piece: Candidate) -> Place:
    above = " ".join([page.subject, piece.heading, piece.lead, *piece.headers])
    parts = tuple(cell for cell in piece.cells if cell) if piece.kind == "row" else (piece.text,)
    own = " . ".join(parts)
    whole = f"{own} . {above}"
    said = tuple(read_facts(text) for part in parts for text in _SAID.split(part) if text)
    return Place(page, parts, read_facts(own), read_facts(whole), whole.lower(), said)


def _together(one: Place, two: Place) -> Place:
    own, whole = one.own.with_(two.own), one.whole.with_(two.whole)
    return Place(
        one.page, (*one.parts, *two.parts), own, whole, f"{one.text} {two.text}", one.said + two.said, (one, two)
    )
