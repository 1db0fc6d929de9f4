"""From scores to picks: the order in which pieces would be said, without saying the same twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from localcloud.engines.extractive.pool import Piece, Pool
from localcloud.engines.extractive.ranker import Vector

MAX_PICKS = 10
_SAME = 0.7
"""Share of the shorter one's content words from which two pieces count as saying the same."""


def in_order_of_worth(pool: Pool, scores: Vector, limit: int = MAX_PICKS) -> list[int]:
    """Places in the pool of the best pieces, best first. A procedure that was asked for keeps its steps together."""
    ranked = sorted(range(len(pool.pieces)), key=lambda i: (-scores[i], i))
    picked: list[int] = []
    for i in _with_chain(pool, ranked):
        if not _said(pool.pieces[i], (pool.pieces[j] for j in picked)):
            picked.append(i)
        if len(picked) == limit:
            break
    return picked


def reading_order(pool: Pool, picks: list[int]) -> list[int]:
    """Documents in the order of their best pick, pieces of a document as they stand in it."""
    first: dict[int, int] = {}
    for place, i in enumerate(picks):
        first.setdefault(pool.pieces[i].document, place)
    return sorted(picks, key=lambda i: (first[pool.pieces[i].document], i))


def follows(pool: Pool, i: int, j: int) -> bool:
    """Whether two pieces belong to one list, table or code block."""
    a, b = pool.pieces[i], pool.pieces[j]
    return (a.document, a.candidate.block) == (b.document, b.candidate.block)


def continues(pool: Pool, picks: Sequence[int], i: int) -> bool:
    """Whether a piece goes on with the list that the first pick began or announced."""
    first = pool.pieces[picks[0]]
    announced = first.wording.rstrip().endswith((":", "："))
    asked = first.candidate.kind == "step" and "procedure" in pool.question.types
    listed = pool.pieces[i].candidate.kind in ("step", "item") and pool.pieces[i].document == first.document
    return listed and (follows(pool, picks[-1], i) if asked or len(picks) > 1 else announced)


def _with_chain(pool: Pool, ranked: list[int]) -> list[int]:
    """The rest of a list comes right after its best piece: steps of a procedure, or what "…:" announced."""
    if not ranked:
        return []
    top = ranked[0]
    piece = pool.pieces[top]
    chain: list[int] = []
    if piece.candidate.kind == "step" and "procedure" in pool.question.types and "command" not in pool.question.types:
        chain = [i for i in range(len(pool.pieces)) if follows(pool, i, top)]
    elif piece.wording.rstrip().endswith((":", "：")) and top + 1 < len(pool.pieces):
        block = [i for i in range(top + 1, len(pool.pieces)) if follows(pool, i, top + 1)]
        chain = [top, *block] if pool.pieces[top + 1].document == piece.document else []
    known = frozenset(chain)
    return [*chain, *(i for i in ranked if i not in known)]


def _said(piece: Piece, earlier: Iterable[Piece]) -> bool:
    content = piece.view.content
    if not content:
        return True
    if piece.candidate.kind == "row":  # rows of one table share their units and words, and differ in what matters
        return any(other.wording == piece.wording for other in earlier)
    return any(
        len(content & other.view.content) >= _SAME * min(len(content), len(other.view.content)) for other in earlier
    )
