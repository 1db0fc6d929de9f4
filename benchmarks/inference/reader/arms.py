"""What is compared: ways to answer one question from its retrieved documents, and how near they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from localcloud.engines.contract import Request
from localcloud.engines.extractive import READER, ExtractiveEngine
from localcloud.engines.extractive.candidates import candidates
from schemas.artifacts import GroundTruth, RetrievedDocument
from shared.prompting.citations import with_sources
from shared.prompting.layout import render_question
from shared.text.links import canonical_url
from workers.scorer.citations import citations, values
from workers.scorer.documents import Documents
from workers.scorer.rouge import Rouge

LEAD_SENTENCES = 5
ORACLE_PIECES = 30
"""Those nearest to the reference by themselves are tried together."""
MAX_TOKENS = 1_024
_ROUGE = Rouge()


@dataclass(frozen=True)
class Values:
    """One answer against its reference, each 0 to 1; ``citation`` is 1 for exactly the reference links."""

    rouge3: float
    rougeL: float
    citation: float


def lead(documents: Sequence[RetrievedDocument]) -> str:
    """The first sentences of the first document, with its link."""
    first = documents[0]
    pieces = [piece.text for piece in candidates(first.text)[:LEAD_SENTENCES]]
    return with_sources(" ".join(pieces), [first.url])


def read(system: str, question: str, documents: Sequence[RetrievedDocument], weights: dict[str, object] | None) -> str:
    """The reader's answer."""
    user = render_question(documents, question)
    return ExtractiveEngine().converse(Request(READER, weights, system, user, MAX_TOKENS)).text


def oracle(pair: GroundTruth, documents: Sequence[RetrievedDocument]) -> str:
    """What picking pieces could reach: those that raise ROUGE-L most, one after the other, and the reachable links."""
    pieces = list(dict.fromkeys(piece.text for document in documents for piece in candidates(document.text)))
    nearest = sorted(range(len(pieces)), key=lambda i: -_nearness(pair.answer, pieces, [i]))[:ORACLE_PIECES]
    said: list[int] = []
    best = 0.0
    while True:
        tries = [(_nearness(pair.answer, pieces, [*said, i]), -i) for i in nearest if i not in said]
        value, place = max(tries, default=(0.0, 0))
        if value <= best:
            wanted = {canonical_url(url) for url in pair.references}
            links = [document.url for document in documents if canonical_url(document.url) in wanted]
            return with_sources(" ".join(pieces[i] for i in sorted(said)), list(dict.fromkeys(links)))
        said, best = [*said, -place], value


def measured(pair: GroundTruth, documents: Sequence[RetrievedDocument], answer: str) -> Values:
    """An answer's values."""
    told = _ROUGE.score(pair.answer, answer)
    cited = values(citations(answer, pair.references, [document.url for document in documents], Documents()))
    return Values(told["rouge3"].fmeasure, told["rougeL"].fmeasure, cited["citation_accuracy"] or 0.0)


def _nearness(reference: str, pieces: Sequence[str], said: Sequence[int]) -> float:
    return _ROUGE.score(reference, " ".join(pieces[i] for i in sorted(said)))["rougeL"].fmeasure
