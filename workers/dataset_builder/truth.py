"""Ground truth made ready for a run: its references mapped to the snapshot's documents. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.artifacts import Failure, GroundTruth, SnapshotDocument
from shared.text.links import canonical_url


def resolve_references(
    truth: Sequence[GroundTruth], documents: Sequence[SnapshotDocument], *, given: bool = False
) -> tuple[list[GroundTruth], list[Failure]]:
    """Pairs whose references are all known, each rewritten to its document's primary URL; the rest as failures.

    ``given``: questions are answered from the documents that their pairs name, which must be known too.
    """
    primary = {canonical_url(url): document.url for document in documents for url in (document.url, *document.aliases)}
    known, failures = [], []
    for pair in truth:
        named = [*pair.references, *(pair.documents if given else [])]
        missing = [url for url in named if canonical_url(url) not in primary]
        if missing or not pair.references:
            failures.append(_unknown(pair, missing))
            continue
        fields = {"references": pair.references, "documents": pair.documents}
        known.append(pair.model_copy(update={name: _primary(urls, primary) for name, urls in fields.items()}))
    return known, failures


def _primary(urls: Sequence[str], primary: Mapping[str, str]) -> list[str]:
    """Each document once; a link of none stays as it is."""
    return list(dict.fromkeys(primary.get(canonical_url(url), url) for url in urls))


def _unknown(pair: GroundTruth, missing: Sequence[str]) -> Failure:
    if not missing:
        message = "the pair has no reference link; add the link of the document that answers it"
        return Failure(stage="dataset-builder", item=pair.id, code="no_reference", message=message)
    message = (
        f"{missing[0]} is the URL of no document of the corpus (or of a rejected one); "
        "correct the link, or give the document this URL in its front matter or sources.csv"
    )
    return Failure(stage="dataset-builder", item=pair.id, code="unknown_reference", message=message)
