"""Reference links of the ground truth against the documents of a local folder, before anything is uploaded."""

from __future__ import annotations

from cli.runfile import RunFile
from shared.inbox import SOURCES_TABLE
from shared.sources import parse_sources_csv
from shared.text.front_matter import split_front_matter
from shared.text.links import canonical_url

SHOWN = 20
"""Unknown links listed; the rest is counted."""


def unknown_references(runfile: RunFile) -> list[str]:
    """A problem per ground-truth pair whose link belongs to no document. Empty for an s3:// corpus: not known here."""
    if runfile.folder is None:
        return []
    known, given = _known_urls(runfile), runfile.experiment.retrieval.by == "ground_truth"
    problems = [
        f"{runfile.experiment.ground_truth}: pair {pair.id!r} refers to {url}, which is the URL of no document; "
        f"correct it, or give the document this URL in {SOURCES_TABLE} or its front matter"
        for pair in runfile.truth
        for url in (*pair.references, *(pair.documents if given else ()))
        if not url.startswith("s3://") and canonical_url(url) not in known
    ]
    more = [f"… and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
    return problems[:SHOWN] + more


def _known_urls(runfile: RunFile) -> set[str]:
    assert runfile.folder is not None
    table = runfile.folder / SOURCES_TABLE
    urls = {source.url for source in parse_sources_csv(table.read_bytes()).values()} if table.is_file() else set()
    for path in runfile.documents:
        if path.suffix in (".md", ".mdx"):
            source, _ = split_front_matter(path.read_text(encoding="utf-8", errors="replace"))
            urls.add(source.get("url", ""))
    return {canonical_url(url) for url in urls if url}
