"""Cited links that the model was not given, and what each of them is. Pure.

invalid      a marker such as [7] or [0] that numbers no given document
unretrieved  the link of a known document, but not of one that was given
mangled      no known document's, but within two edits of a given link, or beside it: same host, same parent path
invented     none of these
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from urllib.parse import urlsplit

from rapidfuzz.distance import Levenshtein

from schemas.artifacts import HallucinatedLinks
from workers.scorer.documents import Documents

EDITS = 2
KINDS = ("invented", "mangled", "unretrieved", "invalid")


def hallucinated(cited: Set[str], given: Set[str], documents: Documents) -> HallucinatedLinks:
    """The links of ``cited`` that are not in ``given``, all of them resolved."""
    kinds: dict[str, list[str]] = {kind: [] for kind in KINDS}
    beside = {_parent(link) for link in given}
    for link in sorted(cited - given):
        kinds[_kind(link, given, beside, documents.knows)].append(link)
    return HallucinatedLinks(**kinds)


def _kind(link: str, given: Iterable[str], beside: Set[tuple[str, str]], known: Callable[[str], bool]) -> str:
    if link.startswith("["):
        return "invalid"
    if known(link):
        return "unretrieved"
    near = any(Levenshtein.distance(link, other, score_cutoff=EDITS) <= EDITS for other in given)
    return "mangled" if near or _parent(link) in beside else "invented"


def _parent(link: str) -> tuple[str, str]:
    """Host and path without its last part; of what is no URL, itself."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link, ""
    return parts.netloc, parts.path.rpartition("/")[0]
