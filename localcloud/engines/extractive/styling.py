"""House style, learnt from training answers: by how often they do a thing, or by what brings the reader nearer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from localcloud.engines.extractive.examples import Example
from localcloud.engines.extractive.model import ReaderModel
from localcloud.engines.extractive.overlap import overlap, tokens
from localcloud.engines.extractive.ranker import scores
from localcloud.engines.extractive.reader import pick
from localcloud.engines.extractive.style import COMPRESSIONS, Style, write
from shared.text.language import Language, detect_language
from shared.text.links import strip_links
from shared.text.sentences import sentences

LEAST_GAIN = 0.002
"""Mean overlap that a habit must add before the reader takes it up."""
MOST_ROWS = 300
"""Rows that habits are tried on: enough to tell, and quick."""
_NUMBERED = re.compile(r"^\s*1[.)]\s", re.MULTILINE)

Picked = list[tuple[Example, list[int]]]


def learn_style(examples: Sequence[Example], model: ReaderModel) -> Style:
    """The style in which the model, with its present picks, comes nearest to the wanted answers."""
    picked = [(e, pick(e.pool, scores(e.matrix, model.rank), e.asked, model)) for e in examples[:MOST_ROWS]]
    style = Style(
        openings=_openings(examples),
        numbered=_numbers_steps(picked),
        commands=_marks_code(picked),
        leave_out=() if _marks_code(picked) else ("code marks",),
    )
    best = _nearness(picked, style)
    for habit in ("echo", *COMPRESSIONS):
        if habit == "code marks":  # words alone do not tell
            continue
        changed = _with_habit(style, habit)
        value = _nearness(picked, changed)
        if value > best + LEAST_GAIN:
            style, best = changed, value
    return style


def _with_habit(style: Style, habit: str) -> Style:
    return replace(style, echo=True) if habit == "echo" else replace(style, leave_out=(*style.leave_out, habit))


def _nearness(picked: Picked, style: Style) -> float:
    found = [overlap(tokens(write(example.pool, picks, style)), example.wanted) for example, picks in picked]
    return round(sum(found) / len(found), 9)


def _openings(examples: Sequence[Example]) -> dict[str, str]:
    """A first sentence that half of a language's answers share."""
    first: dict[Language, Counter[str]] = {"en": Counter(), "ko": Counter()}
    for example in examples:
        answer = strip_links(example.row.answer)
        first[detect_language(answer)][next(iter(sentences(answer)), "")] += 1
    shared: dict[str, str] = {}
    for language, counter in first.items():
        for sentence, count in sorted(counter.items()):
            if sentence and count > 2 and 2 * count >= sum(counter.values()):
                shared[language] = sentence
    return shared


def _numbers_steps(picked: Picked) -> bool:
    """Whether answers number their steps where the reader has steps to say."""
    stepped = [e for e, picks in picked if sum(e.pool.pieces[i].candidate.kind == "step" for i in picks) > 1]
    return 2 * sum(1 for e in stepped if _NUMBERED.search(e.row.answer)) > len(stepped)


def _marks_code(picked: Picked) -> bool:
    """Whether answers keep code marks where what they were taken from has them."""
    marked = [e for e, picks in picked if any("`" in e.pool.pieces[i].wording for i in picks)]
    return 2 * sum(1 for e in marked if "`" in e.row.answer) >= len(marked)
