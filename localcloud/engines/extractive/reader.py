"""Grounded question answering: reads the documents, picks and orders pieces, writes them down, names the sources."""

from __future__ import annotations

from localcloud.engines.extractive.citing import cite_by_model, cite_by_rule, write_links, write_style
from localcloud.engines.extractive.features import NAMES, features
from localcloud.engines.extractive.instructions import Instructions, read_instructions
from localcloud.engines.extractive.length import budget, cut_by_model, cut_by_rule
from localcloud.engines.extractive.model import ReaderModel
from localcloud.engines.extractive.pool import Pool, make_pool
from localcloud.engines.extractive.ranker import Vector, scores
from localcloud.engines.extractive.selection import in_order_of_worth
from localcloud.engines.extractive.style import REFUSAL, prompted_style, write
from localcloud.engines.extractive.turns import read_turn

_ANSWERABLE = NAMES.index("with_heading")


def answer(system: str, user: str, model: ReaderModel) -> str:
    """The answer to one turn: never raises, never empty."""
    turn = read_turn(user)
    asked = read_instructions(system)
    pool = make_pool(turn.question, turn.documents)
    matrix = features(pool)
    refusals = {**REFUSAL, **(model.refusal.words if model.refusal else {})}
    if not len(matrix) or not matrix[:, _ANSWERABLE].max():
        return refusals[asked.language or pool.question.language]
    values = scores(matrix, model.rank)
    if model.refusal and model.refusal.refuses(pool, matrix, values):
        return refusals[asked.language or pool.question.language]
    picks = pick(pool, values, asked, model)
    if model.style is None:
        text = _within(write(pool, picks, prompted_style(asked)), asked.words)
        return write_links(text, [url for url in cite_by_rule(pool, picks, asked) if url], pool, asked)
    text = _within(write(pool, picks, model.style), asked.words)
    if model.links is None or asked.cite == "none":
        return text
    urls = [url for url in cite_by_model(pool, picks, values, model.cite) if url]
    return write_style(text, urls, pool, model.links)


def pick(pool: Pool, values: Vector, asked: Instructions, model: ReaderModel) -> list[int]:
    """Places in the pool of what is said, most important first."""
    ranked = in_order_of_worth(pool, values)
    bounds = budget(asked)
    if not model.trained:
        return cut_by_rule(pool, ranked, values, bounds)
    return cut_by_model(pool, ranked, values, model.stop, bounds)


def _within(text: str, words: int | None) -> str:
    """A single piece may exceed the words allowed: it is then cut."""
    parts = text.split(" ")
    return text if words is None or len(parts) <= words else " ".join(parts[:words]).rstrip(",;:") + "…"
